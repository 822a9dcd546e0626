"""Signing in: the same answer and the same time for a wrong password and an address that nobody has (S-14)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

from actions import limits
from actions.account_tokens import hash_of
from actions.clock import now
from actions.instance import secret_for, secrets_for
from actions.limits import Wait
from actions.passwords import hash_password, verify
from actions.security_log import Client, note, note_for_address
from actions.sessions import Started, open_in, place_of
from domain.accounts import email_key
from models.queries.accounts import Credentials, credentials
from models.unit_of_work import Work, unit_of_work

PROOF = "password given"
PROOF_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Wrong:
    """Wrong password or unknown address: nobody is told which."""


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """The right password, but the address is not confirmed yet. `proof` lets the bearer ask for another letter."""

    proof: str


async def sign_in(
    address: str, password: str, client: Client, presented: str | None = None
) -> Started | Unconfirmed | Wrong | Wait:
    """Check the password and open a session with a new id. `presented` is the session cookie the browser came with.

    That session ends here whoever it belonged to. When it is the same person's, an expired one for instance, the new
    one takes over its company and the secret of its forms, so that a form left open can still be saved.
    """
    verdict = await limits.sign_in_may_try(address, client.ip)
    if isinstance(verdict, Wait):
        return verdict
    known = await credentials(email_key(address))
    checked = await verify(known.password_hash if known else "", password)
    if known is None or not checked.right:
        await _note_failure(address, client)
        return Wrong()
    if not known.is_confirmed:
        return Unconfirmed(_proof(known.person_id))
    renewed = await hash_password(password) if checked.outdated else None
    started = await _open(known, client, presented, renewed)
    await limits.sign_in_succeeded(address, client.ip)
    return started


async def _open(known: Credentials, client: Client, presented: str | None, renewed: str | None) -> Started:
    async with unit_of_work(None, known.person_id) as work:
        old = await _end_presented(work, presented)
        same = old is not None and old[0] == known.person_id
        place = await place_of(work, known.person_id, old[2]) if old and same and old[2] else None
        place = place or await place_of(work, known.person_id, None)
        if renewed is not None:
            await work.connection.execute(_RENEW, known.person_id, known.password_hash, renewed)
        await note(work, known.person_id, "signed_in", client)
        secret = old[1] if old and same else secrets.token_bytes(32)
        return await open_in(work, known.person_id, place, client, secret)


async def _end_presented(work: Work, presented: str | None) -> tuple[UUID, bytes, UUID | None] | None:
    row = await work.connection.fetchrow(_END, hash_of(presented)) if presented else None
    return None if row is None else tuple(row)


async def _note_failure(address: str, client: Client) -> None:
    async with unit_of_work(None) as work:
        # Waiting for the disk only where a row was written would tell known addresses from unknown ones.
        await work.connection.execute("set local synchronous_commit = off")
        await note_for_address(work, email_key(address), "wrong_password", client)


def _proof(person_id: UUID) -> str:
    """Says for a quarter of an hour that its bearer gave this person's password."""
    body = person_id.bytes + int(now().timestamp()).to_bytes(8, "big")
    return urlsafe_b64encode(body + _mac(body, secret_for(PROOF))).decode()


def person_of_proof(proof: str) -> UUID | None:
    """The person a proof was made for, or None when it is false or old."""
    try:
        raw = urlsafe_b64decode(proof.encode("ascii"))
    except ValueError:
        return None
    body, mac = raw[:24], raw[24:]
    if len(raw) != 56 or not any(hmac.compare_digest(mac, _mac(body, key)) for key in secrets_for(PROOF)):
        return None
    age = now().timestamp() - int.from_bytes(body[16:], "big")
    return UUID(bytes=body[:16]) if 0 <= age <= PROOF_SECONDS else None


def _mac(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, body, hashlib.sha256)


_END = "delete from session where id_hash = $1 returning person_id, csrf_secret, current_organisation_id"
_RENEW = "update person set password_hash = $3 where id = $1 and password_hash = $2"
