"""The deletion of an account or a company: planned, confirmed, called off. What carries it out is actions.erasure_run.

From the confirmation on nothing happens in what is about to close: sessions end, nothing is issued, no e-mail leaves.
Nothing is lost either: within the fourteen days one click brings everything back (P-25).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from actions import requests
from actions.account_letters import ask_for_letter
from actions.clock import now
from actions.security_log import Client, note
from actions.sessions import Started, place_of, rotate
from domain.accounts import Asked
from domain.privacy.erasure import COOLING_OFF, CompanyPlan, Plan
from domain.privacy.requests import Decision, Kind
from models import unit_of_work as units
from models.ids import new_id
from models.queries.erasures import account_plan, company_plan
from models.queries.members import hold_team
from models.unit_of_work import Work, unit_of_work


@dataclass(frozen=True, slots=True)
class Waiting:
    """It is asked for, and begins at `due_at`."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """Something is different from what the person saw and confirmed: this is how it is now."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Blocked:
    """Companies with other members would be left without an owner, or an order to keep stands."""

    plan: Plan


class _ChangedMeanwhile(Exception):
    """Noticed inside the transaction."""


async def close_account(person_id: UUID, email: str, fingerprint: str, client: Client) -> Waiting | Changed | Blocked:
    """Ask for the deletion of an account, with the companies that nobody else is in. All sessions end.

    The caller has made sure of who asks. `fingerprint` is of the plan that was shown; another is refused.
    """
    plan = await account_plan(person_id, email)
    if plan.blocking or plan.held:
        return Blocked(plan)
    if plan.fingerprint != fingerprint:
        return Changed(plan)
    due_at = now() + COOLING_OFF
    try:
        async with unit_of_work(None, person_id) as work:
            await _close_account(work, person_id, plan, due_at, client)
    except _ChangedMeanwhile:
        return Changed(await account_plan(person_id, email))
    except asyncpg.UniqueViolationError:
        pass  # somebody clicked twice
    return Waiting(due_at)


async def _close_account(work: Work, person_id: UUID, plan: Plan, due_at: datetime, client: Client) -> None:
    erasure_id = new_id()
    await work.connection.execute(
        _ASK, erasure_id, "account", person_id, None, None, now(), due_at, bytes.fromhex(plan.fingerprint)
    )
    for company in plan.leaving:
        await _check_it_is_owned(work, company, person_id)
    person = await work.connection.fetchrow(_CLOSE_PERSON, person_id, due_at)
    for company in plan.closing:
        await _close_company(work, company, person_id, due_at, erasure_id, plan)
    await work.connection.execute("delete from session where person_id = $1", person_id)
    await work.connection.execute("delete from account_token where person_id = $1", person_id)
    await requests.file(work, requests.Request(Kind.DELETION), requests.Asker(person_id))
    await ask_for_letter(work, Asked.DELETION_ASKED, person["email"], person["language"], person_id)
    await note(work, person_id, "deletion_asked", client)


async def _check_it_is_owned(work: Work, company: CompanyPlan, person_id: UUID) -> None:
    """The company is held until the account closes: of two owners who go at once the second has a new plan."""
    await _open(work, company.id)
    team = await hold_team(work, company.id)
    if team.ending_for(person_id) is not company.ending:
        raise _ChangedMeanwhile


async def close_company(
    organisation_id: UUID, person_id: UUID, fingerprint: str, client: Client
) -> Waiting | Changed | Blocked:
    """Ask for the deletion of a company, whoever else is in it; every member is told. The caller has made sure of who
    asks, and that they own it. Not while an order to keep stands."""
    plan = await company_plan(organisation_id, person_id)
    if plan.held:
        return Blocked(plan)
    if plan.fingerprint != fingerprint:
        return Changed(plan)
    due_at = now() + COOLING_OFF
    try:
        async with unit_of_work(organisation_id, person_id) as work:
            (company,) = plan.companies
            await _close_company(work, company, person_id, due_at, None, plan)
            for member in await work.connection.fetch(_MEMBERS, organisation_id):
                await ask_for_letter(work, Asked.COMPANY_CLOSES, member["email"], member["language"], member["id"])
            await note(work, person_id, "company_closing", client)
    except _ChangedMeanwhile:
        return Changed(await company_plan(organisation_id, person_id))
    except asyncpg.UniqueViolationError:
        pass  # somebody clicked twice
    return Waiting(due_at)


async def _close_company(
    work: Work, company: CompanyPlan, person_id: UUID, due_at: datetime, with_id: UUID | None, plan: Plan
) -> None:
    await _open(work, company.id)
    await work.connection.execute(
        _ASK, new_id(), "company", person_id, company.id, with_id, now(), due_at, bytes.fromhex(plan.fingerprint)
    )
    await work.connection.execute(_CLOSE_COMPANY, company.id, due_at)
    await work.connection.execute(_LEAVE, company.id)
    # The trail is the company's own: had anything been written there since the plan, the number would be another.
    if await _audit(work, company.id, person_id, "organisation.closing") != company.version + 1:
        raise _ChangedMeanwhile


async def keep_account(person_id: UUID, session: bytes, client: Client) -> Started | None:
    """Call the deletion off: everything is as before. The session gets a new id and works for a company again. None
    when there is nothing to call off, or no longer."""
    async with unit_of_work(None, person_id) as work:
        erasure_id = await work.connection.fetchval(_KEEP_ACCOUNT, person_id, now())
        if erasure_id is None:
            return None
        await work.connection.execute("update person set closes_at = null where id = $1", person_id)
        for row in await work.connection.fetch(_KEEP_WITH, erasure_id):
            await _reopen(work, row["company_id"], person_id)
        for row in await work.connection.fetch(_OPEN_REQUESTS, person_id):
            await requests.close(work, row["id"], Decision.WITHDRAWN)
        await note(work, person_id, "deletion_cancelled", client)
        return await rotate(work, session, await place_of(work, person_id, None))


async def keep_company(organisation_id: UUID, person_id: UUID, client: Client) -> bool:
    """Call the closing of a company off, also one that would close with the account of another owner. False when the
    person does not own it, or it is too late."""
    async with unit_of_work(organisation_id, person_id) as work:
        kept = await work.connection.fetchval(_KEEP_COMPANY, organisation_id, person_id, now())
        if not kept:
            return False
        await _reopen(work, organisation_id, person_id)
        await note(work, person_id, "company_kept", client)
    return True


async def _reopen(work: Work, organisation_id: UUID, person_id: UUID) -> None:
    """What waited goes on: e-mails, e-invoices, invoices of plans whose day had come."""
    await _open(work, organisation_id)
    await work.connection.execute("update organisation set closes_at = null where id = $1", organisation_id)
    for row in await work.connection.fetch(_WAITING, organisation_id):
        payload = {"organisation_id": str(organisation_id), row["key"]: str(row["id"])}
        work.enqueue(row["job"], payload | ({"day": row["day"].isoformat()} if row["day"] else {}))
    await _audit(work, organisation_id, person_id, "organisation.reopened")


async def _open(work: Work, organisation_id: UUID) -> None:
    """Let this transaction see one company after the other: all of them close, or none."""
    await work.connection.execute("select set_config('app.organisation_id', $1, true)", str(organisation_id))


async def _audit(work: Work, organisation_id: UUID, person_id: UUID, action: str) -> int:
    at = units.audit_clock() if units.audit_clock else None
    seq: int = await work.connection.fetchval(_AUDIT, organisation_id, person_id, action, at)
    return seq


_ASK = """
insert into erasure (id, kind, person_id, company_id, with_id, state, asked_at, due_at, fingerprint)
values ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8)
"""
_CLOSE_PERSON = "update person set closes_at = $2 where id = $1 returning email, language"
_CLOSE_COMPANY = "update organisation set closes_at = $2 where id = $1"
_LEAVE = """
update session set current_organisation_id = null, role = null, organisation_name = null
where current_organisation_id = $1
"""
_MEMBERS = """
select p.id, p.email, p.language from membership m join person p on p.id = m.person_id
where m.organisation_id = $1 and p.closes_at is null order by p.id
"""
_KEEP_ACCOUNT = """
update erasure set state = 'cancelled'
where kind = 'account' and person_id = $1 and state = 'waiting' and due_at > $2 returning id
"""
_KEEP_WITH = """
update erasure set state = 'cancelled' where with_id = $1 and state = 'waiting' returning company_id
"""
_KEEP_COMPANY = """
update erasure set state = 'cancelled'
where kind = 'company' and company_id = $1 and state = 'waiting' and due_at > $3
and exists (select from membership where organisation_id = $1 and person_id = $2 and role = 'owner') returning true
"""
_OPEN_REQUESTS = """
select id from rights_request where person_id = $1 and kind = 'deletion' and company_id is null and closed_at is null
"""
_WAITING = """
select case when plan_id is not null then 'tell_of_plan' when quote_id is not null then 'send_quote'
       else 'send_invoice' end as job, 'message_id' as key, id, null::date as day
from message where organisation_id = $1 and state = 'queued'
union all
select 'transmit_einvoice', 'transmission_id', id, null from transmission
where organisation_id = $1 and state = 'queued'
union all
select 'issue_planned', 'plan_id', plan_id, day from plan_run where organisation_id = $1 and state = 'issuing'
"""
_AUDIT = """
insert into audit_event (organisation_id, person_id, action, subject_kind, subject_id, fields, at)
values ($1, $2, $3, 'organisation', $1, '{closes_at}', $4) returning seq
"""
