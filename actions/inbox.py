"""The inbox: what suppliers sent is taken, kept as it came, and shown to the official rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID, uuid5

import msgspec

from actions import einvoices, files, supplier_documents
from actions.clock import now
from actions.instance import secret_for, settings
from domain.einvoice.incoming import Incoming
from domain.einvoice.supplier_findings import own_words
from domain.inbox_address import address_for
from domain.mail import file_name, header_words
from domain.received import SAFE_TYPES, UNKNOWN_TYPE, Letter, Received, Unusable, seller_key
from domain.refusals import Refusal
from models.ids import new_id
from models.queries.inbox import xml_to_check
from models.unit_of_work import unit_of_work

JOB = "check_supplier_document"
FIELD = "file"
_TYPES = {"ubl": "application/xml", "cii": "application/xml", "facturx": "application/pdf", "pdf": "application/pdf"}
_INCOMING = msgspec.json.Encoder()


class Reader(Protocol):
    """Opens files of strangers where they can do no harm."""

    async def read(self, data: bytes) -> Received | Unusable: ...

    async def open_letter(self, data: bytes) -> Letter | Unusable: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A file and how it came. `id` names the document to be: who brings the same id twice brings one document."""

    id: UUID
    name: str
    content: bytes
    sender: str = ""

    @property
    def source(self) -> str:
        return "email" if self.sender else "upload"


@dataclass(frozen=True, slots=True)
class _File:
    kind: str
    name: str
    mime: str
    content: bytes


_reader: Reader | None = None


def use(reader: Reader | None) -> None:
    """Open files with `reader`. Called when the process starts."""
    global _reader
    _reader = reader


def reader() -> Reader:
    """What files are opened with in this process. Asks for `use` to have been called."""
    assert _reader is not None, "the process has nothing to open files with"
    return _reader


async def receive(organisation_id: UUID, person_id: UUID, sent: Sent) -> Refusal | None:
    """Take an uploaded file into the inbox as the document `sent.id`; a Refusal says why not, and nothing is kept.

    The file is kept byte by byte, and so is each file inside it. Refuses `received.*`.
    """
    if not sent.content:
        return Refusal("received.nothing", FIELD)
    found = await reader().read(sent.content)
    if isinstance(found, Unusable):
        return Refusal(f"received.{found.code}", FIELD)
    await _keep(organisation_id, person_id, sent, found)
    return None


async def receive_mailed(organisation_id: UUID, all_sent: Sequence[Sent]) -> None:
    """Take the files of one e-mail. One that can not be read is shown in the inbox with the reason: its sender is not
    here to be told. Plain PDFs beside a single e-invoice are pictures of it, or belong to it, and go with it."""
    found = [(sent, await reader().read(sent.content)) for sent in all_sent]
    invoices = [one for one in found if isinstance(one[1], Received) and one[1].incoming is not None]
    beside = [one for one in found if isinstance(one[1], Received) and one[1].incoming is None]
    if len(invoices) == 1:
        also = [_File("attachment", _shown_name(sent.name), _TYPES["pdf"], sent.content) for sent, _ in beside]
        await _keep(organisation_id, None, *invoices[0], also)
        found = [one for one in found if one not in invoices and one not in beside]
    for sent, one in found:
        await _keep(organisation_id, None, sent, one)


async def note_unread(organisation_id: UUID, sent: Sent, code: str) -> None:
    """Show that an e-mail came that held nothing to be read. The e-mail itself is kept."""
    await _keep(organisation_id, None, sent, Unusable(code))


def mail_address(organisation_id: UUID, turn: int) -> str:
    """Where suppliers may send their e-mails; "" when this installation takes none. `turn`: organisation.inbox_turn."""
    base = settings().mail_in_address
    return address_for(base, secret_for("inbox-address"), organisation_id, turn) if base else ""


async def renew_address(organisation_id: UUID, person_id: UUID, turn: int) -> None:
    """Give the company another address; the one of `turn` stops at once. A second click changes nothing."""
    async with unit_of_work(organisation_id, person_id) as work:
        if await work.connection.fetchval(_RENEW, organisation_id, turn):
            work.audit("inbox_address.renewed", "organisation", organisation_id, ["inbox_turn"])


def id_of(organisation_id: UUID, mark: str) -> UUID:
    """The id of what comes again under the same `mark`, so that reading an e-mail twice makes one document."""
    return uuid5(organisation_id, mark)


async def _keep(
    organisation_id: UUID,
    person_id: UUID | None,
    sent: Sent,
    found: Received | Unusable,
    also: Sequence[_File] = (),
) -> None:
    incoming = found.incoming if isinstance(found, Received) else None
    # The store first: a row never names a file that is not there. A file without a row harms nobody.
    parts = [*_parts(sent, found), *also]
    hashes = [await files.put(organisation_id, part.content) for part in parts]
    async with unit_of_work(organisation_id, person_id) as work:
        moment = now()
        values = _columns(sent, found, incoming)
        names = ", ".join(values)
        places = ", ".join(f"${n + 4}" for n in range(len(values)))
        fresh = await work.connection.fetchval(
            f"insert into supplier_document (organisation_id, id, received_at, changed_at, {names}) "  # noqa: S608
            f"values ($1, $2, $3, $3, {places}) on conflict do nothing returning true",
            organisation_id, sent.id, moment, *values.values(),
        )  # fmt: skip
        if not fresh:
            return
        for position, (part, sha256) in enumerate(zip(parts, hashes, strict=True)):
            await work.connection.execute(
                _ADD_FILE, organisation_id, new_id(), sent.id, part.kind, position, part.name, part.mime, sha256,
                len(part.content),
            )  # fmt: skip
        await supplier_documents.index(work, sent.id)
        work.audit("supplier_document.received", "supplier_document", sent.id)
        if incoming is not None:
            work.enqueue(JOB, {"organisation_id": str(organisation_id), "document_id": str(sent.id)})


def _parts(sent: Sent, found: Received | Unusable) -> list[_File]:
    """The file as it came, then what lay inside it."""
    kind = found.kind if isinstance(found, Received) else ""
    parts = [_File("original", _shown_name(sent.name), _TYPES.get(kind, UNKNOWN_TYPE), sent.content)]
    if isinstance(found, Received) and found.incoming is not None:
        if found.xml:
            parts.append(_File("xml", "factur-x.xml", "application/xml", found.xml))
        for inside in found.incoming.document.attachments:
            mime = inside.mime if inside.mime in SAFE_TYPES else UNKNOWN_TYPE
            parts.append(_File("attachment", _shown_name(inside.filename), mime, inside.content))
    return parts


def _shown_name(name: str) -> str:
    """One line to show; where the file is saved, a name of plain letters is made of it."""
    return header_words(name.replace("\\", "/").rpartition("/")[2]) or file_name(suffix="bin")


def _columns(sent: Sent, found: Received | Unusable, incoming: Incoming | None) -> dict[str, object]:
    values: dict[str, object] = {
        "kind": found.kind if isinstance(found, Received) else "unread",
        "source": sent.source,
        "problem": found.code if isinstance(found, Unusable) else "",
        "sender": sent.sender,
    }
    if incoming is None:
        return {**values, "amount": None}
    document = incoming.document
    return {
        **values,
        "is_credit_note": document.is_credit_note,
        "seller_name": document.seller.name[:200],
        "seller_key": seller_key(document.seller),
        "number": document.number[:100],
        "issued_on": document.issued_on,
        "due_on": document.due_on,
        "currency": document.currency,
        "amount": incoming.payable,
        "document": _stored(incoming),
        "check_state": "waiting",
    }


def _stored(incoming: Incoming) -> str:
    """What the document says as JSON, without the files inside, which are kept as files."""
    bare = replace(incoming, document=replace(incoming.document, attachments=()))
    return _INCOMING.encode(bare).decode()


async def check(organisation_id: UUID, document_id: UUID) -> None:
    """Ask the official rules about an e-invoice, and keep what they say. A broken rule changes nothing else: what is
    owed is owed. Raises NotJudged, and what the file store raises."""
    sha256 = await xml_to_check(organisation_id, document_id)
    if sha256 is None:
        return
    verdict = await einvoices.verdict_on(await files.get(organisation_id, sha256))
    if verdict.unjudged:
        raise einvoices.NotJudged(verdict.unjudged)
    rules = [
        [one.rule, "fatal" if one.is_fatal else "warning", own_words(one.rule, one.text)] for one in verdict.findings
    ]
    is_valid = not any(finding.is_fatal for finding in verdict.findings)
    await _record_check(organisation_id, document_id, "valid" if is_valid else "invalid", rules)


async def leave_unchecked(organisation_id: UUID, document_id: UUID) -> None:
    """The rules could not be asked, for good."""
    await _record_check(organisation_id, document_id, "unavailable", [])


async def _record_check(organisation_id: UUID, document_id: UUID, state: str, rules: list[list[str]]) -> None:
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(
            "update supplier_document set check_state = $3, findings = $4 where organisation_id = $1 and id = $2",
            organisation_id, document_id, state, msgspec.json.encode(rules).decode(),
        )  # fmt: skip


_RENEW = """
update organisation set inbox_turn = inbox_turn + 1 where id = $1 and inbox_turn = $2 returning true
"""
_ADD_FILE = """
insert into supplier_file (organisation_id, id, document_id, kind, position, name, mime, sha256, size)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
