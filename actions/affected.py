"""Who is affected: how many companies, people and records there are of the chosen kinds of data. Numbers only.

The tables and columns are those of the data map, so a new table is counted by being declared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from actions.tenants import organisations
from domain.privacy.classification import Category
from domain.privacy.register import SUBJECTS, Subject
from models.register import register
from models.tables import IDENTITY_TABLES, TENANT_TABLES
from models.unit_of_work import reading

# When a row came to be, by the first of these that its table has; a table with none counts whole.
_BORN = ("created_at", "at", "received_at", "queued_at", "signed_at", "asked_at", "issued_at", "registered_at")
_OWN, _OF_COMPANY = (
    {table._meta.tablename for table in IDENTITY_TABLES},
    {table._meta.tablename for table in TENANT_TABLES},
)


@dataclass(slots=True)
class Affected:
    """`records` by table: (there at the end of the window, of them new within it)."""

    companies: int = 0
    holders: int = 0
    customers: int = 0
    records: dict[str, tuple[int, int]] = field(default_factory=dict)


async def count(categories: Iterable[Category], begins: datetime, ends: datetime) -> Affected:
    """What there was of these categories up to `ends`, and what came between both. Reads one company after another."""
    wanted = set(categories)
    tables = list(dict.fromkeys(one.table for one in register().fields if one.known.category in wanted))
    subjects = {subject for category in wanted for subject in SUBJECTS[category]}
    found, there, new = Affected(), Counter[str](), Counter[str]()
    for table, (all_rows, fresh) in (await _counted(None, _OWN.intersection(tables), begins, ends)).items():
        there[table], new[table] = all_rows, fresh
    if Subject.HOLDER in subjects:
        found.holders = (await _counted(None, {"person"}, begins, ends))["person"][0]
    async for organisation_id in organisations():
        counted = await _counted(organisation_id, _OF_COMPANY.intersection(tables) | {"customer"}, begins, ends)
        if Subject.CUSTOMER in subjects:
            found.customers += counted["customer"][0]
        if "customer" not in tables:
            del counted["customer"]
        found.companies += any(all_rows for all_rows, _ in counted.values())
        for table, (all_rows, fresh) in counted.items():
            there[table] += all_rows
            new[table] += fresh
    found.records = {table: (there[table], new[table]) for table in tables if table in there}
    return found


async def _counted(
    organisation_id: UUID | None, tables: Iterable[str], begins: datetime, ends: datetime
) -> dict[str, tuple[int, int]]:
    """One statement for all the tables of one company, or of none."""
    names = sorted(tables)
    if not names:
        return {}
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow("select " + ", ".join(_counting(name) for name in names), begins, ends)
    return {name: tuple(row[name]) for name in names}


def _counting(table: str) -> str:
    """SQL for [there, new] of a table: names of our own schema only."""
    columns = {one.column for one in register().fields if one.table == table}
    born = next((name for name in _BORN if name in columns), None)
    if born is None:
        return f"(select array[count(*), 0] from {table} where $1::timestamptz <= $2::timestamptz) as {table}"  # noqa: S608
    return (
        f"(select array[count(*), count(*) filter (where {born} >= $1::timestamptz)] from {table} "  # noqa: S608
        f"where {born} is null or {born} <= $2::timestamptz) as {table}"
    )
