"""Everything that happens by the clock, on one page. Times are UTC.

Each entry runs once however many workers there are, and at the next start if the machine was off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from actions import (
    breach_alerts,
    customer_copy,
    data_exports,
    erasure_replay,
    erasure_run,
    plan_runs,
    policy_notices,
    processor_log,
    request_alerts,
    retention,
    retention_run,
)
from actions.clock import now
from actions.instance import settings
from domain.privacy.retention import KEPT_MAIL
from tasks import held_jobs, mail_in, rates


@dataclass(frozen=True, slots=True)
class Entry:
    """`cron`: minute, hour, day of the month, month, day of the week. `run` tells how many things it dealt with."""

    name: str
    cron: str
    run: Callable[[], Awaitable[int]]


async def purge_kept_mail() -> int:
    """Messages in the folder that stands in for a mail server, and those that came in, after thirty days."""
    told, before = settings(), (now() - KEPT_MAIL).timestamp()
    folders = (told.data_dir / "mail", told.mail_in_folder / mail_in.TAKEN, told.mail_in_folder / mail_in.REFUSED)
    return sum([await asyncio.to_thread(_purge_folder, folder, before) for folder in folders])


async def purge_unfinished_files() -> int:
    """Files on their way to somebody, after a day: lists that were downloaded, copies whose worker was killed."""
    before = (now() - timedelta(days=1)).timestamp()
    return await asyncio.to_thread(_purge_folder, settings().data_dir / "tmp", before)


def _purge_folder(folder: Path, before: float) -> int:
    gone = 0
    for path in folder.glob("*.*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


SCHEDULE = (
    Entry("take_up_held_jobs", "*/5 * * * *", held_jobs.take_up),
    # Both banks publish at about 16:00 in Oslo and Frankfurt.
    Entry("import_rates", "40 15 * * *", rates.import_rates),
    Entry("take_in_mail", "* * * * *", mail_in.take_in),
    Entry("run_plans", "*/15 * * * *", plan_runs.run_plans),
    Entry("purge_attempts", "*/10 * * * *", retention.purge_attempts),
    Entry("remind_of_requests", "20 6 * * *", request_alerts.remind),
    Entry("remind_of_breaches", "*/15 * * * *", breach_alerts.remind),
    Entry("tell_of_policy_changes", "10 7 * * *", policy_notices.tell),
    Entry("compare_processors", "25 * * * *", processor_log.compare),
    Entry("retention", "7 3 * * *", retention_run.nightly),
    Entry("purge_kept_mail", "32 3 * * *", purge_kept_mail),
    Entry("purge_data_exports", "*/10 * * * *", data_exports.purge_files),
    Entry("purge_customer_copies", "4-59/10 * * * *", customer_copy.purge),
    Entry("erase_what_is_due", "*/10 * * * *", erasure_run.queue_due),
    # A worker does so before its first job; this is for a database that is put back while workers run.
    Entry("repeat_deletions", "* * * * *", erasure_replay.replay),
    Entry("purge_unfinished_files", "35 3 * * *", purge_unfinished_files),
)
