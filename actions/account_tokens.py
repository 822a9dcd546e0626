"""Secrets that are mailed to prove an address: 256 bits, used once, of which only the SHA-256 is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta
from uuid import UUID

from actions.clock import now
from domain.accounts import Purpose
from domain.sessions import CONFIRM_LINK, RESET_LINK
from models.queries.accounts import TokenView, living_token
from models.unit_of_work import Work

LIVES: dict[Purpose, timedelta] = {
    Purpose.CONFIRM_EMAIL: CONFIRM_LINK,
    Purpose.CHANGE_EMAIL: CONFIRM_LINK,
    Purpose.RESET_PASSWORD: RESET_LINK,
}
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_secret() -> str:
    """256 random bits, safe in an address and in a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes | None:
    """What is stored of a secret; None for what can not be one."""
    return hashlib.sha256(secret.encode()).digest() if _TOKEN.fullmatch(secret) else None


async def make_token(work: Work, person_id: UUID, purpose: Purpose, email: str | None = None) -> str:
    """A new token in this unit of work. Those made before for the same purpose work no longer."""
    token, moment = new_secret(), now()
    await work.connection.execute(_FORGET, person_id, purpose.value)
    await work.connection.execute(
        _KEEP, hash_of(token), person_id, purpose.value, email, moment, moment + LIVES[purpose]
    )
    return token


async def look_at(token: str, *purposes: Purpose) -> TokenView | None:
    """What the token is for, without using it up: mail scanners open links too."""
    token_hash = hash_of(token)
    if token_hash is None:
        return None
    return await living_token(token_hash, tuple(purpose.value for purpose in purposes), now())


async def use(work: Work, token: str, *purposes: Purpose) -> tuple[UUID, str | None] | None:
    """Use the token up: the person it belongs to and the address it proves, or None when it does not work (S-16).

    The row stays locked until the unit of work ends, so of two clicks at once one wins.
    """
    row = await work.connection.fetchrow(_USE, hash_of(token), [purpose.value for purpose in purposes], now())
    return None if row is None else (row["person_id"], row["email"])


_FORGET = "delete from account_token where person_id = $1 and purpose = $2"
_KEEP = (
    "insert into account_token (token_hash, person_id, purpose, email, created_at, expires_at) "
    "values ($1, $2, $3, $4, $5, $6)"
)
_USE = """
update account_token set used_at = $3
where token_hash = $1 and purpose = any($2) and used_at is null and expires_at > $3
returning person_id, email
"""
