from __future__ import annotations

import asyncio
import threading
from typing import Literal

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


async def test_many_sign_ins_at_once_hold_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """S-09: hashing happens beside the event loop, and only a few hashes at a time take memory."""
    now, most, threads, counting = 0, 0, set(), threading.Lock()

    class Watched(PasswordHasher):
        def verify(self, password_hash: str | bytes, password: str | bytes) -> Literal[True]:
            nonlocal now, most
            with counting:
                now, most = now + 1, max(most, now + 1)
                threads.add(threading.get_ident())
            try:
                return super().verify(password_hash, password)
            finally:
                with counting:
                    now -= 1

    kept = await hash_password("blå hest på taket")
    monkeypatch.setattr(passwords, "HASHER", Watched(time_cost=2, memory_cost=19456, parallelism=1))
    tries = [asyncio.create_task(verify(kept, "wrong password")) for _ in range(12)]
    turns = 0
    while not all(task.done() for task in tries):
        turns += 1
        await asyncio.sleep(0.001)
    assert turns > 10, "the loop went on while they were checked"
    assert threading.get_ident() not in threads
    assert 1 <= most <= passwords.THREADS <= 4
