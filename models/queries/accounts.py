"""People, their sessions and what happened to their accounts.

Raw SQL outside any transaction: one statement each, on tables without a tenant. The session is the hottest query of
the app: it is asked on every request that carries a cookie.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.privacy.objection import Interest
from domain.sessions import ABSOLUTE, IDLE
from models.engine import pool
from models.restriction import NOT_WANTED


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is alive, with its person."""

    person_id: UUID
    name: str
    email: str
    language: str
    organisation_id: UUID | None
    organisation_name: str | None
    role: str | None
    csrf_secret: bytes
    last_seen_at: datetime
    authenticated_at: datetime
    policies_read_until: date
    # Answers to what is optional, and an objection to improving the app by it; read only where something is.
    consents: str | None = None
    objects: bool = False
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in is checked against."""

    person_id: UUID
    name: str
    email: str
    password_hash: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class SessionView:
    """One line in the list of a person's sessions. `handle` names it without being its id or its hash."""

    handle: str
    browser: str
    ip_prefix: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """One thing that happened to an account."""

    kind: str
    at: datetime
    browser: str
    ip_prefix: str


@dataclass(frozen=True, slots=True)
class TokenView:
    """A mailed link that still works."""

    purpose: str
    person_id: UUID
    name: str
    person_email: str
    email: str | None


async def open_session(id_hash: bytes, now: datetime, with_consents: bool = False) -> OpenSession | None:
    """The living session with this hash, or None."""
    statement = _OPEN_SESSION_WITH_CONSENTS if with_consents else _OPEN_SESSION
    row = await pool().fetchrow(statement, id_hash, now - ABSOLUTE, now - IDLE)
    return None if row is None else OpenSession(**row)


async def seen(id_hash: bytes, now: datetime) -> None:
    """Note the session's last use."""
    await pool().execute("update session set last_seen_at = $2 where id_hash = $1", id_hash, now)


async def credentials(email_key: str) -> Credentials | None:
    """The account with this address, or None."""
    row = await pool().fetchrow(_CREDENTIALS + "where email_key = $1", email_key)
    return None if row is None else Credentials(**row)


async def credentials_of(person_id: UUID) -> Credentials | None:
    """The account of a signed-in person."""
    row = await pool().fetchrow(_CREDENTIALS + "where id = $1", person_id)
    return None if row is None else Credentials(**row)


async def sessions_of(person_id: UUID, current: bytes, now: datetime) -> list[SessionView]:
    """The living sessions of a person, this one first, then by last use."""
    rows = await pool().fetch(_SESSIONS, person_id, current, now - ABSOLUTE, now - IDLE)
    return [SessionView(**row) for row in rows]


async def events_of(person_id: UUID, most: int = 20) -> list[EventView]:
    """What happened to the account lately, newest first."""
    rows = await pool().fetch(_EVENTS, person_id, most)
    return [EventView(**row) for row in rows]


async def living_token(token_hash: bytes, purposes: tuple[str, ...], now: datetime) -> TokenView | None:
    """The token with this hash when it is unused, in time and for one of these purposes."""
    row: Any = await pool().fetchrow(_TOKEN, token_hash, list(purposes), now)
    return None if row is None else TokenView(**row)


_OPEN_SESSION = """
select s.person_id, p.name, p.email, p.language, s.current_organisation_id as organisation_id,
       case when s.current_organisation_id is not null then s.organisation_name end as organisation_name,
       s.role, s.csrf_secret, s.last_seen_at, s.authenticated_at,
       coalesce(p.policies_read_until, p.created_at::date) as policies_read_until, p.closes_at
from session s join person p on p.id = s.person_id
where s.id_hash = $1 and s.created_at > $2 and s.last_seen_at > $3
"""
_OBJECTS = NOT_WANTED.format(person="s.person_id", purpose=f"'{Interest.IMPROVEMENT}'")
_OPEN_SESSION_WITH_CONSENTS = _OPEN_SESSION.replace(
    "select s.person_id", f"select p.consents, ({_OBJECTS}) as objects, s.person_id"
)
_CREDENTIALS = (
    "select id as person_id, name, email, password_hash, email_confirmed_at is not null as is_confirmed from person "
)
_SESSIONS = """
select encode(sha256(id_hash), 'hex') as handle, browser, ip_prefix, created_at, last_seen_at,
       id_hash = $2 as is_current
from session where person_id = $1 and created_at > $3 and last_seen_at > $4
order by id_hash = $2 desc, last_seen_at desc
"""
_EVENTS = (
    "select kind, at, browser, ip_prefix from security_event where person_id = $1 order by at desc, id desc limit $2"
)
_TOKEN = """
select t.purpose, t.person_id, p.name, p.email as person_email, t.email
from account_token t join person p on p.id = t.person_id
where t.token_hash = $1 and t.purpose = any($2) and t.used_at is null and t.expires_at > $3
"""
