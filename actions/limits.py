"""How often something may be tried. Counted in the database, so that four processes together allow as much as one (S-15).

The rows name nobody: a key is an HMAC over what is counted and for whom.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from actions.clock import now
from actions.instance import secret_for, settings
from domain.accounts import email_key
from domain.sessions import network_of
from models.engine import pool

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go ahead; `left` further tries are open in this window."""

    left: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: try again after so many seconds, at least 1."""

    seconds: int


class LimitReached(Exception):
    """Tried too often; the next try is welcome after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many tries")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Delay:
    """After `free` tries each further one waits twice as long as the last, from one second up to `longest`."""

    free: int
    longest: timedelta
    memory: timedelta


# An account is never locked: a stranger who guesses can keep its owner waiting for half a minute at most.
PER_ACCOUNT = Delay(free=5, longest=timedelta(seconds=30), memory=timedelta(hours=1))
# An office may share one network, so it gets more tries; a machine that guesses soon waits a quarter of an hour.
PER_NETWORK = Delay(free=30, longest=timedelta(minutes=15), memory=timedelta(hours=1))

AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)

_COUNT = """
insert into attempt as a (key, window_ends_at, tries) values ($1, $2::timestamptz + $3::interval, 1)
on conflict (key) do update set
    tries = case when a.window_ends_at <= $2 then 1 else least(a.tries + 1, 1000000) end,
    window_ends_at = case when a.window_ends_at <= $2 then excluded.window_ends_at else a.window_ends_at end
returning tries, window_ends_at
"""


def _pause(free: str, longest: str) -> str:
    steps = f"power(2, least(a.tries - {free}, 30))"
    return f"make_interval(secs => case when a.tries < {free} then 0 else least({longest}, {steps}) end)"


# A try is counted before its outcome is known, or many at once would all pass. `window_ends_at` minus the memory is
# when the last one was. No row comes back from one that is too early, and it does not count.
_TRY = f"""
insert into attempt as a (key, window_ends_at, tries) values ($1, $2::timestamptz + $3::interval, 1)
on conflict (key) do update set
    tries = case when a.window_ends_at <= $2 then 1 else least(a.tries + 1, 1000000) end,
    window_ends_at = excluded.window_ends_at
where a.window_ends_at - $3::interval + {_pause("$4", "$5")} <= $2 or a.window_ends_at <= $2
returning tries
"""  # noqa: S608 - only constants
_FREE_AT = f"select window_ends_at - $2::interval + {_pause('$3', '$4')} from attempt a where key = $1"  # noqa: S608


async def allow(kind: str, subject: str, limit: int, window: timedelta) -> Allowed | Wait:
    """Count one try of `kind` for `subject`: at most `limit` in a window that begins with the first try."""
    moment = now()
    row = await pool().fetchrow(_COUNT, _key(kind, subject), moment, window)
    if row["tries"] <= limit:
        return Allowed(limit - row["tries"])
    return Wait(_seconds_until(row["window_ends_at"], moment))


async def require(kind: str, subject: str, limit: int, window: timedelta) -> None:
    """`allow`, or LimitReached: the answer is then the page of 429 with its Retry-After."""
    verdict = await allow(kind, subject, limit, window)
    if isinstance(verdict, Wait):
        raise LimitReached(verdict.seconds)


async def sign_in_may_try(email: str, ip: str) -> Allowed | Wait:
    """Count one attempt to sign in, by account and by network. Known and unknown addresses count alike."""
    verdict = await try_after_delay("sign-in-network", ip_prefix(ip), PER_NETWORK)
    if isinstance(verdict, Wait):
        return verdict
    return await try_after_delay("sign-in-account", email_key(email), PER_ACCOUNT)


async def sign_in_succeeded(email: str, ip: str) -> None:
    """Forget the account's failures, and take back this one try of the network, not what others there did."""
    await forget("sign-in-account", email_key(email))
    await pool().execute(
        "update attempt set tries = tries - 1 where key = $1 and tries > 0", _key("sign-in-network", ip_prefix(ip))
    )


async def try_after_delay(kind: str, subject: str, delay: Delay) -> Allowed | Wait:
    """Count one try, or say how long the pause still is. Waiting tries do not make the pause longer."""
    key, moment, longest = _key(kind, subject), now(), delay.longest.total_seconds()
    if await pool().fetchval(_TRY, key, moment, delay.memory, delay.free, longest) is not None:
        return Allowed()
    free_at = await pool().fetchval(_FREE_AT, key, delay.memory, delay.free, longest)
    return Wait(_seconds_until(free_at or moment, moment))


async def forget(kind: str, subject: str) -> None:
    """Start anew for `subject`."""
    await pool().execute("delete from attempt where key = $1", _key(kind, subject))


def client_ip(scope: Mapping[str, Any]) -> str:
    """The address of whoever asks: the peer, or what a trusted proxy says of its own peer. `` when there is none.

    Of X-Forwarded-For only the right-most address that is not itself a trusted proxy counts: anybody can write the
    ones before it. A peer without an address, on a Unix socket, is trusted when the settings list `unix`.
    """
    trusted = settings().trusted_proxies
    peer = (scope.get("client") or ("",))[0] or "unix"
    if not trusted or not _is_trusted(peer, trusted):
        return "" if peer == "unix" else peer
    said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").decode("latin-1")
    for text in reversed([part.strip() for part in said.split(",")]):
        if not text or _parsed(text) is None:
            break
        if not _is_trusted(text, trusted):
            return text
    return "" if peer == "unix" else peer


def ip_prefix(ip: str) -> str:
    """The network: /24 or /48, so that one machine with many addresses counts once. `` for what is no address."""
    return network_of(ip)


def _is_trusted(text: str, trusted: tuple[str, ...]) -> bool:
    if text == "unix":
        return "unix" in trusted
    address = _parsed(text)
    return address is not None and any(
        address in network for network in _networks(trusted) if network.version == address.version
    )


@lru_cache(maxsize=8)
def _networks(trusted: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(text, strict=False) for text in trusted if text != "unix")


def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _key(kind: str, subject: str) -> bytes:
    return hmac.digest(secret_for("limits"), f"{kind}|{subject}".encode(), hashlib.sha256)


def _seconds_until(instant: datetime, moment: datetime) -> int:
    return max(1, math.ceil((instant - moment).total_seconds()))
