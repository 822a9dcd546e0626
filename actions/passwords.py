"""Hashing and checking passwords without stopping anybody else.

argon2id with 19 MiB, two passes, one lane (OWASP's equal-strength minimum). Each hash holds a core and its memory, so a
few threads do them and the rest wait in line: many sign-ins at once are slow for those who sign in, for nobody else.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
THREADS = 2
# No password at all: what an account has while two sign-ups for one unconfirmed address contradict each other.
UNUSABLE = ""

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Was it the right password, and is its hash of older parameters and to be made anew?"""

    right: bool
    outdated: bool = False


async def hash_password(password: str) -> str:
    """The argon2id hash of `password`, taken exactly as it was received (ASVS 6.2.8)."""
    return await asyncio.get_running_loop().run_in_executor(_threads, HASHER.hash, _bytes(password))


async def verify(password_hash: str, password: str) -> Verdict:
    """Check `password`. An empty or foreign hash takes the same time as a real one and is never right (S-14)."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, password_hash, _bytes(password))


def _verify(password_hash: str, password: bytes) -> Verdict:
    try:
        HASHER.verify(password_hash or _dummy(), password)
    except (VerificationError, InvalidHashError):
        return Verdict(right=False)
    return Verdict(right=bool(password_hash), outdated=HASHER.check_needs_rehash(password_hash or _dummy()))


@cache
def _dummy() -> str:
    """What the passwords of unknown accounts are compared with."""
    return HASHER.hash(b"nobody has this password")


def _bytes(password: str) -> bytes:
    # A lone surrogate can be no part of a saved password, but asking must not be an error.
    return password.encode("utf-8", "surrogatepass")
