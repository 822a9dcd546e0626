"""The operator's queue: requests to SmartFaktura itself, and the form that takes in those that came by e-mail (P-39)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import account_rights, requests
from actions.clock import now
from actions.outcomes import NotFound
from actions.request_letters import ourselves
from domain.dates import at_local_time
from domain.mail import one_address
from domain.marking import N_
from domain.privacy import request_words
from domain.privacy.pasted_mail import LONGEST, read_pasted
from domain.privacy.requests import LONGEST_TEXT, ZONE, Decision, Kind
from domain.privacy.restriction import GROUNDS
from domain.refusals import Refused
from models.queries.requests import RequestView, closed, queue, request_of
from models.queries.rights import restricted_since
from routes.actor import actor_of
from routes.flash import SENTENCES, Flash
from routes.forms.base import Form, FormData, Reader, read_form
from routes.guards import operator
from routes.i18n import LANGUAGES, language_of, translator
from routes.pages import Answer, AnyRequest, page, see_other
from routes.request_letter import DECISIONS, Decided, letter_of, read_decision

PLACE = "/operator/requests"

SENTENCES.update(
    {
        "request-registered": Flash("done", N_("The request is registered, and its sender gets a receipt.")),
        "request-known": Flash("done", N_("This request is registered already.")),
        "request-taken": Flash("done", N_("You work on it now.")),
        "account-free": Flash("done", N_("Its holder is told, and the restriction is lifted.")),
    }
)


class OperatorRequestController(Controller):
    path = PLACE
    guards = (operator,)

    @get("/", name="operator_requests.index")
    async def index(self, request: AnyRequest) -> Answer:
        moment = now()
        return page(
            request,
            "requests/queue.html",
            requests=await queue(moment),
            closed=await closed(moment),
            words=request_words,
        )

    @get("/new", name="operator_requests.new")
    async def new(self, request: AnyRequest) -> Answer:
        return _new(request, Form({"language": "nb", "kind": "other"}))

    @post("/", status_code=200, name="operator_requests.create")
    async def create(self, request: AnyRequest) -> Answer:
        """First the pasted e-mail is read, then what was read of it is looked through, and then registered."""
        data = await read_form(request)
        reader = Reader(data, language_of(request))
        if data.get("step") == "read":
            return _read(request, reader)
        email = reader.checked("email", reader.text("email", longest=254, required=True), one_address)
        kind = reader.choice("kind", tuple(kind.value for kind in Kind))
        language = reader.choice("language", LANGUAGES)
        text = reader.text("text", longest=LONGEST_TEXT, required=True, lines=True)
        received_at = _received_at(reader)
        if not reader.form.ok or email is None or received_at is None:
            return _new(request, reader.form, status=422, is_read=True)
        filed = await requests.register(_operator(request), Kind(kind), email, text, language, received_at)
        return see_other(request, f"{PLACE}/{filed.id}", "request-registered" if filed.is_new else "request-known")

    @get("/{request_id:uuid}", name="operator_requests.show")
    async def show(self, request: AnyRequest, request_id: FromPath[UUID]) -> Answer:
        return await _show(request, await _found(request_id), Form())

    @post("/{request_id:uuid}/work", status_code=200, name="operator_requests.take_up")
    async def take_up(self, request: AnyRequest, request_id: FromPath[UUID]) -> Answer:
        try:
            await requests.take_up(request_id, _operator(request))
        except Refused as refused:
            return await _show(request, await _found(request_id), _refused(refused), status=422)
        return see_other(request, f"{PLACE}/{request_id}", "request-taken")

    @post("/{request_id:uuid}/lifting", status_code=200, name="operator_requests.lift")
    async def lift(self, request: AnyRequest, request_id: FromPath[UUID]) -> Answer:
        """End the restriction of an account; its holder is told first."""
        try:
            await account_rights.lift_as_operator(request_id, _operator(request))
        except Refused as refused:
            return await _show(request, await _found(request_id), _refused(refused), status=422)
        return see_other(request, f"{PLACE}/{request_id}", "account-free")

    @post("/{request_id:uuid}/letter", status_code=200, name="operator_requests.letter")
    async def letter(self, request: AnyRequest, request_id: FromPath[UUID]) -> Answer:
        """The letter as it would be sent; nothing is decided yet."""
        one = await _found(request_id)
        form, decided = _decided(await read_form(request), language_of(request), one)
        if decided is None:
            return await _show(request, one, form, status=422)
        return page(
            request,
            "requests/letter.html",
            one=one,
            decided=decided,
            letter=letter_of(one, decided, await ourselves(one.person_id), one.language),
            recipient=one.email,
            place=f"{PLACE}/{one.id}",
        )

    @post("/{request_id:uuid}/decision", status_code=200, name="operator_requests.decide")
    async def decide(self, request: AnyRequest, request_id: FromPath[UUID]) -> Answer:
        one = await _found(request_id)
        form, decided = _decided(await read_form(request), language_of(request), one)
        if decided is None:
            return await _show(request, one, form, status=422)
        try:
            await _carry_out(one, _operator(request), decided)
        except Refused as refused:
            return await _show(request, one, _refused(refused), status=422)
        done = "request-extended" if decided.name == "extend" else "request-answered"
        return see_other(request, f"{PLACE}/{request_id}", done)


def _decided(data: FormData, language: str, one: RequestView) -> tuple[Form, Decided | None]:
    form, decided = read_decision(data, language, one)
    if decided and decided.name == "accept" and _restricts(one) and decided.ground not in tuple(GROUNDS):
        form.refuse("ground", "choice.unknown")
        return form, None
    return form, decided


async def _carry_out(one: RequestView, operator_id: UUID, decided: Decided) -> None:
    if decided.name == "extend":
        await requests.extend(one.id, operator_id, decided.text)
    elif decided.name == "accept" and _restricts(one):
        await account_rights.restrict_as_asked(one.id, operator_id, decided.ground, decided.text)
    else:
        await requests.decide(one.id, operator_id, Decision(DECISIONS[decided.name]), decided.text)


def _operator(request: AnyRequest) -> UUID:
    actor = actor_of(request)
    assert actor is not None, "behind the guard operator"
    return actor.person_id


async def _found(request_id: UUID) -> RequestView:
    found = await request_of(request_id, now())
    if found is None:
        raise NotFound
    return found


def _restricts(one: RequestView) -> bool:
    """Would a yes restrict an account?"""
    return one.kind is Kind.RESTRICTION and one.person_id is not None


def _refused(refused: Refused) -> Form:
    form = Form()
    for refusal in refused.refusals:
        form.add(refusal)
    return form


def _read(request: AnyRequest, reader: Reader) -> Answer:
    """What the pasted text says, in the fields of the form: to be looked through."""
    pasted = read_pasted(reader.text("pasted", longest=LONGEST, required=True, lines=True), now())
    if not reader.form.ok:
        return _new(request, reader.form, status=422)
    # Where the text does not say when it came, nothing is guessed: the month is counted from it.
    moment = pasted.received_at.astimezone(ZoneInfo(ZONE)) if pasted.received_at else None
    form = Form(
        {
            "email": pasted.sender,
            "text": pasted.text[:LONGEST_TEXT],
            "received_on": moment.date().isoformat() if moment else "",
            "received_time": f"{moment:%H:%M}" if moment else "",
            "language": "nb",
            "kind": "other",
        }
    )
    return _new(request, form, is_read=True)


def _received_at(reader: Reader) -> datetime | None:
    """When the letter came, in Norway's time; never later than now."""
    day = reader.day("received_on", required=True)
    clock = reader.text("received_time", longest=5, required=True)
    if day is None or not reader.form.ok:
        return None
    try:
        at = datetime.strptime(clock, "%H:%M").time()  # noqa: DTZ007 - a time of day, placed in its zone below
        moment = at_local_time(day, at, ZONE)
    except (ValueError, OverflowError):
        reader.form.refuse("received_time", "request.time_invalid")
        return None
    if moment > now():
        reader.form.refuse("received_on", "request.time_to_come")
        return None
    return moment


def _new(request: AnyRequest, form: Form, status: int = 200, *, is_read: bool = False) -> Answer:
    words = translator(language_of(request)).gettext
    kinds = [(kind.value, words(text)) for kind, text in request_words.KINDS.items()]
    return page(request, "requests/register.html", status=status, form=form, is_read=is_read, kinds=kinds)


async def _show(request: AnyRequest, one: RequestView, form: Form, status: int = 200) -> Answer:
    words = translator(language_of(request)).gettext
    restricts = _restricts(one)
    return page(
        request,
        "requests/ours.html",
        status=status,
        one=one,
        view=None,
        recipients=[],
        customer=None,
        plan=None,
        form=form,
        place=f"{PLACE}/{one.id}",
        back=PLACE,
        grounds=[(ground.value, words(text)) for ground, text in GROUNDS.items()] if restricts else [],
        restricted_since=await restricted_since(one.person_id) if restricts else None,
        words=request_words,
        correctable={},
    )
