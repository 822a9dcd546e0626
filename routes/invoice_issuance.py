"""Issuing an invoice, and what else is done to a whole draft: copying, deleting, taking back."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, post
from litestar.params import FromPath

from actions import drafts, invoices
from actions.failpoints import failpoint
from actions.outcomes import Stale
from domain.access import Permission
from domain.draft import Draft
from domain.ladder import Rung
from domain.refusals import Refused
from models.ids import id_in_or_new
from routes.actor import Member, member_of
from routes.desk import INVOICES
from routes.editor_page import conflict, editing_of, preflight_answer, refused_form, with_refusals
from routes.forms import invoice as editor_form
from routes.forms.base import FormData, read_form
from routes.guards import may
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, see_other

_SENT: dict[Rung | None, str] = {
    "einvoice": "issued-for-the-network",
    "email": "issued-and-queued",
    "print": "issued-to-print",
}


class InvoiceIssuanceController(Controller):
    path = "/invoices/{invoice_id:uuid}"

    @post("/issuance", guards=[may(Permission.ISSUE)], status_code=200, name="invoices.issue")
    async def issue(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """Issue what the editor holds, or the stored draft when the form has no lines; send it when asked to."""
        who = member_of(request)
        data = await read_form(request)
        if "editor" not in data:
            return await _issue(request, who, invoice_id, data, None)
        form, draft = editor_form.read(data, invoice_id, language_of(request))
        if draft is None:
            return await refused_form(request, who, INVOICES, invoice_id, form)
        return await _issue(request, who, invoice_id, data, (form, draft))

    @post("/copies", guards=[may(Permission.WRITE)], status_code=200, name="invoices.copy")
    async def copy(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        wanted = (await read_form(request)).get("copy_id")
        saved = await drafts.copy(who.organisation_id, who.person_id, invoice_id, id_in_or_new(wanted))
        return see_other(request, f"/invoices/{saved.id}/edit", "draft-copied")

    @post("/deletion", guards=[may(Permission.WRITE)], status_code=200, name="invoices.delete")
    async def delete(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await drafts.delete(who.organisation_id, who.person_id, invoice_id)
        return see_other(request, f"/invoices?deleted={invoice_id}", "draft-deleted")

    @post("/restoration", guards=[may(Permission.WRITE)], status_code=200, name="invoices.restore")
    async def restore(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await drafts.restore(who.organisation_id, who.person_id, invoice_id)
        return see_other(request, f"/invoices/{invoice_id}/edit", "draft-restored")


async def _issue(
    request: AnyRequest,
    who: Member,
    invoice_id: UUID,
    data: FormData,
    edited: tuple[editor_form.EditorForm, Draft] | None,
) -> Answer:
    form, draft = edited or (None, None)
    editing = editing_of(form) if form else None
    send = data.get("send", "1") != "0"
    check = "send" if send else "only"
    try:
        done = await invoices.issue(who.organisation_id, who.person_id, invoice_id, draft, editing, send)
        await failpoint("issue.after-commit")
    except Refused as refused:
        if form is None:
            return await preflight_answer(request, who, INVOICES, invoice_id, refused.refusals, None, check)
        return await refused_form(request, who, INVOICES, invoice_id, with_refusals(form, refused.refusals))
    except Stale as stale:
        assert form is not None
        return await conflict(request, who, INVOICES, form, stale.stored)
    if done.refusals:
        return await preflight_answer(request, who, INVOICES, invoice_id, done.refusals, form, check)
    code = "already-issued" if done.was_issued_before else _SENT.get(done.rung, "issued")
    return see_other(request, f"/invoices/{invoice_id}", code)
