"""The operator's queue: what people ask SmartFaktura itself, by the form, the account, or an e-mail."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from actions import request_alerts, requests
from actions.clock import now
from domain.dates import today_in
from domain.privacy.requests import ZONE, Channel, Decision, Identity, Kind, State, due_day
from models.engine import pool
from models.queries.requests import RequestView, request_of
from routes.filters import Filters
from tests.people import at, browser, letters_asked
from tests.world import Company, World

PLACE = "/operator/requests"


async def ours(request_id: UUID) -> RequestView:
    found = await request_of(request_id, now())
    assert found is not None
    return found


def mail_of(email: str, moment: datetime) -> str:
    return (
        f"From: Kari <{email}>\nDate: {moment:%a, %d %b %Y %H:%M:%S} +0000\nSubject: Innsyn\n\nHva vet dere om meg?"
    )


async def registered(operator: Company, text: str, **changed: str) -> UUID:
    """Paste, look through, register."""
    read = await operator.post(PLACE, {"step": "read", "pasted": text})
    assert read.status_code == 200
    fields = dict(re.findall(r'name="(email|received_on|received_time)"[^>]*? value="([^"]*)"', read.text))
    data = {**fields, "kind": "access", "language": "nb", "text": "Hva vet dere om meg?", **changed}
    answer = await operator.post(PLACE, data)
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["location"].rpartition("/")[2].partition("?")[0])


async def test_p39_a_pasted_e_mail_becomes_a_request_with_its_own_time_and_a_receipt(world: World) -> None:
    operator, email = await world.operator(), f"{uuid.uuid4().hex[:9]}@example.test"
    moment = (now() - timedelta(days=3)).replace(second=0, microsecond=0)
    one = await ours(await registered(operator, mail_of(email, moment)))
    assert (one.received_at, one.email) == (moment, email)
    assert (one.channel, one.identity, one.state) == (Channel.MAIL, Identity.OPERATOR, State.VERIFIED)
    assert [letter.kind for letter in one.letters] == ["received"]
    assert one.clock.received_on == today_in(ZONE, moment) and one.clock.due_on == due_day(one.clock.received_on)
    again = await registered(operator, mail_of(email, moment))
    assert again == one.id and len((await ours(one.id)).letters) == 1
    assert one.reference in (await operator.get(PLACE)).text


async def test_p39_when_an_e_mail_does_not_say_when_it_came_no_time_is_guessed(world: World) -> None:
    read = await (await world.operator()).post(PLACE, {"step": "read", "pasted": "Hei, slett meg. Hilsen Kari"})
    assert dict(re.findall(r'name="(received_on|received_time)"[^>]*? value="([^"]*)"', read.text)) in (
        {}, {"received_on": "", "received_time": ""},
    )  # fmt: skip
    assert "Hei, slett meg. Hilsen Kari" in read.text


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("received_on", "2199-01-01"), ("received_time", "25:99"), ("received_on", ""), ("email", "x"), ("text", "")],
)
async def test_what_is_wrong_with_a_registration_is_said_beside_its_field(
    world: World, field: str, wrong: str
) -> None:
    day = datetime.now(UTC).date() - timedelta(days=2)
    good = {"email": "a@b.no", "received_on": day.isoformat(), "received_time": "09:30", "kind": "access",
            "language": "nb", "text": "Hei"}  # fmt: skip
    answer = await (await world.operator()).post(PLACE, {**good, field: wrong})
    assert answer.status_code == 422 and f'id="f-{field.replace("_", "-")}-error"' in answer.text


async def test_the_operator_takes_extends_and_answers_with_the_letter_shown_first(world: World) -> None:
    operator, person = await world.operator(), await world.company()
    filed = await requests.ask(person.person_id, Kind.OTHER, "Hvem ser fakturaene mine?")
    place = f"{PLACE}/{filed.id}"
    assert "Hvem ser fakturaene mine?" in (await operator.get(place)).text
    assert (await operator.post(f"{place}/work")).status_code == 303
    assert (await ours(filed.id)).state is State.IN_PROGRESS
    assert (await operator.post(f"{place}/decision", {"decision": "extend", "text": "Mye"})).status_code == 303
    shown = await operator.post(f"{place}/letter", {"decision": "accept", "text": "Bare du."})
    assert f"The answer to your request {filed.reference}" in shown.text and "Bare du." in shown.text
    assert (await ours(filed.id)).is_open
    assert (await operator.post(f"{place}/decision", {"decision": "accept", "text": "Bare du."})).status_code == 303
    one = await ours(filed.id)
    assert one.state is State.FULFILLED and [each.kind for each in one.letters] == ["received", "extended", "decided"]
    assert "Bare du." in (await person.get("/account/privacy")).text


async def test_nobody_is_answered_who_has_not_proven_the_address(world: World) -> None:
    operator, email = await world.operator(), f"{uuid.uuid4().hex[:9]}@example.test"
    await browser(world).post("/privacy/requests", data={"email": email, "kind": "access", "text": ""})
    found = await pool().fetchval("select id from rights_request where email = $1", email)
    place = f"{PLACE}/{found}"
    assert "Nobody has shown yet" in (await operator.get(place)).text
    for path, data in (("work", {}), ("decision", {"decision": "accept", "text": "Ja"})):
        answer = await operator.post(f"{place}/{path}", data)
        assert answer.status_code == 422 and "nobody to answer" in answer.text
    assert (
        await operator.post(f"{place}/decision", {"decision": "decline", "text": "Ubekreftet"})
    ).status_code == 303


async def test_p14_the_operator_is_reminded_once_at_each_step(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await world.company()
    filed = await requests.ask(person.person_id, Kind.OTHER, "Hei")
    begun, left = now(), (await ours(filed.id)).days_left
    counts = []
    for days in (8, 7, 7, 4, 3, 1, 0, -1):
        at(monkeypatch, begun + timedelta(days=left - days))
        await request_alerts.remind_ours()
        counts.append([letter.kind for letter in (await ours(filed.id)).letters].count("alert"))
    assert counts == [0, 1, 1, 1, 2, 3, 4, 4]


async def test_p32_p35_the_operator_restricts_an_account_as_asked_and_tells_before_it_ends(world: World) -> None:
    operator, person = await world.operator(), await world.company()
    filed = await requests.ask(person.person_id, Kind.RESTRICTION, "Adressen er feil")
    place = f"{PLACE}/{filed.id}"
    assert 'name="ground"' in (await operator.get(place)).text
    yes = {"decision": "accept", "text": ""}
    for path in ("letter", "decision"):
        without = await operator.post(f"{place}/{path}", yes)
        assert without.status_code == 422 and await standing_of(person) is None, path
    assert (await operator.post(f"{place}/decision", {**yes, "ground": "a"})).status_code == 303
    stands = await standing_of(person)
    assert (stands["ground"], stands["reason"]) == ("a", "Adressen er feil")
    assert "Your account, since" in (await person.get("/account/privacy")).text
    assert "The account is restricted" in (await operator.get(place)).text
    for _ in range(2):
        assert (await operator.post(f"{place}/lifting")).status_code == 303
    assert await standing_of(person) is None
    assert (await letters_asked(person.email)).count("restriction_ends") == 1
    assert "The account is restricted" not in (await operator.get(place)).text
    other = await requests.ask(person.person_id, Kind.OTHER, "Hei")
    assert (await operator.post(f"{PLACE}/{other.id}/lifting")).status_code == 404


async def standing_of(person: Company) -> Any:
    return await pool().fetchrow(
        "select * from account_restriction where person_id = $1 and lifted_at is null", person.person_id
    )


async def test_p14_the_operator_s_first_page_tells_how_many_wait_and_until_when(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one of this test is long overdue, so that it is the first whatever else waits here."""
    operator = await world.operator()
    received = now() - timedelta(days=4000)
    filed = await requests.register(operator.person_id, Kind.OTHER, "sen@example.no", "Hei", "nb", received)
    page = (await operator.get("/operator")).text
    told = page[page.index('id="waiting"') :].partition("</div>")[0]
    assert "wait" in told and Filters("en").day(filed.due_on) in told and "days late" in told
    await requests.decide(filed.id, operator.person_id, Decision.FULFILLED, "")
    assert Filters("en").day(filed.due_on) not in (await operator.get("/operator")).text
