"""The privacy page of an invoice: a code to the address on it, then the customer's own rights. The business answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from actions import customer_copy, customer_passes, customer_requests, documents, files
from actions.clock import now
from actions.outcomes import NotFound
from domain.languages import LANGUAGES
from domain.privacy.requests import CORRECTABLE, Decision, Identity, Kind, State
from domain.refusals import Refused
from models.ids import new_id
from models.queries.customer_requests import CustomerRequestView, desk
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import issued
from tests.people import at, browser
from tests.routes.test_own_country import move_to
from tests.world import Company, World

EMAIL = "post@nordlys.example"


@dataclass(frozen=True, slots=True)
class Scene:
    """A company, its customer's browser, and the address of the page."""

    company: Company
    customer_id: UUID
    invoice_id: UUID
    place: str
    browser: httpx.AsyncClient

    async def code(self) -> str:
        """Press the button, and read the letter."""
        answer = await self.browser.post(f"{self.place}/code")
        assert answer.headers["location"] == f"{self.place}/code"
        return await self.letter()

    async def letter(self) -> str:
        async with reading(self.company.id) as work:
            pass_id = await work.connection.fetchval(
                "select id from customer_pass where organisation_id = $1 order by id desc limit 1", self.company.id
            )
        prepared = await customer_passes.prepare_code(self.company.id, pass_id)
        assert prepared is not None and prepared.letter.recipient == EMAIL
        return prepared.letter.context["code"]

    async def enter(self, code: str) -> httpx.Response:
        return await self.browser.post(f"{self.place}/entry", data={"code": code})

    async def mine(self) -> str:
        """The address of the page behind the right code."""
        return str((await self.enter(await self.code())).headers["location"])

    async def asks(self, kind: str, **fields: str) -> CustomerRequestView:
        mine = await self.mine()
        answer = await self.browser.post(mine, data={"kind": kind, **fields})
        assert answer.status_code == 303 and answer.headers["location"] == mine, answer.text
        return (await self.requests())[0]

    async def requests(self) -> list[CustomerRequestView]:
        return await desk(self.company.id, now())


@pytest.fixture
async def scene(world: World) -> AsyncIterator[Scene]:
    yield await staged(world)


async def staged(world: World, written_in: str = "nb", **customer: str) -> Scene:
    from actions.deliveries import ensure_link

    company = await world.company()
    customer_id = await world.customer(company, **{"phone": "90000000", "notes": "Ringer sent", **customer})
    done = await issued(company, customer_id, language=written_in)
    async with unit_of_work(company.id) as work:
        token = await ensure_link(work, done.invoice_id)
    return Scene(company, customer_id, done.invoice_id, f"/i/{token}/privacy", browser(world))


async def stored(scene: Scene) -> dict[str, str]:
    async with reading(scene.company.id) as work:
        row = await work.connection.fetchrow("select * from customer where id = $1", scene.customer_id)
    return dict(row)


async def test_without_a_code_the_page_tells_who_decides_and_shows_nothing_of_the_register(scene: Scene) -> None:
    answer = await scene.browser.get(scene.place)
    assert "Fjord Design ENK bestemmer hva som lagres om deg" in answer.text
    assert "p•••@nordlys.example" in answer.text and EMAIL not in answer.text
    assert "90000000" not in answer.text and "Ringer sent" not in answer.text
    assert "set-cookie" not in answer.headers and "noindex" in answer.headers["x-robots-tag"]
    assert scene.place in (await scene.browser.get(scene.place.removesuffix("/privacy"))).text


async def test_the_right_code_opens_the_page_and_shows_what_is_kept(scene: Scene) -> None:
    answer = await scene.browser.get(await scene.mine())
    assert EMAIL in answer.text and "90000000" in answer.text and "Storgata 2" in answer.text
    assert "set-cookie" not in answer.headers and answer.headers["referrer-policy"] == "no-referrer"


async def test_a_wrong_code_opens_nothing_and_after_five_tries_the_right_one_neither(scene: Scene) -> None:
    code = await scene.code()
    wrong = [await scene.enter(text) for text in ("", "x", "00000000", code[:-1], "٣" * 8)]
    assert {answer.status_code for answer in wrong} == {422}
    assert (await scene.enter(code)).status_code == 422


async def test_a_code_works_once_for_fifteen_minutes_and_only_the_newest(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await scene.code()
    second = await scene.code()
    assert (await scene.enter(first)).status_code == 422
    begun = now()
    at(monkeypatch, begun + timedelta(minutes=16))
    assert (await scene.enter(second)).status_code == 422
    at(monkeypatch, begun + timedelta(minutes=14))
    assert (await scene.enter(f" {second[:4]} {second[4:]} ")).status_code == 303
    assert (await scene.enter(second)).status_code == 422


async def test_two_clicks_at_once_leave_one_code_and_it_works(scene: Scene) -> None:
    await asyncio.gather(*(scene.browser.post(f"{scene.place}/code") for _ in range(3)))
    async with reading(scene.company.id) as work:
        waiting = await work.connection.fetchval(
            "select count(*) from customer_pass where organisation_id = $1", scene.company.id
        )
    assert waiting == 1
    assert (await scene.enter(await scene.letter())).status_code == 303


async def test_p09_the_day_the_customer_is_told_is_the_one_that_holds(scene: Scene) -> None:
    """Paid two years later, an invoice is kept two years longer: its customer and the business read the same day."""
    year = now().year
    async with unit_of_work(scene.company.id, scene.company.person_id) as work:
        await work.connection.execute(
            "insert into payment (organisation_id, id, kind, invoice_id, customer_id, paid_on, amount, to_invoice, "
            "to_credit, currency, note, recorded_at) select organisation_id, $2, 'payment', id, customer_id, $3, 1, 1, "
            "0, 'NOK', '', now() from invoice where id = $1", scene.invoice_id, new_id(), date(year + 2, 1, 1),
        )  # fmt: skip
    for page in ((await scene.browser.get(scene.place)).text, (await scene.browser.get(await scene.mine())).text):
        assert f"31.12.{year + 7}" in page or f"31 Dec {year + 7}" in page or f"31. des. {year + 7}" in page


async def test_four_codes_an_hour_and_then_a_clear_answer(scene: Scene) -> None:
    codes = [await scene.browser.post(f"{scene.place}/code") for _ in range(5)]
    assert [answer.status_code for answer in codes] == [303] * 4 + [429] and "retry-after" in codes[-1].headers


async def test_an_open_page_closes_after_half_an_hour_and_opens_nothing_of_others(
    scene: Scene, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forged secret, another invoice's, an expired one: each leads back to the beginning."""
    mine, other = await scene.mine(), await staged(world)
    secret = mine.rpartition("/")[2]
    for path in (f"{scene.place}/mine/{'x' * 43}", f"{scene.place}/mine/x", f"{other.place}/mine/{secret}"):
        answer = await scene.browser.get(path)
        assert answer.status_code == 303 and answer.headers["location"] == path.split("/mine")[0]
        assert (await scene.browser.post(path, data={"kind": "deletion"})).headers["location"].endswith("/privacy")
    at(monkeypatch, now() + timedelta(minutes=31))
    assert (await scene.browser.get(mine)).status_code == 303
    assert await scene.requests() == await other.requests() == []


async def test_the_stored_code_can_not_be_read_from_the_database(scene: Scene) -> None:
    code = await scene.code()
    async with reading(scene.company.id) as work:
        row = await work.connection.fetchrow("select code_hash, id from customer_pass where email = $1 and "
                                             "organisation_id = $2", EMAIL, scene.company.id)  # fmt: skip
    import hashlib

    assert hashlib.sha256(code.encode()).digest() != row["code_hash"] and len(code) == customer_passes.DIGITS


@pytest.mark.parametrize("kind", [Kind.ACCESS, Kind.DELETION, Kind.RESTRICTION])
async def test_p13_each_kind_is_filed_with_reference_and_last_day(scene: Scene, kind: Kind) -> None:
    found = await scene.asks(kind.value, text="Hei")
    assert (found.request.kind, found.request.state, found.request.identity) == (kind, State.VERIFIED, Identity.CODE)
    assert [letter.kind for letter in found.request.letters] == ["received", "new"]
    page = (await scene.browser.get(await scene.mine())).text
    assert found.request.reference in page and "Venter på svar" in page


async def test_p15_fifty_clicks_are_one_request_and_two_letters(scene: Scene) -> None:
    who = await opened(scene)
    asked = customer_requests.Asked(Kind.DELETION, "Slett meg")
    filed = [await customer_requests.file(who, asked)]
    filed += await asyncio.gather(*(customer_requests.file(who, asked) for _ in range(12)))
    filed += [await customer_requests.file(who, asked) for _ in range(37)]
    (found,) = await scene.requests()
    assert {one.reference for one in filed} == {found.request.reference} and len(found.request.letters) == 2


async def opened(scene: Scene) -> customer_passes.Opened:
    secret = (await scene.mine()).rpartition("/")[2]
    who = await customer_passes.opened(scene.company.id, scene.invoice_id, secret)
    assert who is not None
    return who


async def test_p23_a_correction_is_accepted_and_the_next_invoice_has_it(scene: Scene) -> None:
    """P-22 too: what is issued keeps its own copy."""
    found = await scene.asks(
        "correction", **{**values(await stored(scene)), "name": "Nordlys Kaffe AS", "city": "Alta"}
    )
    assert found.proposed == {"name": "Nordlys Kaffe AS", "city": "Alta"}
    await customer_requests.accept(scene.company.id, scene.company.person_id, found.request.id)
    now_stored = await stored(scene)
    assert (now_stored["name"], now_stored["city"], now_stored["phone"]) == ("Nordlys Kaffe AS", "Alta", "90000000")
    async with reading(scene.company.id) as work:
        printed = await work.connection.fetchval("select customer_name from invoice where id = $1", scene.invoice_id)
    assert printed == "Nordlys AS"
    (after,) = await scene.requests()
    assert after.request.state is State.FULFILLED and after.request.letters[-1].kind == "decided"


def values(row: dict[str, str]) -> dict[str, str]:
    return {name: row[name] for name in CORRECTABLE}


async def test_p23_the_business_sees_who_got_what_is_wrong(scene: Scene) -> None:
    """GDPR Art. 19: so that they can be told."""
    async with unit_of_work(scene.company.id) as work:
        for address in ("regnskap@annen.example", EMAIL):
            await work.connection.execute(
                "insert into message (organisation_id, id, invoice_id, kind, recipient, message_id, state, attempts, "
                "queued_at, sent_at, maybe_twice) values ($1, $2, $3, 'invoice', $4, '<1@x>', 'sent', 1, now(), now(), "
                "false)", scene.company.id, new_id(), scene.invoice_id, address,
            )  # fmt: skip
    found = await scene.asks("correction", **{**values(await stored(scene)), "name": "Nordlys Kaffe AS"})
    page = (await scene.company.get(f"/requests/{found.request.id}")).text
    told = page[page.index("Who got the data before") :].partition("</ul>")[0]
    assert "regnskap@annen.example" in told and EMAIL not in told, "who asks knows it"


async def test_p23_a_correction_is_declined_with_reasons_that_the_customer_reads(scene: Scene) -> None:
    found = await scene.asks("correction", **{**values(await stored(scene)), "name": "Donald Duck"})
    with pytest.raises(Refused):
        await customer_requests.decline(scene.company.id, scene.company.person_id, found.request.id, " ")
    await customer_requests.decline(scene.company.id, scene.company.person_id, found.request.id, "Vi kjenner <deg>")
    assert (await stored(scene))["name"] == "Nordlys AS"
    assert "Vi kjenner &lt;deg&gt;" in (await scene.browser.get(await scene.mine())).text
    with pytest.raises(Refused):
        await customer_requests.accept(scene.company.id, scene.company.person_id, found.request.id)


async def test_a_correction_of_nothing_or_to_no_address_is_told_and_keeps_what_was_written(scene: Scene) -> None:
    mine, row = await scene.mine(), values(await stored(scene))
    nothing = await scene.browser.post(mine, data={"kind": "correction", **row})
    assert nothing.status_code == 422 and "Ingenting er endret" in nothing.text
    wrong = await scene.browser.post(mine, data={"kind": "correction", **row, "email": "a@b", "city": "Vadsø"})
    assert wrong.status_code == 422 and 'value="Vadsø"' in wrong.text and 'id="f-email-error"' in wrong.text
    assert (await scene.browser.post(mine, data={"kind": "x"})).status_code == 422
    assert (await scene.browser.post(mine, data={"kind": "objection", "purpose": "y"})).status_code == 422
    assert await scene.requests() == []


async def test_p38_an_objection_holds_at_once_and_the_business_sees_it(scene: Scene) -> None:
    found = await scene.asks("objection", purpose="reminders", text="Nok nå")
    assert found.request.state is State.FULFILLED and found.request.closed_at is not None
    assert "reminders" in (await stored(scene))["objects_to"]


async def test_a_restriction_holds_when_the_business_accepts(scene: Scene) -> None:
    found = await scene.asks("restriction", text="Beløpet er feil")
    with pytest.raises(Refused):
        await customer_requests.accept(scene.company.id, scene.company.person_id, found.request.id, ground="x")
    assert (await scene.requests())[0].request.is_open
    await customer_requests.accept(scene.company.id, scene.company.person_id, found.request.id, ground="a")
    assert (await stored(scene))["restricted_at"] is not None


async def test_a_copy_is_fetched_by_its_customer_only(scene: Scene, world: World) -> None:
    from tasks.gateways.pdf import NullPdf
    from tasks.renderer import PoolRenderer

    files.open_store(world.settings)
    documents.use(PoolRenderer(NullPdf()))
    found = await scene.asks("access")
    await customer_requests.accept(scene.company.id, scene.company.person_id, found.request.id)
    assert "Kopien din lages nå" in (await scene.browser.get(await scene.mine())).text
    async with reading(scene.company.id) as work:
        copy_id = await work.connection.fetchval(
            "select id from customer_copy where organisation_id = $1", scene.company.id
        )
    await customer_copy.make(scene.company.id, copy_id)
    documents.use(None)
    mine, other = await scene.mine(), await staged(world)
    path = re.search(rf'href="({mine}/copy/[^"]+)"', (await scene.browser.get(mine)).text)
    assert path is not None
    zip_file = await scene.browser.get(path[1])
    assert zip_file.status_code == 200 and zip_file.content.startswith(b"PK")
    assert f"{found.request.reference}.zip" in zip_file.headers["content-disposition"]
    assert (await scene.browser.get(f"{await other.mine()}/copy/{copy_id}")).status_code == 404
    assert (await scene.browser.get(f"{scene.place}/mine/{'x' * 43}/copy/{copy_id}")).status_code == 303


async def test_the_customer_withdraws_their_own_and_nobody_else_s(scene: Scene, world: World) -> None:
    found, other = await scene.asks("deletion"), await staged(world, email="annen@nordlys.example")
    with pytest.raises(NotFound):
        await customer_requests.withdraw(
            customer_passes.Opened(scene.company.id, scene.invoice_id, "x@y.no", "nb"), found.request.id
        )
    with pytest.raises(NotFound):
        await customer_requests.withdraw(
            customer_passes.Opened(other.company.id, other.invoice_id, EMAIL, "nb"), found.request.id
        )
    for _ in range(2):
        answer = await scene.browser.post(f"{await scene.mine()}/withdrawal/{found.request.id}")
        assert answer.status_code == 303
    assert (await scene.requests())[0].request.state is State.WITHDRAWN


async def test_the_register_is_not_shown_where_it_has_another_address_by_now(scene: Scene) -> None:
    """Who reads mail at the old address may be somebody else."""
    async with unit_of_work(scene.company.id) as work:
        await work.connection.execute(
            "update customer set email = 'ny@nordlys.example', phone = '91111111' where id = $1", scene.customer_id
        )
    answer = await scene.browser.get(await scene.mine())
    assert "91111111" not in answer.text and "ny@nordlys.example" not in answer.text and "Storgata 2" in answer.text


@pytest.mark.parametrize("language", ["en", "de", "pl"])
async def test_the_page_speaks_the_document_s_language(world: World, language: str) -> None:
    scene = await staged(world, language)
    for path in (scene.place, await scene.mine()):
        assert f'<html lang="{LANGUAGES[language].code}"' in (await scene.browser.get(path)).text


async def test_without_an_address_on_the_invoice_the_page_says_whom_to_write_to(world: World) -> None:
    scene = await staged(world, email="")
    assert "Det finnes ingen adresse vi kan sende en kode til" in (await scene.browser.get(scene.place)).text
    assert (await scene.browser.post(f"{scene.place}/code")).status_code == 404
    assert (await scene.enter("12345678")).status_code == 422


async def test_what_fails_leaves_neither_decision_nor_letter(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash between the decision and its letter: both or none."""
    found = await scene.asks("correction", **{**values(await stored(scene)), "name": "Ny"})

    async def crash(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(customer_requests, "queue_letter", crash)
    with pytest.raises(RuntimeError):
        await customer_requests.accept(scene.company.id, scene.company.person_id, found.request.id)
    assert (await scene.requests())[0].request.is_open and (await stored(scene))["name"] == "Nordlys AS"
    assert Decision.REFUSED.needs_reasons


async def test_p40_the_customer_is_told_the_authority_of_the_seller_s_country(scene: Scene) -> None:
    assert 'href="https://www.datatilsynet.no/"' in (await scene.browser.get(scene.place)).text
    await move_to(scene.company, "SE")
    page = (await scene.browser.get(scene.place)).text
    assert 'href="https://www.imy.se/"' in page and "Datatilsynet" not in page
