from __future__ import annotations

import asyncio
import time

import pytest
from argon2 import PasswordHasher

from actions import passwords
from actions.passwords import UNUSABLE, hash_password, verify


async def test_a_password_is_kept_as_argon2id_with_the_documented_strength() -> None:
    """S-09."""
    assert (await hash_password("blå hest på taket")).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    "password", ["🐎" * 64, "x" * 128, " surrounded ", "pbkdf2_sha256$1$a$b", "a\ufffdb\u0000c", "\ud83d"]
)
async def test_a_password_is_taken_exactly_as_typed(password: str) -> None:
    """S-09: emoji, spaces, and what looks like a hash are only passwords."""
    kept = await hash_password(password)
    assert kept.startswith("$argon2id$")
    assert (await verify(kept, password)).right
    assert not (await verify(kept, password + " ")).right
    assert not (await verify(kept, kept)).right


@pytest.mark.parametrize("kept", [UNUSABLE, "pbkdf2_sha256$1$a$b", "$argon2id$nonsense"])
async def test_an_account_without_a_usable_hash_lets_nobody_in(kept: str) -> None:
    assert not (await verify(kept, "")).right
    assert not (await verify(kept, "nobody has this password")).right


async def test_a_hash_of_older_parameters_is_right_and_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("blå hest på taket")
    verdict = await verify(weak, "blå hest på taket")
    assert verdict.right and verdict.outdated
    strong = await verify(await hash_password("blå hest på taket"), "blå hest på taket")
    assert strong.right and not strong.outdated


async def test_many_sign_ins_at_once_do_not_hold_up_anybody_else() -> None:
    """S-09: the event loop stays free, and at most a few hashes are worked on at a time."""
    kept = await hash_password("blå hest på taket")
    tries = [asyncio.create_task(verify(kept, "wrong password")) for _ in range(12)]
    longest = 0.0
    while not all(task.done() for task in tries):
        before = time.perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, time.perf_counter() - before)
        await asyncio.sleep(0.001)
    assert longest < 0.1
    assert passwords._threads._max_workers == passwords.THREADS <= 4
