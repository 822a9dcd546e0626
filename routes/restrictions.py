"""Restrictions of a company's customers and documents: the list of those that stand, and each one's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import restriction_desk
from actions.clock import now
from actions.outcomes import NotFound
from actions.restrictions import Wish
from domain.access import Permission
from domain.privacy.restriction import (
    DOCUMENT_EXCEPTIONS,
    EXCEPTION_GROUNDS,
    EXCEPTIONS,
    GROUNDS,
    LONGEST_REASON,
    RULES,
    Operation,
    Scope,
)
from domain.privacy.restriction import (
    Answer as Allowed,
)
from domain.refusals import Refused
from models.queries.restrictions import Case, case_of, standing_restrictions
from routes.actor import member_of
from routes.flash import N_, SENTENCES, Flash
from routes.forms.base import Form, FormData, Reader, read_form
from routes.guards import may
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, page, see_other
from routes.registers import can_write

_READ, _WRITE, _ISSUE = [may(Permission.READ)], [may(Permission.WRITE)], [may(Permission.ISSUE)]
SENTENCES.update(
    {
        "restricted": Flash("done", N_("Restricted. From now on the data is only kept.")),
        "exception-made": Flash("done", N_("The exception is noted. You have 24 hours to do this one thing.")),
        "restriction-lifted": Flash("done", N_("The customer is told, and the restriction is lifted.")),
        "objection-noted": Flash("done", N_("Noted. It stops at once.")),
        "objection-ended": Flash("done", N_("Noted. The customer wants it again.")),
    }
)


class RestrictionsController(Controller):
    @get("/restrictions", guards=_READ, name="restrictions.index")
    async def index(self, request: AnyRequest) -> Answer:
        """All that is restricted, and nowhere else to be found."""
        found, zone = await standing_restrictions(member_of(request).organisation_id, now())
        return page(request, "restrictions/index.html", found=found, grounds=GROUNDS, time_zone=zone)


class CustomerRestrictionController(Controller):
    path = "/customers/{customer_id:uuid}/restriction"

    @get("/", guards=_READ, name="customers.restriction")
    async def show(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        return await _show(request, Scope.CUSTOMER, customer_id)

    @post("/", guards=_WRITE, status_code=200, name="customers.restrict")
    async def begin(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        return await _begin(request, Scope.CUSTOMER, customer_id)

    @post("/exceptions", guards=_ISSUE, status_code=200, name="customers.except")
    async def make_exception(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        return await _except(request, Scope.CUSTOMER, customer_id)

    @post("/lifting", guards=_ISSUE, status_code=200, name="customers.lift")
    async def lift(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        return await _lift(request, Scope.CUSTOMER, customer_id)


class InvoiceRestrictionController(Controller):
    path = "/invoices/{invoice_id:uuid}/restriction"

    @get("/", guards=_READ, name="invoices.restriction")
    async def show(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        return await _show(request, Scope.INVOICE, invoice_id)

    @post("/", guards=_WRITE, status_code=200, name="invoices.restrict")
    async def begin(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        return await _begin(request, Scope.INVOICE, invoice_id)

    @post("/exceptions", guards=_ISSUE, status_code=200, name="invoices.except")
    async def make_exception(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        return await _except(request, Scope.INVOICE, invoice_id)

    @post("/lifting", guards=_ISSUE, status_code=200, name="invoices.lift")
    async def lift(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        return await _lift(request, Scope.INVOICE, invoice_id)


class CustomerObjectionController(Controller):
    path = "/customers/{customer_id:uuid}/objections"

    @post("/", guards=_WRITE, status_code=200, name="customers.object")
    async def note(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        """Write down what the customer said, by telephone or letter."""
        who, data = member_of(request), await read_form(request)
        await restriction_desk.note_objection(
            who.organisation_id, who.person_id, customer_id, data.get("purpose"), data.get("reason")
        )
        return see_other(request, f"/customers/{customer_id}", "objection-noted")

    @post("/ending", guards=_WRITE, status_code=200, name="customers.end_objection")
    async def end(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        who, data = member_of(request), await read_form(request)
        await restriction_desk.end_objection(who.organisation_id, who.person_id, customer_id, data.get("purpose"))
        return see_other(request, f"/customers/{customer_id}", "objection-ended")


_PLACES = {Scope.CUSTOMER: "/customers", Scope.INVOICE: "/invoices"}


async def _show(request: AnyRequest, scope: Scope, subject_id: UUID, status: int = 200, **forms: Form) -> Answer:
    found: Case | None = await case_of(member_of(request).organisation_id, scope.value, subject_id, now())
    if found is None:
        raise NotFound
    context: dict[str, Any] = {
        "begin": forms.get("begin") or Form({"requested_by": found.name}),
        "exception": forms.get("exception") or Form(),
        "lifting": forms.get("lifting") or Form(),
    }
    return page(
        request,
        "restrictions/show.html",
        status=status,
        case=found,
        scope=scope.value,
        back=f"{_PLACES[scope]}/{subject_id}",
        place=f"{_PLACES[scope]}/{subject_id}/restriction",
        grounds=GROUNDS,
        operations={one: EXCEPTIONS[one] for one in (DOCUMENT_EXCEPTIONS if scope is Scope.INVOICE else EXCEPTIONS)},
        exception_grounds=EXCEPTION_GROUNDS,
        rules=list(dict.fromkeys(rule.why for rule in RULES.values() if rule.answer is not Allowed.YES)),
        can_write=can_write(request),
        time_zone=found.time_zone,
        **context,
    )


async def _begin(request: AnyRequest, scope: Scope, subject_id: UUID) -> Answer:
    who, reader = member_of(request), _reader(request, await read_form(request))
    wish = Wish(
        reader.text("ground", longest=20),
        reader.text("requested_by", longest=200),
        reader.text("reason", longest=LONGEST_REASON, lines=True),
        reader.day("review_on"),
    )
    if reader.form.ok:
        try:
            await restriction_desk.begin(who.organisation_id, who.person_id, scope, subject_id, wish)
            return see_other(request, f"{_PLACES[scope]}/{subject_id}/restriction", "restricted")
        except Refused as refused:
            _add(reader.form, refused)
    return await _show(request, scope, subject_id, 422, begin=reader.form)


async def _except(request: AnyRequest, scope: Scope, subject_id: UUID) -> Answer:
    who, reader = member_of(request), _reader(request, await read_form(request))
    operation = reader.text("operation", longest=20)
    ground = reader.text("exception_ground", longest=20)
    reason = reader.text("exception_reason", longest=LONGEST_REASON, lines=True)
    if reader.form.ok:
        try:
            await restriction_desk.make_exception(
                who.organisation_id, who.person_id, scope, subject_id, operation, ground, reason
            )
            # A new invoice is written from there; what is credited or sent stands on the page of its record.
            at = "/restriction" if operation == Operation.INVOICE else ""
            return see_other(request, f"{_PLACES[scope]}/{subject_id}{at}", "exception-made")
        except Refused as refused:
            _add(reader.form, refused)
    return await _show(request, scope, subject_id, 422, exception=reader.form)


async def _lift(request: AnyRequest, scope: Scope, subject_id: UUID) -> Answer:
    who, reader = member_of(request), _reader(request, await read_form(request))
    reason = reader.text("lifting_reason", longest=LONGEST_REASON, lines=True)
    told = reader.text("told", longest=300)
    if reader.form.ok:
        try:
            await restriction_desk.end(who.organisation_id, who.person_id, scope, subject_id, reason, told)
            return see_other(request, f"{_PLACES[scope]}/{subject_id}", "restriction-lifted")
        except Refused as refused:
            _add(reader.form, refused)
    return await _show(request, scope, subject_id, 422, lifting=reader.form)


def _reader(request: AnyRequest, data: FormData) -> Reader:
    return Reader(data, language_of(request))


def _add(form: Form, refused: Refused) -> None:
    for refusal in refused.refusals:
        form.add(refusal)
