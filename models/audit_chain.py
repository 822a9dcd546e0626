"""Checking the chain of audit events: was anything changed, taken out or put in?"""

from __future__ import annotations

from models.unit_of_work import Work


async def first_fault(work: Work) -> int | None:
    """The sequence number where the company's chain breaks first, or None when it is whole.

    A missing event shows at the one after it; missing ones at the end, and ones that were added there, show because the
    head remembers how many there were. Runs in the database, over an index, without holding the events in memory.
    """
    fault: int | None = await work.connection.fetchval(_FIRST_FAULT, work.organisation_id)
    return fault


_FIRST_FAULT = """
with chain as (
    select e.*, row_number() over (order by e.seq) as place,
           coalesce(lag(e.hash) over (order by e.seq), '\\x'::bytea) as previous
    from audit_event e where e.organisation_id = $1
), faults as (
    select seq from chain c
    where c.seq <> c.place
       or c.hash <> audit_link(c.previous, (select e from audit_event e where e.organisation_id = $1 and e.seq = c.seq))
    union all
    select h.seq from audit_head h
    where h.organisation_id = $1 and not exists (
        select from audit_event e where e.organisation_id = $1 and e.seq = h.seq and e.hash = h.hash)
    union all
    select e.seq from audit_event e join audit_head h on h.organisation_id = e.organisation_id and e.seq > h.seq
    where e.organisation_id = $1
)
select min(seq) from faults
"""
