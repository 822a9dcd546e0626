"""Customers that nobody uses any more: deleted 24 months after the last change, when nothing refers to them.

What refers to a customer is asked of the database itself, so a new table that does keeps its customers by that alone.
"""

from __future__ import annotations

from datetime import datetime

from actions.clock import now
from actions.tenants import organisations
from domain.privacy.classification import Retention
from domain.privacy.retention import PERIODS
from models.queries.holds import STANDING
from models.queries.restrictions import COMPANY_FREE
from models.unit_of_work import Work, reading, unit_of_work

BATCH = 500


async def count_unused() -> int:
    """How many would go now."""
    return await _count(f"{_FREE} and not {_HELD}")


async def _count(which: str) -> int:
    due, before = 0, now() - PERIODS[Retention.CUSTOMER]
    async for organisation_id in organisations():
        async with reading(organisation_id) as work:
            condition = f"{await _condition(work)} and {which}"
            statement = f"select count(*) from customer c where {condition}"  # noqa: S608 - names of tables
            due += int(await work.connection.fetchval(statement, organisation_id, before))
    return due


async def purge_unused() -> int:
    """Delete them, with the words they are found by."""
    gone, before = 0, now() - PERIODS[Retention.CUSTOMER]
    async for organisation_id in organisations():
        while True:
            async with unit_of_work(organisation_id) as work:
                some = await _purge_batch(work, before)
            gone += some
            if some < BATCH:
                break
    return gone


async def _purge_batch(work: Work, before: datetime) -> int:
    statement = (
        "delete from customer where organisation_id = $1 and id = any(array("  # noqa: S608 - names of tables
        f"select id from customer c where {await _condition(work)} and {_FREE} and not {_HELD} "
        f"limit {BATCH})) "
        "returning id"
    )
    rows = await work.connection.fetch(statement, work.organisation_id, before)
    ids = [row["id"] for row in rows]
    if ids:
        await work.connection.execute(_WORDS, work.organisation_id, ids)
    for customer_id in ids:
        work.audit("customer.purged", "customer", customer_id)
    return len(ids)


async def unnamed(work: Work) -> str:
    """SQL: the customer `c` is named in no row of any table but those that go with the customer."""
    references = await work.connection.fetch(_REFERENCES)
    return " and ".join(
        f"not exists (select from {row['table']} x "
        f"where x.organisation_id = c.organisation_id and x.{row['column']} = c.id)"
        for row in references
    )


async def _condition(work: Work) -> str:
    """Unchanged since $2, owed nothing, and named in no row of any table."""
    return f"c.organisation_id = $1 and c.changed_at < $2 and {await unnamed(work)}"


async def count_restricted() -> int:
    """How many would go now if their data were not restricted: the person may need it (GDPR Art. 18)."""
    return await _count(f"not {_FREE}")


async def count_held() -> int:
    """How many would go now if nobody had ordered to keep them."""
    return await _count(f"{_FREE} and {_HELD}")


_FREE = f"(c.restricted_at is null and {COMPANY_FREE})"
_HELD = f"exists (select from legal_hold h where h.organisation_id = $1 and h.customer_id = c.id and {STANDING})"
_REFERENCES = """
select k.conrelid::regclass::text as table, quote_ident(a.attname) as column
from pg_constraint k
join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[array_length(k.conkey, 1)]
where k.confrelid = 'customer'::regclass and k.contype = 'f' and k.confdeltype <> 'c' and array_length(k.conkey, 1) = 2
order by 1, 2
"""
_WORDS = "delete from search_word where organisation_id = $1 and kind = 'customer' and subject_id = any($2::uuid[])"
