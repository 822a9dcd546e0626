"""After a restore: what was deleted since the backup was taken is deleted again, from the ledger (P-26)."""

from __future__ import annotations

from actions import erasure_ledger, erasure_run, files
from actions.customer_erasure import erase_again
from actions.erasure_ledger import Entry
from actions.logs import log
from models.unit_of_work import unit_of_work


async def replay() -> int:
    """Carry out every deletion that the ledger holds and the database does not know. How many those were; running it
    again finds none. Nobody gets a letter a second time. Raises StoreUnavailable."""
    if not files.is_open():
        return 0
    entries = await erasure_ledger.unknown()
    for entry in sorted(entries, key=lambda one: one.executed_at):
        await _take_up(entry)
        if entry.scope != "customer":
            await erasure_run.execute(entry.id)
    if entries:
        log.warning("erasures_replayed", count=len(entries))
        erasure_ledger.look_again()
    return len(entries)


async def _take_up(entry: Entry) -> None:
    """Write the deletion down as it was. What the backup holds of it may be older: still waiting, or called off since.
    The data of a customer goes in the same moment. An account or a company counts as unknown until it is gone, so that
    whoever is killed on the way lets nobody in."""
    person_id = entry.subject_ref if entry.scope == "account" else None
    company_id = {"account": None, "company": entry.subject_ref}.get(entry.scope, entry.company_ref)
    customer_id = entry.subject_ref if entry.scope == "customer" else None
    state = "done" if entry.scope == "customer" else "running"
    async with unit_of_work(entry.company_ref) as work:
        await work.connection.execute(_CALL_OFF, entry.id, entry.scope, entry.subject_ref)
        await work.connection.execute(
            _TAKE_UP, entry.id, entry.scope, person_id, company_id, customer_id, state, entry.executed_at
        )
        if customer_id is not None:
            await erase_again(work, customer_id)


_CALL_OFF = """
update erasure set state = 'cancelled'
where id <> $1 and kind = $2 and state = 'waiting' and $3 = case kind when 'account' then person_id else company_id end
"""
_TAKE_UP = """
insert into erasure (id, kind, person_id, company_id, customer_id, state, asked_at, due_at)
values ($1, $2, $3, $4, $5, $6, $7, $7)
on conflict (id) do update set state = excluded.state, due_at = least(erasure.due_at, excluded.due_at), fingerprint = null
where erasure.state <> 'done'
"""
