"""Orders to keep: a company says that something must not be deleted although its time is over, as in a dispute or when
the tax authorities ask. The retention run skips it, and the database itself refuses (docs/decisions/0008)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from actions.clock import now
from actions.customer_erasure import take_left
from actions.outcomes import NotFound
from domain.refusals import Refusal, Refused
from models.queries.holds import kept, subject_of
from models.queries.invoices import StoredInvoice
from models.unit_of_work import Work, unit_of_work

SCOPES = ("invoice", "customer", "period")


@dataclass(frozen=True, slots=True)
class Hold:
    """On what (`subject_id`, or the days of a period, both included), on which ground, and until when at most."""

    id: UUID
    scope: str
    basis: str
    reason: str = ""
    subject_id: UUID | None = None
    from_day: date | None = None
    to_day: date | None = None
    until: date | None = None


async def put(organisation_id: UUID, person_id: UUID, hold: Hold) -> None:
    """Order it. `hold.id` comes with the form, so that a double click orders once. Raises NotFound for what is not
    there or only a draft."""
    if hold.scope != "period" and (
        hold.subject_id is None or await subject_of(organisation_id, hold.scope, hold.subject_id) is None
    ):
        raise NotFound
    async with unit_of_work(organisation_id, person_id) as work:
        added = await work.connection.fetchval(
            _PUT, organisation_id, hold.id, hold.scope, hold.subject_id if hold.scope == "invoice" else None,
            hold.subject_id if hold.scope == "customer" else None, hold.from_day, hold.to_day, hold.basis, hold.reason,
            hold.until, now(), person_id,
        )  # fmt: skip
        if added:
            work.audit("hold.made", "legal_hold", hold.id)


async def lift(organisation_id: UUID, person_id: UUID, hold_id: UUID) -> None:
    """End an order, and take from its documents what a deletion had to leave. Twice is once. Raises NotFound."""
    async with unit_of_work(organisation_id, person_id) as work:
        known = await work.connection.fetchrow(_LIFT, organisation_id, hold_id, now(), person_id)
        if known is None:
            raise NotFound
        if known["was_standing"]:
            work.audit("hold.lifted", "legal_hold", hold_id)
            await take_left(work)


async def refuse_deletion(work: Work, invoice: StoredInvoice) -> None:
    """Say of an issued document until when it is kept, by which law, and whether somebody ordered to keep it longer.
    Raises Refused."""
    found, document = await kept(work, invoice.id), invoice.issued()
    params = {"number": document.number, "until": f"{found.until:%d.%m.%Y}", "basis": found.basis}
    raise Refused(Refusal("invoice.issued_is_held" if found.basis else "invoice.issued_is_kept", None, params))


_PUT = """
insert into legal_hold (organisation_id, id, scope, invoice_id, customer_id, from_day, to_day, basis, reason, until,
    made_at, made_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning true
"""
_LIFT = """
with before as (select id, lifted_at from legal_hold where organisation_id = $1 and id = $2 for update)
update legal_hold h set lifted_at = coalesce(h.lifted_at, $3), lifted_by = coalesce(h.lifted_by, $4)
from before where h.organisation_id = $1 and h.id = before.id returning before.lifted_at is null as was_standing
"""
