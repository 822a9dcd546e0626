"""The register of breaches and the notices to companies (P-45)."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from actions import affected, breaches, instance, notices
from actions.account_letters import prepare_account_message
from actions.outcomes import Stale
from domain.privacy.breaches import FIELDS, Breach
from domain.privacy.classification import Category
from domain.settings import Settings
from models.ids import new_id
from models.queries.breaches import entries_of
from models.unit_of_work import unit_of_work
from routes.forms.breach import shown
from routes.operator_sentences import BREACH_FIELDS
from tests.companies import only
from tests.world import PASSWORD, Company, World

Clock = Callable[[datetime], None]
T = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Clock:
    def at(moment: datetime) -> None:
        monkeypatch.setattr(instance, "_settings", replace(settings, test_clock=moment))

    at(T)
    return at


def form(**values: str) -> dict[str, str]:
    return {"became_aware_at": shown(T), "facts": "A laptop was lost.", "decision": "undecided", **values}


async def written(operator: Company, **values: str) -> str:
    """The address of a breach that was just written down."""
    answer = await operator.post("/operator/breaches", form(**values))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def error_of(page: str, name: str) -> str:
    found = re.search(rf'id="f-{name}-error">([^<]*)<', page)
    return html.unescape(found[1]) if found else ""


async def test_p45_a_breach_is_written_down_and_its_clock_is_told_in_words(world: World, clock: Clock) -> None:
    operator = await world.operator()
    place = await written(operator, people="12000")
    page = (await operator.get(place)).text
    assert "72 hours left" in page and "the authority must know by 26 Nov 2026 10:00" in page
    assert ">23 Nov 2026 10:00</dd>" in page and ">12,000</dd>" in page
    clock(T + timedelta(hours=70, minutes=1))
    operator = await world.operator()  # the session has ended long ago
    for page_of_all in ("/operator/breaches", "/operator"):
        assert "1 hour left" in (await operator.get(page_of_all)).text
    clock(T + timedelta(hours=74))
    operator = await world.operator()
    assert "2 hours too late" in (await operator.get(place)).text


async def test_p45_not_notified_needs_reasons_beside_the_field_and_nothing_typed_is_lost(
    world: World, clock: Clock
) -> None:
    operator = await world.operator()
    values = form(decision="not_notify", effects="Zqeffects", people="12")
    answer = await operator.post("/operator/breaches", {**values, "kinds.integrity": "on"})
    assert answer.status_code == 422 and "needs its reasons" in error_of(answer.text, "reasons")
    assert "Zqeffects" in answer.text and 'value="12"' in answer.text
    assert re.search(r'name="kinds\.integrity" value="on" checked', answer.text)
    await written(operator, decision="not_notify", reasons="The disk was encrypted.")


async def test_p45_after_72_hours_the_reasons_for_delay_are_needed(world: World, clock: Clock) -> None:
    operator = await world.operator()
    place = await written(operator)
    clock(T + timedelta(hours=72, minutes=1))
    operator = await world.operator()  # the session has ended long ago
    told = form(version="1", decision="notify", authority_notified_at=shown(T + timedelta(hours=72, minutes=1)))
    answer = await operator.post(place, told)
    assert answer.status_code == 422 and "reasons for the delay" in error_of(answer.text, "delay-reasons")
    assert "A laptop was lost." in answer.text
    assert (await operator.post(place, {**told, "delay_reasons": "A holiday"})).status_code == 303
    assert "The authority was notified 26 Nov 2026 10:01" in (await operator.get(place)).text


async def test_p45_entries_are_append_only_and_the_database_holds_it(
    world: World,
    clock: Clock,
    owner: asyncpg.Connection,
) -> None:
    operator = await world.operator()
    place = await written(operator)
    breach_id = UUID(place.rsplit("/", 1)[1])
    assert (await operator.post(place, form(version="1", facts="Two laptops were lost."))).status_code == 303
    page = (await operator.get(place)).text
    assert "Two laptops were lost." in page and "A laptop was lost." in page and "Entry 2" in page
    for statement in ("update breach_entry set facts = 'x'", "delete from breach_entry", "truncate breach_entry"):
        with pytest.raises(asyncpg.PostgresError):
            async with unit_of_work(None) as work:
                await work.connection.execute(statement)
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await owner.execute(statement)
    assert [entry.breach.facts for entry in await entries_of(breach_id)] == [
        "Two laptops were lost.",
        "A laptop was lost.",
    ]


async def test_two_who_update_at_once_are_told_and_nothing_is_lost(world: World, clock: Clock) -> None:
    operator = await world.operator()
    place = await written(operator)
    assert (await operator.post(place, form(version="1", facts="First"))).status_code == 303
    second = await operator.post(place, form(version="1", facts="Second"))
    assert second.status_code == 409 and "Second" in second.text and 'name="version" value="2"' in second.text
    with pytest.raises(Stale):
        await breaches.update(operator.person_id, UUID(place.rsplit("/", 1)[1]), 1, Breach(T, "Third"))


async def test_a_double_click_writes_one_breach_and_references_have_no_gap(world: World, clock: Clock) -> None:
    operator = await world.operator()
    breach_id = new_id()
    for _ in range(2):
        await operator.post("/operator/breaches", form(breach_id=str(breach_id)))
    (entry,) = await entries_of(breach_id)
    other = await written(operator)
    (following,) = await entries_of(UUID(other.rsplit("/", 1)[1]))
    year, number = entry.reference.rsplit("-", 1)
    assert following.reference == f"{year}-{int(number) + 1:03d}"


async def test_p45_the_file_for_the_authority_holds_every_entry_and_field(world: World, clock: Clock) -> None:
    operator = await world.operator()
    place = await written(operator, facts="=1+1", effects="Zqeffects", **{"categories.CUSTOMER": "on"})
    await operator.post(place, form(version="1"))
    page = await operator.get(f"{place}/download/html")
    assert "Zqeffects" in page.text and "attachment" in page.headers["content-disposition"]
    table = await operator.get(f"{place}/download/csv")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row["version"] for row in rows] == ["2", "1"] and rows[1]["What happened"] == "'=1+1"
    assert rows[1]["Which data"] == "Customers" and len(rows[0]) == 3 + len(FIELDS)
    assert (await operator.get(f"{place}/download/pdf")).status_code == 404


def test_every_field_of_a_breach_has_its_name() -> None:
    assert set(BREACH_FIELDS) == set(FIELDS)


@pytest.mark.parametrize("moment", ["", "yesterday", "2026-13-40T99:99", "9999-12-31T23:59", "0001-01-01T00:00"])
async def test_a_moment_that_is_none_is_refused_beside_its_field(world: World, clock: Clock, moment: str) -> None:
    answer = await (await world.operator()).post("/operator/breaches", form(became_aware_at=moment))
    assert answer.status_code == 422 and error_of(answer.text, "became-aware-at")


async def notice_form(operator: Company, place: str, **values: str) -> dict[str, str]:
    page = (await operator.get(place)).text
    notice_id = re.search(r'name="notice_id" value="([^"]+)"', page)
    assert notice_id
    texts = {"subject_nb": "Brudd", "text_nb": "Hei\n\nDu", "subject_en": "Breach", "text_en": "Hello\n\nyou"}
    return {"notice_id": notice_id[1], "audience": "all", **texts, **values}


async def letters_of(owner: asyncpg.Connection, company: Company) -> list[UUID]:
    rows = await owner.fetch(
        "select id from account_message where kind = 'notice' and person_id = $1 order by id", company.person_id
    )
    return [row["id"] for row in rows]


async def test_p45_companies_are_told_once_on_their_page_and_by_letter(
    world: World, clock: Clock, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GDPR Art. 33(2). The register notes it by itself."""
    concerned = await world.company(organisation_number="982463718")
    other = await world.company(organisation_number="974760673")
    only(monkeypatch, notices, concerned, other)
    operator = await world.operator()
    place = await written(operator)
    form_values = await notice_form(operator, place, audience="some", numbers="982 463 718")
    for _ in range(2):
        assert (await operator.post(f"{place}/notices", form_values)).status_code == 303
    for _ in range(2):
        await notices.tell(UUID(form_values["notice_id"]))
    assert "Hello" in (await concerned.get("/company/notices")).text
    assert "Hello" not in (await other.get("/company/notices")).text
    (message_id,) = await letters_of(owner, concerned)
    assert await letters_of(owner, other) == []
    letter = await prepare_account_message(message_id)
    assert (
        letter is not None and letter.context["title"] == "Breach" and "/company/notices" in letter.context["address"]
    )
    page = (await operator.get(place)).text
    assert "The companies were told (Art. 33(2))" in page and re.search(r"told \d+ compan", page)


async def test_a_notice_to_companies_wants_the_password_fresh(world: World, owner: asyncpg.Connection) -> None:
    operator = await world.operator()
    answer = await operator.post("/operator/breaches", form(became_aware_at=shown(datetime.now(UTC))))
    place = answer.headers["location"].partition("?")[0]
    values = await notice_form(operator, place, audience="some", numbers="1")
    await owner.execute(
        "update session set authenticated_at = now() - interval '11 minutes' where person_id = $1", operator.person_id
    )
    for password in ("", "wrong"):
        refused = await operator.post(f"{place}/notices", {**values, "password": password})
        assert refused.status_code == 422 and error_of(refused.text, "password") and "Hello" in refused.text
    assert (await operator.post(f"{place}/notices", {**values, "password": PASSWORD})).status_code == 303


async def test_a_notice_to_some_companies_names_them(world: World, clock: Clock) -> None:
    operator = await world.operator()
    place = await written(operator)
    refused = await operator.post(f"{place}/notices", await notice_form(operator, place, audience="some"))
    assert refused.status_code == 422 and error_of(refused.text, "numbers")


async def test_a_notice_does_not_go_out_before_it_is_filled_in(world: World, clock: Clock) -> None:
    operator = await world.operator()
    place = await written(operator)
    unfilled = await notice_form(operator, place, audience="some", numbers="1", text_nb="Dette har skjedd: …")
    refused = await operator.post(f"{place}/notices", unfilled)
    assert refused.status_code == 422 and error_of(refused.text, "text-nb") and not error_of(refused.text, "text-en")


async def test_who_is_affected_is_counted_by_the_data_map_and_names_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Customers of a company, with what came within the window apart."""
    company = await world.company()
    only(monkeypatch, affected, company, await world.company())
    before = datetime.now(UTC) - timedelta(minutes=1)
    counted = await affected.count([Category.CUSTOMER], before, datetime.now(UTC) + timedelta(minutes=5))
    await world.customer(company, name="Zqnavn AS")
    later = datetime.now(UTC) + timedelta(minutes=5)
    now_there = await affected.count([Category.CUSTOMER], before, later)
    assert now_there.customers == counted.customers + 1 and now_there.companies == counted.companies + 1
    there, new = now_there.records["customer"]
    assert there == counted.records["customer"][0] + 1 and new >= 1
    assert "customer" not in (await affected.count([Category.USAGE], before, later)).records
    operator = await world.operator()
    asked = {"begins": shown(before), "ends": shown(later), "categories.CUSTOMER": "on"}
    page = await operator.get("/operator/breaches/affected", params=asked)
    assert "Zqnavn" not in page.text and "Their customers" in page.text
