"""The worker as a process of its own, with a real database and a real mail server: killed, stopped, cut off, doubled."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.adapters.persistence.queries import Queries

from actions import einvoices, files, instance
from domain.delivery import Problem
from domain.settings import Settings
from models import engine
from models.queries.documents import pdf_of
from models.unit_of_work import unit_of_work
from tasks import worker as worker_of_tasks
from tasks.jobs import Jobs
from tasks.leases import open_leases
from tasks.stopping import Stopping
from tasks.worker import Pace
from tests.databases import fresh_database
from tests.issuing import Shop, open_shop
from tests.tasks.mail_server import MailServer, free_port

CHECKOUT = Path(__file__).resolve().parents[2]
SECRET = "a secret of thirty-two letters, or more"
QUICK = ("--heartbeat", "2", "--poll", "0.3", "--retry-after", "0.3", "0.4", "0.5")


@pytest.fixture(scope="module")
def own_database() -> Iterator[tuple[str, str]]:
    """A database of our own: the workers would work off what other tests have queued."""
    with fresh_database("worker") as urls:
        yield urls


@pytest.fixture(scope="module")
async def mine(
    own_database: tuple[str, str], pool: None, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Settings]:
    """This process issues invoices in that database too."""
    owner_url, app_url = own_database
    ours = replace(
        settings,
        data_dir=tmp_path_factory.mktemp("worker"),
        database_url=app_url,
        migration_database_url=owner_url,
        secret_key=SECRET,
    )
    others_pool, engine.DB.pool = engine.DB.pool, None
    await engine.open_pool(app_url)
    instance.begin(ours)
    files.open_store(ours)
    yield ours
    await engine.close_pool()
    engine.DB.pool = others_pool
    instance.begin(settings)
    files.open_store(settings)


@pytest.fixture
async def shop(mine: Settings) -> AsyncIterator[Shop]:
    async with open_shop(mine) as opened:
        yield opened


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with MailServer() as started:
        yield started


def environment(settings: Settings, smtp_url: str, failpoint: str = "") -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "SMARTFAKTURA_DATA_DIR": str(settings.data_dir),
        "SMARTFAKTURA_DATABASE_URL": settings.database_url or "",
        "SMARTFAKTURA_MIGRATION_DATABASE_URL": settings.migration_database_url or "",
        "SMARTFAKTURA_SECRET_KEY": SECRET,
        "SMARTFAKTURA_SMTP_URL": smtp_url,
        "SMARTFAKTURA_MAIL_FROM": "SmartFaktura <faktura@smartfaktura.example>",
        "SMARTFAKTURA_FAILPOINT": failpoint,
        "SMARTFAKTURA_TESTING": "1",
    }


@asynccontextmanager
async def worker(settings: Settings, smtp_url: str, failpoint: str = "") -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker with little patience. What it says goes into `worker.log` of the data folder."""
    with (settings.data_dir / "worker.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tasks.worker", *QUICK,
            cwd=CHECKOUT, env=environment(settings, smtp_url, failpoint), stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        ended = await process.wait()
        said = (settings.data_dir / "worker.log").read_text()
        assert ended in (0, -signal.SIGKILL), f"the worker ended by itself: {said[-2000:]}"


async def until(question: Callable[[], Awaitable[Any]], seconds: float = 90) -> None:
    async with asyncio.timeout(seconds):
        while not await question():
            await asyncio.sleep(0.05)


async def is_sent(shop: Shop, invoice_id: Any) -> bool:
    return bool((await shop.message(invoice_id))["state"] == "sent")


async def has_einvoice(shop: Shop, invoice_id: Any) -> bool:
    return await einvoices.einvoice_of(shop.id, invoice_id) is not None


async def issue_to_consumer(shop: Shop) -> UUID:
    """The letter to somebody without a number waits for no e-invoice, whose rules take each worker seconds to read."""
    invoice_id = await shop.issue(to_business=False)
    async with unit_of_work(None) as work:
        await work.connection.execute(_FORGET_EINVOICE, str(invoice_id))
    return invoice_id


def ids_of(server: MailServer) -> Counter[str]:
    return Counter(str(mail.message["Message-ID"]) for mail in server.accepted)


async def test_an_issued_invoice_leaves_as_one_mail_with_its_pdf_and_is_kept_as_an_e_invoice(
    mine: Settings, shop: Shop, server: MailServer
) -> None:
    async with worker(mine, server.url) as process:
        invoice_id = await shop.issue()
        await until(lambda: is_sent(shop, invoice_id))
        await until(lambda: has_einvoice(shop, invoice_id))
        process.terminate()
        assert await process.wait() == 0
    message = await shop.message(invoice_id)
    assert ids_of(server) == {message["message_id"]: 1}
    assert await shop.delivery_state(invoice_id) == "sent"
    attached = next(server.accepted[0].message.iter_attachments())
    document = await pdf_of(shop.id, invoice_id)
    assert document is not None
    assert attached.get_content() == await files.get(shop.id, document.sha256)
    assert server.accepted[0].recipients == ["post@nordlys.example"]
    assert await shop.jobs() == []


@pytest.mark.parametrize(
    ("window", "mails", "doubt"),
    [
        ("document.rendered", 1, False),
        ("document.stored", 1, False),
        ("delivery.begun", 1, True),
        ("delivery.accepted", 2, True),
    ],
)
async def test_t04_a_worker_killed_at_a_named_moment_loses_no_mail(
    mine: Settings, shop: Shop, server: MailServer, window: str, mails: int, doubt: bool
) -> None:
    invoice_id = await issue_to_consumer(shop)
    async with worker(mine, server.url, f"{window}:kill") as process:
        assert await asyncio.wait_for(process.wait(), 90) == -signal.SIGKILL
    killed = await shop.message(invoice_id)
    assert killed["state"] == "queued"
    assert await shop.delivery_state(invoice_id) == "queued"
    async with worker(mine, server.url):
        await until(lambda: is_sent(shop, invoice_id))
    assert ids_of(server) == {killed["message_id"]: mails}
    assert (await shop.message(invoice_id))["maybe_twice"] is doubt
    document = await pdf_of(shop.id, invoice_id)
    assert document is not None
    content = await files.get(shop.id, document.sha256)
    for mail in server.accepted:
        attached = next(mail.message.iter_attachments())
        assert attached.get_content() == content


async def test_several_workers_send_each_mail_once(mine: Settings, shop: Shop, server: MailServer) -> None:
    async with worker(mine, server.url), worker(mine, server.url), worker(mine, server.url):
        invoices = [await issue_to_consumer(shop) for _ in range(12)]
        for invoice_id in invoices:
            await until(lambda invoice_id=invoice_id: is_sent(shop, invoice_id))  # type: ignore[misc]
    expected = {(await shop.message(invoice_id))["message_id"]: 1 for invoice_id in invoices}
    assert ids_of(server) == expected


async def test_a_mail_server_that_comes_back_gets_the_mail_once_and_until_then_nothing_is_called_sent(
    mine: Settings, shop: Shop
) -> None:
    port = free_port()
    async with worker(mine, f"smtp://127.0.0.1:{port}"):
        invoice_id = await issue_to_consumer(shop)

        async def was_put_off() -> bool:
            message = await shop.message(invoice_id)
            assert message["state"] == "queued"
            return bool(message["problem"] == "server_unreachable")

        await until(was_put_off)
        assert await shop.delivery_state(invoice_id) == "queued"
        async with MailServer(port=port, answers=["451 4.7.1 Greylisted"]) as server:
            await until(lambda: is_sent(shop, invoice_id))
            assert ids_of(server) == {(await shop.message(invoice_id))["message_id"]: 1}
    message = await shop.message(invoice_id)
    assert message["attempts"] >= 3
    assert message["problem"] is None


@pytest.mark.parametrize(
    ("answers", "code", "tries"),
    [
        (["550 <post@nordlys.example> is unknown"], "address_refused", 1),
        (["450 <post@nordlys.example> is full"] * 9, "server_busy", 4),
    ],
)
async def test_what_can_not_be_delivered_ends_as_failed_with_the_reason(
    mine: Settings, shop: Shop, answers: list[str], code: str, tries: int
) -> None:
    async with MailServer(recipient_answers=answers) as server, worker(mine, server.url):
        invoice_id = await issue_to_consumer(shop)

        async def has_failed() -> bool:
            return await shop.delivery_state(invoice_id) == "failed"

        await until(has_failed)
        message = await shop.message(invoice_id)
        assert message["state"] == "failed"
        assert message["attempts"] == tries
        assert Problem.parse(message["problem"]).code == code
        assert server.accepted == []


async def test_s61_a_worker_that_is_stopped_in_the_middle_hands_its_job_back(mine: Settings, shop: Shop) -> None:
    talking = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talking.set()
        await reader.read()
        writer.close()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    try:
        async with worker(mine, f"smtp://127.0.0.1:{listener.sockets[0].getsockname()[1]}") as process:
            invoice_id = await issue_to_consumer(shop)
            await asyncio.wait_for(talking.wait(), 30)
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 10) == 0
    finally:
        listener.close()
        await listener.wait_closed()
    assert "send_invoice" in [name for name, _ in await shop.jobs()]
    assert (await shop.message(invoice_id))["state"] == "queued"
    async with MailServer() as server, worker(mine, server.url):
        await until(lambda: is_sent(shop, invoice_id))
        assert sum(ids_of(server).values()) == 1


async def test_t05_a_worker_whose_connections_are_cut_comes_back_by_itself(
    mine: Settings, shop: Shop, server: MailServer, own_database: tuple[str, str]
) -> None:
    owner = await asyncpg.connect(own_database[0])
    try:
        async with worker(mine, server.url) as process:
            first = await issue_to_consumer(shop)
            await until(lambda: is_sent(shop, first))
            ours = [holder._con.get_server_pid() for holder in engine.pool()._holders if holder._con]
            await owner.execute(_CUT, ours)
            second = await issue_to_consumer(shop)
            await until(lambda: is_sent(shop, second))
            assert process.returncode is None
    finally:
        await owner.close()
    assert set(ids_of(server).values()) == {1}


async def test_s53_neither_the_log_nor_the_queue_names_anybody(
    mine: Settings, own_database: tuple[str, str], shop: Shop
) -> None:
    """After all that happened above, and once more by itself."""
    refusing = MailServer(recipient_answers=["550 <post@nordlys.example> is unknown"])
    async with refusing as server, worker(mine, server.url):
        invoice_id = await issue_to_consumer(shop)

        async def has_failed() -> bool:
            return await shop.delivery_state(invoice_id) == "failed"

        await until(has_failed)
    said = (mine.data_dir / "worker.log").read_text()
    assert '"event":"job_given_up"' in said
    owner = await asyncpg.connect(own_database[0])
    try:
        for table in ("pgqueuer", "pgqueuer_log", "pgqueuer_statistics", "pgqueuer_schedules"):
            said += str([dict(row) for row in await owner.fetch(f"select * from {table}")])
    finally:
        await owner.close()
    for word in ("nordlys", "blatind", "fjord", "Traceback"):
        assert word not in said.lower().replace("traceback_record", ""), word


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("SMARTFAKTURA_SMTP_URL", "smtp://mail.example.no:port", "SMTP_URL"),
        ("SMARTFAKTURA_MAIL_FROM", "nobody", "MAIL_FROM"),
        ("SMARTFAKTURA_DATABASE_URL", "", "DATABASE_URL"),
        ("SMARTFAKTURA_DATABASE_URL", "mysql://x", "DATABASE_URL"),
    ],
)
async def test_a_worker_that_can_not_start_says_why_in_a_sentence(
    mine: Settings, name: str, value: str, word: str
) -> None:
    env = environment(mine, "smtp://mail.example.no") | {name: value}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tasks.worker", cwd=CHECKOUT, env=env, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert word in said.decode()
    assert "Traceback" not in said.decode()


_FORGET_EINVOICE = """
delete from pgqueuer where entrypoint = 'make_einvoice' and status = 'queued'
and convert_from(payload, 'utf8')::jsonb ->> 'invoice_id' = $1
"""
_CUT = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and application_name = 'smartfaktura' and pid <> all($1::int[])
"""


async def test_a_worker_listens_before_it_tests_whether_it_is_heard(
    mine: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the other order the test of the line fails now and then, and with it the worker begins again for nothing."""
    stopping, order = Stopping(0), list[str]()
    listen, call = AsyncpgPoolDriver.add_listener, Queries.notify_health_check

    async def listens(driver: AsyncpgPoolDriver, *told: Any) -> None:
        await listen(driver, *told)
        order.append("listens")

    async def calls(queries: Queries, event: Any) -> None:
        order.append("calls")
        await call(queries, event)
        stopping.ask()

    monkeypatch.setattr(AsyncpgPoolDriver, "add_listener", listens)
    monkeypatch.setattr(Queries, "notify_health_check", calls)
    monkeypatch.setattr(worker_of_tasks, "SCHEDULE", ())
    async with open_leases(mine.database_url or "") as leases:
        await worker_of_tasks._serve(Pace(poll=0.05), stopping, Jobs({}, stopping), leases)
    assert order[0] == "listens"
    assert "calls" in order
