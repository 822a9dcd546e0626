"""Recurring invoices: the list, one plan with what comes next, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import plan_runs, plans
from actions.clock import now
from actions.drafts import calculate
from actions.outcomes import NotFound
from domain.access import Permission
from domain.dates import today_in
from domain.draft import Draft
from domain.recurring import Period, Rhythm, coming, day_of, draft_for, due, first_raised, next_number, period_of
from domain.refusals import Refusal, Refused
from models.ids import id_in, new_id
from models.queries.plans import PlanPage, PlanRow, StoredPlan, plan_list, plan_page
from routes.actor import Member, member_of
from routes.explanation import explanation
from routes.forms import plan as plan_form
from routes.forms.base import Form, read_form
from routes.guards import may
from routes.i18n import language_of, translator
from routes.pages import Answer, AnyRequest, fragments, page, see_other, wants_fragment

_READ, _WRITE, _ISSUE = [may(Permission.READ)], [may(Permission.WRITE)], [may(Permission.ISSUE)]
SHOWN = 3


class PlansController(Controller):
    path = "/plans"

    @get("/", guards=_READ, name="plans.index")
    async def index(self, request: AnyRequest) -> Answer:
        found = await plan_list(member_of(request).organisation_id, request.query_params.get("after", ""))
        prices = {row.id: _next_gross(row, found.country) for row in found.rows if row.risen is not None}
        context: dict[str, Any] = {"found": found, "prices": prices, "time_zone": found.time_zone}
        if wants_fragment(request.headers) and "after" in request.query_params:
            return fragments(request, "plans/more.changes.html", **context)
        return page(request, "plans/index.html", **context)

    @post("/", guards=_WRITE, status_code=200, name="plans.of_invoice")
    async def of_invoice(self, request: AnyRequest) -> Answer:
        """A plan that repeats an invoice; both ids come with the form."""
        who, data = member_of(request), await read_form(request)
        invoice_id = id_in(data.get("invoice_id"))
        if invoice_id is None:
            raise NotFound
        plan_id = id_in(data.get("plan_id")) or new_id()
        await plans.from_invoice(who.organisation_id, who.person_id, invoice_id, plan_id)
        return see_other(request, f"/plans/{plan_id}")


class PlanController(Controller):
    path = "/plans/{plan_id:uuid}"

    @get("/", guards=_READ, name="plans.show")
    async def show(self, request: AnyRequest, plan_id: FromPath[UUID]) -> Answer:
        return _show(request, await _page(member_of(request), plan_id))

    @get("/explanation", guards=_READ, name="plans.explanation")
    async def explanation(self, request: AnyRequest, plan_id: FromPath[UUID]) -> Answer:
        """How each figure came about."""
        plan = (await _page(member_of(request), plan_id)).plan
        name = translator(language_of(request)).gettext("Recurring invoice")
        return explanation(request, plan, f"/plans/{plan_id}/edit", name=name)

    @post("/start", guards=_ISSUE, status_code=200, name="plans.start")
    async def start(self, request: AnyRequest, plan_id: FromPath[UUID]) -> Answer:
        """Start it, or give one that runs another rhythm."""
        who = member_of(request)
        form, terms = plan_form.parse(await read_form(request), language_of(request))
        if terms is None:
            return _show(request, await _page(who, plan_id), form, status=422)
        try:
            await plans.start(who.organisation_id, who.person_id, plan_id, terms)
        except Refused as refused:
            for refusal in refused.refusals:
                form.add(refusal)
            return _show(request, await _page(who, plan_id), form, status=422)
        return see_other(request, f"/plans/{plan_id}", "plan-started")

    @post("/pause", guards=_ISSUE, status_code=200, name="plans.pause")
    async def pause(self, request: AnyRequest, plan_id: FromPath[UUID]) -> Answer:
        return await _do(request, plan_id, plans.pause, "plan-paused")

    @post("/resumption", guards=_ISSUE, status_code=200, name="plans.resume")
    async def resume(self, request: AnyRequest, plan_id: FromPath[UUID]) -> Answer:
        return await _do(request, plan_id, plans.resume, "plan-resumed")

    @post("/stop", guards=_ISSUE, status_code=200, name="plans.stop")
    async def stop(self, request: AnyRequest, plan_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await plans.stop(who.organisation_id, who.person_id, plan_id)
        return see_other(request, "/plans", "plan-stopped")

    @post("/catching-up", guards=_ISSUE, status_code=200, name="plans.catch_up")
    async def catch_up(self, request: AnyRequest, plan_id: FromPath[UUID]) -> Answer:
        """The answer about what is due: a draft for each day that was shown, or none."""
        who, data = member_of(request), await read_form(request)
        try:
            until = date.fromisoformat(data.get("until"))
        except ValueError:
            raise NotFound from None
        make = data.get("choice") == "make"
        try:
            await plan_runs.catch_up(who.organisation_id, who.person_id, plan_id, until, make=make)
        except Refused as refused:
            return _show(request, await _page(who, plan_id), problem=refused.refusals[0], status=422)
        return see_other(request, f"/plans/{plan_id}", "plan-caught-up" if make else "plan-skipped")


@dataclass(frozen=True, slots=True)
class Coming:
    """One invoice that is still to come, as it would be. `gross` is None where its figures can not be told yet;
    `is_raised`: prices are others than the time before."""

    day: date
    period: Period
    draft: Draft
    gross: Decimal | None
    is_raised: bool


def coming_of(found: PlanPage, rhythm: Rhythm) -> list[Coming]:
    """The next few, with their texts filled and at their prices, and the first at a new price if it comes later."""
    last = found.runs[0].day if found.runs else None
    number = next_number(rhythm, last)
    numbers = [number + n for n, _ in enumerate(coming(rhythm, number, SHOWN))]
    raised = first_raised(rhythm, number)
    if raised is not None and raised not in numbers:
        numbers.append(raised)
    country = found.own.party.country
    return [_coming(found.plan, country, rhythm, one, one == raised) for one in numbers]


def _coming(plan: StoredPlan, country: str, rhythm: Rhythm, number: int, is_raised: bool) -> Coming:
    day, period = day_of(rhythm, number), period_of(rhythm, number)
    draft = draft_for(plan.draft(), period, rhythm.rise)
    try:
        gross = calculate(draft, country, day).gross if draft.lines else None
    except Refused:  # what is wrong with it is said where it is mended
        gross = None
    return Coming(day, period, draft, gross, is_raised)


def _next_gross(row: PlanRow, country: str) -> Decimal | None:
    """What the next invoice comes to, where prices have risen."""
    rhythm = row.risen.rhythm if row.risen is not None else None
    if row.risen is None or rhythm is None or row.next_on is None:
        return None
    number = next_number(rhythm, row.next_on - timedelta(days=1))
    return _coming(row.risen, country, rhythm, number, is_raised=True).gross


def _show(
    request: AnyRequest,
    found: PlanPage,
    form: Form | None = None,
    problem: Refusal | None = None,
    status: int = 200,
) -> Answer:
    own, plan = found.own, found.plan
    today, state = today_in(own.time_zone, now()), plan.row["state"]
    rhythm = plan.rhythm or Rhythm("month", 1, today)
    waiting = due(rhythm, next_number(rhythm, found.runs[0].day if found.runs else None), today)
    context: dict[str, Any] = {
        "row": plan.row,
        "lines": plan.lines,
        "runs": found.runs,
        "coming": coming_of(found, rhythm) if state not in ("stopped", "finished") else [],
        "waiting": waiting if state == "active" and len(waiting) > 1 else [],
        "form": form or plan_form.show(plan, language_of(request), today),
        "problem": problem,
        "place": f"/plans/{plan.id}",
        "time_zone": own.time_zone,
    }
    return page(request, "plans/show.html", status=status, **context)


async def _do(request: AnyRequest, plan_id: UUID, verb: Any, done: str) -> Answer:
    who = member_of(request)
    try:
        await verb(who.organisation_id, who.person_id, plan_id)
    except Refused as refused:
        return _show(request, await _page(who, plan_id), problem=refused.refusals[0], status=422)
    return see_other(request, f"/plans/{plan_id}", done)


async def _page(who: Member, plan_id: UUID) -> PlanPage:
    found = await plan_page(who.organisation_id, plan_id)
    if found is None:
        raise NotFound
    return found
