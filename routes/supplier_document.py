"""One document from a supplier: what it says, whether it adds up, its files, and whether it is paid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Response

from actions import files, supplier_documents
from actions.clock import now
from actions.outcomes import NotFound
from domain.access import Permission
from domain.access import may as role_may
from domain.einvoice.incoming import differences
from domain.einvoice.supplier_findings import Said, in_sentences
from domain.mail import ascii_file_name, file_name
from domain.received import SAFE_TYPES
from domain.refusals import Refusal, Refused
from models.queries.inbox import FileRow, document_page, file_of
from routes.actor import member_of
from routes.forms.base import Form, read_form
from routes.forms.supplier_document import details_form, parse_details, parse_payment, payment_form
from routes.guards import may
from routes.i18n import language_of, translator
from routes.pages import Answer, AnyRequest, page, see_other

# So long a page asks by itself what the rules say; after that it shows what is so when it is opened again.
WATCHED = timedelta(minutes=1)
_ENDINGS = {**SAFE_TYPES, "application/xml": "xml"}


class SupplierDocumentController(Controller):
    path = "/inbox/{document_id:uuid}"

    @get("/", guards=[may(Permission.READ)], name="inbox.show")
    async def show(self, request: AnyRequest, document_id: FromPath[UUID]) -> Answer:
        return await _show(request, document_id)

    @post("/", guards=[may(Permission.WRITE)], status_code=200, name="inbox.change")
    async def change(self, request: AnyRequest, document_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        form, details = parse_details(await read_form(request), language_of(request))
        if details is None:
            return await _show(request, document_id, details=form, status=422)
        await supplier_documents.change(who.organisation_id, who.person_id, document_id, details)
        return see_other(request, f"/inbox/{document_id}", "saved")

    @post("/payment", guards=[may(Permission.PAY)], status_code=200, name="inbox.pay")
    async def pay(self, request: AnyRequest, document_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        form, paid_on = parse_payment(await read_form(request), language_of(request))
        if paid_on is None:
            return await _show(request, document_id, payment=form, status=422)
        try:
            await supplier_documents.mark_paid(who.organisation_id, who.person_id, document_id, paid_on)
        except Refused as refused:
            form.add(refused.refusals[0])
            return await _show(request, document_id, payment=form, status=422)
        return see_other(request, f"/inbox/{document_id}", "document-paid")

    @post("/payment/removal", guards=[may(Permission.PAY)], status_code=200, name="inbox.unpay")
    async def unpay(self, request: AnyRequest, document_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await supplier_documents.mark_unpaid(who.organisation_id, who.person_id, document_id)
        return see_other(request, f"/inbox/{document_id}", "document-unpaid")

    @post("/removal", guards=[may(Permission.WRITE)], status_code=200, name="inbox.remove")
    async def remove(self, request: AnyRequest, document_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await supplier_documents.remove(who.organisation_id, who.person_id, document_id)
        return see_other(request, f"/inbox?removed={document_id}", "document-removed")

    @post("/restoration", guards=[may(Permission.WRITE)], status_code=200, name="inbox.restore")
    async def restore(self, request: AnyRequest, document_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await supplier_documents.restore(who.organisation_id, who.person_id, document_id)
        return see_other(request, f"/inbox/{document_id}", "document-restored")

    @get("/files/{file_id:uuid}", guards=[may(Permission.READ)], name="inbox.file")
    async def file(self, request: AnyRequest, document_id: FromPath[UUID], file_id: FromPath[UUID]) -> Answer:
        """A file as it came, to be saved: a browser never shows what a stranger made."""
        who = member_of(request)
        file = await file_of(who.organisation_id, document_id, file_id)
        if file is None:
            raise NotFound
        return saved_answer(file, await files.get(who.organisation_id, file.sha256))


def saved_answer(file: FileRow, body: bytes) -> Answer:
    """The bytes under a name of plain letters, with an ending that fits the type."""
    ending = _ENDINGS.get(file.mime, "bin")
    stem = file.name.rpartition(".")[0] or file.name
    name = ascii_file_name(file_name(stem, suffix=ending))
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(body, media_type=file.mime, headers=headers)


async def _show(
    request: AnyRequest,
    document_id: UUID,
    details: Form | None = None,
    payment: Form | None = None,
    status: int = 200,
) -> Answer:
    who, language, moment = member_of(request), language_of(request), now()
    found = await document_page(who.organisation_id, document_id, moment)
    if found is None:
        raise NotFound
    row, said = found.row, in_sentences(found.findings)
    return page(
        request,
        "inbox/show.html",
        status=status,
        found=found,
        differences=differences(found.incoming) if found.incoming else (),
        said=said,
        letter=_letter(said, row["number"], translator(language).gettext),
        problem=Refusal(f"received.{row['problem']}") if row["problem"] else None,
        fresh=row["received_at"] > moment - WATCHED,
        details_form=details or details_form(row, language),
        payment_form=payment or payment_form(found.today, language),
        may_write=role_may(who.role, Permission.WRITE),
        may_pay=role_may(who.role, Permission.PAY),
        time_zone=found.time_zone,
    )


def _letter(said: Sequence[Said], number: str, words: Callable[[str], str]) -> str:
    """What to write to the supplier, ready to be sent from one's own mailbox."""
    lines = [words("Hello,"), ""]
    lines += [
        words("your invoice %(number)s breaks rules for e-invoices, so it may not be read rightly:")
        % {"number": number}
    ]
    lines += [
        f"- {words(one.sentence) % {'vat': words(one.vat)}} {one.text}".rstrip() + f" ({', '.join(one.rules[:5])})"
        for one in said
        if not one.is_warning
    ]
    return "\n".join([*lines, "", words("Please send a new one that is right.")])
