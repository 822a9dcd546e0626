"""Checking the chain of the proof of consent: was an answer changed, taken out, put in, or let go too early?"""

from __future__ import annotations

from datetime import datetime

from models.unit_of_work import Work


async def first_fault(work: Work, may_go_before: datetime) -> int | None:
    """The number where the chain breaks first, or None when it is whole.

    It begins after the last answer that was let go. The head remembers when that one was given, so one that went before
    its time shows; those of before `may_go_before` may be gone.
    """
    fault: int | None = await work.connection.fetchval(_FIRST_FAULT, may_go_before)
    return fault


_FIRST_FAULT = """
with head as (
    select * from consent_head where id = 1
), chain as (
    select e.seq, e.hash, h.base_seq + row_number() over (order by e.seq) as place,
           consent_link(coalesce(lag(e.hash) over (order by e.seq), h.base_hash), e.*::consent_event) as right_hash
    from consent_event e, head h
), faults as (
    select seq from chain where seq <> place or hash <> right_hash
    union all
    select h.seq from head h
    where h.seq > h.base_seq and not exists (select from consent_event e where e.seq = h.seq and e.hash = h.hash)
    union all
    select e.seq from consent_event e join head h on e.seq > h.seq
    union all
    select h.base_seq from head h where h.base_at >= $1
)
select min(seq) from faults
"""
