"""The privacy centre: a place for each right, and what became of everything that was asked."""

from __future__ import annotations

import asyncio
import re

import pytest

from actions import data_exports, requests
from actions.clock import now
from actions.outcomes import NotFound
from actions.request_letters import prepare
from domain.privacy.requests import Decision, Kind, State
from domain.refusals import Refused
from models.queries.requests import RequestView, requests_of
from models.unit_of_work import reading, unit_of_work
from tasks.letters import Envelope, request_letter
from tests.world import Company, World

PLACE = "/account/privacy"


async def asked_by(company: Company) -> list[RequestView]:
    return await requests_of(company.person_id, now())


async def test_p04_every_purpose_shows_its_ground_and_what_there_is_to_choose(world: World) -> None:
    text = (await (await world.company()).get(PLACE)).text
    for ground in ("Contract, GDPR Art. 6(1)(b)", "Legal obligation", "Legitimate interest"):
        assert ground in text
    assert "It ends with your account." in text and "The law says that we must." in text
    assert re.search(r'You may object\. <a href="#objection">Object</a>', text)
    for section in ("access", "correction", "deletion", "restriction", "objection", "consents", "question"):
        assert f'id="{section}"' in text


@pytest.mark.parametrize("kind", list(Kind))
async def test_p13_each_kind_is_filed_and_the_page_shows_reference_and_days(world: World, kind: Kind) -> None:
    company = await world.company()
    assert (await company.post(PLACE, {"kind": kind.value, "text": "Hei"})).status_code == 303
    (one,) = await asked_by(company)
    text = (await company.get(PLACE)).text
    assert one.reference in text and re.fullmatch(r"DSR-\d{4}-\d{6}", one.reference)
    assert f"{one.days_left} days left" in text and 'class="badge waiting"' in text


async def test_p15_asking_again_is_the_same_request(world: World) -> None:
    company = await world.company()
    answers = [await company.post(PLACE, {"kind": "deletion", "text": text}) for text in ("A", "A", "B")]
    assert [answer.headers["location"][-13:] for answer in answers] == [
        "request-filed",
        "=request-open",
        "=request-open",
    ]
    (one,) = await asked_by(company)
    assert one.text == "A\n\nB" and len(one.letters) == 1
    await company.post(PLACE, {"kind": "other", "text": "A"})
    await company.post(PLACE, {"kind": "other", "text": "B"})
    assert len(await asked_by(company)) == 3


async def test_p15_many_clicks_at_once_are_one_request(world: World) -> None:
    company = await world.company()
    filed = await asyncio.gather(*(requests.ask(company.person_id, Kind.RESTRICTION, "") for _ in range(8)))
    assert len({one.reference for one in filed}) == 1 and sum(one.is_new for one in filed) == 1


async def test_a_request_without_words_is_asked_for_them_and_keeps_its_place(world: World) -> None:
    company = await world.company()
    answer = await company.post(PLACE, {"kind": "correction", "text": " "})
    assert answer.status_code == 422 and re.search(
        r'<details class="fold" open>.*?f-text-error', answer.text, re.DOTALL
    )
    assert (await company.post(PLACE, {"kind": "kidnapping", "text": "x"})).status_code == 422
    assert await asked_by(company) == []


async def test_a_request_is_withdrawn_by_its_own_person_only(world: World) -> None:
    company, other = await world.company(), await world.company()
    filed = await requests.ask(company.person_id, Kind.DELETION, "")
    place = f"{PLACE}/requests/{filed.id}/withdrawal"
    assert (await other.post(place)).status_code == 404
    for _ in range(2):
        assert (await company.post(place)).headers["location"].endswith("done=request-withdrawn")
    (one,) = await asked_by(company)
    assert one.state is State.WITHDRAWN and "Withdrawn" in (await company.get(PLACE)).text


async def test_a_right_that_the_app_grants_at_once_leaves_its_trace(world: World) -> None:
    company = await world.company()
    async with unit_of_work(None, company.person_id) as work:
        await requests.exercise(work, kind=Kind.ACCESS, person_id=company.person_id)
    (one,) = await asked_by(company)
    assert one.state is State.FULFILLED and one.closed_at is not None


async def test_what_failed_leaves_neither_request_nor_letter(world: World) -> None:
    """A crash between the request and its letter: both or none."""
    company = await world.company()
    with pytest.raises(RuntimeError):
        async with unit_of_work(None, company.person_id) as work:
            await requests.file(work, requests.Request(Kind.DELETION), requests.Asker(company.person_id))
            raise RuntimeError
    assert await asked_by(company) == []


async def test_a_refusal_has_reasons_and_the_letter_says_where_to_complain(world: World) -> None:
    company = await world.company()
    filed = await requests.ask(company.person_id, Kind.DELETION, "")
    with pytest.raises(Refused):
        await requests.decide(filed.id, company.person_id, Decision.REFUSED, "")
    await requests.extend(filed.id, company.person_id, "Mange <b>bilag</b>")
    with pytest.raises(Refused):
        await requests.extend(filed.id, company.person_id, "Mer")
    await requests.decide(filed.id, company.person_id, Decision.REFUSED, "Bokføringsloven § 13")
    with pytest.raises(Refused):
        await requests.decide(filed.id, company.person_id, Decision.FULFILLED, "")
    told = [await letter_text(company, filed.id, place) for place in range(3)]
    assert filed.reference in told[0] and "It costs nothing." in told[0]
    assert "needs more time" in told[1] and "Datatilsynet" in told[1]
    assert "The answer is no." in told[2] and "§ 13" in told[2] and "Datatilsynet" in told[2]


async def letter_text(company: Company, request_id: object, place: int) -> str:
    from uuid import UUID

    assert isinstance(request_id, UUID)
    prepared = await prepare(None, request_id, place)
    assert prepared is not None and prepared.letter.recipient == company.email
    envelope = Envelope("a@b.no", prepared.letter.recipient, prepared.message_id, now(), prepared.reply_to)
    letter = request_letter(prepared.letter, envelope, prepared.sender)
    html = letter.get_body(("html",))
    assert html is not None and "<b>bilag" not in html.get_content()
    text = letter.get_body(("plain",))
    assert text is not None
    return f"{letter['Subject']}\n{text.get_content()}"


async def test_somebody_else_s_request_is_not_seen_while_a_company_is_open(world: World) -> None:
    company, other = await world.company(), await world.company()
    filed = await requests.ask(other.person_id, Kind.DELETION, "")
    mine = await requests.ask(company.person_id, Kind.DELETION, "")
    async with reading(company.id, company.person_id) as work:
        seen = {row["id"] for row in await work.connection.fetch("select id from rights_request")}
    assert mine.id in seen and filed.id not in seen
    with pytest.raises(NotFound):
        await requests.withdraw(company.person_id, filed.id)


async def test_a_new_name_is_a_correction_and_the_same_name_is_none(world: World) -> None:
    """P-22: who corrects what is kept about them exercises a right, and it is kept as that."""
    company = await world.company()
    for name in ("Kari Nordmann", "Kari Nygård", "Kari Nygård"):
        await company.post("/account/profile", {"name": name, "language": "en"})
    (one,) = await asked_by(company)
    assert (one.kind, one.subject, one.state) == (Kind.CORRECTION, "name", State.FULFILLED)


async def test_a_copy_is_a_request_that_is_open_until_it_is_made(world: World) -> None:
    company = await world.company()
    await company.post("/account/export")
    (one,) = await asked_by(company)
    assert (one.kind, one.is_open) == (Kind.ACCESS, True)
    async with unit_of_work(None, company.person_id) as work:
        await requests.fulfil(work, Kind.ACCESS, company.person_id, data_exports.REQUEST, company.id)
    (one,) = await asked_by(company)
    assert one.state is State.FULFILLED
