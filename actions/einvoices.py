"""The e-invoice of an issued invoice: asked for with the issue, made and checked by a job, kept by its hash.

What is to be issued was looked at before (actions.einvoice_opinions). The job looks at the real document, and only what
every rule lets pass is kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from actions import attachments, documents, files
from actions.clock import now
from actions.einvoice_opinions import Opinion, judge_here, written
from actions.outcomes import NotFound
from domain.attachments import MOST_TOGETHER
from domain.document_names import plain_document_file
from domain.einvoice import ubl_rules
from domain.einvoice.choice import choose, plain
from domain.einvoice.document import Attachment
from domain.einvoice.findings import Finding, Verdict
from domain.invoice import Issued
from models.ids import new_id
from models.queries.einvoices import EInvoiceView, einvoice_file, einvoice_in
from models.queries.invoices import StoredInvoice, stored
from models.queries.parties import Buyer, parties
from models.together import Part, send_together
from models.unit_of_work import Work, reading, unit_of_work

JOB = "make_einvoice"
# A PDF goes inside when it is no larger, and there is room: many access points take ten megabytes in all.
MOST_PDF = 4 * 1024 * 1024


class NotJudged(Exception):
    """The rules could not be asked just now; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def queue(work: Work, invoice_id: UUID, customer: Buyer, known: Opinion | None = None) -> None:
    """Have the e-invoice made, in the unit of work that issues the invoice."""
    await send_together(work, queueing(work, invoice_id, customer, known))


def queueing(work: Work, invoice_id: UUID, customer: Buyer, known: Opinion | None = None) -> Part:
    """As `queue`, to be sent together with others."""
    problem = known.verdict.unjudged if known else ""
    work.enqueue(JOB, {"organisation_id": str(work.organisation_id), "invoice_id": str(invoice_id)})
    values = (work.organisation_id, invoice_id, customer.is_business, customer.reference, problem, now())
    return Part("einvoice_queued", _QUEUE, values)


async def make_again(organisation_id: UUID, person_id: UUID, invoice_id: UUID) -> None:
    """Make the e-invoice of an invoice that has none: from before there were any, or refused. Raises NotFound.

    One that is made, or on its way, stays as it is.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        invoice = await stored(work, invoice_id, lock=True)
        if invoice is None or invoice.is_draft:
            raise NotFound
        _, customer = await parties(work, invoice.row["customer_id"])
        assert customer is not None, "an issued invoice has a customer"
        known = await einvoice_in(work, invoice_id)
        if known is None or known.state == "refused":
            await queue(work, invoice_id, customer)


async def make(organisation_id: UUID, invoice_id: UUID, *, with_pdf: bool = True) -> None:
    """Make, check and keep the e-invoice that was asked for; nothing when it is there.

    `with_pdf` puts the PDF inside, which is what people at the customer read. Raises NotFound, NotJudged, and what
    rendering and the file store raise.
    """
    async with reading(organisation_id) as work:
        wanted = await einvoice_in(work, invoice_id)
        invoice = await stored(work, invoice_id)
    if wanted is None or invoice is None or invoice.is_draft:
        raise NotFound
    if wanted.state != "queued":
        return
    inside = await _inside(organisation_id, invoice, with_pdf=with_pdf)
    xml, findings, is_peppol = await _checked(invoice.issued(), wanted, inside)
    if xml is None:
        await _finish(organisation_id, invoice_id, "refused", findings)
        return
    sha256 = await files.put(organisation_id, xml)
    await _finish(organisation_id, invoice_id, "made", findings, is_peppol, (sha256, len(xml)))


async def _inside(organisation_id: UUID, invoice: StoredInvoice, *, with_pdf: bool) -> tuple[Attachment, ...]:
    """The PDF, as far as there is room for it beside the user's own files, and those."""
    enclosed = invoice.attachments()
    room = min(MOST_PDF, MOST_TOGETHER - sum(file.size for file in enclosed))
    pdf = await _pdf(organisation_id, invoice, room) if with_pdf else ()
    return (*pdf, *await attachments.contents(organisation_id, enclosed))


async def _pdf(organisation_id: UUID, invoice: StoredInvoice, most: int) -> tuple[Attachment, ...]:
    stored_pdf = await documents.rendered(organisation_id, invoice.id)
    if stored_pdf.size > most:
        return ()
    content = await files.get(organisation_id, stored_pdf.sha256)
    return (Attachment(_pdf_name(invoice.issued()), "application/pdf", content),)


def _pdf_name(issued: Issued) -> str:
    return plain_document_file(issued.kind, issued.language, issued.number, issued.seller.name, suffix="pdf")


async def _checked(
    issued: Issued, wanted: EInvoiceView, inside: tuple[Attachment, ...]
) -> tuple[bytes | None, list[Finding], bool]:
    """The document that passes all rules, or None; what was found on the way; and whether it is EHF."""
    choice = choose(issued, to_business=wanted.to_business, reference=wanted.reference, attachments=inside)
    if choice.stops:
        return None, list(choice.stops), False
    document, findings = choice.document, [*choice.obstacles, *choice.advice]
    if choice.hint is not None:
        findings.append(choice.hint)
    while True:
        xml = await written(document)
        verdict = await _judged(xml)
        findings += [finding for finding in verdict.findings if finding not in findings]
        if verdict.is_valid:
            return xml, findings, document.is_peppol
        if not document.is_peppol or any(finding.blocks for finding in verdict.findings):
            return None, findings, False
        # Only a rule of Peppol is broken: without Peppol it is an e-invoice all the same.
        document = plain(issued, wanted.reference, inside)


async def verdict_on(xml: bytes) -> Verdict:
    """What the official rules say of any e-invoice, ours or another's; without rules here, that it is not judged."""
    judge = judge_here()
    return await judge.judge(xml) if judge is not None else Verdict(unjudged="absent")


async def _judged(xml: bytes) -> Verdict:
    """What the official rules and ours about the writing say. Raises NotJudged."""
    verdict = await verdict_on(xml)
    if verdict.unjudged:
        raise NotJudged(verdict.unjudged)
    return Verdict((*verdict.findings, *ubl_rules.findings(ubl_rules.parsed(xml))))


async def _finish(
    organisation_id: UUID,
    invoice_id: UUID,
    state: str,
    findings: Sequence[Finding],
    is_peppol: bool | None = None,
    file: tuple[bytes, int] | None = None,
) -> None:
    """Write down what came of it, unless another process was faster: then it is theirs."""
    said = json.dumps([finding.to_json() for finding in findings])
    async with unit_of_work(organisation_id) as work:
        if not await work.connection.fetchval(_FINISH, organisation_id, invoice_id, state, is_peppol, said, now()):
            return
        if file is not None:
            await work.connection.execute(_KEEP, organisation_id, new_id(), invoice_id, *file, now())
        work.audit(f"einvoice.{state}", "invoice", invoice_id)


async def put_off(organisation_id: UUID, invoice_id: UUID, code: str) -> None:
    """It waits: say why, in a word."""
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_PUT_OFF, organisation_id, invoice_id, code[:20])


async def give_up(organisation_id: UUID, invoice_id: UUID) -> None:
    """No try succeeded: it is refused, without a finding, until somebody asks for it again."""
    await _finish(organisation_id, invoice_id, "refused", ())


async def einvoice_of(organisation_id: UUID, invoice_id: UUID) -> bytes | None:
    """The e-invoice as it was made; None while there is none.

    Raises what the file store raises (actions.files).
    """
    found = await einvoice_file(organisation_id, invoice_id)
    if found is None:
        return None
    return await files.get(organisation_id, found.file.sha256)


_QUEUE = """
insert into einvoice (organisation_id, invoice_id, state, to_business, reference, findings, problem, queued_at)
values ($1, $2, 'queued', $3, $4, '[]', $5, $6)
on conflict (organisation_id, invoice_id) do update
set state = 'queued', findings = '[]', problem = excluded.problem, queued_at = excluded.queued_at, done_at = null
"""
_FINISH = """
update einvoice set state = $3, is_peppol = $4, findings = $5, problem = '', done_at = $6
where organisation_id = $1 and invoice_id = $2 and state = 'queued' returning true
"""
_KEEP = """
insert into invoice_file (organisation_id, id, invoice_id, kind, sha256, size, created_at)
values ($1, $2, $3, 'ehf', $4, $5, $6)
on conflict (organisation_id, invoice_id, kind) do nothing
"""
_PUT_OFF = """
update einvoice set problem = $3 where organisation_id = $1 and invoice_id = $2 and state = 'queued'
"""
