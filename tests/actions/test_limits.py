"""Limits are counted in the database, by everybody together (S-15)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from actions import clock, instance, limits
from actions.limits import Allowed, Delay, LimitReached, Wait
from domain.settings import Settings

pytestmark = pytest.mark.usefixtures("pool")
HOUR = timedelta(hours=1)


@pytest.fixture
def subject() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the clock of the limits."""
    beginning = clock.now()

    def move(**by: float) -> None:
        monkeypatch.setattr(limits, "now", lambda: beginning + timedelta(**by))

    move()
    return move


async def test_so_many_tries_are_allowed_and_then_one_waits(subject: str, later: Any) -> None:
    verdicts = [await limits.allow("x", subject, 3, HOUR) for _ in range(4)]
    assert verdicts == [Allowed(2), Allowed(1), Allowed(0), Wait(3600)]
    later(minutes=59, seconds=59.5)
    assert await limits.allow("x", subject, 3, HOUR) == Wait(1)


async def test_a_new_window_begins_with_the_first_try_after_the_old_one(subject: str, later: Any) -> None:
    for _ in range(9):
        await limits.allow("x", subject, 3, HOUR)
    later(hours=1)
    assert await limits.allow("x", subject, 3, HOUR) == Allowed(2)
    later(hours=1, minutes=30)
    assert await limits.allow("x", subject, 3, HOUR) == Allowed(1)


async def test_kinds_and_subjects_are_counted_apart(subject: str) -> None:
    assert await limits.allow("x", subject, 1, HOUR) == Allowed(0)
    assert await limits.allow("y", subject, 1, HOUR) == Allowed(0)
    assert await limits.allow("x", subject + "2", 1, HOUR) == Allowed(0)
    assert isinstance(await limits.allow("x", subject, 1, HOUR), Wait)


async def test_require_says_it_with_an_exception(subject: str) -> None:
    await limits.require("x", subject, 1, HOUR)
    with pytest.raises(LimitReached) as refusal:
        await limits.require("x", subject, 1, HOUR)
    assert 3590 < refusal.value.seconds <= 3600


async def test_the_row_names_nobody(subject: str, owner: asyncpg.Connection) -> None:
    await limits.allow("mail", f"{subject}@example.test", 5, HOUR)
    rows = await owner.fetch("select key::text from attempt")
    assert rows and not any(subject in row["key"] or subject.encode().hex() in row["key"] for row in rows)


async def test_many_at_once_in_one_process_are_all_counted(subject: str) -> None:
    verdicts = await asyncio.gather(*(limits.allow("x", subject, 10, HOUR) for _ in range(60)))
    assert sum(isinstance(verdict, Allowed) for verdict in verdicts) == 10


FOUR = """
import asyncio, sys
from pathlib import Path
from actions import instance, limits
from datetime import timedelta
from domain.settings import Settings
from models.engine import close_pool, open_pool

async def main() -> None:
    url, secret, subject = sys.argv[1:]
    instance.begin(Settings(data_dir=Path("/nowhere"), secret_key=secret, database_url=url))
    await open_pool(url, size=4)
    tries = [limits.allow("x", subject, 10, timedelta(hours=1)) for _ in range(25)]
    print(sum(isinstance(v, limits.Allowed) for v in await asyncio.gather(*tries)))
    await close_pool()

asyncio.run(main())
"""


async def test_s15_four_processes_together_allow_as_many_as_one(settings: Settings, subject: str) -> None:
    secret = "a secret of thirty-two characters"
    command = [sys.executable, "-c", FOUR, settings.database_url or "", secret, subject]
    root = Path(__file__).parents[2]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(4)]
    said = [await asyncio.to_thread(process.communicate) for process in processes]
    assert sum(int(out) for out, _ in said) == 10


async def test_s15_another_forwarded_address_does_not_help(settings: Settings, subject: str) -> None:
    def scope(n: int) -> dict[str, Any]:
        headers = [(b"x-forwarded-for", f"203.0.113.{n}".encode()), (b"forwarded", f"for=203.0.113.{n}".encode())]
        return {"client": ("198.51.100.7", 4000), "headers": headers}

    seen = {limits.client_ip(scope(n)) for n in range(20)}
    assert seen == {"198.51.100.7"}


DELAY = Delay(free=3, longest=timedelta(seconds=20), memory=HOUR)


async def test_after_some_free_tries_each_waits_twice_as_long(subject: str, later: Any) -> None:
    pauses, passed = [], 0.0
    for _ in range(10):
        verdict = await limits.try_after_delay("x", subject, DELAY)
        if isinstance(verdict, Wait):
            pauses.append(verdict.seconds)
            passed += verdict.seconds
            later(seconds=passed)
            assert await limits.try_after_delay("x", subject, DELAY) == Allowed()
    assert pauses == [1, 2, 4, 8, 16, 20, 20]


async def test_trying_during_the_pause_does_not_make_it_longer(subject: str, later: Any) -> None:
    for _ in range(6):
        await limits.try_after_delay("x", subject, DELAY)
    later(seconds=0.5)
    assert [await limits.try_after_delay("x", subject, DELAY) for _ in range(5)] == [Wait(1)] * 5
    later(seconds=1)
    assert await limits.try_after_delay("x", subject, DELAY) == Allowed()


async def test_a_burst_of_guesses_gets_only_the_free_tries(subject: str) -> None:
    verdicts = await asyncio.gather(*(limits.try_after_delay("x", subject, DELAY) for _ in range(50)))
    assert sum(isinstance(verdict, Allowed) for verdict in verdicts) == DELAY.free


async def test_what_is_long_ago_is_forgotten(subject: str, later: Any) -> None:
    for _ in range(5):
        await limits.try_after_delay("x", subject, DELAY)
    later(hours=1, seconds=1)
    assert [await limits.try_after_delay("x", subject, DELAY) for _ in range(3)] == [Allowed()] * 3


async def test_an_account_waits_half_a_minute_at_most_whoever_guesses(subject: str, later: Any) -> None:
    waits, passed = [], 0.0
    for n in range(30):
        verdict = await limits.sign_in_may_try(f"{subject}@example.test", f"198.51.{n}.1")
        if isinstance(verdict, Wait):
            waits.append(verdict.seconds)
            passed += verdict.seconds
            later(seconds=passed)
    assert max(waits) == 30


async def test_s14_an_unknown_address_waits_like_a_known_one_and_case_does_not_matter(subject: str) -> None:
    for name in (subject, subject.upper(), subject.title(), subject, subject):
        assert await limits.sign_in_may_try(f"{name}@example.test", "192.0.2.1") == Allowed()
    assert isinstance(await limits.sign_in_may_try(f"{subject}@example.test", "203.0.113.9"), Wait)


async def test_signing_in_forgets_the_accounts_failures_and_only_this_try_of_the_network(subject: str) -> None:
    network = f"2001:db8:{subject[:4]}::1"
    email = f"{subject}@example.test"
    for _ in range(4):
        await limits.sign_in_may_try(email, network)
    await limits.sign_in_succeeded(email, network)
    for _ in range(5):
        assert await limits.sign_in_may_try(email, network) == Allowed()
    for n in range(limits.PER_NETWORK.free - 3 - 5):
        assert await limits.sign_in_may_try(f"{n}{email}", network) == Allowed()
    assert isinstance(await limits.sign_in_may_try(f"last{email}", network), Wait)


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Any:
    def trust(*proxies: str) -> None:
        monkeypatch.setattr(instance, "_settings", replace(settings, trusted_proxies=proxies))

    return trust


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.2", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.2", "1.1.1.1, 203.0.113.5", "203.0.113.5"),
        ("10.0.0.2", "203.0.113.5, 10.0.0.9", "203.0.113.5"),
        ("10.0.0.2", "203.0.113.5,10.0.0.9 , 10.0.0.8", "203.0.113.5"),
        ("10.0.0.2", "2001:db8::1", "2001:db8::1"),
        ("::ffff:10.0.0.2", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.2", "nonsense", "10.0.0.2"),
        ("10.0.0.2", "203.0.113.5, nonsense", "10.0.0.2"),
        ("10.0.0.2", "203.0.113.5:4711", "10.0.0.2"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "10.0.0.3", "10.0.0.2"),
        ("192.0.2.1", "203.0.113.5", "192.0.2.1"),
        ("", "203.0.113.5", "203.0.113.5"),
    ],
)
def test_behind_trusted_proxies_the_last_stranger_is_who_asks(
    trusting: Any, peer: str, forwarded: str, address: str
) -> None:
    trusting("10.0.0.0/24", "unix")
    scope = {"client": (peer, 1) if peer else None, "headers": [(b"x-forwarded-for", forwarded.encode())]}
    assert limits.client_ip(scope) == address


def test_without_an_address_and_without_trust_there_is_none(trusting: Any) -> None:
    trusting()
    assert limits.client_ip({"client": None, "headers": [(b"x-forwarded-for", b"203.0.113.5")]}) == ""


def test_a_network_counts_once() -> None:
    assert limits.ip_prefix("203.0.113.5") == limits.ip_prefix("203.0.113.250") == "203.0.113.0/24"
    assert limits.ip_prefix("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert limits.ip_prefix("") == ""
