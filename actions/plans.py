"""Plans of recurring invoices: written, started, paused, taken up again and stopped.

What a plan makes when its day has come stands in actions.plan_runs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from actions import search_words
from actions.clock import now
from actions.drafts import Editing, SavedDraft, calculate, search_texts
from actions.outcomes import NotFound, Stale
from actions.restrained import permit, permit_customer, permit_document
from domain.dates import today_in
from domain.draft import Draft
from domain.privacy.restriction import Operation
from domain.recurring import Rhythm, days, next_number, rhythm_faults
from domain.refusals import Refusal, Refused
from domain.totals import Totals
from models.ids import new_id
from models.queries import invoices
from models.queries.parties import Buyer, Seller, parties
from models.queries.plans import StoredPlan, last_day, stored
from models.queries.quotes import Content
from models.unit_of_work import Work, unit_of_work
from models.written import to_json

KIND = "plan"


@dataclass(frozen=True, slots=True)
class Terms:
    """When a plan falls due, and what happens then: issued and sent by itself, or left as a draft."""

    rhythm: Rhythm
    is_automatic: bool


async def save(organisation_id: UUID, person_id: UUID, draft: Draft, editing: Editing) -> SavedDraft:
    """Save what the plan invoices, new or changed, as actions.drafts.save does. The next invoice follows it.

    Raises Stale and Refused as that does. A plan that was stopped is left as it is (`is_issued`).
    """
    async with unit_of_work(organisation_id, person_id) as work:
        found = await stored(work, draft.id, lock=True)
        own, customer = await parties(work, draft.customer_id)
        return await _write(work, own, customer, found, draft, editing)


async def _write(
    work: Work, own: Seller, customer: Buyer | None, found: StoredPlan | None, draft: Draft, editing: Editing
) -> SavedDraft:
    if draft.customer_id is not None and customer is None:
        raise Refused(Refusal("customer.missing", "customer"))
    await permit(work, customer, Operation.PLAN)
    if found is not None and found.is_draft and found.row["customer_id"] not in (None, draft.customer_id):
        await permit_customer(work, found.row["customer_id"], Operation.EDIT)
    draft, moment = replace(draft, kind="invoice"), now()
    totals = calculate(draft, own.party.country, today_in(own.time_zone, moment))
    values = _columns(draft, customer, totals)
    if found is None:
        if await _insert(work, draft.id, values, moment, editing):
            await _find_by(work, draft, values["customer_name"], moment)
            work.audit("plan.drafted", KIND, draft.id, list(values))
            return SavedDraft(draft.id, 1, totals, moment, own.time_zone)
        found = await stored(work, draft.id, lock=True)  # a double click: the other one was faster
        assert found is not None
    if not found.is_draft:
        return _as_saved(found, found.version, found.totals(), found.row["changed_at"], own.time_zone)
    mine = found.row["edited_in"] == editing.editor or found.version == editing.version
    if not mine or found.row["deleted_at"] is not None:
        raise Stale(found)
    if found.content == Content(draft, totals) and found.row["edited_in"] == editing.editor:
        return _as_saved(found, found.version, totals, found.row["changed_at"], own.time_zone)
    version: int = await work.connection.fetchval(
        _REVISE, work.organisation_id, draft.id, moment, editing.editor, *values.values()
    )
    if found.content != Content(draft, totals) or found.row["customer_name"] != values["customer_name"]:
        await _find_by(work, draft, values["customer_name"], found.row["listed_at"])
        work.audit("plan.revised", KIND, draft.id, list(values))
    return _as_saved(found, version, totals, moment, own.time_zone)


async def from_invoice(organisation_id: UUID, person_id: UUID, invoice_id: UUID, plan_id: UUID) -> UUID:
    """A new plan that repeats an invoice or draft. Returns its id, which comes with the form. Raises NotFound."""
    async with unit_of_work(organisation_id, person_id) as work:
        original = await invoices.stored(work, invoice_id)
        if original is None or original.row["deleted_at"] is not None or original.row["kind"] != "invoice":
            raise NotFound
        await permit_document(work, invoice_id, Operation.PLAN)
        own, customer = await parties(work, original.row["customer_id"])
        draft = original.draft()
        lines = tuple(replace(line, id=new_id()) for line in draft.lines)
        draft = replace(draft, id=plan_id, lines=lines, due_on=None, exchange_rate=None, delivery_from=None)
        if customer is not None and customer.is_archived:
            draft, customer = replace(draft, customer_id=None), None
        found = await stored(work, plan_id, lock=True)
        if found is None:
            await _write(work, own, customer, None, replace(draft, delivery_to=None), Editing(0, new_id()))
    return plan_id


async def start(organisation_id: UUID, person_id: UUID, plan_id: UUID, terms: Terms) -> None:
    """Start a plan, or give one that runs another rhythm. What was made stays made: it goes on after the last day.

    Raises NotFound, and Refused with all that is wrong.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        found = await _living(work, plan_id)
        own, customer = await parties(work, found.row["customer_id"])
        await permit(work, customer, Operation.PLAN)
        today, last = today_in(own.time_zone, now()), await last_day(work, plan_id)
        is_new = found.row["state"] == "draft" or terms.rhythm.first_on != found.row["first_on"]
        faults = [*rhythm_faults(terms.rhythm, today, is_new), *_content_faults(found, customer)]
        if faults:
            raise Refused(*faults)
        is_active = found.row["state"] in ("draft", "active")
        next_on = _next_day(terms.rhythm, last) if is_active else None
        state = found.row["state"] if not is_active else "active" if next_on else "finished"
        rhythm, rise = terms.rhythm, terms.rhythm.rise
        await work.connection.execute(
            _START, organisation_id, plan_id, now(), state, next_on, person_id, rhythm.unit, rhythm.every,
            rhythm.first_on, rhythm.ends_on, rhythm.times, rhythm.in_arrears, terms.is_automatic,
            rise and rise.begins, rise and rise.percent, rise and rise.amount,
        )  # fmt: skip
        work.audit("plan.started" if found.row["state"] == "draft" else "plan.changed", KIND, plan_id)


async def pause(organisation_id: UUID, person_id: UUID, plan_id: UUID) -> None:
    """Nothing comes until it is taken up again. Twice is as once. Raises NotFound, and Refused when it has ended."""
    async with unit_of_work(organisation_id, person_id) as work:
        found = await _living(work, plan_id)
        if found.row["state"] == "active":
            await work.connection.execute(_REST, organisation_id, plan_id, "paused", now())
            work.audit("plan.paused", KIND, plan_id, ["state"])


async def resume(organisation_id: UUID, person_id: UUID, plan_id: UUID) -> None:
    """Go on. When several days have passed meanwhile, the user is asked about them and nothing is made unasked."""
    async with unit_of_work(organisation_id, person_id) as work:
        found = await _living(work, plan_id)
        rhythm = found.rhythm
        if found.row["state"] != "paused" or rhythm is None:
            return
        next_on = _next_day(rhythm, await last_day(work, plan_id))
        await work.connection.execute(
            _GO_ON, organisation_id, plan_id, "active" if next_on else "finished", now(), next_on, person_id
        )
        work.audit("plan.resumed", KIND, plan_id, ["state"])


async def stop(organisation_id: UUID, person_id: UUID, plan_id: UUID) -> None:
    """The plan has ended for good; what it made stays. A plan that never started goes away. Twice is as once.
    Raises NotFound."""
    async with unit_of_work(organisation_id, person_id) as work:
        found = await stored(work, plan_id, lock=True)
        if found is None or found.row["deleted_at"] is not None:
            raise NotFound
        if found.row["state"] == "draft":
            await permit_customer(work, found.row["customer_id"], Operation.DELETE)
            await work.connection.execute(_DELETE, organisation_id, plan_id, now())
            await search_words.forget(work, KIND, plan_id)
            work.audit("plan.draft_deleted", KIND, plan_id)
        elif found.row["state"] not in ("stopped", "finished"):
            await work.connection.execute(_REST, organisation_id, plan_id, "stopped", now())
            work.audit("plan.stopped", KIND, plan_id, ["state"])


def hindrance(customer: Buyer | None) -> Refusal | None:
    """Why nothing may be invoiced to this customer by itself; the one place that says so."""
    if customer is None:
        return Refusal("plan.no_customer", "customer")
    return Refusal("plan.customer_archived", "customer") if customer.is_archived else None


def fresh(draft: Draft, _: date) -> Draft:
    """A new plan as the editor opens it: the days of delivery follow from the period."""
    return replace(draft, delivery_from=None)


def _content_faults(found: StoredPlan, customer: Buyer | None) -> list[Refusal]:
    faults = [fault for fault in (hindrance(customer),) if fault is not None]
    return [*faults, *([] if found.lines else [Refusal("plan.no_lines", "lines")])]


def _next_day(rhythm: Rhythm, last: date | None) -> date | None:
    return next(days(rhythm, next_number(rhythm, last)), None)


async def _living(work: Work, plan_id: UUID) -> StoredPlan:
    """The plan, held; NotFound when there is none, Refused when it has ended."""
    found = await stored(work, plan_id, lock=True)
    if found is None or found.row["deleted_at"] is not None:
        raise NotFound
    if found.row["state"] in ("stopped", "finished"):
        raise Refused(Refusal("plan.stopped"))
    return found


async def _find_by(work: Work, draft: Draft, customer_name: str, listed_at: datetime) -> None:
    await search_words.index(work, KIND, draft.id, listed_at, search_texts(draft, customer_name))


def _as_saved(found: StoredPlan, version: int, totals: Totals, moment: datetime, zone: str) -> SavedDraft:
    return SavedDraft(found.id, version, totals, moment, zone, not found.is_draft, found.row["edited_in"])


def _columns(draft: Draft, customer: Buyer | None, totals: Totals) -> dict[str, Any]:
    return {
        "customer_id": draft.customer_id,
        "customer_name": customer.party.name if customer else "",
        "currency": draft.currency,
        "gross": totals.gross,
        "content": to_json(Content(draft, totals)),
    }


async def _insert(work: Work, plan_id: UUID, values: dict[str, Any], moment: datetime, editing: Editing) -> bool:
    """False when the id is taken already."""
    added = await work.connection.fetchval(
        _INSERT, work.organisation_id, plan_id, moment, editing.editor, *values.values()
    )
    return added is not None


_INSERT = """
insert into plan (organisation_id, id, state, version, created_at, changed_at, listed_at, edited_in, unit, every,
    in_arrears, is_automatic, customer_id, customer_name, currency, gross, content)
values ($1, $2, 'draft', 1, $3, $3, $3, $4, 'month', 1, false, false, $5, $6, $7, $8, $9)
on conflict (organisation_id, id) do nothing returning true
"""
_REVISE = """
update plan set changed_at = $3, edited_in = $4, customer_id = $5, customer_name = $6, currency = $7, gross = $8,
    content = $9, version = version + 1
where organisation_id = $1 and id = $2 returning version
"""
_START = """
update plan set state = $4, next_on = $5, started_by = $6, unit = $7, every = $8, first_on = $9, ends_on = $10,
    times = $11, in_arrears = $12, is_automatic = $13, rise_from = $14, rise_percent = $15, rise_amount = $16,
    asked_on = null, changed_at = $3, version = version + 1
where organisation_id = $1 and id = $2
"""
_REST = """
update plan set state = $3, next_on = null, asked_on = null, changed_at = $4, version = version + 1
where organisation_id = $1 and id = $2
"""
_GO_ON = """
update plan set state = $3, next_on = $5, started_by = $6, asked_on = null, changed_at = $4, version = version + 1
where organisation_id = $1 and id = $2
"""
_DELETE = "update plan set deleted_at = $3, version = version + 1 where organisation_id = $1 and id = $2"
