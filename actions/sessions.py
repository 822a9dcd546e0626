"""Sessions: opened at sign-in, found again on each request, moved to a new id, ended.

The cookie holds 256 random bits, the row only their SHA-256. An id that the table does not know is never adopted
(S-03); whenever rights change the id changes, and the old one is dead at once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

from actions.account_tokens import hash_of, new_secret
from actions.clock import now
from actions.instance import secret_for, secrets_for, settings
from actions.outcomes import SessionOver
from actions.security_log import Client, note
from domain.access import Role
from domain.cookies import SESSION, cookie_name
from domain.sessions import SEEN_EVERY
from models.queries.accounts import OpenSession, open_session, seen
from models.unit_of_work import Work, unit_of_work

_HANDLE = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Started:
    """A session just opened: what the browser gets to keep, and the token its forms carry."""

    cookie_name: str
    cookie_value: str
    csrf_token: str


@dataclass(frozen=True, slots=True)
class Place:
    """The company that a session acts for, and in which role."""

    organisation_id: UUID
    organisation_name: str
    role: Role


async def resume(cookie_value: str) -> tuple[bytes, OpenSession] | None:
    """The living session of this cookie and its hash: one query. None for an unknown, ended or expired one."""
    id_hash = hash_of(cookie_value)
    if id_hash is None:
        return None
    moment = now()
    found = await open_session(id_hash, moment, settings().has_optional)
    if found is None:
        return None
    if moment - found.last_seen_at >= SEEN_EVERY:
        await seen(id_hash, moment)
    return id_hash, found


async def start_session(
    person_id: UUID, organisation_id: UUID | None, role: Role | None, *, ip: str, browser: str
) -> Started:
    """Open a session for a person whose identity is certain, in a company that they are a member of."""
    client = Client(ip, browser)
    async with unit_of_work(organisation_id, person_id) as work:
        place = await place_of(work, person_id, organisation_id) if organisation_id else None
        assert place is None or place.role == role, "the role of a session is the role of its membership"
        return await open_in(work, person_id, place, client, secrets.token_bytes(32))


async def open_in(work: Work, person_id: UUID, place: Place | None, client: Client, csrf_secret: bytes) -> Started:
    """Open a session in this unit of work."""
    cookie_value, moment = new_secret(), now()
    await work.connection.execute(
        _OPEN, hash_of(cookie_value), person_id, place and place.organisation_id, place and place.role.value,
        place and place.organisation_name, csrf_secret, moment, client.network, client.browser,
    )  # fmt: skip
    return Started(cookie_name(SESSION, settings().uses_https), cookie_value, csrf_token(csrf_secret))


async def rotate(work: Work, id_hash: bytes, place: Place | None = None, *, authenticated: bool = False) -> Started:
    """Give a session a new id and a new token for its forms, in this unit of work; the old id is dead with its COMMIT.

    With `place` it moves to another company: a form opened for the old one is then refused. `authenticated` notes that
    the password was given just now. Raises SessionOver for one that is gone: whoever presses twice at once is served
    once, and the second answer brings no cookie that opens nothing.
    """
    cookie_value, csrf_secret = new_secret(), secrets.token_bytes(32)
    is_alive = await work.connection.fetchval(
        _ROTATE, id_hash, hash_of(cookie_value), csrf_secret, place and place.organisation_id,
        place and place.role.value, place and place.organisation_name, now() if authenticated else None,
    )  # fmt: skip
    if not is_alive:
        raise SessionOver
    return Started(cookie_name(SESSION, settings().uses_https), cookie_value, csrf_token(csrf_secret))


async def select_company(person_id: UUID, id_hash: bytes, organisation_id: UUID) -> Started | None:
    """Let the session act for another company of this person; None when it is not one of theirs."""
    async with unit_of_work(None, person_id) as work:
        place = await place_of(work, person_id, organisation_id)
        return None if place is None else await rotate(work, id_hash, place)


async def sign_out(person_id: UUID, id_hash: bytes, client: Client) -> None:
    """End this session: its row is gone, so a copy of the cookie is worth nothing (S-04)."""
    async with unit_of_work(None, person_id) as work:
        await work.connection.execute("delete from session where id_hash = $1", id_hash)
        await note(work, person_id, "signed_out", client)


async def end_one(person_id: UUID, handle: str, client: Client) -> bool:
    """End one of the person's sessions by its handle in the list; False when there is none (S-05)."""
    if not _HANDLE.fullmatch(handle):
        return False
    async with unit_of_work(None, person_id) as work:
        ended = await work.connection.fetchval(_END_ONE, person_id, handle)
        if ended:
            await note(work, person_id, "session_ended", client)
    return bool(ended)


async def end_others(person_id: UUID, current: bytes, client: Client) -> None:
    """End all sessions of the person but this one."""
    async with unit_of_work(None, person_id) as work:
        await end_others_in(work, person_id, current)
        await note(work, person_id, "sessions_ended", client)


async def end_others_in(work: Work, person_id: UUID, current: bytes | None) -> None:
    """End all sessions of the person, but for `current`, in this unit of work."""
    await work.connection.execute(
        "delete from session where person_id = $1 and id_hash is distinct from $2", person_id, current
    )


async def place_of(work: Work, person_id: UUID, organisation_id: UUID | None) -> Place | None:
    """The person's place in this company; without one named, in the company used last, else the first they joined.

    The unit of work must be opened for the person. None when there is no such company.
    """
    row = await work.connection.fetchrow(_PLACE, person_id, organisation_id)
    return None if row is None else Place(row["organisation_id"], row["name"], Role(row["role"]))


def csrf_token(csrf_secret: bytes) -> str:
    """The token for forms of the session that holds `csrf_secret`: masked, so that it is never twice the same text.

    A page's length after compression then tells nothing of it.
    """
    mask = secrets.token_bytes(32)
    return urlsafe_b64encode(mask + _xor(mask, _bound(csrf_secret, secret_for("csrf")))).rstrip(b"=").decode()


def is_csrf_token(token: str, csrf_secret: bytes) -> bool:
    """Was `token` made for the session that holds `csrf_secret`?"""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"==")
    except ValueError:
        return False
    if len(raw) != 64:
        return False
    bound = _xor(raw[:32], raw[32:])
    return any(hmac.compare_digest(bound, _bound(csrf_secret, key)) for key in secrets_for("csrf"))


def _bound(csrf_secret: bytes, key: bytes) -> bytes:
    return hmac.digest(key, csrf_secret, hashlib.sha256)


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(32, "big")


_OPEN = """
insert into session (id_hash, person_id, current_organisation_id, role, organisation_name, csrf_secret, created_at,
                     last_seen_at, authenticated_at, ip_prefix, browser)
values ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8, $9)
"""
_ROTATE = """
update session set id_hash = $2, csrf_secret = $3,
    current_organisation_id = coalesce($4, current_organisation_id), role = coalesce($5, role),
    organisation_name = coalesce($6, organisation_name), authenticated_at = coalesce($7, authenticated_at)
where id_hash = $1 returning true
"""
_END_ONE = """
with ended as (delete from session where person_id = $1 and encode(sha256(id_hash), 'hex') = $2 returning 1)
select exists (select from ended)
"""
_PLACE = """
select m.organisation_id, m.role, o.name
from membership m join organisation o on o.id = m.organisation_id
left join lateral (
    select max(s.last_seen_at) as at from session s
    where s.person_id = m.person_id and s.current_organisation_id = m.organisation_id
) used on true
where m.person_id = $1 and ($2::uuid is null or m.organisation_id = $2) and o.closes_at is null
order by used.at desc nulls last, m.created_at, m.organisation_id limit 1
"""
