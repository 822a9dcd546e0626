"""Letters and pages name the data protection authority of the country that the answer comes from (P-40)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID

from actions import request_letters, requests
from actions.clock import now
from domain.privacy.authorities import authority_of
from domain.privacy.requests import Decision, Kind
from models.queries.requests import requests_of
from models.queries.restrictions import notice_of
from tasks.letters import Envelope, request_letter, restriction_letter
from tests.actions.restraining import lifted, restricted
from tests.routes.test_hosted_privacy import staged
from tests.routes.test_own_country import move_to
from tests.world import World

SWEDISH, NORWEGIAN = authority_of("SE").shown, authority_of("NO").shown
ENVELOPE = Envelope(
    "faktura@example.no", "post@nordlys.example", "<1@example.no>", datetime(2026, 11, 23, tzinfo=UTC), ""
)


def text(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


async def sent(organisation_id: UUID | None, request_id: UUID, place: int) -> str:
    prepared = await request_letters.prepare(organisation_id, request_id, place)
    assert prepared is not None
    return text(request_letter(prepared.letter, ENVELOPE, prepared.sender))


async def test_p40_a_business_s_letters_name_the_authority_of_its_country(world: World) -> None:
    scene = await staged(world)
    await move_to(scene.company, "SE")
    found = await scene.asks("deletion")
    place, answer = f"/requests/{found.request.id}", {"decision": "decline", "text": "§ 13"}
    assert SWEDISH in (await scene.company.post(f"{place}/letter", answer)).text
    assert (await scene.company.post(f"{place}/decision", answer)).status_code == 303
    told = await sent(scene.company.id, found.request.id, 2)
    assert SWEDISH in told and "Datatilsynet" not in told


async def test_p40_the_end_of_a_restriction_is_told_with_the_same_authority(world: World) -> None:
    company = await world.company(country="SE")
    customer_id = await world.customer(company)
    restriction_id = await restricted(company, customer_id)
    await lifted(company, customer_id)
    words = await notice_of(company.id, restriction_id)
    assert words is not None
    told = text(restriction_letter(words, ENVELOPE, "nb"))
    assert SWEDISH in told and "Datatilsynet" not in told


async def test_p40_an_account_holder_is_sent_to_the_authority_of_their_own_country(world: World) -> None:
    company = await world.company(country="SE")
    filed = await requests.ask(company.person_id, Kind.DELETION, "")
    await requests.decide(filed.id, company.person_id, Decision.REFUSED, "§ 13")
    assert SWEDISH in await sent(None, filed.id, 1)
    page = (await company.get("/account/privacy")).text
    assert 'href="https://www.imy.se/"' in page and "Datatilsynet" not in page


async def test_p40_who_has_no_company_is_sent_to_the_authority_of_who_runs_the_service(world: World) -> None:
    person_id, _ = await world.person()
    filed = await requests.ask(person_id, Kind.DELETION, "")
    await requests.decide(filed.id, person_id, Decision.REFUSED, "§ 13")
    assert NORWEGIAN in await sent(None, filed.id, 1)
    assert (await requests_of(person_id, now()))[0].reasons == "§ 13"
