from __future__ import annotations

from uuid import UUID

import pytest

from actions import accounts, profile
from actions.account_tokens import hash_of
from actions.limits import Wait
from actions.sessions import Started, resume, start_session
from actions.sign_in import Wrong, sign_in
from domain.accounts import Purpose
from models.ids import new_id
from models.queries.accounts import credentials_of
from tests.people import GOOD_PASSWORD, letters_asked, link_to, newest_letter, somewhere, token_in
from tests.world import PASSWORD, World


async def at_home(world: World) -> tuple[UUID, str, Started, bytes]:
    person_id, email = await world.person()
    started = await start_session(person_id, None, None, ip="", browser="")
    id_hash = hash_of(started.cookie_value)
    assert id_hash is not None
    return person_id, email, started, id_hash


async def test_name_and_language_are_ones_own(world: World) -> None:
    person_id, _ = await world.person()
    await profile.rename(person_id, "Kari Hansen", "nb")
    found = await credentials_of(person_id)
    assert found is not None and found.name == "Kari Hansen"


async def test_a_new_password_ends_the_other_sessions_and_renews_this_one(world: World) -> None:
    person_id, email, here, id_hash = await at_home(world)
    there = await start_session(person_id, None, None, ip="", browser="")
    done = await profile.change_password(person_id, id_hash, PASSWORD, GOOD_PASSWORD, somewhere())
    assert isinstance(done, Started)
    assert [await resume(old.cookie_value) for old in (here, there)] == [None, None]
    assert await resume(done.cookie_value) is not None
    assert await letters_asked(email) == ["password_changed"]
    assert isinstance(await sign_in(email, GOOD_PASSWORD, somewhere()), Started)
    assert isinstance(await sign_in(email, PASSWORD, somewhere()), Wrong)


async def test_a_new_password_makes_earlier_links_worthless(world: World) -> None:
    person_id, email, _, id_hash = await at_home(world)
    await accounts.ask_for_reset(email, "en", somewhere())
    token = token_in(await link_to(email))
    await profile.change_password(person_id, id_hash, PASSWORD, GOOD_PASSWORD, somewhere())
    assert await accounts.link_to_reset(token) is None


async def test_without_the_present_password_nothing_changes(world: World) -> None:
    person_id, email, here, id_hash = await at_home(world)
    tried = await profile.change_password(person_id, id_hash, "wrong", GOOD_PASSWORD, somewhere())
    asked = await profile.ask_for_email_change(
        person_id, id_hash, "wrong", "x@example.test", "en", somewhere()
    )  # fmt: skip
    assert isinstance(tried, Wrong) and isinstance(asked, Wrong)
    assert await resume(here.cookie_value) is not None
    assert await letters_asked(email) == await letters_asked("x@example.test") == []


async def test_guessing_the_present_password_gets_slower(world: World) -> None:
    person_id, _, _, id_hash = await at_home(world)
    for _ in range(8):
        tried = await profile.change_password(person_id, id_hash, "wrong", GOOD_PASSWORD, somewhere())
    assert isinstance(tried, Wait)


async def test_a_new_address_counts_when_its_link_is_used(world: World) -> None:
    """S-13: the new address confirms, the old one is told, sessions end."""
    person_id, old, _, id_hash = await at_home(world)
    new = f"{new_id().hex}@example.test"
    renewed = await profile.ask_for_email_change(person_id, id_hash, PASSWORD, new, "en", somewhere())
    assert isinstance(renewed, Started)
    letter = await newest_letter(new)
    assert letter is not None and (letter.template, letter.recipient) == ("change_email", new)
    assert isinstance(await sign_in(new, PASSWORD, somewhere()), Wrong)
    assert await accounts.confirm(token_in(letter.context["link"]), somewhere()) is Purpose.CHANGE_EMAIL
    assert await resume(renewed.cookie_value) is None
    assert isinstance(await sign_in(new, PASSWORD, somewhere()), Started)
    assert isinstance(await sign_in(old, PASSWORD, somewhere()), Wrong)
    told = await newest_letter(old)
    assert told is not None and (told.template, told.recipient) == ("email_changed", old)


@pytest.mark.parametrize("capitals", [False, True])
async def test_an_address_of_another_account_can_not_be_taken(world: World, capitals: bool) -> None:
    person_id, old, _, id_hash = await at_home(world)
    _, taken = await world.person()
    wanted = taken.upper() if capitals else taken
    asked = await profile.ask_for_email_change(person_id, id_hash, PASSWORD, wanted, "en", somewhere())
    assert isinstance(asked, Started)
    assert await accounts.confirm(token_in(await link_to(wanted)), somewhere()) is None
    assert isinstance(await sign_in(old, PASSWORD, somewhere()), Started)
