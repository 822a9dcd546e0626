"""Making an account, confirming its address, and coming back to it without the password.

Whether an address has an account is told to its mailbox only: page, answer and time are the same either way (S-14).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from actions import corrections, limits
from actions.account_letters import ask_for_letter, prepare_account_message
from actions.account_tokens import look_at, use
from actions.clock import now
from actions.passwords import UNUSABLE, hash_password, verify
from actions.policies import note_sign_up
from actions.requests import exercise
from actions.security_log import Client, note
from actions.sessions import end_others_in
from actions.sign_in import person_of_proof
from domain.accounts import Asked, Purpose, email_key
from domain.privacy.requests import Kind
from models.ids import new_id
from models.queries.accounts import Credentials, TokenView, credentials, credentials_of
from models.unit_of_work import Work, unit_of_work

__all__ = [
    "NewAccount",
    "ask_for_confirmation",
    "ask_for_reset",
    "confirm",
    "link_to_confirm",
    "link_to_reset",
    "prepare_account_message",
    "reset_password",
    "sign_up",
]

HOUR = timedelta(hours=1)
# An office may share a network; a mailbox needs only a few letters, and more would be a nuisance in our name.
PER_NETWORK, PER_MAILBOX = 20, 4


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a sign-up says, checked."""

    name: str
    email: str
    password: str
    language: str


async def sign_up(wanted: NewAccount, client: Client) -> None:
    """Make an account that waits for its address to be confirmed, and ask for the letter.

    An address that is confirmed keeps its account: its owner gets a letter saying so. One that is not, signed up again
    with another password, loses its password until its mailbox chooses one (domain.accounts.answer_to). Raises
    LimitReached for a network that signs up all the time.
    """
    await limits.require("sign-up", limits.ip_prefix(client.ip), PER_NETWORK, HOUR)
    sends = await _may_get_letter("sign-up", wanted.email)
    password_hash = await hash_password(wanted.password)
    for _ in range(2):
        known = await credentials(email_key(wanted.email))
        # Asked for unknown addresses too, against nothing, so that it takes the same time.
        same = await verify(known.password_hash if known else UNUSABLE, wanted.password)
        if await _register(wanted, password_hash, known, same.right, sends):
            return


async def _register(
    wanted: NewAccount, password_hash: str, known: Credentials | None, same: bool, sends: bool
) -> bool:
    """False when somebody took the address since it was looked up: then it must be looked at again."""
    async with unit_of_work(None) as work:
        person_id = new_id() if known is None else known.person_id
        added = await work.connection.fetchval(
            _ADD, person_id, wanted.name, wanted.email, email_key(wanted.email), password_hash, wanted.language, now()
        )
        if known is None and not added:
            return False
        if added:
            await note_sign_up(work, person_id, wanted.language)
        if known is not None and not same:
            await work.connection.execute(_CONTEST, person_id)
        if sends:
            await ask_for_letter(work, Asked.SIGN_UP, wanted.email, wanted.language)
    return True


async def ask_for_confirmation(proof: str, language: str) -> None:
    """Another letter with the link, for somebody who just gave the right password. Nothing for a false proof."""
    person_id = person_of_proof(proof)
    known = await credentials_of(person_id) if person_id else None
    if known is not None and await _may_get_letter("confirm", known.email):
        async with unit_of_work(None) as work:
            await ask_for_letter(work, Asked.CONFIRM_EMAIL, known.email, language, known.person_id)


async def ask_for_reset(email: str, language: str, client: Client) -> None:
    """A letter with a link to a new password, if the address has an account. Raises LimitReached."""
    await limits.require("forgot", limits.ip_prefix(client.ip), PER_NETWORK, HOUR)
    if await _may_get_letter("forgot", email):
        async with unit_of_work(None) as work:
            await ask_for_letter(work, Asked.RESET_PASSWORD, email, language)


async def _may_get_letter(kind: str, email: str) -> bool:
    """Beyond a few an hour nothing more is sent. The page says the same: those before are in the mailbox."""
    verdict = await limits.allow(f"{kind}-letter", email_key(email), PER_MAILBOX, HOUR)
    return isinstance(verdict, limits.Allowed)


async def link_to_confirm(token: str) -> TokenView | None:
    """Does this link still confirm an address? Looking uses nothing up."""
    return await look_at(token, Purpose.CONFIRM_EMAIL, Purpose.CHANGE_EMAIL)


async def link_to_reset(token: str) -> TokenView | None:
    """Does this link still lead to a new password?"""
    return await look_at(token, Purpose.RESET_PASSWORD)


async def confirm(token: str, client: Client) -> Purpose | None:
    """Confirm the address that the token proves, once. None for a link that does not work, or whose address was taken
    by another account meanwhile."""
    try:
        async with unit_of_work(None) as work:
            proven = await use(work, token, Purpose.CONFIRM_EMAIL, Purpose.CHANGE_EMAIL)
            if proven is None:
                return None
            person_id, new_email = proven
            if new_email is None:
                await _confirm_address(work, person_id, client)
                return Purpose.CONFIRM_EMAIL
            await _change_address(work, person_id, new_email, client)
            return Purpose.CHANGE_EMAIL
    except asyncpg.UniqueViolationError:
        return None


async def _confirm_address(work: Work, person_id: UUID, client: Client) -> None:
    await work.connection.execute(_CONFIRM, person_id, now())
    await note(work, person_id, "email_confirmed", client)


async def _change_address(work: Work, person_id: UUID, new_email: str, client: Client) -> None:
    """The new address counts, the old one is told, and every session ends: who comes in from now on knows it (S-13)."""
    old = await work.connection.fetchrow("select email, language from person where id = $1 for update", person_id)
    await work.connection.execute(_CHANGE_EMAIL, person_id, new_email, email_key(new_email))
    await corrections.note_own(work, person_id, {"email": old["email"]}, {"email": new_email})
    await work.connection.execute("delete from account_token where person_id = $1", person_id)
    await end_others_in(work, person_id, None)
    await ask_for_letter(work, Asked.EMAIL_CHANGED, old["email"], old["language"], person_id)
    await note(work, person_id, "email_changed", client)
    await exercise(work, kind=Kind.CORRECTION, person_id=person_id, subject="email")


async def reset_password(token: str, password: str, client: Client) -> bool:
    """Set a new password by a mailed link, once. All sessions end (S-05), and the address counts as confirmed."""
    if await link_to_reset(token) is None:
        return False
    password_hash = await hash_password(password)
    async with unit_of_work(None) as work:
        proven = await use(work, token, Purpose.RESET_PASSWORD)
        if proven is None:
            return False
        person = await work.connection.fetchrow(_RESET, proven[0], password_hash, now())
        await work.connection.execute("delete from account_token where person_id = $1", proven[0])
        await end_others_in(work, proven[0], None)
        await ask_for_letter(work, Asked.PASSWORD_CHANGED, person["email"], person["language"], proven[0])
        await note(work, proven[0], "password_reset", client)
    await limits.forget("sign-in-account", email_key(person["email"]))
    return True


_ADD = """
insert into person (id, name, email, email_key, password_hash, language, created_at)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning true
"""
_CONTEST = "update person set password_hash = '' where id = $1 and email_confirmed_at is null"
_CONFIRM = "update person set email_confirmed_at = $2 where id = $1 and email_confirmed_at is null"
_CHANGE_EMAIL = "update person set email = $2, email_key = $3 where id = $1"
_RESET = """
update person set password_hash = $2, email_confirmed_at = coalesce(email_confirmed_at, $3)
where id = $1 returning email, language
"""
