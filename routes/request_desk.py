"""A business's desk of requests: what its customers ask about their data, with the month the law gives for each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from actions import customer_erasure, customer_requests
from actions.clock import now
from actions.outcomes import NotFound
from actions.request_letters import Answerer
from domain.access import Permission
from domain.marking import N_
from domain.privacy import request_words
from domain.privacy.authorities import authority_of
from domain.privacy.requests import Identity, Kind
from domain.privacy.restriction import GROUNDS
from domain.refusals import Refused
from models.queries.customer_requests import Standing, desk, standing
from routes.actor import member_of
from routes.flash import SENTENCES, Flash
from routes.forms.base import Form, read_form
from routes.guards import may
from routes.hosted_privacy import copy_answer
from routes.i18n import language_of, translator
from routes.pages import Answer, AnyRequest, page, see_other
from routes.request_letter import Decided, letter_of, read_decision

PLACE = "/requests"

SENTENCES.update(
    {
        "request-answered": Flash("done", N_("The request is answered, and the letter is on its way.")),
        "request-extended": Flash("done", N_("The time is extended, and the letter is on its way.")),
    }
)


class RequestDeskController(Controller):
    path = PLACE
    guards = (may(Permission.SETTINGS),)

    @get("/", name="request_desk.index")
    async def index(self, request: AnyRequest) -> Answer:
        found = await desk(member_of(request).organisation_id, now())
        return page(request, "requests/index.html", requests=found, words=request_words)

    @get("/{request_id:uuid}", name="request_desk.show")
    async def show(self, request: AnyRequest, request_id: FromPath[UUID]) -> Answer:
        return await _show(request, await _found(request, request_id), Form())

    @get("/{request_id:uuid}/copy", name="request_desk.copy")
    async def copy(self, request: AnyRequest, request_id: FromPath[UUID]) -> Response[Any]:
        """The copy for a customer whom no code can reach: the business sends it itself."""
        found = await _found(request, request_id)
        if found.view.copy_id is None or found.view.request.identity is not Identity.UNPROVEN:
            raise NotFound
        return await copy_answer(member_of(request).organisation_id, found.view.copy_id)

    @post("/{request_id:uuid}/letter", status_code=200, name="request_desk.letter")
    async def letter(self, request: AnyRequest, request_id: FromPath[UUID]) -> Answer:
        """The letter as it would be sent; nothing is decided yet."""
        found = await _found(request, request_id)
        form, decided = await _decided(request, found)
        if decided is None:
            return await _show(request, found, form, status=422)
        one, view = found.view.request, found.view
        controller = Answerer(found.company, found.time_zone, authority_of(found.country))
        return page(
            request,
            "requests/letter.html",
            one=one,
            decided=decided,
            letter=letter_of(one, decided, controller, view.language),
            recipient=one.email,
            place=f"{PLACE}/{one.id}",
        )

    @post("/{request_id:uuid}/decision", status_code=200, name="request_desk.decide")
    async def decide(self, request: AnyRequest, request_id: FromPath[UUID]) -> Answer:
        found = await _found(request, request_id)
        form, decided = await _decided(request, found)
        if decided is None:
            return await _show(request, found, form, status=422)
        try:
            await _carry_out(request, request_id, decided)
        except Refused as refused:
            for refusal in refused.refusals:
                form.add(refusal)
            return await _show(request, found, form, status=422)
        done = "request-extended" if decided.name == "extend" else "request-answered"
        return see_other(request, f"{PLACE}/{request_id}", done)


async def _found(request: AnyRequest, request_id: UUID) -> Standing:
    found = await standing(member_of(request).organisation_id, request_id, now())
    if found is None:
        raise NotFound
    return found


async def _decided(request: AnyRequest, found: Standing) -> tuple[Form, Decided | None]:
    form, decided = read_decision(await read_form(request), language_of(request), found.view.request)
    restricts = found.view.request.kind is Kind.RESTRICTION and decided is not None and decided.name == "accept"
    if decided and restricts and decided.ground not in tuple(GROUNDS):
        form.refuse("ground", "choice.unknown")
        return form, None
    if decided and not found.view.request.is_open:
        form.refuse("", "request.closed")
        return form, None
    return form, decided


async def _carry_out(request: AnyRequest, request_id: UUID, decided: Decided) -> None:
    member = member_of(request)
    who = (member.organisation_id, member.person_id, request_id)
    if decided.name == "accept":
        await customer_requests.accept(*who, decided.text, decided.ground)
    elif decided.name == "extend":
        await customer_requests.extend(*who, decided.text)
    else:
        await customer_requests.decline(*who, decided.text, partly=decided.name == "partly")


async def _show(request: AnyRequest, found: Standing, form: Form, status: int = 200) -> Answer:
    view, plan = found.view, None
    if view.request.is_open and view.request.kind is Kind.DELETION and view.customer_id is not None:
        plan = await customer_erasure.customer_plan(member_of(request).organisation_id, view.customer_id)
    return page(
        request,
        "requests/show.html",
        status=status,
        one=view.request,
        view=view,
        customer=found.customer,
        recipients=found.recipients,
        form=form,
        place=f"{PLACE}/{view.request.id}",
        back=PLACE,
        grounds=_grounds(request),
        words=request_words,
        correctable=CORRECTABLE_WORDS,
        time_zone=found.time_zone,
        plan=plan,
    )


CORRECTABLE_WORDS: dict[str, Any] = {
    "name": N_("Name"),
    "address_line1": N_("Address"),
    "postcode": N_("Postcode"),
    "city": N_("City"),
    "email": N_("E-mail"),
    "phone": N_("Phone"),
}


def _grounds(request: AnyRequest) -> list[tuple[str, str]]:
    """The grounds of a restriction in the reader's language."""
    words = translator(language_of(request)).gettext
    return [(ground.value, words(text)) for ground, text in GROUNDS.items()]
