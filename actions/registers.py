"""What customers and products have in common: added once, changed by version, archived and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from actions import search_words
from actions.clock import now
from actions.outcomes import NotFound, Stale
from domain.words import normalise
from models.customer import Customer
from models.product import Product
from models.unit_of_work import Work

Register = type[Customer] | type[Product]
LONGEST_NAME_KEY = 200


async def add(work: Work, table: Register, new: UUID, columns: Mapping[str, Any], texts: Iterable[str]) -> None:
    """Add a row under an id that came with the form: sending the form twice adds it once."""
    moment = now()
    values: dict[Any, Any] = {
        "organisation_id": work.organisation_id,
        "id": new,
        "version": 1,
        "created_at": moment,
        "changed_at": moment,
        **_keyed(columns),
    }
    row: Any = table(values)
    if await table.insert(row).on_conflict(action="DO NOTHING"):
        kind = table._meta.tablename
        await search_words.index(work, kind, new, moment, texts)
        work.audit(f"{kind}.added", kind, new, list(columns))


async def change(
    work: Work, table: Register, known: UUID, version: int, columns: Mapping[str, Any], texts: Iterable[str]
) -> dict[str, Any]:
    """Write what differs from what is stored, if `version` is still the stored one; nothing when nothing differs. Says
    what stood in the columns that changed.

    Raises NotFound, and Stale with the stored row as a dictionary.
    """
    stored = await _stored(work, table, known)
    before = {name: stored[name] for name, value in columns.items() if stored[name] != value}
    if not before:
        return {}
    values = {**_keyed(columns), "version": version + 1, "changed_at": now()}
    if stored["version"] != version or not await _update(work, table, known, values, table.version == version):
        raise Stale(await _stored(work, table, known))
    kind = table._meta.tablename
    await search_words.index(work, kind, known, stored["created_at"], texts)
    work.audit(f"{kind}.changed", kind, known, list(before))
    return before


async def archive(work: Work, table: Register, known: UUID) -> None:
    """Take the row out of the lists; what refers to it stays. Archiving twice is the same as once. Raises NotFound."""
    if await _update(work, table, known, {"archived_at": now()}, table.archived_at.is_null()):
        _note(work, table, known, "archived")
    else:
        await _stored(work, table, known)


async def restore(work: Work, table: Register, known: UUID) -> None:
    """Put an archived row back into the lists. Raises NotFound."""
    if await _update(work, table, known, {"archived_at": None}, table.archived_at.is_not_null()):
        _note(work, table, known, "restored")
    else:
        await _stored(work, table, known)


def _note(work: Work, table: Register, known: UUID, verb: str) -> None:
    kind = table._meta.tablename
    work.audit(f"{kind}.{verb}", kind, known, ["archived_at"])


async def _stored(work: Work, table: Register, known: UUID) -> dict[str, Any]:
    row = await table.select().where(table.organisation_id == work.organisation_id, table.id == known).first()
    if row is None:
        raise NotFound
    return row


async def _update(work: Work, table: Register, known: UUID, values: Mapping[str, Any], condition: Any) -> bool:
    """Only where `condition` holds: whoever was faster has won."""
    rows = (
        await table.update({getattr(table, name): value for name, value in values.items()})
        .where(table.organisation_id == work.organisation_id, table.id == known, condition)
        .returning(table.id)
    )
    return bool(rows)


def _keyed(columns: Mapping[str, Any]) -> dict[str, Any]:
    """With the name as it is sorted; folding can make a name longer than the column."""
    return {**columns, "name_key": normalise(columns["name"])[:LONGEST_NAME_KEY]}
