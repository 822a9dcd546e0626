"""Crediting an invoice: choose what to take back, see what it comes to, and issue the credit note."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import credits
from actions.credits import Crediting
from actions.outcomes import NotFound
from domain.access import Permission
from domain.credit import Credit, credit
from domain.payments import settle_by_credit
from domain.refusals import Refused
from models.queries.credit_page import CreditPage, credit_page
from routes.actor import member_of
from routes.forms import credit as credit_form
from routes.forms.base import Form, read_form
from routes.guards import may
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, fragments, page, see_other, wants_fragment


class CreditController(Controller):
    path = "/invoices/{invoice_id:uuid}"

    @get("/credit", guards=[may(Permission.ISSUE)], name="credits.new")
    async def new(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """All that is left is chosen; `?correct` is for who wants to write the invoice anew."""
        found = await _found(request, invoice_id)
        form = credit_form.whole(found.left, found.invoice.row["credited_amount"], language_of(request))
        if "correct" in request.query_params:
            form.values["correct"] = "1"
        return show_credit(request, found, form)

    @post("/credit", guards=[may(Permission.ISSUE)], status_code=200, name="credits.figures")
    async def figures(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """What the choice comes to, while somebody types or by a button. Nothing is stored."""
        found = await _found(request, invoice_id)
        form, asked = credit_form.parse(await read_form(request), found.left, language_of(request))
        made = _made(found, form, asked)
        if wants_fragment(request.headers):
            return fragments(request, "credits/_figures.html", **_context(found, form, made))
        return show_credit(request, found, form, status=200 if form.ok else 422)

    @post("/credits", guards=[may(Permission.ISSUE)], status_code=200, name="credits.issue")
    async def issue(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        data = await read_form(request)
        found = await _found(request, invoice_id)
        form, asked = credit_form.parse(data, found.left, language_of(request))
        if "correct" in data:
            form.values["correct"] = "1"
        if asked is None:
            return show_credit(request, found, form, status=422)
        send = data.get("send", "0") == "1"
        try:
            done = await credits.issue(who.organisation_id, who.person_id, invoice_id, asked, send)
        except Refused as refused:
            found = await _found(request, invoice_id)
            form.values["seen"] = str(found.invoice.row["credited_amount"])
            return show_credit(request, found, credit_form.refuse(form, refused.refusals, found.left), status=422)
        if asked.correction_id is not None and not done.was_issued_before:
            return see_other(request, f"/invoices/{asked.correction_id}/edit", "corrected")
        code = "already-credited" if done.was_issued_before else "credited-and-queued" if send else "credited"
        return see_other(request, f"/invoices/{done.invoice_id}", code)


async def _found(request: AnyRequest, invoice_id: UUID) -> CreditPage:
    found = await credit_page(member_of(request).organisation_id, invoice_id)
    if found is None:
        raise NotFound
    return found


def show_credit(request: AnyRequest, found: CreditPage, form: Form, status: int = 200) -> Answer:
    """The page with what was chosen and, when it can be credited, what it comes to."""
    language = language_of(request)
    if form.ok:
        _, asked = credit_form.parse(credit_form.as_data(form), found.left, language)
        made = _made(found, form, asked)
    else:
        made = None
    return page(request, "credits/new.html", status=status, **_context(found, form, made))


def _made(found: CreditPage, form: Form, asked: Crediting | None) -> Credit | None:
    """The figures of what is asked for; None, with the reason in the form, when it can not be credited."""
    if asked is None or found.left.is_nothing:
        return None
    try:
        return credit(found.left, asked.lines, asked.charge)
    except Refused as refused:
        credit_form.refuse(form, refused.refusals, found.left)
        return None


def _context(found: CreditPage, form: Form, made: Credit | None) -> dict[str, Any]:
    row = found.invoice.row
    return {
        "found": found,
        "left": found.left,
        "row": row,
        "customer": found.customer,
        "form": form,
        "made": made,
        "parts": settle_by_credit(row["open_amount"], made.totals.gross) if made else None,
        "correct": bool(form.values.get("correct")),
        "totals": made.totals if made else None,
        "currency": row["currency"],
        "charge_text": found.left.invoice.charge.text if found.left.invoice.charge else "",
        "explanation": "",
        "time_zone": found.own.time_zone,
    }
