"""The public form: the same answer for everybody, and nothing before the address is proven."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from uuid import UUID

import pytest

from actions import request_letters, request_retention, requests
from actions.clock import now
from domain.privacy.requests import Identity, Kind, State
from domain.privacy.retention import UNPROVEN_REQUEST
from models.engine import pool
from models.queries.requests import RequestView, request_of
from tests.people import at, browser
from tests.world import World

PLACE = "/privacy/requests"


async def asked(email: str) -> list[RequestView]:
    rows = await pool().fetch(
        "select id from rights_request where lower(email) = lower($1) order by received_at", email
    )
    found = [await request_of(row["id"], now()) for row in rows]
    return [one for one in found if one is not None]


def somebody() -> str:
    return f"{uuid.uuid4().hex[:12]}@example.test"


async def link_of(one: RequestView) -> str:
    """The path in the newest letter."""
    places = [place for place, letter in enumerate(one.letters) if letter.kind == "confirm"]
    prepared = await request_letters.prepare(None, one.id, places[-1])
    assert prepared is not None and prepared.letter.recipient == one.email
    return prepared.letter.context["link"].partition("//")[2].partition("/")[2].join(("/", ""))


async def test_p16_the_answer_and_its_cost_are_the_same_for_known_and_unknown_addresses(
    world: World, statements: list[str]
) -> None:
    _, known = await world.person()
    unknown = somebody()
    pages, asked_of_the_database = [], []
    for email in (known, unknown):
        statements.clear()
        answer = await browser(world).post(PLACE, data={"email": email, "kind": "access", "text": ""})
        assert answer.status_code == 200 and "set-cookie" not in answer.headers
        pages.append(answer.text.replace(email, "X"))
        asked_of_the_database.append(len(statements))
    assert pages[0] == pages[1] and len(set(asked_of_the_database)) == 1
    assert [one.person_id for email in (known, unknown) for one in await asked(email)] == [None, None]


async def test_fifty_identical_requests_are_one_with_one_letter_and_one_answer(world: World) -> None:
    client, email = browser(world), somebody()
    pages = {
        (await client.post(PLACE, data={"email": email, "kind": "access", "text": "Hei"})).text for _ in range(50)
    }
    (one,) = await asked(email)
    assert len(pages) == 1 and len(one.letters) == 1 and one.text == "Hei"
    for _ in range(15):
        last = await client.post(PLACE, data={"email": email, "kind": "access", "text": "Hei"})
    assert last.status_code == 429 and "retry-after" in last.headers


async def test_the_link_shows_first_and_proves_when_pressed_and_once(world: World) -> None:
    client, email = browser(world), somebody()
    await client.post(PLACE, data={"email": email, "kind": "deletion", "text": "Slett <meg>"})
    (one,) = await asked(email)
    assert (one.state, one.identity) == (State.IDENTITY_PENDING, Identity.UNPROVEN)
    link = await link_of(one)
    for _ in range(2):
        assert "Slett &lt;meg&gt;" in (await client.get(link)).text
    assert (await asked(email))[0].state is State.IDENTITY_PENDING
    assert one.reference in (await client.post(link)).text
    (after,) = await asked(email)
    assert (after.state, after.identity, after.letters[-1].kind) == (State.VERIFIED, Identity.LINK, "received")
    for gone in (link, f"{PLACE}/{'x' * 43}", f"{PLACE}/x"):
        assert (await client.get(gone)).status_code == (await client.post(gone)).status_code == 404


async def test_a_proven_request_is_in_the_account_of_that_address(world: World) -> None:
    person_id, email = await world.person()
    client = browser(world)
    await client.post(PLACE, data={"email": email.upper(), "kind": "access", "text": ""})
    (one,) = await asked(email)
    await client.post(await link_of(one))
    signed_in, _ = await world.sign_in(person_id)
    assert one.reference in (await signed_in.get("/account/privacy")).text


async def test_a_stranger_adds_nothing_to_somebody_s_request(world: World) -> None:
    person_id, email = await world.person()
    filed = await requests.ask(person_id, Kind.DELETION, "Mine ord")
    await browser(world).post(PLACE, data={"email": email, "kind": "deletion", "text": "Andres ord"})
    mine = await request_of(filed.id, now())
    assert mine is not None and mine.text == "Mine ord" and len(await asked(email)) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "x", "kind": "access"},
        {"email": "a@b.no", "kind": "y"},
        {"email": "a@b.no", "kind": "other", "text": ""},
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(world: World, wrong: dict[str, str]) -> None:
    answer = await browser(world).post(PLACE, data=wrong)
    assert answer.status_code == 422 and re.search(r'id="f-\w+-error"', answer.text)


async def test_what_nobody_proved_is_deleted_after_thirty_days(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    email = somebody()
    await browser(world).post(PLACE, data={"email": email, "kind": "access", "text": ""})
    (one,) = await asked(email)
    at(monkeypatch, now() + UNPROVEN_REQUEST + timedelta(minutes=1))
    await request_retention.purge_ours()
    assert await request_of(one.id, now()) is None and isinstance(one.id, UUID)
