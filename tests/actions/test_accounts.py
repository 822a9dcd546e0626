from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from actions import accounts
from actions.accounts import NewAccount
from actions.clock import now
from actions.limits import LimitReached
from actions.sessions import Started, resume, start_session
from actions.sign_in import Unconfirmed, Wrong, sign_in
from domain.accounts import Purpose
from domain.sessions import CONFIRM_LINK, RESET_LINK
from models.ids import new_id
from models.queries.accounts import events_of
from tests.people import GOOD_PASSWORD, at, letters_asked, link_to, newest_letter, somewhere, token_in
from tests.world import World


def somebody(password: str = GOOD_PASSWORD) -> NewAccount:
    return NewAccount("Kari Nordmann", f"{new_id().hex}@example.test", password, "nb")


async def signed_up(wanted: NewAccount) -> str:
    """The token of the letter that a sign-up leads to."""
    await accounts.sign_up(wanted, somewhere())
    return token_in(await link_to(wanted.email))


async def enters(email: str, password: str = GOOD_PASSWORD) -> bool:
    return isinstance(await sign_in(email, password, somewhere()), Started)


async def test_an_account_is_open_once_its_address_is_confirmed(pool: None) -> None:
    wanted = somebody()
    token = await signed_up(wanted)
    assert isinstance(await sign_in(wanted.email, GOOD_PASSWORD, somewhere()), Unconfirmed)
    assert await accounts.confirm(token, somewhere()) is Purpose.CONFIRM_EMAIL
    assert await enters(wanted.email)


async def test_the_letter_is_queued_with_the_account(pool: None, owner: asyncpg.Connection) -> None:
    wanted = somebody()
    await accounts.sign_up(wanted, somewhere())
    row = await owner.fetchrow("select * from account_message where email = $1", wanted.email)
    assert (row["kind"], row["language"], row["sent_at"]) == ("sign_up", "nb", None)
    jobs = await owner.fetch("select payload from pgqueuer where entrypoint = 'send_account_message'")
    assert str(row["id"]).encode() in b" ".join(job["payload"] for job in jobs)
    assert wanted.email.encode() not in b" ".join(job["payload"] for job in jobs)


async def test_a_letter_speaks_the_language_that_was_read(pool: None) -> None:
    wanted = somebody()
    await accounts.sign_up(wanted, somewhere())
    letter = await newest_letter(wanted.email)
    assert letter is not None
    assert (letter.template, letter.language, letter.recipient) == ("confirm_email", "nb", wanted.email)
    assert letter.context["name"] == "Kari Nordmann"
    assert "/confirm/" in letter.context["link"] and letter.context["link"] not in repr(letter)


async def test_looking_at_a_link_does_not_use_it_up(pool: None) -> None:
    token = await signed_up(somebody())
    for _ in range(3):
        assert await accounts.link_to_confirm(token) is not None
    assert await accounts.confirm(token, somewhere()) is not None


async def test_a_link_works_once(pool: None) -> None:
    """S-16."""
    token = await signed_up(somebody())
    assert await accounts.confirm(token, somewhere()) is not None
    assert await accounts.confirm(token, somewhere()) is None
    assert await accounts.link_to_confirm(token) is None


@pytest.mark.parametrize("seconds_late", [-5, 5])
async def test_a_link_works_for_a_day(pool: None, monkeypatch: pytest.MonkeyPatch, seconds_late: int) -> None:
    """S-16."""
    token = await signed_up(somebody())
    at(monkeypatch, now() + CONFIRM_LINK + timedelta(seconds=seconds_late))
    assert (await accounts.confirm(token, somewhere()) is None) == (seconds_late > 0)


async def test_a_newer_letter_takes_the_place_of_an_older_one(pool: None) -> None:
    wanted = somebody()
    first = await signed_up(wanted)
    second = await signed_up(wanted)
    assert await accounts.link_to_confirm(first) is None
    assert await accounts.confirm(second, somewhere()) is not None


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "å" * 43, "../../x", "a" * 100_000, "%00"])
async def test_a_made_up_link_does_nothing(pool: None, token: str) -> None:
    assert await accounts.link_to_confirm(token) is None
    assert await accounts.confirm(token, somewhere()) is None
    assert not await accounts.reset_password(token, GOOD_PASSWORD, somewhere())


async def test_signing_up_again_tells_the_owner_and_changes_nothing(world: World) -> None:
    _, email = await world.person()
    await accounts.sign_up(NewAccount("Ola Intruder", email.upper(), GOOD_PASSWORD, "en"), somewhere())
    letter = await newest_letter(email)
    assert letter is not None
    assert (letter.template, letter.recipient, letter.context["name"]) == (
        "already_registered",
        email,
        "Kari Nordmann",
    )
    assert "link" not in letter.context
    assert not await enters(email, GOOD_PASSWORD)


async def test_a_stranger_who_signs_up_first_gains_nothing_by_the_owners_click(pool: None) -> None:
    """Two sign-ups for one unconfirmed address with two passwords: neither counts, the mailbox chooses."""
    stranger = somebody("the strangers own password")
    early = await signed_up(stranger)
    owner = NewAccount("Kari", stranger.email, GOOD_PASSWORD, "nb")
    await accounts.sign_up(owner, somewhere())
    letter = await newest_letter(owner.email)
    assert letter is not None and letter.template == "choose_password"
    await accounts.confirm(early, somewhere())
    assert not await enters(owner.email, stranger.password)
    assert not await enters(owner.email, GOOD_PASSWORD)
    assert await accounts.reset_password(token_in(letter.context["link"]), GOOD_PASSWORD, somewhere())
    assert await enters(owner.email)


async def test_pressing_the_button_twice_is_one_sign_up(pool: None, owner: asyncpg.Connection) -> None:
    wanted = somebody()
    await signed_up(wanted)
    token = await signed_up(wanted)
    assert await owner.fetchval("select count(*) from person where email = $1", wanted.email) == 1
    assert await accounts.confirm(token, somewhere()) is not None
    assert await enters(wanted.email)


async def test_somebody_with_the_right_password_may_have_the_letter_again(pool: None) -> None:
    wanted = somebody()
    await signed_up(wanted)
    outcome = await sign_in(wanted.email, GOOD_PASSWORD, somewhere())
    assert isinstance(outcome, Unconfirmed)
    await accounts.ask_for_confirmation(outcome.proof, "en")
    assert await letters_asked(wanted.email) == ["sign_up", "confirm_email"]
    assert await accounts.confirm(token_in(await link_to(wanted.email)), somewhere()) is not None


@pytest.mark.parametrize("later", [timedelta(minutes=16), -timedelta(minutes=1)])
async def test_a_proof_is_good_for_a_quarter_of_an_hour(
    pool: None, monkeypatch: pytest.MonkeyPatch, later: timedelta
) -> None:
    wanted = somebody()
    await signed_up(wanted)
    outcome = await sign_in(wanted.email, GOOD_PASSWORD, somewhere())
    assert isinstance(outcome, Unconfirmed)
    at(monkeypatch, now() + later)
    await accounts.ask_for_confirmation(outcome.proof, "en")
    assert await letters_asked(wanted.email) == ["sign_up"]


@pytest.mark.parametrize("proof", ["", "x", "å", "A" * 75 + "=", "a" * 10_000])
async def test_a_false_proof_asks_for_nothing(pool: None, proof: str) -> None:
    await accounts.ask_for_confirmation(proof, "en")


async def test_a_forgotten_password_is_replaced_and_every_session_ends(world: World) -> None:
    """S-05, S-16."""
    person_id, email = await world.person()
    sessions = [await start_session(person_id, None, None, ip="", browser="") for _ in range(2)]
    await accounts.ask_for_reset(email, "en", somewhere())
    token = token_in(await link_to(email))
    found = await accounts.link_to_reset(token)
    assert found is not None and found.person_email == email
    assert await accounts.reset_password(token, GOOD_PASSWORD, somewhere())
    assert [await resume(session.cookie_value) for session in sessions] == [None, None]
    assert await enters(email)
    assert not await accounts.reset_password(token, "another password entirely", somewhere())
    assert (await letters_asked(email))[-1] == "password_changed"
    assert "password_reset" in {event.kind for event in await events_of(person_id)}


@pytest.mark.parametrize("seconds_late", [-5, 5])
async def test_a_reset_link_works_for_half_an_hour(
    world: World, monkeypatch: pytest.MonkeyPatch, seconds_late: int
) -> None:
    """S-16."""
    _, email = await world.person()
    await accounts.ask_for_reset(email, "en", somewhere())
    token = token_in(await link_to(email))
    at(monkeypatch, now() + RESET_LINK + timedelta(seconds=seconds_late))
    assert await accounts.reset_password(token, GOOD_PASSWORD, somewhere()) == (seconds_late < 0)


async def test_a_link_serves_only_its_own_purpose(world: World) -> None:
    _, email = await world.person()
    await accounts.ask_for_reset(email, "en", somewhere())
    reset = token_in(await link_to(email))
    assert await accounts.confirm(reset, somewhere()) is None
    confirm = await signed_up(somebody())
    assert not await accounts.reset_password(confirm, GOOD_PASSWORD, somewhere())


async def test_nobody_is_written_to_where_nobody_has_an_account(pool: None) -> None:
    email = somebody().email
    await accounts.ask_for_reset(email, "en", somewhere())
    assert await letters_asked(email) == ["reset_password"]
    assert await newest_letter(email) is None


async def test_a_mailbox_gets_only_a_few_letters_an_hour(world: World) -> None:
    _, email = await world.person()
    for _ in range(8):
        await accounts.ask_for_reset(email, "en", somewhere())
    assert len(await letters_asked(email)) == accounts.PER_MAILBOX


async def test_a_network_that_signs_up_all_the_time_must_wait(pool: None) -> None:
    client = somewhere()
    for _ in range(accounts.PER_NETWORK):
        await accounts.ask_for_reset(somebody().email, "en", client)
    with pytest.raises(LimitReached):
        await accounts.ask_for_reset(somebody().email, "en", client)


async def test_asking_does_the_same_for_known_and_unknown_addresses(world: World, statements: list[str]) -> None:
    """S-14: the statements are the same, so the time is."""
    _, email = await world.person()
    seen = []
    for address in (email, somebody().email):
        statements.clear()
        await accounts.ask_for_reset(address, "en", somewhere())
        seen.append(list(statements))
    assert seen[0] == seen[1]
    wrong = []
    for address in (email, somebody().email):
        statements.clear()
        assert isinstance(await sign_in(address, "wrong password", somewhere()), Wrong)
        wrong.append(list(statements))
    assert wrong[0] == wrong[1]
