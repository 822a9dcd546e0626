"""The retention engine: every night through all rules, with a count for each, a dry run, and a brake.

What would delete a large part of a table at once stops and waits for whoever runs the server: it is more often a wrong
clock or a wrong rule than a good reason. Each step is many small transactions, so a run may be killed at any point and
the next one goes on; running twice deletes nothing twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from actions import (
    closed_companies,
    consent_proof,
    customer_erasure,
    data_exports,
    data_imports,
    old_documents,
    request_retention,
    retention,
    unused_customers,
)
from actions.clock import now
from actions.logs import log
from actions.tenants import organisations
from domain.privacy.classification import Retention
from domain.privacy.retention import (
    DELETED_DRAFT,
    EXPORT_NOTE,
    FINISHED_JOB,
    PERIODS,
    UNCONFIRMED_ACCOUNT,
    is_too_much,
)
from models.queries.holds import CUSTOMER_HELD
from models.queries.restrictions import COMPANY_FREE, DUE_FREE
from models.restriction import ACCOUNT_FREE
from models.unit_of_work import reading


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows are due to go, of how many there are."""

    due: int
    total: int
    # How many of the others would be due if they were not restricted (GDPR Art. 18).
    restricted: int = 0
    # And how many if nobody had ordered to keep them.
    held: int = 0


@dataclass(frozen=True, slots=True)
class Sweep:
    """One step. `rule` is its line in the retention schedule (domain.privacy.retention.RULES)."""

    name: str
    rule: str
    tally: Callable[[], Awaitable[Tally]]
    let_go: Callable[[], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Line:
    """What became of a step. `stopped`: the brake held it back."""

    name: str
    rule: str
    due: int
    total: int
    gone: int
    stopped: bool
    # Rows that were left because they are restricted.
    restricted: int = 0
    # Rows that were left because of an order to keep.
    held: int = 0


def _rows(table: str, column: str, period: timedelta, free: str = "true") -> Callable[[], Awaitable[Tally]]:
    """Counts the rows of a table without tenants whose `column` is further back than `period`, and which are `free`."""
    statement = (
        f"select count(*) filter (where {column} < $1 and {free}) as due, count(*) as total, "  # noqa: S608
        f"count(*) filter (where {column} < $1 and not ({free})) as restricted from {table}"
    )

    async def tally() -> Tally:
        async with reading(None) as work:
            return Tally(**await work.connection.fetchrow(statement, now() - period))

    return tally


def _in_companies(statement: str, *periods: timedelta) -> Callable[[], Awaitable[Tally]]:
    """Adds up over all companies; $1 is the company, the next ones the moments that lie the periods back."""

    async def tally() -> Tally:
        due = total = restricted = held = 0
        moments = [now() - period for period in periods]
        async for organisation_id in organisations():
            async with reading(organisation_id) as work:
                row = await work.connection.fetchrow(statement, organisation_id, *moments)
            due, total = due + row["due"], total + row["total"]
            restricted, held = restricted + row.get("restricted", 0), held + row.get("held", 0)
        return Tally(due, total, restricted, held)

    return tally


async def _proof_of_consent() -> Tally:
    return Tally(*await consent_proof.count_due())


async def _closed_companies() -> Tally:
    return Tally(*await closed_companies.count_due())


async def _old_documents() -> Tally:
    found = await old_documents.count_due()
    return Tally(found.due, found.total, found.restricted, found.held)


async def _requests() -> Tally:
    return Tally(*await request_retention.count())


async def _ended_orders() -> Tally:
    return Tally(*await customer_erasure.count_left_by_orders())


async def _unused_customers() -> Tally:
    total = (await _in_companies(_CUSTOMERS)()).total
    return Tally(
        await unused_customers.count_unused(), total, await unused_customers.count_restricted(),
        await unused_customers.count_held(),
    )  # fmt: skip


_CUSTOMERS = "select 0 as due, count(*) as total from customer where organisation_id = $1"
# What is restricted, or ordered to be kept with its customer, is counted apart and left.
_DUE = (
    f"count(*) filter (where ({{due}}) and {{free}} and not {CUSTOMER_HELD}) as due, "
    "count(*) filter (where ({due}) and not {free}) as restricted, "
    f"count(*) filter (where ({{due}}) and {{free}} and {CUSTOMER_HELD}) as held"
)
_DRAFTS = f"""
select {_DUE.format(due="deleted_at < $2 or deleted_at is null and changed_at < $3", free=DUE_FREE)},
    count(*) as total
from invoice s where organisation_id = $1 and state = 'draft'
"""  # noqa: S608 - constants of this package
_REMOVED = f"""
select count(*) filter (where deleted_at < $2 and {COMPANY_FREE}) as due, count(*) as total,
    count(*) filter (where deleted_at < $2 and not {COMPANY_FREE}) as restricted
from supplier_document where organisation_id = $1
"""  # noqa: S608 - constants of this package
_QUOTES = f"""
select {_DUE.format(due=retention.QUOTE_OVER, free=DUE_FREE)}, count(*) as total
from quote s join organisation o on o.id = s.organisation_id where s.organisation_id = $1
"""  # noqa: S608 - constants of this package
_PLANS = f"""
select {_DUE.format(due=retention.PLAN_OVER, free=DUE_FREE)}, count(*) as total from plan s where organisation_id = $1
"""  # noqa: S608 - constants of this package
_CORRECTIONS = f"""
select {_DUE.format(due="corrected_at < $2", free=DUE_FREE)}, count(*) as total
from correction s where organisation_id = $1
"""  # noqa: S608 - constants of this package
_PASSES = """
select count(*) filter (where created_at < $2) as due, count(*) as total from customer_pass where organisation_id = $1
"""
_IMPORTS = """
select count(*) filter (where asked_at < $2 and state in ('done', 'failed')) as due, count(*) as total from data_import
where organisation_id = $1
"""
_INVITATIONS = """
select count(*) filter (where coalesce(ended_at, expires_at) < $2) as due, count(*) as total from invitation
where organisation_id = $1
"""
_SHORT, _SESSION = PERIODS[Retention.SHORT], PERIODS[Retention.SESSION]

SWEEPS: tuple[Sweep, ...] = (
    Sweep("letters", "short", _rows("account_message", "created_at", _SHORT), retention.purge_letters),
    Sweep("mailed_links", "short", _rows("account_token", "expires_at", _SHORT), retention.purge_tokens),
    Sweep(
        "unconfirmed_accounts",
        "unconfirmed",
        _rows(
            "(select created_at from person where email_confirmed_at is null and email <> '') p",
            "created_at",
            UNCONFIRMED_ACCOUNT,
        ),
        retention.purge_unconfirmed_accounts,
    ),
    Sweep(
        "sessions",
        "session",
        _rows("session", "last_seen_at", _SESSION, ACCOUNT_FREE.format(table="session")),
        retention.purge_sessions,
    ),
    Sweep(
        "security_log",
        "security",
        _rows("security_event", "at", PERIODS[Retention.SECURITY], ACCOUNT_FREE.format(table="security_event")),
        retention.purge_security_events,
    ),
    Sweep(
        "quotes",
        "draft",
        _in_companies(_QUOTES, DELETED_DRAFT, PERIODS[Retention.DRAFT], timedelta(0)),
        retention.purge_quotes,
    ),
    Sweep("plans", "draft", _in_companies(_PLANS, DELETED_DRAFT, PERIODS[Retention.DRAFT]), retention.purge_plans),
    Sweep("drafts", "draft", _in_companies(_DRAFTS, DELETED_DRAFT, PERIODS[Retention.DRAFT]), retention.purge_drafts),
    Sweep("removed_documents", "draft", _in_companies(_REMOVED, DELETED_DRAFT), retention.purge_removed_documents),
    Sweep("issued_documents", "accounting", _old_documents, old_documents.let_go),
    Sweep("closed_companies", "accounting", _closed_companies, closed_companies.let_go),
    Sweep("ended_orders", "customer", _ended_orders, customer_erasure.take_left_by_orders),
    Sweep("unused_customers", "customer", _unused_customers, unused_customers.purge_unused),
    Sweep(
        "corrections",
        "correction",
        _in_companies(_CORRECTIONS, PERIODS[Retention.CORRECTION]),
        retention.purge_corrections,
    ),
    Sweep(
        "account_corrections",
        "correction",
        _rows(
            "account_correction",
            "corrected_at",
            PERIODS[Retention.CORRECTION],
            ACCOUNT_FREE.format(table="account_correction"),
        ),
        retention.purge_account_corrections,
    ),
    Sweep("notes_of_copies", "export", _rows("data_export", "asked_at", EXPORT_NOTE), data_exports.purge_notes),
    Sweep("requests", "request", _requests, request_retention.purge),
    Sweep("privacy_codes", "short", _in_companies(_PASSES, PERIODS[Retention.SHORT]), request_retention.purge_passes),
    Sweep("invitations", "short", _in_companies(_INVITATIONS, _SHORT), retention.purge_invitations),
    Sweep("notes_of_imports", "export", _in_companies(_IMPORTS, EXPORT_NOTE), data_imports.purge_notes),
    Sweep("proof_of_consent", "consent", _proof_of_consent, consent_proof.purge),
    Sweep(
        "counts_of_visits",
        "counts",
        _rows("visit_count", "day", PERIODS[Retention.COUNTS]),
        retention.purge_visit_counts,
    ),
    Sweep("finished_jobs", "jobs", _rows("pgqueuer_log", "created", FINISHED_JOB), retention.purge_finished_jobs),
    Sweep("job_counts", "jobs", _rows("pgqueuer_statistics", "created", _SESSION), retention.purge_job_counts),
)
# They name nobody, and all but all of them are over at any time.
NO_BRAKE = frozenset({"finished_jobs", "job_counts"})


async def run(
    *, dry_run: bool = False, confirmed: bool = False, only: Collection[str] | None = None
) -> tuple[Line, ...]:
    """Go through the rules (or `only` some of them) and tell what became of each. With `dry_run` nothing is deleted;
    `confirmed` releases the brake. One step that fails does not keep the others from running; the first error is raised
    at the end."""
    lines: list[Line] = []
    errors: list[Exception] = []
    for sweep in SWEEPS:
        if only is not None and sweep.name not in only:
            continue
        try:
            lines.append(await _step(sweep, dry_run=dry_run, confirmed=confirmed))
        except Exception as error:
            log.error("retention_failed", step=sweep.name, exc_info=error)
            errors.append(error)
    if errors:
        raise errors[0]
    return tuple(lines)


async def nightly() -> int:
    """The run of the schedule: how many rows went."""
    return sum(line.gone for line in await run())


async def _step(sweep: Sweep, *, dry_run: bool, confirmed: bool) -> Line:
    tally = await sweep.tally()
    stopped = sweep.name not in NO_BRAKE and not confirmed and is_too_much(tally.due, tally.total)
    if stopped:
        log.error("retention_stopped", step=sweep.name, due=tally.due, total=tally.total)
    gone = 0 if dry_run or stopped or not tally.due else await sweep.let_go()
    log.info("retention", step=sweep.name, due=tally.due, total=tally.total, gone=gone, dry_run=dry_run)
    for rows, why in ((tally.restricted, "restricted"), (tally.held, "held")):
        if rows:
            log.info("retention_skipped", step=sweep.name, rows=rows, why=why)
    return Line(sweep.name, sweep.rule, tally.due, tally.total, gone, stopped, tally.restricted, tally.held)
