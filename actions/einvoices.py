"""The e-invoice of an issued invoice: asked for with the issue, made and checked by a job, kept by its hash.

What is to be issued is looked at before the issuing transaction (`opinion`), so that nothing waits for the rules while
a number is held. The job looks at the real document once more, and only what every rule lets pass is kept.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol
from uuid import UUID

from actions import documents, files
from actions.clock import now
from actions.outcomes import NotFound
from domain import kid as kids
from domain.dates import today_in
from domain.draft import wants_rate, with_rate
from domain.einvoice import ubl, ubl_rules
from domain.einvoice.choice import Choice, choose, plain
from domain.einvoice.document import Attachment, EDocument
from domain.einvoice.findings import Finding, Verdict
from domain.invoice import Credited, Draft, Issued
from domain.invoice import issue as freeze
from domain.numbering import series_year
from domain.refusals import Refusal, Refused
from models.ids import new_id
from models.queries.einvoices import EInvoiceView, einvoice_file, einvoice_in
from models.queries.exchange_rates import rate_on
from models.queries.invoices import StoredInvoice, stored
from models.queries.parties import Buyer, Seller, parties
from models.unit_of_work import Work, reading, unit_of_work

JOB = "make_einvoice"
# Two checks take 25 ms at most. Whoever comes while so many are under way does not wait in line: the job asks for them.
MOST_ASKED = 2
PATIENCE = 2.0  # seconds that an issue waits for the rules; who is slower is asked by the job
# A PDF goes inside when it is no larger: access points take ten to twenty megabytes in all.
MOST_PDF = 4 * 1024 * 1024


class Judge(Protocol):
    """Knows the official rules. `warm` makes it ready beside other work; `judge` never raises."""

    def warm(self) -> None: ...

    async def judge(self, xml: bytes) -> Verdict: ...


class NotJudged(Exception):
    """The rules could not be asked just now; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_judge: Judge | None = None
_asking: set[asyncio.Task[Verdict]] = set()


def use(judge: Judge | None) -> None:
    """Ask `judge` in this process; None leaves it to the worker. Called when the process starts."""
    global _judge
    _judge = judge
    _asking.clear()  # whom the one before has still to answer is not this one's work


def warm() -> None:
    """Somebody is writing an invoice: have the rules ready when it is issued."""
    if _judge is not None:
        _judge.warm()


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the official rules say of what is about to be issued: `about` exactly that, and nothing else."""

    about: tuple[object, ...] | None = None
    choice: Choice | None = None
    verdict: Verdict = field(default_factory=Verdict)

    def stops(self, draft: Draft, own: Seller, customer: Buyer, today: date) -> list[Finding]:
        """What keeps it from being issued. When it is not quite what was looked at, our own rules look again; the
        official ones follow in the job."""
        choice, verdict = self.choice, self.verdict
        if self.about != _about(draft, own, customer, today):
            choice, verdict = choice_of(draft, own, customer, today), Verdict()
        ours = choice.stops if choice else ()
        return [*ours, *(finding for finding in verdict.findings if finding.blocks and finding not in ours)]


async def opinion(organisation_id: UUID, invoice_id: UUID, draft: Draft | None) -> Opinion:
    """Ask the rules of the official sets about `draft`, or about the stored one, before it is issued.

    It adds what reading the parties and one check cost; after 2 seconds the issue goes on without an answer. While two
    others are being asked about, nothing is added at all: our own rules hold in any case, and the job asks.
    """
    if _judge is None or len(_asking) >= MOST_ASKED:
        return Opinion()
    async with reading(organisation_id) as work:
        if draft is None:
            found = await stored(work, invoice_id)
            draft = found.draft() if found is not None and found.is_draft else None
        if draft is None:
            return Opinion()
        own, customer = await parties(work, draft.customer_id)
        today = today_in(own.time_zone, now())
        if wants_rate(draft, own.party.country):
            draft = with_rate(draft, await rate_on(work, draft.currency, today))
    choice = choice_of(draft, own, customer, today)
    if choice is None or customer is None:
        return Opinion()
    verdict = await _hurried(_judge, await _written(choice.document))
    return Opinion(_about(draft, own, customer, today), choice, verdict)


def choice_of(draft: Draft, own: Seller, customer: Buyer | None, today: date) -> Choice | None:
    """Which e-invoice `draft` would become today, by our own rules; None while it can not be issued anyway."""
    if customer is None:
        return None
    year = series_year(today, own.yearly_numbers)
    credited = Credited("1", today) if draft.kind == "credit_note" else None
    try:
        kid = kids.make(kids.base_for(year, 1), own.kid_length) if own.kid_length else ""
        issued = freeze(draft, own.party, customer.party, today, 1, year, kid, own.account, credited)
    except (Refused, kids.KidDoesNotFit):
        return None
    return choose(issued, to_business=customer.is_business, reference=customer.reference)


def faults(document: Issued, customer: Buyer) -> list[Refusal]:
    """What keeps `document`, which has no number yet, from being issued, by our own rules."""
    counted = replace(document, number=document.number or "1")
    choice = choose(counted, to_business=customer.is_business, reference=customer.reference)
    return [finding.refusal for finding in choice.stops]


def obstacles(draft: Draft, own: Seller, customer: Buyer | None, today: date) -> tuple[Finding, ...]:
    """What keeps `draft` from travelling as EHF, though it may be issued; nothing while something else is missing.

    Whoever asks is writing an invoice, so the official rules are made ready meanwhile.
    """
    warm()
    choice = choice_of(draft, own, customer, today)
    return choice.obstacles if choice else ()


def _about(draft: Draft, own: Seller, customer: Buyer, today: date) -> tuple[object, ...]:
    return draft, own, customer, today


async def _hurried(judge: Judge, xml: bytes) -> Verdict:
    """The verdict when it comes in time. It is not cut short: the next document must not wait for a new process."""
    asking = asyncio.create_task(judge.judge(xml))
    _asking.add(asking)
    asking.add_done_callback(_asking.discard)
    done, _ = await asyncio.wait({asking}, timeout=PATIENCE)
    return asking.result() if done else Verdict(unjudged="slow")


async def _written(document: EDocument) -> bytes:
    """In a thread when it is long: the loop has others to serve."""
    if len(document.lines) > 20 or document.attachments:
        return await asyncio.to_thread(ubl.write, document)
    return ubl.write(document)


async def queue(work: Work, invoice_id: UUID, customer: Buyer, known: Opinion | None = None) -> None:
    """Have the e-invoice made, in the unit of work that issues the invoice."""
    problem = known.verdict.unjudged if known else ""
    await work.connection.execute(
        _QUEUE, work.organisation_id, invoice_id, customer.is_business, customer.reference, problem, now()
    )
    work.enqueue(JOB, {"organisation_id": str(work.organisation_id), "invoice_id": str(invoice_id)})


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
    attachments = await _pdf(organisation_id, invoice) if with_pdf else ()
    xml, findings, is_peppol = await _checked(invoice.issued(), wanted, attachments)
    if xml is None:
        await _finish(organisation_id, invoice_id, "refused", findings)
        return
    sha256 = await files.put(organisation_id, xml)
    await _finish(organisation_id, invoice_id, "made", findings, is_peppol, (sha256, len(xml)))


async def _pdf(organisation_id: UUID, invoice: StoredInvoice) -> tuple[Attachment, ...]:
    stored_pdf = await documents.rendered(organisation_id, invoice.id)
    if stored_pdf.size > MOST_PDF:
        return ()
    content = await files.get(organisation_id, stored_pdf.sha256)
    return (Attachment(f"{invoice.row['number']}.pdf", "application/pdf", content),)


async def _checked(
    issued: Issued, wanted: EInvoiceView, attachments: tuple[Attachment, ...]
) -> tuple[bytes | None, list[Finding], bool]:
    """The document that passes all rules, or None; what was found on the way; and whether it is EHF."""
    choice = choose(issued, to_business=wanted.to_business, reference=wanted.reference, attachments=attachments)
    if choice.stops:
        return None, list(choice.stops), False
    document, findings = choice.document, [*choice.obstacles, *choice.advice]
    while True:
        xml = await _written(document)
        verdict = await _judged(xml)
        findings += [finding for finding in verdict.findings if finding not in findings]
        if verdict.is_valid:
            return xml, findings, document.is_peppol
        if not document.is_peppol or any(finding.blocks for finding in verdict.findings):
            return None, findings, False
        # Only a rule of Peppol is broken: without Peppol it is an e-invoice all the same.
        document = plain(issued, wanted.reference, attachments)


async def verdict_on(xml: bytes) -> Verdict:
    """What the official rules say of any e-invoice, ours or another's; without rules here, that it is not judged."""
    return await _judge.judge(xml) if _judge is not None else Verdict(unjudged="absent")


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


async def einvoice_of(organisation_id: UUID, invoice_id: UUID) -> tuple[bytes, str] | None:
    """The e-invoice as it was made, with its file name (2026-8.xml); None while there is none.

    Raises what the file store raises (actions.files).
    """
    found = await einvoice_file(organisation_id, invoice_id)
    if found is None:
        return None
    return await files.get(organisation_id, found.file.sha256), found.name


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
