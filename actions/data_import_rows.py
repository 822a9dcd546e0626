"""The rows of a copy of data on their way into a company: all in one transaction, or none.

Issued documents come in as drafts, get their lines, and become what they were in one step, as when they were issued: so
the database's own rules hold for them as for any other, numbers are unique, the sums and the VAT report follow by
trigger, and from then on nobody can change them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec

from actions import data_import_words as words
from actions.instance import secret_for
from actions.zip_reading import DataCopy
from domain.links import token_for, token_hash
from domain.privacy.export import Plan
from domain.privacy.importing import (
    AFTER_INVOICES,
    INVOICE,
    REGISTERS,
    TAKEN,
    Numbers,
    Row,
    Taken,
    check_sums,
    checked,
    settings_in,
    without_strangers,
)
from domain.refusals import Refusal, Refused
from models.queries.data_exports import plan_for
from models.tables import TENANT_TABLES
from models.unit_of_work import Work

BATCH = 200


class Rows:
    """The rows of one copy, read again for each step and never all held."""

    def __init__(self, copy: DataCopy, organisation_id: UUID, person_id: UUID) -> None:
        self.copy, self.organisation_id, self.person_id = copy, organisation_id, person_id
        self.counts: Counter[str] = Counter()

    def of(self, taken: Taken) -> Iterator[Row]:
        """The rows of a table as they are written here."""
        plan = PLANS[taken.table]
        for raw in self.copy.rows(plan.name):
            row = taken.change(without_strangers(checked(raw, plan), self.person_id))
            if row is not None:
                yield row

    def files(self) -> Iterator[str]:
        """The hashes of all files that the rows name, each once."""
        seen: set[str] = set()
        for table in TAKEN:
            columns = [one.column for one in PLANS[table].columns if one.column.endswith("sha256")]
            for row in self.of(Taken(table)) if columns else ():
                for sha256 in (row.get(column) for column in columns):
                    if sha256 and sha256 not in seen:
                        seen.add(sha256)
                        yield sha256


PLANS: dict[str, Plan] = {
    table._meta.tablename: plan_for(table) for table in TENANT_TABLES if table._meta.tablename in TAKEN
}


async def write(work: Work, rows: Rows, today: date) -> Counter[str]:
    """Write everything into the company of `work`, which has none of it yet; how many rows of each table. Raises
    Refused, and what the database says of rows that contradict its rules."""
    first_number = await _settings(work, rows)
    await _number_series(work, rows, first_number, today)
    for taken in REGISTERS:
        await _insert(work, rows, taken.table, rows.of(taken), "on conflict do nothing")
    await _invoices(work, rows)
    for taken in AFTER_INVOICES:
        await _insert(work, rows, taken.table, _with_secrets(taken.table, rows.of(taken), rows.organisation_id))
    await words.index_all(work)
    return rows.counts


async def _settings(work: Work, rows: Rows) -> int:
    """The company as the copy has it, and its first number. A copy of another company's is not for this one. Raises
    Refused."""
    row = next(rows.of(Taken("organisation")), None)
    if row is None:
        raise Refused(Refusal("import.incomplete", None, {"file": "data/business.json"}))
    own = await work.connection.fetchval(_NUMBER, work.organisation_id)
    if own and row["organisation_number"] and own != row["organisation_number"]:
        raise Refused(
            Refusal("import.other_company", None, {"company": f"{row['name']}, {row['organisation_number']}"})
        )
    columns = sorted(settings_in(PLANS["organisation"]) & set(row))
    listed = ", ".join(columns)
    await work.connection.execute(
        f"update organisation set ({listed}) = (select {listed} "  # noqa: S608 - names of columns
        "from jsonb_populate_record(null::organisation, $2::jsonb)), version = version + 1 where id = $1",
        work.organisation_id, _json(_bytes(row, "organisation")),
    )  # fmt: skip
    rows.counts["organisation"] = 1
    return int(row["first_number"])


async def _number_series(work: Work, rows: Rows, first_number: int, today: date) -> None:
    """First of all: whoever issues here meanwhile waits for these rows, and goes on from their numbers."""
    ledger = list(rows.of(Taken("number_series")))
    numbers = Numbers(ledger, first_number)
    for row in rows.of(INVOICE):
        if row["state"] != "draft":
            numbers.add(row)
            check_sums(row)
    numbers.check(today)
    await _insert(work, rows, "number_series", iter(ledger))


async def _invoices(work: Work, rows: Rows) -> None:
    """Invoices before the credit notes that take them back; lines and files while all are drafts; then what they were."""
    for is_note in (False, True):
        some = (_as_draft(row) for row in rows.of(INVOICE) if (row["kind"] == "credit_note") == is_note)
        await _insert(work, rows, "invoice", some)
    for table in ("invoice_line", "invoice_attachment"):
        await _insert(work, rows, table, rows.of(Taken(table)))
    for batch in _batches(row for row in rows.of(INVOICE) if row["state"] != "draft"):
        kept = [{name: row[name] for name in ("id", "state", "number", "credited_amount")} for row in batch]
        await work.connection.execute(_ISSUE, work.organisation_id, _json(kept))
        for row in batch:
            work.audit("invoice.imported", "invoice", UUID(row["id"]))
    for is_reversal in (False, True):
        entries = (row for row in rows.of(Taken("payment")) if (row["reverses_id"] is not None) == is_reversal)
        await _insert(work, rows, "payment", entries)


def _as_draft(row: Row) -> Row:
    if row["state"] == "draft":
        return row
    return row | {"state": "draft", "number": None, "credited_amount": "0"}


async def _insert(work: Work, rows: Rows, table: str, found: Iterator[Row], conflict: str = "") -> None:
    """Write rows a few hundred at a time; Postgres itself reads their values as its types."""
    for batch in _batches(found):
        columns = [name for name in batch[0] if name != "organisation_id"]
        listed = ", ".join(f'"{name}"' for name in columns)
        await work.connection.execute(
            f"insert into {table} (organisation_id, {listed}) select $1, {listed} "  # noqa: S608 - names of columns
            f"from jsonb_populate_recordset(null::{table}, $2::jsonb) {conflict}",
            work.organisation_id, _json([_bytes(row, table) for row in batch]),
        )  # fmt: skip
        rows.counts[table] += len(batch)
        if table == "einvoice":
            _queue_einvoices(work, batch)


def _queue_einvoices(work: Work, batch: Iterable[Row]) -> None:
    """Those that were not made yet are made here: from the frozen invoice, so they say the same."""
    for row in batch:
        if row["state"] == "queued":
            work.enqueue(
                "make_einvoice", {"organisation_id": str(work.organisation_id), "invoice_id": row["invoice_id"]}
            )


def _with_secrets(table: str, found: Iterator[Row], organisation_id: UUID) -> Iterator[Row]:
    """Addresses of hosted pages are made anew: the old ones lead to where the copy was made."""
    versions: Counter[str] = Counter()
    for row in found:
        if table == "invoice_link":
            version = versions[row["invoice_id"]]
            versions[row["invoice_id"]] += 1
            token = token_for(secret_for("invoice-link"), organisation_id, UUID(row["invoice_id"]), version)
            row = row | {"token_hash": _hex(token)}
        elif table == "quote":
            is_sent = row["counter"] is not None
            token = token_for(secret_for("quote-link"), organisation_id, UUID(row["id"]))
            row = row | {"token_hash": _hex(token) if is_sent else None}
        yield row


def _hex(token: str) -> str:
    digest = token_hash(token)
    assert digest is not None, "a token of our own"
    return digest.hex()


def _bytes(row: Row, table: str) -> Row:
    """Hashes as Postgres reads them."""
    hashes = {one.column for one in (*PLANS[table].columns, *PLANS[table].withheld) if one.kind == "hash"}
    return {name: f"\\x{value}" if name in hashes and value is not None else value for name, value in row.items()}


def _batches(found: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(found)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


_NUMBER = "select organisation_number from organisation where id = $1"
_ISSUE = """
update invoice i set state = r.state, number = r.number, credited_amount = r.credited_amount
from jsonb_populate_recordset(null::invoice, $2::jsonb) r where i.organisation_id = $1 and i.id = r.id
"""
