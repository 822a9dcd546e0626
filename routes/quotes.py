"""One quote: the paper, what happened to it, and what can be done with it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import quote_documents, quote_letters, quotes
from actions.clock import now
from actions.outcomes import NotFound, Stale
from domain import quote_refusals
from domain.access import Permission
from domain.dates import today_in
from domain.draft import Draft
from domain.invoice import Issued
from domain.party import Party
from domain.quotes import offer, sending_faults
from domain.refusals import Invalid, Refused
from models.ids import id_in_or_new, new_id
from models.queries.parties import Buyer, Seller
from models.queries.quotes import QuotePage, StoredQuote, quote_page
from routes.actor import Member, member_of
from routes.desk import QUOTES
from routes.editor_page import conflict, editing_of, preflight_answer, refused_form, with_refusals
from routes.explanation import explanation
from routes.faults import all_placed
from routes.files import pdf_answer
from routes.forms import invoice as editor_form
from routes.forms.base import Form, read_form
from routes.guards import may
from routes.i18n import language_of, translator
from routes.invoice_page import WATCHED
from routes.pages import Answer, AnyRequest, page, see_other
from routes.timeline import quote_steps_of

__all__ = ["QuoteController", "quote_refusals"]
_WRITE, _ISSUE = [may(Permission.WRITE)], [may(Permission.ISSUE)]


class QuoteController(Controller):
    path = "/quotes/{quote_id:uuid}"

    @get("/", guards=[may(Permission.READ)], name="quotes.show")
    async def show(self, request: AnyRequest, quote_id: FromPath[UUID]) -> Answer:
        return _show(request, await _page(member_of(request), quote_id))

    @get("/pdf", guards=[may(Permission.READ)], name="quotes.pdf")
    async def pdf(self, request: AnyRequest, quote_id: FromPath[UUID]) -> Answer:
        """What was sent; a draft has none."""
        file = await quote_documents.rendered(member_of(request).organisation_id, quote_id)
        return await pdf_answer(request, file, f"tilbud-{str(quote_id)[-6:]}")

    @get("/explanation", guards=[may(Permission.READ)], name="quotes.explanation")
    async def explanation(self, request: AnyRequest, quote_id: FromPath[UUID]) -> Answer:
        """How each figure came about, for what was sent and for a draft as it was last saved."""
        quote = (await _page(member_of(request), quote_id)).quote
        back = f"/quotes/{quote_id}/edit" if quote.is_draft else f"/quotes/{quote_id}"
        return explanation(request, quote, back, name=name_of(request, quote))

    @post("/sending", guards=_ISSUE, status_code=200, name="quotes.send")
    async def send(self, request: AnyRequest, quote_id: FromPath[UUID]) -> Answer:
        """Send what the editor holds, or the stored draft when the form has no lines."""
        who, data = member_of(request), await read_form(request)
        if "editor" not in data:
            return await _send(request, who, quote_id, None)
        form, draft = editor_form.read(data, quote_id, language_of(request))
        if draft is None:
            return await refused_form(request, who, QUOTES, quote_id, form)
        return await _send(request, who, quote_id, (form, draft))

    @post("/deliveries", guards=_ISSUE, status_code=200, name="quotes.send_again")
    async def send_again(self, request: AnyRequest, quote_id: FromPath[UUID]) -> Answer:
        """Send the quote once more to the address typed."""
        who = member_of(request)
        recipient = (await read_form(request)).get("recipient").strip()
        try:
            await quote_letters.send_again(who.organisation_id, who.person_id, quote_id, recipient)
        except Refused as refused:
            form = Form({"recipient": recipient[:254]}, {"recipient": list(refused.refusals)})
            return _show(request, await _page(who, quote_id), form, status=422)
        return see_other(request, f"/quotes/{quote_id}", "delivery-queued")

    @post("/withdrawal", guards=_ISSUE, status_code=200, name="quotes.withdraw")
    async def withdraw(self, request: AnyRequest, quote_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        try:
            await quotes.withdraw(who.organisation_id, who.person_id, quote_id)
        except Refused as refused:
            return await _refused(request, who, quote_id, refused)
        return see_other(request, f"/quotes/{quote_id}", "quote-withdrawn")

    @post("/invoices", guards=_WRITE, status_code=200, name="quotes.to_invoice")
    async def to_invoice(self, request: AnyRequest, quote_id: FromPath[UUID]) -> Answer:
        """Make the draft of an invoice of it; `again` says that another one is wanted."""
        who, data = member_of(request), await read_form(request)
        try:
            wanted, again = id_in_or_new(data.get("invoice_id")), bool(data.get("again"))
            made = await quotes.to_invoice(who.organisation_id, who.person_id, quote_id, wanted, again=again)
        except Refused as refused:
            return await _refused(request, who, quote_id, refused)
        return see_other(request, f"/invoices/{made}/edit", "quote-invoiced")

    @post("/copies", guards=_WRITE, status_code=200, name="quotes.copy")
    async def copy(self, request: AnyRequest, quote_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        wanted = id_in_or_new((await read_form(request)).get("copy_id"))
        saved = await quotes.copy(who.organisation_id, who.person_id, quote_id, wanted)
        return see_other(request, f"/quotes/{saved.id}/edit", "draft-copied")

    @post("/deletion", guards=_WRITE, status_code=200, name="quotes.delete")
    async def delete(self, request: AnyRequest, quote_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        try:
            await quotes.delete(who.organisation_id, who.person_id, quote_id)
        except Refused as refused:
            return await _refused(request, who, quote_id, refused)
        return see_other(request, f"/quotes?deleted={quote_id}", "draft-deleted")

    @post("/restoration", guards=_WRITE, status_code=200, name="quotes.restore")
    async def restore(self, request: AnyRequest, quote_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await quotes.restore(who.organisation_id, who.person_id, quote_id)
        return see_other(request, f"/quotes/{quote_id}/edit", "draft-restored")


async def _send(
    request: AnyRequest, who: Member, quote_id: UUID, edited: tuple[editor_form.EditorForm, Draft] | None
) -> Answer:
    form, draft = edited or (None, None)
    try:
        done = await quote_letters.send(
            who.organisation_id, who.person_id, quote_id, draft, editing_of(form) if form else None
        )
    except Refused as refused:
        if form is None:
            return await preflight_answer(request, who, QUOTES, quote_id, refused.refusals, None, "only")
        return await refused_form(request, who, QUOTES, quote_id, with_refusals(form, refused.refusals))
    except Stale as stale:
        assert form is not None
        return await conflict(request, who, QUOTES, form, stale.stored)
    if done.refusals:
        return await preflight_answer(request, who, QUOTES, quote_id, done.refusals, form, "only")
    return see_other(request, f"/quotes/{quote_id}", "quote-sent-before" if done.was_sent_before else "quote-sent")


async def _page(who: Member, quote_id: UUID) -> QuotePage:
    found = await quote_page(who.organisation_id, quote_id)
    if found is None:
        raise NotFound
    return found


async def _refused(request: AnyRequest, who: Member, quote_id: UUID, refused: Refused) -> Answer:
    """The page of the quote as it is by now, with the sentence that says why not."""
    return _show(request, await _page(who, quote_id), problem=refused, status=422)


def _show(
    request: AnyRequest,
    found: QuotePage,
    delivery_form: Form | None = None,
    problem: Refused | None = None,
    status: int = 200,
) -> Answer:
    """The page of a draft (a preview with what is missing) or of a quote that was sent."""
    own, quote = found.own, found.quote
    token = quote_letters.token_of(own.id, quote.id, quote.row["token_hash"])
    context: dict[str, Any] = {
        "own": own,
        "row": quote.row,
        "customer": found.customer,
        "place": f"/quotes/{quote.id}",
        "today": today_in(own.time_zone, now()),
        "time_zone": own.time_zone,
        "copy_id": new_id(),
        "problem": problem.refusals[0] if problem else None,
        "logo": _logo(quote, own, token),
    }
    if quote.is_draft:
        return page(request, "quotes/draft.html", status=status, **context, **_of_draft(found))
    context["delivery_form"] = delivery_form or Form({"recipient": _recipient(found)})
    return page(request, "quotes/show.html", status=status, **context, **_of_sent(request, found))


def _of_draft(found: QuotePage) -> dict[str, Any]:
    """What a draft would become today, and what is missing before it may be sent."""
    own, quote = found.own, found.quote
    today = today_in(own.time_zone, now())
    party = found.customer.party if found.customer else None
    faults = sending_faults(quote.draft(), own.party, party, today)
    return {"document": preview(quote, own, found.customer, today), "faults": all_placed(faults)}


def _of_sent(request: AnyRequest, found: QuotePage) -> dict[str, Any]:
    """What was sent, how it stands, and what came of it."""
    own, quote, moment = found.own, found.quote, now()
    return {
        "document": quote.document(),
        "state": quote.stands(today_in(own.time_zone, moment)),
        "steps": quote_steps_of(found, translator(language_of(request)).gettext),
        "messages": found.messages,
        "fresh": any(message.queued_at > moment - WATCHED for message in found.messages),
        "invoices": found.invoices,
        "invoice_id": new_id(),
        "link": quote_letters.page_of(own.id, quote.id, quote.row["token_hash"]),
    }


def preview(quote: StoredQuote, own: Seller, customer: Buyer | None, today: date) -> Issued:
    """The document that a draft would become today, without a number. For looking at only."""
    buyer = customer.party if customer else Party(name="")
    try:
        return offer(quote.draft(), own.party, buyer, today)
    except Invalid:  # a VAT treatment that has no rate any more: the faults beside it say so
        return offer(Draft(quote.id, valid_until=quote.row["valid_until"]), own.party, buyer, today)


def name_of(request: AnyRequest, quote: StoredQuote) -> str:
    """ "Quote 7", or "Draft", in the reader's words."""
    words = translator(language_of(request)).gettext
    return words("Draft") if quote.is_draft else words("Quote %(number)s") % {"number": quote.number}


def _logo(quote: StoredQuote, own: Seller, token: str) -> str | None:
    """Where the logo of the document is, if it has one: the company's, or the one it had when the quote was sent."""
    if not (own.logo_sha256 if quote.is_draft else quote.row["logo_sha256"]):
        return None
    if quote.is_draft or quote.row["logo_sha256"] == own.logo_sha256:
        return f"/company/logo?v={(own.logo_sha256 or b'').hex()[:12]}"
    return f"{quote_letters.PATH}{token}/logo"


def _recipient(found: QuotePage) -> str:
    """Who the quote would be sent to now: the customer's address of today, else the one on the document."""
    today = found.customer.party.email if found.customer else ""
    return today or found.quote.document().buyer.email
