"""Letters to the people whom a breach concerns (Art. 34), and reminders of the 72 hours (P-45)."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from actions import breach_alerts, breach_letters, breaches
from actions.account_letters import prepare_account_message
from domain.privacy.breaches import ALERTS, Breach, Decision, alert_due
from models.ids import new_id
from models.queries.breaches import entries_of
from routes.forms.breach import shown
from tests.companies import only
from tests.routes.test_breaches import Clock, T, clock, error_of, written
from tests.world import PASSWORD, Company, World

__all__ = ["clock"]
TEXTS = {"subject_nb": "Brudd", "text_nb": "Hei\n\nDu", "subject_en": "Breach", "text_en": "Hello <b>you</b>"}


async def letter_form(operator: Company, place: str, **values: str) -> dict[str, str]:
    page = (await operator.get(f"{place}/letters")).text
    letter_id = re.search(r'name="letter_id" value="([^"]+)"', page)
    assert letter_id, page
    later = shown(T + timedelta(days=365))
    return {"letter_id": letter_id[1], "audience": "some", "existed_at": later, **TEXTS, **values}


async def letters_to(owner: asyncpg.Connection, person_id: UUID) -> list[UUID]:
    rows = await owner.fetch("select id from account_message where kind = 'breach' and person_id = $1", person_id)
    return [row["id"] for row in rows]


async def test_p45_people_see_their_letter_once_and_the_register_notes_it(
    world: World, clock: Clock, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    concerned = await world.company(organisation_number="982463718", country="SE")
    other = await world.company(organisation_number="974760673")
    only(monkeypatch, breach_letters, concerned, other)
    operator = await world.operator()
    place = await written(operator)
    values = await letter_form(operator, place, numbers="982 463 718")
    seen = (await operator.post(f"{place}/letters", values)).text
    assert "This goes to 1 person" in seen and "Hello &lt;b&gt;you&lt;/b&gt;" in seen
    assert (await entries_of(UUID(place.rsplit("/", 1)[1])))[0].breach.people_notified_at is None
    for _ in range(2):
        assert (await operator.post(f"{place}/letters/sending", values)).status_code == 303
    for _ in range(2):
        await breach_letters.tell(UUID(values["letter_id"]))
    (message_id,) = await letters_to(owner, concerned.person_id)
    assert await letters_to(owner, other.person_id) == []
    letter = await prepare_account_message(message_id)
    assert letter is not None and letter.template == "breach" and letter.recipient == concerned.email
    assert letter.context["title"] == "Breach" and "Integritetsskyddsmyndigheten" in letter.context["authority"]
    page = (await operator.get(place)).text
    assert "The people were told (Art. 34)" in page and "sent to 1 person" in page


async def test_a_letter_cut_off_half_way_reaches_everybody_once(
    world: World, clock: Clock, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the first company: the job runs again, and who had it has it once."""
    first = await world.company(organisation_number="982463718")
    second = await world.company(organisation_number="974760673")
    only(monkeypatch, breach_letters, first)
    operator = await world.operator()
    place = await written(operator)
    values = await letter_form(operator, place, numbers="982463718, 974760673")
    assert (await operator.post(f"{place}/letters/sending", values)).status_code == 303
    letter_id, queue = UUID(values["letter_id"]), breach_letters._queue

    async def killed(*given: object) -> None:
        await queue(*given)  # type: ignore[arg-type]
        raise RuntimeError

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(breach_letters, "_queue", killed)
        await breach_letters.tell(letter_id)
    only(monkeypatch, breach_letters, first, second)
    assert await breach_letters.tell(letter_id) == 2
    assert [len(await letters_to(owner, one.person_id)) for one in (first, second)] == [1, 1]


async def test_who_came_later_or_never_confirmed_their_address_gets_no_letter(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company(organisation_number="982463718")
    only(monkeypatch, breach_letters, company)
    born = await owner.fetchval("select created_at from person where id = $1", company.person_id)
    for existed_at, count in ((born, 1), (born - timedelta(seconds=1), 0)):
        assert await breach_letters.count(breach_letters.Audience(existed_at, ["982463718"])) == count
    await owner.execute("update person set email_confirmed_at = null where id = $1", company.person_id)
    assert await breach_letters.count(breach_letters.Audience(born, ["982463718"])) == 0


async def test_everybody_is_gone_through_in_pieces(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    company = await world.company()
    await world.company()
    monkeypatch.setattr(breach_letters, "AT_ONCE", 1)
    audience = breach_letters.Audience(T + timedelta(days=365))
    seen = [row["id"] async for rows in breach_letters._people(audience) for row in rows]
    assert company.person_id in seen and len(seen) == len(set(seen)) >= 2


async def test_an_unfilled_letter_or_one_to_nobody_comes_back_beside_its_field(world: World, clock: Clock) -> None:
    operator = await world.operator()
    place = await written(operator)
    for wrong, field in (
        ({"text_nb": "Hei …"}, "text-nb"),
        ({"numbers": ""}, "numbers"),
        ({"existed_at": "x"}, "existed-at"),
    ):
        values = await letter_form(operator, place, **{"numbers": "1", **wrong})
        for path in ("letters", "letters/sending"):
            answer = await operator.post(f"{place}/{path}", values)
            assert answer.status_code == 422 and error_of(answer.text, field)
    assert (await operator.get(f"/operator/breaches/{new_id()}/letters")).status_code == 404


async def test_a_letter_to_people_wants_the_password_fresh(
    world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = await world.operator()
    only(monkeypatch, breach_letters, operator)
    breach_id = new_id()
    await breaches.register(operator.person_id, breach_id, Breach(T, "x", delay_reasons="y"))
    place = f"/operator/breaches/{breach_id}"
    values = await letter_form(operator, place, numbers="1")
    await owner.execute(
        "update session set authenticated_at = now() - interval '11 minutes' where person_id = $1", operator.person_id
    )
    refused = await operator.post(f"{place}/letters/sending", {**values, "password": "wrong"})
    assert refused.status_code == 422 and error_of(refused.text, "password")
    assert (await operator.post(f"{place}/letters/sending", {**values, "password": PASSWORD})).status_code == 303


def test_p45_the_steps_of_a_running_clock() -> None:
    breach = Breach(T, "x")
    hours = {47: None, 48: 24, 65: 24, 66: 6, 71: 6, 72: 0, 100: 0}
    assert {each: alert_due(breach, T + timedelta(hours=each)) for each in hours} == hours
    decided = Breach(T, "x", decision=Decision.NOT_NOTIFY, reasons="y")
    assert alert_due(decided, T + timedelta(hours=71)) is None


async def alerts(owner: asyncpg.Connection, breach_id: UUID) -> list[str]:
    rows = await owner.fetch("select payload from pgqueuer where entrypoint = 'send_breach_alert' order by id")
    return [told["step"] for row in rows if (told := json.loads(row["payload"]))["breach_id"] == str(breach_id)]


async def test_p45_the_operators_are_reminded_with_24_and_6_hours_left_and_when_they_are_over(
    world: World, clock: Clock, owner: asyncpg.Connection
) -> None:
    operator = await world.operator()
    breach_id = UUID((await written(operator)).rsplit("/", 1)[1])
    for hours in (47, 48, 50, 66, 72, 90):
        clock(T + timedelta(hours=hours))
        for _ in range(2):
            await breach_alerts.remind()
    assert await alerts(owner, breach_id) == ["24", "6", "0"]
    letter = await breach_alerts.prepare(breach_id, 6, 0)
    assert letter is not None and letter.recipient == operator.email and letter.context["hours"] == "6"
    assert f"/operator/breaches/{breach_id}" in letter.context["address"]


async def test_p45_a_clock_that_ran_while_nothing_was_running_is_told_once_as_it_stands(
    world: World, clock: Clock, owner: asyncpg.Connection
) -> None:
    """And not at all once it is decided, though the job was queued before."""
    operator = await world.operator()
    breach_id = UUID((await written(operator)).rsplit("/", 1)[1])
    clock(T + timedelta(hours=80))
    await breach_alerts.remind()
    assert await alerts(owner, breach_id) == ["0"] and ALERTS == (24, 6, 0)
    decided = Breach(T, "x", decision=Decision.NOT_NOTIFY, reasons="y", delay_reasons="z")
    await breaches.update(operator.person_id, breach_id, 1, decided)
    assert await breach_alerts.prepare(breach_id, 0, 0) is None
