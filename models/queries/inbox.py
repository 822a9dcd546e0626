"""The inbox as pages show it: the list with its sums, one document with its files, and what the rules must judge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from domain.einvoice.incoming import Incoming
from domain.privacy.accounting import kept_until
from models.queries.keyset import Place
from models.queries.search import has_words, look_up
from models.unit_of_work import Work, reading

PAGE = 50
STATES = ("open", "overdue", "paid")
_STORED = msgspec.json.Decoder(Incoming)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One line of the list. `state` is open, overdue or paid; `twins` counts other documents with the same seller and
    number."""

    id: UUID
    kind: str
    state: str
    is_credit_note: bool
    seller_name: str
    number: str
    sender: str
    file_name: str
    problem: str
    due_on: date | None
    amount: Decimal | None
    currency: str
    received_at: datetime
    is_double: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """What documents of one state come to in one currency; credit notes count against it."""

    currency: str
    documents: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the list; `more` is where the next one begins, "" at the end. `sums` are those of the tab, None when
    something is sought. `turn` is the one of the address for suppliers."""

    rows: list[DocumentRow]
    more: str
    tabs: dict[str, int]
    sums: list[Sum] | None
    time_zone: str
    turn: int


@dataclass(frozen=True, slots=True)
class FileRow:
    id: UUID
    kind: str
    name: str
    mime: str
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Twin:
    """Another document of the same seller with the same number, and like it an invoice or a credit note: those may be
    numbered each by themselves."""

    id: UUID
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document with all there is to know. `row` has every column of models.supplier_document.SupplierDocument."""

    row: Mapping[str, Any]
    incoming: Incoming | None
    files: list[FileRow]
    twins: list[Twin]
    findings: list[list[str]]
    today: date
    time_zone: str

    @property
    def kept_until(self) -> date:
        """The last day on which the accounting law wants it kept."""
        row = self.row
        day = row["issued_on"] or row["received_at"].date()
        return kept_until(day, row["own_country"], row["accounting_year_ends"])

    @property
    def original(self) -> FileRow:
        return next(file for file in self.files if file.kind == "original")

    @property
    def state(self) -> str:
        row = self.row
        is_late = row["state"] == "open" and row["due_on"] is not None and row["due_on"] < self.today
        return "overdue" if is_late and not row["is_credit_note"] else str(row["state"])


async def inbox(organisation_id: UUID, state: str, query: str, after: str, moment: datetime) -> Inbox:
    """The documents of the tab `state` ("" for all) that `query` finds, newest first, from the place `after` on."""
    place = Place.read(after) or Place.end()
    async with reading(organisation_id) as work:
        kept = await work.connection.fetch(_KEPT, organisation_id, moment)
        today = kept[0]["today"]
        conditions, values = await _conditions(work, state, query, today, place)
        rows = await work.connection.fetch(_LIST.format(conditions=conditions), *values)
    shown = [DocumentRow(**row) for row in rows[:PAGE]]
    more = str(Place(shown[-1].received_at, shown[-1].id)) if len(rows) > PAGE else ""
    sums = None if query else _sums(kept, state)
    return Inbox(shown, more, _tabs(kept), sums, kept[0]["time_zone"], kept[0]["inbox_turn"])


async def _conditions(work: Work, state: str, query: str, today: date, place: Place) -> tuple[str, list[Any]]:
    matches = await look_up(work, "supplier", _sought(query))
    values: list[Any] = [work.organisation_id, today, place.at, place.id, PAGE + 1]
    conditions = {"open": "and s.state = 'open'", "paid": "and s.state = 'paid'", "overdue": f"and {_OVERDUE}"}.get(
        state, ""
    )
    if matches.ids is not None:
        values.append(matches.ids)
        conditions += f" and s.id = any(${len(values)}::text[]::uuid[])"
    elif matches.lows:
        values += ["supplier", matches.lows, matches.ends]
        n = len(values)
        conditions += f" and {has_words(matches, kind=f'${n - 2}', lows=f'${n - 1}', ends=f'${n}')}"
    return conditions, values


def _sought(query: str) -> str:
    """An amount typed with its marks becomes the digits it is stored as."""
    bare = query.replace("\u00a0", "").replace(" ", "").replace(",", "").replace(".", "")
    return bare if bare.isdigit() else query


def _tabs(kept: list[Any]) -> dict[str, int]:
    counts = dict.fromkeys(("", *STATES), 0)
    for row in kept:
        if row["state"] is not None:
            counts[""] += row["documents"]
            counts[row["state"]] += row["documents"]
            counts["overdue"] += row["late"]
    return counts


def _sums(kept: list[Any], state: str) -> list[Sum]:
    """The same rows added up for one tab."""
    sums: dict[str, tuple[int, Decimal]] = {}
    for row in kept:
        if row["state"] is None or (state and row["state"] != ("paid" if state == "paid" else "open")):
            continue
        documents, amount = sums.get(row["currency"], (0, Decimal(0)))
        late = state == "overdue"
        sums[row["currency"]] = (
            documents + row["late" if late else "documents"],
            amount + (row["late_amount" if late else "amount"] or Decimal(0)),
        )
    return [Sum(currency, *one) for currency, one in sorted(sums.items()) if one[0]]


async def document_page(organisation_id: UUID, document_id: UUID, moment: datetime) -> DocumentPage | None:
    """None when there is no such document in this company, or it was taken out."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_PAGE, organisation_id, document_id, moment)
    if row is None:
        return None
    return DocumentPage(
        row=row,
        incoming=None if row["document"] is None else _STORED.decode(row["document"]),
        files=[FileRow(*file) for file in row["files"]],
        twins=[Twin(*twin) for twin in row["twins"]],
        findings=json.loads(row["findings"]),
        today=row["today"],
        time_zone=row["time_zone"],
    )


async def file_of(organisation_id: UUID, document_id: UUID, file_id: UUID) -> FileRow | None:
    """A file of a document that is in the inbox."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_FILE, organisation_id, document_id, file_id)
    return None if row is None else FileRow(**row)


async def xml_to_check(organisation_id: UUID, document_id: UUID) -> bytes | None:
    """The SHA-256 of the e-invoice that the rules have not judged yet; None when there is none to be judged."""
    async with reading(organisation_id) as work:
        found: bytes | None = await work.connection.fetchval(_TO_CHECK, organisation_id, document_id)
    return found


_OVERDUE = "s.state = 'open' and s.due_on < $2 and not s.is_credit_note"
_LIST = f"""
select s.id, s.kind, case when {_OVERDUE} then 'overdue' else s.state end as state, s.is_credit_note, s.seller_name,
    s.number, s.sender, s.problem, s.due_on, s.amount, s.currency, s.received_at,
    (
        select f.name from supplier_file f
        where f.organisation_id = s.organisation_id and f.document_id = s.id order by f.position limit 1
    ) as file_name,
    s.number <> '' and exists (
        select from supplier_document o
        where o.organisation_id = s.organisation_id and o.seller_key = s.seller_key and o.number = s.number
        and o.number <> '' and o.is_credit_note = s.is_credit_note and o.deleted_at is null and o.id <> s.id
    ) as is_double
from supplier_document s
where s.organisation_id = $1 and s.deleted_at is null and (s.received_at, s.id) < ($3, $4) {{conditions}}
order by s.received_at desc, s.id desc limit $5
"""  # noqa: S608 - constants of this module
# One row at least, with the company's day, even for an empty inbox.
_KEPT = """
with company as (
    select time_zone, ($2::timestamptz at time zone time_zone)::date as today, inbox_turn from organisation where id = $1
)
select c.today, c.time_zone, c.inbox_turn, k.* from company c left join lateral (
    select state, currency, count(*)::integer as documents,
        sum(case when is_credit_note then -amount else amount end) as amount,
        count(*) filter (where state = 'open' and due_on < c.today and not is_credit_note)::integer as late,
        sum(amount) filter (where state = 'open' and due_on < c.today and not is_credit_note) as late_amount
    from supplier_document where organisation_id = $1 and deleted_at is null group by 1, 2
) k on true
"""
_PAGE = """
select d.*, o.time_zone, o.country as own_country, o.accounting_year_ends,
    ($3::timestamptz at time zone o.time_zone)::date as today,
    array(
        select row(f.id, f.kind, f.name, f.mime, f.size, f.sha256) from supplier_file f
        where f.organisation_id = d.organisation_id and f.document_id = d.id order by f.position
    ) as files,
    array(
        select row(t.id, t.received_at) from supplier_document t
        where t.organisation_id = d.organisation_id and t.seller_key = d.seller_key and t.number = d.number
        and t.number <> '' and t.is_credit_note = d.is_credit_note and t.deleted_at is null and t.id <> d.id
        order by t.received_at limit 5
    ) as twins
from supplier_document d join organisation o on o.id = d.organisation_id
where d.organisation_id = $1 and d.id = $2 and d.deleted_at is null
"""
_FILE = """
select f.id, f.kind, f.name, f.mime, f.size, f.sha256 from supplier_file f
join supplier_document d on d.organisation_id = f.organisation_id and d.id = f.document_id
where f.organisation_id = $1 and f.document_id = $2 and f.id = $3 and d.deleted_at is null
"""
_TO_CHECK = """
select f.sha256 from supplier_document d
join supplier_file f on f.organisation_id = d.organisation_id and f.document_id = d.id
where d.organisation_id = $1 and d.id = $2 and d.check_state in ('waiting', 'unavailable')
and f.kind in ('original', 'xml') order by f.kind desc limit 1
"""
