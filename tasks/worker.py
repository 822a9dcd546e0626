"""The background worker: `python -m tasks.worker`. As many as you like, on as many machines as you like.

Jobs wait in PostgreSQL (pgqueuer). A worker hears of a new one by NOTIFY when its cause commits; one that a killed
worker left behind is noticed when its heartbeat stays away.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
import uvloop
from pgqueuer import PgQueuer

from actions import documents, einvoice_opinions, erasure_replay, files, inbox, instance
from actions.logs import configure
from domain.setting_values import PREFIX
from domain.settings import Settings, SettingsError, from_env
from models.engine import close_pool, open_pool, pool
from tasks.gateways.access_point import open_access_point
from tasks.gateways.document_reader import DocumentReader
from tasks.gateways.mail import open_mailer
from tasks.gateways.peppol_directory import PeppolDirectory
from tasks.handlers import handlers
from tasks.handlers.handler import Handler
from tasks.jobs import Jobs, register_schedule
from tasks.judge import open_judge
from tasks.leases import Leases, open_leases
from tasks.renderer import open_renderer
from tasks.schedule import SCHEDULE
from tasks.stopping import Stopping

CHECKOUT = Path(__file__).resolve().parent.parent
AT_ONCE = 12  # most of them wait for a mail server, so they need fewer connections than they are
BATCH = 4
CONNECTIONS = 10
LONGEST_PAUSE = 30.0
BESIDE = "To start a worker beside bin/run: python -m tasks.instance tasks.worker"
log = structlog.get_logger("worker")


@dataclass(frozen=True, slots=True)
class Pace:
    """Times in seconds. `heartbeat`: how long a silent worker is taken for alive; `poll`: how often the queue is looked
    at without being called; `grace`: what running jobs get to finish; `retry_after`: instead of the handlers' own."""

    heartbeat: float = 15
    poll: float = 5
    grace: float = 2.5
    retry_after: tuple[float, ...] = ()


async def work(settings: Settings, pace: Pace, stopping: Stopping) -> None:
    """Work until asked to stop; then every job at hand is done or queued again."""
    instance.begin(settings)
    files.open_store(settings)
    async with open_renderer(settings) as renderer, open_judge(settings) as judge:
        documents.use(renderer)
        einvoice_opinions.use(judge)
        inbox.use(DocumentReader())
        pauses = [timedelta(seconds=seconds) for seconds in pace.retry_after]
        jobs = Jobs(_handlers(settings), stopping, pauses or None)
        gc.collect()
        gc.freeze()  # what is loaded by now stays: the collector need not look at it again
        await _keep_at_it(settings, pace, stopping, jobs)


def _handlers(settings: Settings) -> dict[str, Handler]:
    """Every kind of job with what it reaches the world by."""
    return handlers(open_mailer(settings), open_access_point(settings), PeppolDirectory(settings.peppol_zone))


async def _keep_at_it(settings: Settings, pace: Pace, stopping: Stopping, jobs: Jobs) -> None:
    """Serve the queue; when the database goes away, wait for it and begin anew."""
    failures = 0
    while not stopping.asked.is_set():
        began = asyncio.get_running_loop().time()
        try:
            await open_pool(settings.database_url or "", CONNECTIONS)
            # The database may have been restored: first goes again what was deleted since its backup (P-26). When the
            # ledger can not be read nobody knows, and nothing is done either.
            await erasure_replay.replay()
            async with open_leases(settings.database_url or "") as leases:
                await _serve(pace, stopping, jobs, leases)
        except Exception as error:  # whatever it was: a worker that ends helps nobody
            if asyncio.get_running_loop().time() - began > LONGEST_PAUSE:
                failures = 0
            failures += 1
            log.warning("queue_interrupted", exc_info=error, failures=failures)
            await stopping.sleep(min(0.5 * 2**failures, LONGEST_PAUSE))
        finally:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(close_pool(), 5)


async def _serve(pace: Pace, stopping: Stopping, jobs: Jobs, leases: Leases) -> None:
    """Until asked to stop, or until something breaks; either way the jobs at hand come to their end first."""
    queue = PgQueuer.from_asyncpg_pool(pool())
    jobs.register(queue, leases)
    register_schedule(queue, SCHEDULE)
    leases.when_lost(queue.shutdown.set)
    async with _listening(queue):
        await _run(queue, pace, stopping)


@contextlib.asynccontextmanager
async def _listening(queue: PgQueuer) -> AsyncIterator[None]:
    """The library's connection hears already when the library begins.

    It tests the line with a call to itself, which it may make before it listens. It would wait for that call in vain,
    and end after ten seconds (FailingListenerError), jobs and all.
    """
    async with queue.connection as line:
        await line.add_listener(queue.channel, lambda _: None)
        yield


async def _run(queue: PgQueuer, pace: Pace, stopping: Stopping) -> None:
    parts = [asyncio.create_task(queue.qm.run(**_how(pace))), asyncio.create_task(queue.sm.run())]
    # Not the library's own `run`: when one half fails it cancels the other, and with it jobs in the middle of their
    # work, which the queue then takes for cancelled by somebody and forgets.
    for part in parts:
        part.add_done_callback(lambda _: queue.shutdown.set())
    told = asyncio.create_task(_pass_on(stopping.asked, queue.shutdown))
    ends = await asyncio.gather(*parts, return_exceptions=True)
    told.cancel()
    for end in ends:
        if isinstance(end, BaseException):
            raise end


def _how(pace: Pace) -> dict[str, Any]:
    return {
        "dequeue_timeout": timedelta(seconds=pace.poll),
        "batch_size": BATCH,
        "max_concurrent_tasks": AT_ONCE,
        "shutdown_on_listener_failure": True,
        "heartbeat_timeout": timedelta(seconds=pace.heartbeat),
    }


async def _pass_on(asked: asyncio.Event, shutdown: asyncio.Event) -> None:
    await asked.wait()
    shutdown.set()


async def _main(settings: Settings, pace: Pace) -> None:
    stopping = Stopping(pace.grace)
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stopping.ask)
    log.info("worker_started")
    await work(settings, pace, stopping)
    log.info("worker_stopped")


def main(arguments: Sequence[str] | None = None) -> int:
    """Work until SIGTERM or SIGINT. 1 when the settings can not be used."""
    configure()
    parser = argparse.ArgumentParser(prog="python -m tasks.worker", description="Do the background work.")
    parser.add_argument("--heartbeat", type=float, default=Pace().heartbeat)
    parser.add_argument("--poll", type=float, default=Pace().poll)
    parser.add_argument("--retry-after", type=float, nargs="*", default=[], help="seconds, for tests")
    options = parser.parse_args(arguments)
    pace = Pace(options.heartbeat, options.poll, retry_after=tuple(options.retry_after))
    try:
        settings = from_env(os.environ, CHECKOUT)
        if settings.database_url is None:
            raise SettingsError([f"{PREFIX}DATABASE_URL is missing. {BESIDE}"])
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_main(settings, pace))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
