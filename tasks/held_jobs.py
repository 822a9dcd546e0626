"""Jobs that the queue gave up without asking us, taken up again.

Our own code always answers a failure by another try or by giving up in words. When even that could not be written (the
database was away for a moment), the queue parks the job instead of losing it, and this brings it back.
"""

from __future__ import annotations

from models.unit_of_work import unit_of_work


async def take_up() -> int:
    """Queue the parked jobs again. One whose like is queued already goes away."""
    async with unit_of_work(None) as work:
        await work.connection.execute(_DROP_DOUBLES)
        taken: str = await work.connection.execute(_TAKE_UP)
    return int(taken.split()[-1])


_DROP_DOUBLES = """
delete from pgqueuer held using pgqueuer other
where held.status = 'failed' and held.dedupe_key = other.dedupe_key and held.id <> other.id
    and (other.status in ('queued', 'picked') or other.id > held.id)
"""
_TAKE_UP = """
update pgqueuer set status = 'queued', execute_after = now(), updated = now(), queue_manager_id = null, slot = null
where status = 'failed'
"""
