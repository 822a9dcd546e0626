"""One invoice: the paper, what happened to it, its PDF, and sending it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import deliveries, documents, links, transmissions
from actions.clock import now
from actions.instance import secrets_for, settings
from actions.outcomes import NotFound
from domain.access import Permission
from domain.access import may as role_may
from domain.dates import today_in
from domain.draft import with_rate
from domain.invoice import Issued, Party, document_of, preflight
from domain.ladder import is_under_way
from domain.links import PATH, living_token
from domain.money import decimals
from domain.payments import state_of
from domain.privacy.accounting import kept_until
from domain.reading import show_date, show_decimal
from domain.refusals import Refused
from models.ids import new_id
from models.queries.invoice_page import InvoicePage, invoice_page
from models.queries.invoices import Row, StoredInvoice, stored
from models.queries.parties import Buyer, Seller
from models.unit_of_work import reading
from routes.actor import member_of
from routes.desk import INVOICES
from routes.editor_sheet import remarks_of
from routes.explanation import explanation
from routes.faults import all_placed
from routes.files import pdf_answer
from routes.forms.base import Form, read_form
from routes.guards import may
from routes.i18n import language_of, translator
from routes.pages import Answer, AnyRequest, page, see_other
from routes.timeline import invoice_steps_of

# So long a page asks by itself whether its e-mail has gone; after that it shows what is so when it is opened again.
WATCHED = timedelta(minutes=1)


class InvoicePageController(Controller):
    path = "/invoices/{invoice_id:uuid}"

    @get("/", guards=[may(Permission.READ)], name="invoices.show")
    async def show(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        found = await invoice_page(member_of(request).organisation_id, invoice_id, now())
        if found is None:
            raise NotFound
        return show_invoice(request, found)

    @get("/pdf", guards=[may(Permission.READ)], name="invoices.pdf")
    async def pdf(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """The archived document, byte-identical for ever; a draft has none."""
        who = member_of(request)
        return await pdf_answer(request, await documents.rendered(who.organisation_id, invoice_id))

    @get("/explanation", guards=[may(Permission.READ)], name="invoices.explanation")
    async def explanation(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """How each figure came about, for an invoice and for a draft as it was last saved."""
        async with reading(member_of(request).organisation_id) as work:
            found = await stored(work, invoice_id)
        if found is None or found.row["deleted_at"] is not None:
            raise NotFound
        back = f"/invoices/{invoice_id}/edit" if found.is_draft else f"/invoices/{invoice_id}"
        return explanation(request, found, back)

    @post("/link", guards=[may(Permission.ISSUE)], status_code=200, name="invoices.renew_link")
    async def renew_link(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """Give the customer's page a new address; the old one opens nothing any more."""
        who = member_of(request)
        await links.renew(who.organisation_id, who.person_id, invoice_id)
        return see_other(request, f"/invoices/{invoice_id}", "link-renewed")

    @post("/deliveries", guards=[may(Permission.ISSUE)], status_code=200, name="invoices.send")
    async def send(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """Send the invoice (again) to the address typed, or to the customer's."""
        who = member_of(request)
        data = await read_form(request)
        recipient, is_asked_for = data.get("recipient").strip(), "is_asked_for" in data
        try:
            await deliveries.send_again(
                who.organisation_id, who.person_id, invoice_id, recipient, is_asked_for=is_asked_for
            )
        except Refused as refused:
            found = await invoice_page(who.organisation_id, invoice_id, now())
            if found is None:
                raise NotFound from refused
            form = Form({"recipient": recipient[:254]}, {"recipient": list(refused.refusals)})
            return show_invoice(request, found, delivery_form=form, status=422)
        return see_other(request, f"/invoices/{invoice_id}", "delivery-queued")


def _whole_amount(request: AnyRequest, row: Row, today: date) -> Form:
    """The payment form as it is most often sent: all that is open, today."""
    language = language_of(request)
    places = decimals(row["currency"])
    return Form(
        {"amount": show_decimal(row["open_amount"], language, places, places), "paid_on": show_date(today, language)}
    )


def _usable_credit(request: AnyRequest, found: InvoicePage) -> Form:
    """The form that uses the customer's credit: as much of it as there is to pay."""
    row = found.invoice.row
    places = decimals(row["currency"])
    amount = min(found.credit, row["open_amount"])
    return Form({"amount": show_decimal(amount, language_of(request), places, places)})


def preview(invoice: StoredInvoice, own: Seller, customer: Buyer | None, today: date) -> Issued:
    """The document that a draft would become today, without a number. For looking at only."""
    draft = invoice.draft()
    party = customer.party if customer else Party(name="")
    due_on = draft.due_date(today) or today
    document = document_of(draft, invoice.totals(), own.party, party, today, due_on, own.account)
    return replace(document, attachments=invoice.attachments())


def show_invoice(
    request: AnyRequest,
    found: InvoicePage,
    payment_form: Form | None = None,
    delivery_form: Form | None = None,
    credit_form: Form | None = None,
    status: int = 200,
) -> Answer:
    """The page of a draft (a preview with what is missing) or of an issued invoice."""
    own, moment = found.own, now()
    today = today_in(own.time_zone, moment)
    shared: dict[str, Any] = {
        "own": own,
        "invoice": found.invoice,
        "row": found.invoice.row,
        "customer": found.customer,
        "today": today,
        "time_zone": own.time_zone,
        "copy_id": new_id(),
        "quote": found.quote,
    }
    if found.invoice.is_draft:
        return page(request, "invoices/draft.html", status=status, **shared, **_draft(found, today))
    forms: dict[str, Any] = {
        "credit_form": credit_form or _usable_credit(request, found),
        "delivery_form": delivery_form or Form({"recipient": _recipient(found)}),
        "payment_form": payment_form or _whole_amount(request, found.invoice.row, today),
    }
    return page(
        request, "invoices/show.html", status=status, **shared, **forms, **_issued(request, found, today, moment)
    )


def _draft(found: InvoicePage, today: date) -> dict[str, Any]:
    """What the page of a draft shows besides: the document to be, and what is missing."""
    own, customer = found.own, found.customer
    draft = with_rate(found.invoice.draft(), found.rate)
    return {
        "document": preview(found.invoice, own, customer, today),
        "faults": all_placed(preflight(draft, own.party, customer.party if customer else None, today)),
        "remarks": remarks_of(INVOICES, draft, own, customer),
        "logo": _logo_address(own.logo_sha256),
    }


def _issued(request: AnyRequest, found: InvoicePage, today: date, moment: datetime) -> dict[str, Any]:
    """What the page of an issued invoice shows besides: the document, and what became of it."""
    own, invoice, row = found.own, found.invoice, found.invoice.row
    token = living_token(secrets_for("invoice-link"), own.id, invoice.id, found.links)
    hosted = f"{PATH}{token}" if token else ""
    can_issue = role_may(member_of(request).role, Permission.ISSUE)
    document = invoice.issued()
    return {
        "document": document,
        "state": state_of(row["open_amount"], row["due_on"], today, row["state"]),
        "credit_notes": found.credit_notes,
        "original": found.original,
        "credit": found.credit,
        "can_credit": row["state"] in ("open", "paid") and can_issue,
        "can_issue": can_issue,
        "entry_id": new_id(),
        "payment_id": new_id(),
        "reversal_id": new_id(),
        "steps": invoice_steps_of(found, translator(language_of(request))),
        "logo": _logo_address(row["logo_sha256"], own.logo_sha256, hosted),
        "payments": found.payments,
        "gains": found.gains,
        "messages": found.messages,
        "fresh": any(message.queued_at > moment - WATCHED for message in found.messages),
        "einvoice": found.einvoice,
        "einvoice_fresh": found.einvoice is not None and found.einvoice.queued_at > moment - WATCHED,
        "transmission": found.transmission,
        "can_transmit": can_issue and _can_be_transmitted(document, found, moment),
        "kept_until": _last_day(found, document.seller.country),
        "link": f"{settings().public_url}{hosted}" if hosted else "",
    }


def _last_day(found: InvoicePage, country: str) -> date:
    """Until when the invoice is kept: by the rule under which it was issued, and with its payments and credit notes, the
    last of them deciding."""
    row, year_ends = found.invoice.row, found.own.accounting_year_ends
    first = row["kept_until"] or kept_until(row["issued_on"], country, year_ends)
    days = [payment.paid_on for payment in found.payments] + [note.issued_on for note in found.credit_notes]
    return max([first, *(kept_until(day, country, year_ends) for day in days)])


def _can_be_transmitted(document: Issued, found: InvoicePage, moment: datetime) -> bool:
    last = found.transmission
    is_going = last is not None and is_under_way(last["state"], last["handed_over_at"], moment)
    return not is_going and transmissions.can_travel(document.buyer, found.einvoice)


def _logo_address(frozen: bytes | None, present: bytes | None = None, hosted: str = "") -> str | None:
    """Where the logo of the document is: the company's, or the one it had when the invoice was issued."""
    if frozen is None:
        return None
    if not hosted or frozen == present:
        return f"/company/logo?v={frozen.hex()[:12]}"
    return f"{hosted}/logo"


def _recipient(found: InvoicePage) -> str:
    """Who the invoice would be sent to now: the customer's address of today, else the one on the document."""
    today = found.customer.party.email if found.customer else ""
    return today or found.invoice.issued().buyer.email
