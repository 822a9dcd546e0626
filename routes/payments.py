"""Payments: registered on the page of an invoice, undone from there or from the list of all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import payments
from actions.clock import now
from actions.outcomes import NotFound
from domain.access import Permission
from domain.refusal_texts import sentence
from domain.refusals import Refused
from models.ids import id_in_or_new, new_id
from models.queries.invoice_page import invoice_page
from models.queries.payments import payment_list
from routes.actor import Member, member_of
from routes.flash import Flash
from routes.forms.base import Form, FormData, Reader, read_form
from routes.guards import may
from routes.i18n import language_of, translator
from routes.invoice_page import show_invoice
from routes.pages import Answer, AnyRequest, fragments, page, see_other, wants_fragment


class PaymentController(Controller):
    @get("/payments", guards=[may(Permission.READ)], name="payments.index")
    async def index(self, request: AnyRequest) -> Answer:
        """All payments, the newest first."""
        after = request.query_params.get("after", "")
        found = await payment_list(member_of(request).organisation_id, after)
        context: dict[str, Any] = {"found": found, "reversal_id": new_id(), "time_zone": found.time_zone}
        if after and wants_fragment(request.headers):
            return fragments(request, "payments/more.changes.html", **context)
        return page(request, "payments/index.html", **context)

    @post(
        "/invoices/{invoice_id:uuid}/payments",
        guards=[may(Permission.PAY)],
        status_code=200,
        name="payments.register",
    )
    async def register(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        form, entry = parse(await read_form(request), language_of(request))
        if entry is not None:
            try:
                await payments.register(who.organisation_id, who.person_id, invoice_id, entry)
                return see_other(request, f"/invoices/{invoice_id}", "payment-registered")
            except Refused as refused:
                for refusal in refused.refusals:
                    form.add(refusal)
        found = await invoice_page(who.organisation_id, invoice_id, now())
        if found is None or found.invoice.is_draft:
            raise NotFound
        return show_invoice(request, found, form, status=422)

    @post(
        "/payments/{payment_id:uuid}/reversal", guards=[may(Permission.PAY)], status_code=200, name="payments.reverse"
    )
    async def reverse(self, request: AnyRequest, payment_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        reversal_id = id_in_or_new((await read_form(request)).get("reversal_id"))
        try:
            done = await payments.reverse(who.organisation_id, who.person_id, payment_id, reversal_id)
        except Refused as refused:
            return await _not_undone(request, who, refused)
        where = f"/invoices/{done.invoice_id}" if done.invoice_id else f"/customers/{done.customer_id}"
        return see_other(request, where, "payment-reversed")


async def _not_undone(request: AnyRequest, who: Member, refused: Refused) -> Answer:
    """The list with the reason: there is no field that it could stand beside."""
    found = await payment_list(who.organisation_id, "")
    reason = sentence(refused.refusals[0], translator(language_of(request)).gettext)
    return page(
        request, "payments/index.html", status=422, flash=Flash("problem", reason), found=found,
        reversal_id=new_id(), time_zone=found.time_zone,
    )  # fmt: skip


def parse(data: FormData, language: str) -> tuple[Form, payments.PaymentEntry | None]:
    """The payment as typed, or every fault of it."""
    reader = Reader(data, language)
    amount = reader.decimal("amount", places=2, required=True, low=Decimal("-1e12"), high=Decimal("1e12"))
    paid_on = reader.day("paid_on", required=True)
    note = reader.text("note", longest=200)
    reader.form.values["payment_id"] = data.get("payment_id")[:36]
    if not reader.form.ok or amount is None or paid_on is None:
        return reader.form, None
    return reader.form, payments.PaymentEntry(id_in_or_new(data.get("payment_id")), amount, paid_on, note)
