"""The files of an invoice: put on its draft and taken off again beside the editor, and saved from its page."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from actions import attachments
from actions.attachments import Sent
from actions.drafts import Editing
from actions.outcomes import NotFound
from domain.access import Permission
from domain.attachments import FIELD, MOST_BYTES, MOST_FILES, Enclosed
from domain.refusals import Refusal, Refused
from models.queries.attachments import attachment_of, attachments_in
from models.unit_of_work import reading
from routes import editor_page as editor
from routes.actor import Member, member_of
from routes.desk import INVOICES
from routes.editor_sheet import Sheet
from routes.files import enclosed_answer
from routes.forms.base import read_form
from routes.forms.invoice import EditorForm, editing_in
from routes.guards import may
from routes.middleware.body_limit import MOST_IN_FILES
from routes.pages import Answer, AnyRequest, fragments, see_other, wants_fragment

_WRITE = [may(Permission.WRITE)]


class InvoiceFileController(Controller):
    path = "/invoices/{invoice_id:uuid}/files"

    @post("/", guards=_WRITE, status_code=200, request_max_body_size=MOST_IN_FILES, name="invoices.add_file")
    async def add(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """Add what was chosen, all of it or nothing."""
        who, editing = member_of(request), await _editing(request)
        try:
            sent = await _sent(request)
            version = await attachments.add(who.organisation_id, who.person_id, invoice_id, sent, editing)
        except Refused as refused:
            return await _refused(request, who, invoice_id, editing, refused.refusals)
        return await _changed(request, who, invoice_id, Editing(version, editing.editor), "file-added")

    @post("/{file_id:uuid}/removal", guards=_WRITE, status_code=200, name="invoices.remove_file")
    async def remove(self, request: AnyRequest, invoice_id: FromPath[UUID], file_id: FromPath[UUID]) -> Answer:
        who, editing = member_of(request), await _editing(request)
        try:
            version = await attachments.remove(who.organisation_id, who.person_id, invoice_id, file_id, editing)
        except Refused as refused:
            return await _refused(request, who, invoice_id, editing, refused.refusals)
        return await _changed(request, who, invoice_id, Editing(version, editing.editor), "file-removed")

    @get("/{file_id:uuid}", guards=[may(Permission.READ)], name="invoices.file")
    async def file(self, request: AnyRequest, invoice_id: FromPath[UUID], file_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        file = await attachment_of(who.organisation_id, invoice_id, file_id)
        if file is None:
            raise NotFound
        return await enclosed_answer(request, who.organisation_id, file)


async def _editing(request: AnyRequest) -> Editing:
    return Editing(*editing_in(await read_form(request)))


async def _sent(request: AnyRequest) -> list[Sent]:
    """The files of the form; their declared types are not even looked at. One more than allowed is enough to say so."""
    found = [
        value
        for name, value in (await request.form()).multi_items()
        if name == FIELD and isinstance(value, UploadFile) and value.filename
    ]
    return [Sent(file.filename, await file.read(MOST_BYTES + 1)) for file in found[: MOST_FILES + 1]]


async def _changed(request: AnyRequest, who: Member, invoice_id: UUID, editing: Editing, done: str) -> Answer:
    """The files as they are now; the editor goes on with the version that came of it."""
    if not wants_fragment(request.headers):
        return see_other(request, f"{INVOICES.place(invoice_id)}/edit", done)
    async with reading(who.organisation_id) as work:
        files = await attachments_in(work, invoice_id)
    return _part(request, invoice_id, editing, files)


async def _refused(
    request: AnyRequest, who: Member, invoice_id: UUID, editing: Editing, refusals: Sequence[Refusal]
) -> Answer:
    """Why not, beside the field, with the editor as it was saved. Raises NotFound."""
    async with reading(who.organisation_id) as work:
        own, found, customer = await editor.open_draft(work, INVOICES, invoice_id)
        files = await attachments_in(work, invoice_id)
    if wants_fragment(request.headers):
        return _part(request, invoice_id, editing, files, refusals)
    if not found.is_draft:
        return see_other(request, INVOICES.place(invoice_id), "already-issued")
    draft = found.draft()
    form = editor.form_of(request, draft, own, customer, found.version, editing.editor)
    sheet = Sheet(INVOICES, invoice_id, own, customer, form, draft, found)
    return await editor.show_editor(request, sheet, status=422, file_errors=refusals)


def _part(
    request: AnyRequest,
    invoice_id: UUID,
    editing: Editing,
    files: Sequence[Enclosed],
    refusals: Sequence[Refusal] = (),
) -> Answer:
    return fragments(
        request,
        "invoices/files.changes.html",
        status=422 if refusals else 200,
        place=INVOICES.place(invoice_id),
        form=EditorForm(version=editing.version, editor=editing.editor),
        files=files,
        file_errors=refusals,
    )
