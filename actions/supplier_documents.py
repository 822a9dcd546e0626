"""What people do with a supplier's document: describe it, mark it paid, take it out of the inbox and put it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from actions import search_words
from actions.clock import now
from actions.outcomes import NotFound
from domain.dates import today_in
from domain.received import name_key
from domain.refusals import Refusal, Refused
from models.unit_of_work import Work, unit_of_work


@dataclass(frozen=True, slots=True)
class Details:
    """What a person says about a document. The last five count only where no e-invoice says them."""

    due_on: date | None
    note: str
    seller_name: str = ""
    number: str = ""
    issued_on: date | None = None
    currency: str = "NOK"
    amount: Decimal | None = None


async def change(organisation_id: UUID, person_id: UUID, document_id: UUID, details: Details) -> None:
    """Keep what a person says about a document. Raises NotFound."""
    async with unit_of_work(organisation_id, person_id) as work:
        row = await _locked(work, document_id)
        fields = {"due_on": details.due_on, "note": details.note}
        if row["document"] is None:
            typed = {
                name: getattr(details, name) for name in ("seller_name", "number", "issued_on", "currency", "amount")
            }
            fields |= {**typed, "seller_key": name_key(details.seller_name)}
        changed = [name for name, value in fields.items() if row[name] != value]
        if not changed:
            return
        await _update(work, document_id, {name: fields[name] for name in changed})
        await index(work, document_id)
        work.audit("supplier_document.changed", "supplier_document", document_id, changed)


async def mark_paid(organisation_id: UUID, person_id: UUID, document_id: UUID, paid_on: date) -> None:
    """The document is paid. Raises NotFound; Refused for a day to come, and for one that is paid already on
    another day."""
    async with unit_of_work(organisation_id, person_id) as work:
        row = await _locked(work, document_id)
        if row["state"] == "paid" and row["paid_on"] != paid_on:
            raise Refused(Refusal("received.is_paid", "paid_on"))
        if paid_on > today_in(row["time_zone"], now()):
            raise Refused(Refusal("received.paid_in_the_future", "paid_on"))
        await _update(work, document_id, {"state": "paid", "paid_on": paid_on})
        work.audit("supplier_document.paid", "supplier_document", document_id, ["paid_on", "state"])


async def mark_unpaid(organisation_id: UUID, person_id: UUID, document_id: UUID) -> None:
    """It was not paid after all. Raises NotFound."""
    async with unit_of_work(organisation_id, person_id) as work:
        await _locked(work, document_id)
        await _update(work, document_id, {"state": "open", "paid_on": None})
        work.audit("supplier_document.unpaid", "supplier_document", document_id, ["paid_on", "state"])


async def remove(organisation_id: UUID, person_id: UUID, document_id: UUID) -> None:
    """Take a document out of the inbox. It can be put back for thirty days. Raises NotFound."""
    async with unit_of_work(organisation_id, person_id) as work:
        await _locked(work, document_id)
        await _update(work, document_id, {"deleted_at": now()})
        await search_words.forget(work, "supplier", document_id)
        work.audit("supplier_document.removed", "supplier_document", document_id)


async def restore(organisation_id: UUID, person_id: UUID, document_id: UUID) -> None:
    """Put it back. Raises NotFound when it was never there, or is gone for good."""
    async with unit_of_work(organisation_id, person_id) as work:
        await _locked(work, document_id, also_removed=True)
        await _update(work, document_id, {"deleted_at": None})
        await index(work, document_id)
        work.audit("supplier_document.restored", "supplier_document", document_id)


async def _locked(work: Work, document_id: UUID, *, also_removed: bool = False) -> Any:
    row = await work.connection.fetchrow(_LOCK, work.organisation_id, document_id)
    if row is None or (row["deleted_at"] is not None and not also_removed):
        raise NotFound
    return row


async def _update(work: Work, document_id: UUID, values: dict[str, object]) -> None:
    columns = ", ".join(f"{name} = ${n}" for n, name in enumerate(values, 4))
    await work.connection.execute(
        f"update supplier_document set {columns}, version = version + 1, changed_at = $3 "  # noqa: S608 - our names
        "where organisation_id = $1 and id = $2",
        work.organisation_id, document_id, now(), *values.values(),
    )  # fmt: skip


async def index(work: Work, document_id: UUID) -> None:
    """The words by which it is found: seller, number, amount, KID, note, sender."""
    row = await work.connection.fetchrow(_WORDS, work.organisation_id, document_id)
    await search_words.index(work, "supplier", document_id, row["received_at"], search_texts(row))


def search_texts(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What a received document can be found by."""
    amount = "" if row["amount"] is None else str(row["amount"].quantize(Decimal("0.01"))).replace(".", "")
    return (row["seller_name"], row["number"], amount, row["payment_id"] or "", row["sender"], row["note"])


_LOCK = """
select d.*, o.time_zone from supplier_document d join organisation o on o.id = d.organisation_id
where d.organisation_id = $1 and d.id = $2 for update of d
"""


_WORDS = """
select seller_name, number, amount, note, sender, received_at, document #>> '{document,payment_id}' as payment_id
from supplier_document where organisation_id = $1 and id = $2
"""
