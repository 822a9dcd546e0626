"""What happens when the day of a plan has come: one invoice, once, whoever looks first and whoever dies on the way.

The draft is made in the same transaction that writes the run down and moves the plan on; (plan, day) is a key, so six
schedulers make one. Issuing is a job of that transaction: it finds the draft, and a second time the issued invoice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import structlog

from actions import drafts, invoices
from actions.clock import now
from actions.deliveries import sending_host
from actions.drafts import Editing
from actions.failpoints import failpoint
from actions.outcomes import Locked, NotFound
from actions.plans import KIND, hindrance
from actions.tenants import open_organisations
from domain.dates import today_in
from domain.recurring import Rhythm, day_of, days, draft_for, due, next_number, period_of
from domain.refusals import Refusal, Refused
from models.ids import new_id
from models.queries.parties import Buyer, Seller, parties
from models.queries.plans import StoredPlan, due_plans, last_day, stored
from models.unit_of_work import Work, reading, unit_of_work

ISSUE = "issue_planned"
TELL = "tell_of_plan"
log = structlog.get_logger("plans")


async def run_plans() -> int:
    """Make what is due in every company; for the schedule. A plan that fails is left for the next time."""
    made = 0
    async for organisation_id in open_organisations():
        try:
            made += await run_due(organisation_id)
        except Exception as error:  # one company's trouble is not the others'
            log.error("plans_failed", organisation_ref=organisation_id, exc_info=error)
    return made


async def run_due(organisation_id: UUID) -> int:
    """Make what is due in one company. Returns how many drafts were made."""
    async with reading(organisation_id) as work:
        plans = await due_plans(work, now())
    made = 0
    for plan_id in plans:
        try:
            made += await run(organisation_id, plan_id)
        except Exception as error:  # it is left for the next time, and the others do not wait for it
            log.error("plan_failed", organisation_ref=organisation_id, exc_info=error)
    return made


async def run(organisation_id: UUID, plan_id: UUID) -> bool:
    """Make the draft of the one day that is due, and queue its issuing when the plan says so.

    With several days due nothing is made: the user is asked, once. False when nothing was made.
    """
    async with unit_of_work(organisation_id) as work:
        found = await stored(work, plan_id, lock=True)
        if found is None or found.row["state"] != "active" or found.rhythm is None or found.row["asked_on"]:
            return False
        own, customer = await parties(work, found.row["customer_id"])
        rhythm, today = found.rhythm, today_in(own.time_zone, now())
        number = next_number(rhythm, await last_day(work, plan_id))
        waiting = due(rhythm, number, today)
        if waiting and customer is not None and customer.restricted_at is not None:
            await _hold(work, found, rhythm, number, len(waiting))
            return False
        if len(waiting) > 1:
            await work.connection.execute(_ASK, organisation_id, plan_id, today)
            work.audit("plan.asked", KIND, plan_id, ["asked_on"])
            await _tell(work, found, "plan_asks")
            return False
        if not waiting:
            return False
        await _make(work, own, customer, found, rhythm, number, found.row["is_automatic"])
        await _move_on(work, found, rhythm, number + 1)
        await failpoint("plan.before-commit")
    await failpoint("plan.after-commit")
    return True


async def catch_up(organisation_id: UUID, person_id: UUID, plan_id: UUID, until: date, *, make: bool) -> int:
    """The user's answer about the days that are due up to `until`, as shown: a draft for each, or none.

    None of them is issued by itself. Returns how many drafts were made. Raises NotFound, and Refused when there is
    nothing (more) to answer.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        found = await stored(work, plan_id, lock=True)
        if found is None or found.row["deleted_at"] is not None:
            raise NotFound
        rhythm = found.rhythm
        own, customer = await parties(work, found.row["customer_id"])
        if found.row["state"] != "active" or rhythm is None:
            raise Refused(Refusal("plan.nothing_due"))
        first = next_number(rhythm, await last_day(work, plan_id))
        waiting = due(rhythm, first, min(until, today_in(own.time_zone, now())))
        if not waiting:
            raise Refused(Refusal("plan.nothing_due"))
        for number in range(first, first + len(waiting)):
            if make:
                await _make(work, own, customer, found, rhythm, number, is_automatic=False)
            else:
                await _write_down(work, plan_id, day_of(rhythm, number), "skipped", None)
        await _move_on(work, found, rhythm, first + len(waiting))
        work.audit("plan.caught_up" if make else "plan.skipped", KIND, plan_id)
    return len(waiting) if make else 0


async def issue(organisation_id: UUID, plan_id: UUID, day: date) -> None:
    """Issue and send the draft that the plan made for `day`. What keeps it from being issued leaves it a draft, and
    its owner is told. A second time changes nothing."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_RUN, organisation_id, plan_id, day)
        plan = await stored(work, plan_id)
    if row is None or plan is None or row["state"] != "issuing" or row["invoice_id"] is None:
        return
    person_id = plan.row["started_by"]
    try:
        async with reading(organisation_id) as work:
            _, customer = await parties(work, plan.row["customer_id"])
        obstacle = hindrance(customer)
        if obstacle is not None:
            raise Refused(obstacle)
        done = await invoices.issue(organisation_id, person_id, row["invoice_id"], None, None, send=True)
        refused = bool(done.refusals)
    except Locked:
        await _write_held(organisation_id, plan_id, day)
        return
    except (NotFound, Refused):
        refused = True  # the draft was deleted meanwhile, or nothing may be sent to this customer
    await failpoint("plan.issued")
    if refused:
        await refuse(organisation_id, plan_id, day)
        return
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_DONE, organisation_id, plan_id, day, "issued")


async def refuse(organisation_id: UUID, plan_id: UUID, day: date) -> None:
    """What was to be issued by itself stays a draft, and its owner is told, once."""
    async with unit_of_work(organisation_id) as work:
        plan = await stored(work, plan_id)
        if plan is not None and await work.connection.fetchval(_DONE, organisation_id, plan_id, day, "refused"):
            await _tell(work, plan, "plan_refused")


async def _make(
    work: Work,
    own: Seller,
    customer: Buyer | None,
    found: StoredPlan,
    rhythm: Rhythm,
    number: int,
    is_automatic: bool,
) -> None:
    """The draft of one day with its run, unless another was faster. Who is archived gets none by itself: that draft is
    for nobody, and the owner is told."""
    day, invoice_id = day_of(rhythm, number), new_id()
    state = "issuing" if is_automatic else "drafted"
    if customer is not None and customer.is_archived:
        customer, state = None, "refused" if is_automatic else "drafted"
    content = replace(found.draft(), customer_id=customer.id if customer else None)
    draft = draft_for(content, period_of(rhythm, number), rhythm.rise)
    lines = tuple(replace(line, id=new_id()) for line in draft.lines)
    draft = replace(draft, id=invoice_id, lines=lines)
    await drafts.write(work, own, customer, None, draft, Editing(0, new_id()))
    await _write_down(work, found.id, day, state, invoice_id)
    work.audit("plan.ran", KIND, found.id)
    if state == "refused":
        await _tell(work, found, "plan_refused")
    if state == "issuing":
        payload = {"organisation_id": str(work.organisation_id), "plan_id": str(found.id), "day": day.isoformat()}
        work.enqueue(ISSUE, payload)


async def _hold(work: Work, found: StoredPlan, rhythm: Rhythm, first: int, times: int) -> None:
    """Nothing is made for a customer whose data is restricted: each day is passed over, and the plan says why."""
    for number in range(first, first + times):
        await _write_down(work, found.id, day_of(rhythm, number), "held", None)
    await _move_on(work, found, rhythm, first + times)
    work.audit("plan.held", KIND, found.id)


async def _write_held(organisation_id: UUID, plan_id: UUID, day: date) -> None:
    """The same for a draft that was to be issued when the customer was restricted: it stays a draft."""
    async with unit_of_work(organisation_id) as work:
        if await work.connection.fetchval(_DONE, organisation_id, plan_id, day, "held"):
            work.audit("plan.held", KIND, plan_id)


async def _write_down(work: Work, plan_id: UUID, day: date, state: str, invoice_id: UUID | None) -> None:
    """The key (plan, day) refuses a second one, and with it everything of this transaction."""
    await work.connection.execute(_WRITE_DOWN, work.organisation_id, plan_id, day, state, invoice_id, now())


async def _move_on(work: Work, found: StoredPlan, rhythm: Rhythm, number: int) -> None:
    next_on = next(days(rhythm, number), None)
    state = "active" if next_on else "finished"
    await work.connection.execute(_MOVE_ON, work.organisation_id, found.id, next_on, state, now())


async def _tell(work: Work, plan: StoredPlan, kind: str) -> None:
    """Queue the e-mail to whoever started the plan, else to the company."""
    message_id = new_id()
    queued = await work.connection.fetchval(
        _TELL, work.organisation_id, message_id, plan.id, plan.row["started_by"], f"<{message_id}@{sending_host()}>",
        now(), kind,
    )  # fmt: skip
    if queued:
        work.enqueue(TELL, {"organisation_id": str(work.organisation_id), "message_id": str(message_id)})


_ASK = "update plan set asked_on = $3, version = version + 1 where organisation_id = $1 and id = $2"
_MOVE_ON = """
update plan set next_on = $3, state = $4, asked_on = null, changed_at = $5, version = version + 1
where organisation_id = $1 and id = $2
"""
_WRITE_DOWN = """
insert into plan_run (organisation_id, plan_id, day, state, invoice_id, made_at) values ($1, $2, $3, $4, $5, $6)
"""
_RUN = """
select state, invoice_id from plan_run where organisation_id = $1 and plan_id = $2 and day = $3
and not exists (select from organisation where id = $1 and closes_at is not null)
"""
_DONE = """
update plan_run set state = $4 where organisation_id = $1 and plan_id = $2 and day = $3 and state = 'issuing'
returning true
"""
_TELL = """
insert into message (organisation_id, id, plan_id, kind, recipient, message_id, state, attempts, queued_at, maybe_twice)
select $1, $2, $3, $7, told.address, $5, 'queued', 0, $6, false
from (
    select coalesce(
        (select p.email from membership m join person p on p.id = m.person_id
         where m.organisation_id = $1 and m.person_id = $4),
        nullif((select email from organisation where id = $1), '')) as address
) told where told.address is not null
returning true
"""
