"""The privacy page of a quote: the same place as an invoice's, by another door; and the letter of who gets no code."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest

from actions import (
    customer_copy,
    customer_erasure,
    customer_passes,
    customer_requests,
    documents,
    files,
    quotes,
    request_letters,
)
from actions.clock import now
from actions.quote_letters import page_of, token_of
from domain.languages import LANGUAGES
from domain.privacy.requests import Decision, Identity, State
from domain.refusals import Refused
from models.queries.customer_requests import CustomerRequestView, desk
from models.unit_of_work import reading, unit_of_work
from tests.actions.test_quotes import sent_quote
from tests.people import browser
from tests.routes.test_hosted_privacy import EMAIL, Scene, staged
from tests.world import Company, World

SAID = {"kind": "deletion", "email": "ny@nordlys.example", "text": "Jeg bestilte <gjerde> i mai"}


@dataclass(frozen=True, slots=True)
class Offer:
    """A sent quote, its customer's browser, and the address of its privacy page."""

    company: Company
    quote_id: UUID
    place: str
    browser: httpx.AsyncClient

    async def mine(self) -> str:
        """The address of the page behind the right code."""
        assert (await self.browser.post(f"{self.place}/code")).headers["location"] == f"{self.place}/code"
        async with reading(self.company.id) as work:
            pass_id = await work.connection.fetchval(
                "select id from customer_pass where organisation_id = $1 and quote_id = $2 order by id desc limit 1",
                self.company.id, self.quote_id,
            )  # fmt: skip
        prepared = await customer_passes.prepare_code(self.company.id, pass_id)
        assert prepared is not None and prepared.letter.recipient == EMAIL
        entered = await self.browser.post(f"{self.place}/entry", data={"code": prepared.letter.context["code"]})
        return str(entered.headers["location"])


async def offered(world: World, language: str = "nb", **customer: str) -> Offer:
    company = await world.company()
    customer_id = await world.customer(company, **{"phone": "90000000", **customer})
    quote_id = await sent_quote(company, customer_id, language=language)
    return Offer(company, quote_id, f"/q/{token_of(company.id, quote_id)}/privacy", browser(world))


async def only_request(company: Company) -> CustomerRequestView:
    (found,) = await desk(company.id, now())
    return found


async def test_p41_a_quote_leads_to_the_page_that_says_who_decides_and_shows_nothing(world: World) -> None:
    offer = await offered(world)
    assert f'href="{offer.place}"' in (await offer.browser.get(offer.place.removesuffix("/privacy"))).text
    page = await offer.browser.get(offer.place)
    assert "slik de står på tilbudet" in page.text and "Ingen lov gjør at de må ta vare på et tilbud" in page.text
    assert EMAIL not in page.text and "90000000" not in page.text and "set-cookie" not in page.headers


async def test_p23_behind_the_code_the_customer_of_a_quote_asks_as_one_of_an_invoice_does(world: World) -> None:
    offer = await offered(world)
    mine = await offer.mine()
    assert "90000000" in (await offer.browser.get(mine)).text
    for _ in range(2):  # P-15
        assert (await offer.browser.post(mine, data={"kind": "deletion"})).headers["location"] == mine
    found = await only_request(offer.company)
    assert found.quote_id == offer.quote_id and found.request.reference in (await offer.browser.get(mine)).text
    assert f'href="/quotes/{offer.quote_id}"' in (await offer.company.get(f"/requests/{found.request.id}")).text
    letter = await request_letters.prepare(offer.company.id, found.request.id, 0)
    assert letter is not None
    assert letter.letter.context["link"] == f"{page_of(offer.company.id, offer.quote_id)}/privacy"


async def test_p30_deleting_takes_the_quote_and_keeps_the_answer(world: World) -> None:
    """The page is gone with the quote; the letter says what was done."""
    offer = await offered(world)
    await offer.browser.post(await offer.mine(), data={"kind": "deletion"})
    found = await only_request(offer.company)
    await customer_requests.accept(offer.company.id, offer.company.person_id, found.request.id)
    after = await only_request(offer.company)
    assert after.request.state is State.FULFILLED and after.quote_id is None
    assert (await offer.browser.get(offer.place)).status_code == 404
    letter = await request_letters.prepare(offer.company.id, found.request.id, 2)
    assert letter is not None and letter.letter.recipient == EMAIL and letter.letter.context["link"] == ""


async def test_an_accepted_quote_is_kept_as_the_law_asks_and_the_page_says_so(world: World) -> None:
    offer = await offered(world)
    await quotes.answer(offer.company.id, offer.quote_id, "accepted", "Kari")
    assert "ta vare på tilbudet du godtok, til" in (await offer.browser.get(offer.place)).text


async def test_a_code_for_one_quote_opens_neither_another_quote_nor_an_invoice(world: World) -> None:
    offer, other, scene = await offered(world), await offered(world), await staged(world)
    secret = (await offer.mine()).rpartition("/")[2]
    token = offer.place.split("/")[2]
    for place in (other.place, scene.place):
        answer = await offer.browser.get(f"{place}/mine/{secret}")
        assert answer.status_code == 303 and answer.headers["location"] == place
    for path in (f"/i/{token}/privacy", f"/q/{scene.place.split('/')[2]}/privacy", f"/q/{'x' * 43}/privacy"):
        assert (await offer.browser.get(path)).status_code == 404


@pytest.mark.parametrize("language", ["de", "fi"])
async def test_the_page_of_a_quote_speaks_its_language(world: World, language: str) -> None:
    offer = await offered(world, language)
    assert f'<html lang="{LANGUAGES[language].code}"' in (await offer.browser.get(offer.place)).text


async def erased(world: World) -> Scene:
    """A customer of an invoice whose address was deleted at their own wish."""
    scene = await staged(world)
    async with unit_of_work(scene.company.id, scene.company.person_id) as work:
        await customer_erasure.erase_customer(work, scene.customer_id)
    return scene


async def test_p30_who_had_their_address_deleted_reads_why_no_code_comes_and_writes_instead(world: World) -> None:
    scene = await erased(world)
    page = (await scene.browser.get(scene.place)).text
    assert "enten har det aldri stått noen her, eller så er den slettet" in page and f"{scene.place}/letter" in page
    assert (await scene.browser.post(f"{scene.place}/code")).status_code == 404
    told = await scene.browser.post(f"{scene.place}/letter", data=SAID)
    found = await only_request(scene.company)
    assert told.status_code == 200 and found.request.reference in told.text and "set-cookie" not in told.headers
    assert (found.request.identity, found.request.state) == (Identity.UNPROVEN, State.RECEIVED)
    letters = [await request_letters.prepare(scene.company.id, found.request.id, place) for place in (0, 1)]
    assert [one.letter.recipient for one in letters if one] == [SAID["email"], scene.company.email]
    assert letters[0] is not None and letters[0].letter.context["link"] == "", "a typed address gets no secret"


async def test_the_business_is_told_that_nobody_has_shown_who_writes(world: World) -> None:
    scene = await erased(world)
    await scene.browser.post(f"{scene.place}/letter", data=SAID)
    found = await only_request(scene.company)
    page = (await scene.company.get(f"/requests/{found.request.id}")).text
    assert "nobody has shown who asks" in page and "Jeg bestilte &lt;gjerde&gt; i mai" in page
    place = f"/requests/{found.request.id}/decision"
    assert (await scene.company.post(place, {"decision": "accept", "text": ""})).status_code == 303
    assert (await only_request(scene.company)).request.state is State.FULFILLED


async def test_p15_fifty_letters_are_one_request_and_then_a_clear_answer(world: World) -> None:
    scene = await erased(world)
    answers = [await scene.browser.post(f"{scene.place}/letter", data=SAID) for _ in range(50)]
    found = await only_request(scene.company)
    assert {answer.status_code for answer in answers} == {200, 429} and len(found.request.letters) == 2
    assert all(found.request.reference in answer.text for answer in answers if answer.status_code == 200)


async def test_a_typed_address_never_meets_what_its_owner_has_asked_for(world: World) -> None:
    """Somebody with the link writes in another's name: the request behind the code stays what it was."""
    scene = await staged(world)
    proven = await scene.asks("deletion", text="Mitt ønske")
    await scene.browser.post(f"{scene.place}/letter", data={**SAID, "email": EMAIL})
    first, second = sorted(await desk(scene.company.id, now()), key=lambda one: one.request.reference)
    assert first.request.id == proven.request.id and first.request.text == "Mitt ønske"
    assert second.request.identity is Identity.UNPROVEN


@pytest.mark.parametrize(
    "wrong", [{"kind": "objection"}, {"kind": ""}, {"email": "a@b"}, {"email": ""}, {"text": " "}]
)
async def test_a_letter_that_lacks_something_comes_back_as_it_was_written(
    world: World, wrong: dict[str, str]
) -> None:
    scene = await staged(world)
    answer = await scene.browser.post(f"{scene.place}/letter", data={**SAID, **wrong})
    assert answer.status_code == 422 and '<details class="card fold" id="letter" open>' in answer.text
    assert await desk(scene.company.id, now()) == []


async def test_what_a_letter_wants_corrected_the_business_corrects_itself(world: World) -> None:
    scene = await staged(world)
    await scene.browser.post(f"{scene.place}/letter", data={**SAID, "kind": "correction"})
    found = await only_request(scene.company)
    with pytest.raises(Refused):
        await customer_requests.decline(scene.company.id, scene.company.person_id, found.request.id, "")
    await customer_requests.accept(scene.company.id, scene.company.person_id, found.request.id)
    assert (await only_request(scene.company)).request.state.value == Decision.FULFILLED


async def test_the_copy_that_a_letter_asks_for_goes_to_the_business_which_sends_it(world: World) -> None:
    from tasks.gateways.pdf import NullPdf
    from tasks.renderer import PoolRenderer

    files.open_store(world.settings)
    scene = await staged(world)
    await scene.browser.post(f"{scene.place}/letter", data={**SAID, "kind": "access"})
    found = await only_request(scene.company)
    place = f"/requests/{found.request.id}"
    assert (await scene.company.get(f"{place}/copy")).status_code == 404
    await customer_requests.accept(scene.company.id, scene.company.person_id, found.request.id)
    async with reading(scene.company.id) as work:
        copy_id = await work.connection.fetchval(
            "select id from customer_copy where organisation_id = $1", scene.company.id
        )
    documents.use(PoolRenderer(NullPdf()))
    await customer_copy.make(scene.company.id, copy_id)
    documents.use(None)
    assert f'href="{place}/copy"' in (await scene.company.get(place)).text
    assert (await scene.company.get(f"{place}/copy")).content.startswith(b"PK")
    assert (await (await world.company()).get(f"{place}/copy")).status_code == 404
