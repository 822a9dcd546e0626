"""The privacy centre of an account: a place for each right, and the state and time of everything that was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import limits, requests
from actions.clock import now
from domain.access import Permission, may
from domain.marking import N_
from domain.privacy import request_words, words
from domain.privacy.authorities import OURS, authority_of
from domain.privacy.centre import choices
from domain.privacy.objection import INTERESTS
from domain.privacy.requests import LONGEST_TEXT, Kind
from domain.privacy.restriction import GROUNDS
from models.queries.requests import requests_of
from models.queries.rights import rights_of
from models.register import register
from routes.actor import Actor, actor_of
from routes.flash import SENTENCES, Flash
from routes.forms.base import Form, Reader, read_form
from routes.guards import signed_in
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, page, see_other

PLACE = "/account/privacy"
# What is asked for in words here. The other rights have a button of their own.
ASKED_IN_WORDS = tuple(kind.value for kind in Kind)
MOST_A_DAY = 30

SENTENCES.update(
    {
        "request-filed": Flash("done", N_("We have your request. You get a letter with its reference.")),
        "request-open": Flash(
            "done", N_("You have asked for this already. The first request counts, with its date.")
        ),
        "request-withdrawn": Flash("done", N_("The request is withdrawn.")),
    }
)


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """A form of a section that could not be taken, and the address it was sent to."""

    place: str = ""
    form: Form = field(default_factory=Form)


class PrivacyCentreController(Controller):
    path = PLACE

    @get("/", guards=[signed_in], name="privacy_centre.show")
    async def show(self, request: AnyRequest) -> Answer:
        return await show_centre(request)

    @post("/", guards=[signed_in], status_code=200, name="privacy_centre.ask")
    async def ask(self, request: AnyRequest) -> Answer:
        """Ask for something in words. A double click asks once (P-15)."""
        reader = Reader(await read_form(request), language_of(request))
        kind = reader.choice("kind", ASKED_IN_WORDS)
        text = reader.text("text", longest=LONGEST_TEXT, required=kind in ("correction", "other"), lines=True)
        if not reader.form.ok:
            return await show_centre(request, status=422, asked=reader.form)
        actor = _actor(request)
        await limits.require("privacy-request", str(actor.person_id), MOST_A_DAY, limits.A_DAY)
        filed = await requests.ask(actor.person_id, Kind(kind), text)
        return see_other(request, PLACE, "request-filed" if filed.is_new else "request-open")

    @post(
        "/requests/{request_id:uuid}/withdrawal", guards=[signed_in], status_code=200, name="privacy_centre.withdraw"
    )
    async def withdraw(self, request: AnyRequest, request_id: FromPath[UUID]) -> Answer:
        await requests.withdraw(_actor(request).person_id, request_id)
        return see_other(request, PLACE, "request-withdrawn")


def _actor(request: AnyRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None, "behind the guard signed_in"
    return actor


async def show_centre(
    request: AnyRequest, *, status: int = 200, asked: Form | None = None, refused: RefusedForm | None = None
) -> Answer:
    """The page; a form that was refused stands in its section as it was filled in."""
    actor = _actor(request)
    rights = await rights_of(actor.person_id, actor.organisation_id)
    return page(
        request,
        "account/privacy.html",
        status=status,
        asked=asked or Form(),
        requests=await requests_of(actor.person_id, now()),
        choices=choices(register()),
        purposes=words.PURPOSES,
        bases=words.BASES,
        words=request_words,
        rights=rights,
        authority=authority_of(rights.country) if rights.country else OURS,
        rights_form=refused or RefusedForm(),
        grounds=GROUNDS,
        interests=INTERESTS,
        can_settle=actor.role is not None and may(actor.role, Permission.SETTINGS),
    )
