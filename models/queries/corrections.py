"""What was corrected, as the pages for those who may read the values show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from models.engine import pool
from models.queries.restrictions import Recipient, recipients_of
from models.unit_of_work import reading

# A page shows so many; all of them are in the copy of the data.
MOST = 200


@dataclass(frozen=True, slots=True)
class Value:
    """One field that changed, both values as they were stored."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """What one person changed at one moment. `by` is "" when it is not known any more; `reference` is that of the
    customer's request it was done for."""

    at: datetime
    by: str
    reference: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The newest corrections of one subject, and who got data of it (Art. 19). `has_more`: older ones are not shown."""

    name: str
    time_zone: str
    corrections: tuple[Corrected, ...]
    has_more: bool
    recipients: tuple[Recipient, ...] = ()


async def history_of_customer(organisation_id: UUID, customer_id: UUID) -> History | None:
    """What was corrected of a customer, and who got their data; None when there is no such customer."""
    async with reading(organisation_id) as work:
        own = await work.connection.fetchrow(_CUSTOMER, organisation_id, customer_id)
        if own is None:
            return None
        rows = await work.connection.fetch(_OF_CUSTOMER, organisation_id, customer_id, MOST + 1)
        recipients = await recipients_of(work, customer_id) if rows else []
    return _history(own, rows, tuple(recipients))


async def history_of_company(organisation_id: UUID) -> History:
    """What was corrected of the company's own profile."""
    async with reading(organisation_id) as work:
        own = await work.connection.fetchrow(_COMPANY, organisation_id)
        rows = await work.connection.fetch(_OF_COMPANY, organisation_id, MOST + 1)
    return _history(own, rows)


async def own_history(person_id: UUID) -> tuple[tuple[Corrected, ...], bool]:
    """What a person corrected of their own account, and whether there is more of it than is shown."""
    rows = await pool().fetch(_OWN, person_id, MOST + 1)
    return _grouped(rows[:MOST]), len(rows) > MOST


def _history(own: Any, rows: list[Any], recipients: tuple[Recipient, ...] = ()) -> History:
    return History(own["name"], own["time_zone"], _grouped(rows[:MOST]), len(rows) > MOST, recipients)


def _grouped(rows: Iterable[Any]) -> tuple[Corrected, ...]:
    """Those of one moment and person stand together: they were one save."""
    return tuple(
        Corrected(at, by, reference, tuple(Value(row["field"], row["old_value"], row["new_value"]) for row in some))
        for (at, by, reference), some in groupby(rows, lambda row: (row["corrected_at"], row["by"], row["reference"]))
    )


_CUSTOMER = """
select c.name, o.time_zone from customer c join organisation o on o.id = c.organisation_id
where c.organisation_id = $1 and c.id = $2
"""
_COMPANY = "select name, time_zone from organisation where id = $1"
_SELECT = """
select c.corrected_at, c.field, c.old_value, c.new_value, c.reference, coalesce(p.name, '') as by
from correction c left join person p on p.id = c.corrected_by
where c.organisation_id = $1 and
"""
_NEWEST = "order by c.corrected_at desc, c.id limit"
_OF_CUSTOMER = f"{_SELECT} c.customer_id = $2 {_NEWEST} $3"
_OF_COMPANY = f"{_SELECT} c.customer_id is null {_NEWEST} $2"
_OWN = """
select corrected_at, field, old_value, new_value, '' as reference, '' as by from account_correction
where person_id = $1 order by corrected_at desc, id limit $2
"""
