"""What customers have to their credit: used on an invoice, or paid back."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import customer_credit
from actions.clock import now
from actions.outcomes import NotFound
from actions.payments import PaymentEntry
from domain.access import Permission
from domain.dates import today_in
from domain.money import decimals
from domain.reading import show_date, show_decimal
from domain.refusals import Refused
from models.ids import id_in_or_new, new_id
from models.queries import customers
from models.queries.customers import CustomerPage
from models.queries.invoice_page import invoice_page
from routes.actor import member_of
from routes.forms.base import Form, FormData, Reader, read_form
from routes.guards import may
from routes.i18n import language_of
from routes.invoice_page import show_invoice
from routes.pages import Answer, AnyRequest, page, see_other


class CustomerCreditController(Controller):
    @post("/invoices/{invoice_id:uuid}/used-credit", guards=[may(Permission.PAY)], status_code=200, name="credit.use")
    async def use(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """Settle the invoice with what its customer has to their credit."""
        who = member_of(request)
        data = await read_form(request)
        reader = Reader(data, language_of(request))
        amount = reader.decimal("amount", places=2, required=True, low=Decimal("-1e12"), high=Decimal("1e12"))
        if amount is not None:
            try:
                await customer_credit.use(
                    who.organisation_id, who.person_id, invoice_id, id_in_or_new(data.get("entry_id")), amount
                )
                return see_other(request, f"/invoices/{invoice_id}", "credit-used")
            except Refused as refused:
                for refusal in refused.refusals:
                    reader.form.add(refusal)
        found = await invoice_page(who.organisation_id, invoice_id, now())
        if found is None or found.invoice.is_draft:
            raise NotFound
        return show_invoice(request, found, credit_form=reader.form, status=422)

    @get("/customers/{customer_id:uuid}/refunds/new", guards=[may(Permission.PAY)], name="credit.new_refund")
    async def new_refund(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        """The form for `?currency=`, filled with all of the credit."""
        found = await _customer(request, customer_id)
        wanted = request.query_params.get("currency", "")
        held = next((one for one in found.credits if one.currency == wanted), None) or next(iter(found.credits), None)
        language = language_of(request)
        values = {"refund_id": str(new_id()), "currency": held.currency if held else ""}
        if held:
            places = decimals(held.currency)
            today = today_in(found.company.time_zone, now())
            values["amount"] = show_decimal(held.amount, language, places, places)
            values["paid_on"] = show_date(today, language)
        return _refund_page(request, found, Form(values))

    @post(
        "/customers/{customer_id:uuid}/refunds", guards=[may(Permission.PAY)], status_code=200, name="credit.refund"
    )
    async def refund(self, request: AnyRequest, customer_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        found = await _customer(request, customer_id)
        form, currency, entry = parse_refund(await read_form(request), language_of(request))
        if entry is not None:
            try:
                await customer_credit.refund(who.organisation_id, who.person_id, customer_id, currency, entry)
                return see_other(request, f"/customers/{customer_id}", "refunded")
            except Refused as refused:
                for refusal in refused.refusals:
                    form.add(refusal)
        return _refund_page(request, found, form, status=422)


def parse_refund(data: FormData, language: str) -> tuple[Form, str, PaymentEntry | None]:
    """What was paid back, as typed, or every fault of it."""
    reader = Reader(data, language)
    currency = data.get("currency")[:3]
    reader.form.values.update(currency=currency, refund_id=data.get("refund_id")[:36])
    amount = reader.decimal("amount", places=2, required=True, low=Decimal("-1e12"), high=Decimal("1e12"))
    paid_on = reader.day("paid_on", required=True)
    note = reader.text("note", longest=200)
    if not currency.isalpha():
        reader.form.refuse("", "choice.unknown")
    if not reader.form.ok or amount is None or paid_on is None:
        return reader.form, currency, None
    return reader.form, currency, PaymentEntry(id_in_or_new(data.get("refund_id")), amount, paid_on, note)


def _refund_page(request: AnyRequest, found: CustomerPage, form: Form, status: int = 200) -> Answer:
    held = {one.currency: one.amount for one in found.credits}
    return page(
        request, "credits/refund.html", status=status, found=found, customer=found.customer, form=form,
        currency=form.values["currency"], held=held.get(form.values["currency"], Decimal(0)),
        time_zone=found.company.time_zone,
    )  # fmt: skip


async def _customer(request: AnyRequest, customer_id: UUID) -> CustomerPage:
    found = await customers.page(member_of(request).organisation_id, customer_id, now())
    if found is None:
        raise NotFound
    return found
