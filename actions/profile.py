"""What a person changes about their own account. What matters most asks for the password again (ASVS 7.5.1)."""

from __future__ import annotations

from uuid import UUID

from actions import corrections, limits
from actions.account_letters import ask_for_letter
from actions.limits import PER_ACCOUNT, Wait
from actions.passwords import hash_password, verify
from actions.requests import exercise
from actions.security_log import Client, note
from actions.sessions import Started, end_others_in, rotate
from actions.sign_in import Wrong
from domain.accounts import Asked
from domain.privacy.requests import Kind
from models.queries.accounts import credentials_of
from models.unit_of_work import unit_of_work


async def rename(person_id: UUID, name: str, language: str) -> None:
    """Change the name and the language of the pages. A new name is a correction (GDPR Art. 16), and kept as one."""
    async with unit_of_work(None, person_id) as work:
        before = await work.connection.fetchrow(_RENAME, person_id, name, language)
        await corrections.note_own(work, person_id, before, {"name": name, "language": language})
        if before["name"] != name:
            await exercise(work, kind=Kind.CORRECTION, person_id=person_id, subject="name")


async def change_password(
    person_id: UUID, session: bytes, current: str, wanted: str, client: Client
) -> Started | Wait | Wrong:
    """Set a new password when `current` is the old one. Other sessions end, this one goes on with a new id."""
    refusal = await _check(person_id, current)
    if refusal is not None:
        return refusal
    password_hash = await hash_password(wanted)
    async with unit_of_work(None, person_id) as work:
        person = await work.connection.fetchrow(_PASSWORD, person_id, password_hash)
        await work.connection.execute("delete from account_token where person_id = $1", person_id)
        await end_others_in(work, person_id, session)
        await ask_for_letter(work, Asked.PASSWORD_CHANGED, person["email"], person["language"], person_id)
        await note(work, person_id, "password_changed", client)
        return await rotate(work, session, authenticated=True)


async def ask_for_email_change(
    person_id: UUID, session: bytes, password: str, new_email: str, language: str, client: Client
) -> Started | Wait | Wrong:
    """Send a link to the new address; it counts only when the link is used.

    Whether another account has the address is not told here: then the link does not work.
    """
    refusal = await _check(person_id, password)
    if refusal is not None:
        return refusal
    await limits.require("email-change", str(person_id), 5, limits.PER_ACCOUNT.memory)
    async with unit_of_work(None, person_id) as work:
        await ask_for_letter(work, Asked.CHANGE_EMAIL, new_email, language, person_id)
        await note(work, person_id, "email_change_asked", client)
        return await rotate(work, session, authenticated=True)


async def prove(person_id: UUID, session: bytes, password: str) -> Started | Wait | Wrong:
    """Give the password again, for what asks for it fresh. The session goes on with a new id."""
    refusal = await _check(person_id, password)
    if refusal is not None:
        return refusal
    async with unit_of_work(None, person_id) as work:
        return await rotate(work, session, authenticated=True)


async def _check(person_id: UUID, password: str) -> Wait | Wrong | None:
    """None when it is the person's password; guessing is slowed down as at sign-in."""
    verdict = await limits.try_after_delay("password-check", str(person_id), PER_ACCOUNT)
    if isinstance(verdict, Wait):
        return verdict
    known = await credentials_of(person_id)
    if not (await verify(known.password_hash if known else "", password)).right:
        return Wrong()
    await limits.forget("password-check", str(person_id))
    return None


_RENAME = """
update person p set name = $2, language = $3 from (
    select id, name, language from person where id = $1 for update
) before
where p.id = before.id returning before.name, before.language
"""
_PASSWORD = "update person set password_hash = $2 where id = $1 returning email, language"
