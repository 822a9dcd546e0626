"""What was corrected, from what to what (GDPR Art. 16): of a customer and of the company for its owners and
administrators, of an account for the person herself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath

from actions.outcomes import NotFound
from domain.access import Permission
from models.queries.corrections import Corrected, history_of_company, history_of_customer, own_history
from routes.actor import actor_of, member_of
from routes.correction_words import label, spoken
from routes.guards import may, signed_in
from routes.i18n import Translator, language_of, translator
from routes.pages import Answer, AnyRequest, page


@dataclass(frozen=True, slots=True)
class Shown:
    """What one person changed at one moment; `lines` are (field, before, since then) in the reader's words."""

    at: datetime
    by: str
    reference: str
    lines: list[tuple[str, str, str]]


class CustomerCorrectionsController(Controller):
    @get("/customers/{customer_id:uuid}/corrections", guards=[may(Permission.SETTINGS)], name="customers.corrections")
    async def show(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        found = await history_of_customer(member_of(request).organisation_id, customer_id)
        if found is None:
            raise NotFound
        return page(
            request,
            "corrections/customer.html",
            customer_id=customer_id,
            found=found,
            corrections=_shown(request, found.corrections),
            time_zone=found.time_zone,
        )


class CompanyCorrectionsController(Controller):
    @get("/company/corrections", guards=[may(Permission.SETTINGS)], name="company.corrections")
    async def show(self, request: AnyRequest) -> Answer:
        found = await history_of_company(member_of(request).organisation_id)
        corrections = _shown(request, found.corrections)
        return page(
            request, "corrections/company.html", found=found, corrections=corrections, time_zone=found.time_zone
        )


class AccountCorrectionsController(Controller):
    @get("/account/privacy/corrections", guards=[signed_in], name="privacy_centre.corrections")
    async def show(self, request: AnyRequest) -> Answer:
        actor = actor_of(request)
        assert actor is not None, "behind the guard signed_in"
        found, has_more = await own_history(actor.person_id)
        return page(request, "corrections/account.html", corrections=_shown(request, found), has_more=has_more)


def _shown(request: AnyRequest, found: Iterable[Corrected]) -> list[Shown]:
    words = translator(language_of(request))
    return [Shown(one.at, one.by, one.reference, _lines(one, words)) for one in found]


def _lines(one: Corrected, words: Translator) -> list[tuple[str, str, str]]:
    return [
        (label(value.field, words), spoken(value.field, value.old, words), spoken(value.field, value.new, words))
        for value in one.values
    ]
