"""A business's desk of requests: clocks, the letter before it is sent, and what yes, no and later do."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from actions import (
    customer_copy,
    customer_requests,
    documents,
    files,
    request_alerts,
    request_letters,
    request_retention,
)
from actions.clock import now
from domain.access import Role
from domain.privacy.requests import State
from domain.privacy.retention import REQUEST_CONTENT
from models.queries.customer_requests import CustomerRequestView, desk
from models.unit_of_work import reading, unit_of_work
from tasks.gateways.pdf import NullPdf
from tasks.renderer import PoolRenderer
from tests.actions.making import issued
from tests.people import at
from tests.routes.test_hosted_privacy import EMAIL, Scene, staged, stored, values
from tests.world import World


@pytest.fixture
async def scene(world: World) -> AsyncIterator[Scene]:
    yield await staged(world)


async def text_of(scene: Scene, request_id: UUID, kind: str) -> request_letters.Prepared:
    """The newest letter of this kind, as its job writes it."""
    (found,) = [one for one in await desk(scene.company.id, now()) if one.request.id == request_id]
    place = [letter.kind for letter in found.request.letters].index(kind)
    prepared = await request_letters.prepare(scene.company.id, request_id, place)
    assert prepared is not None
    return prepared


async def now_of(scene: Scene) -> CustomerRequestView:
    return (await scene.requests())[0]


async def test_the_desk_shows_who_asks_what_and_how_many_days_are_left(scene: Scene) -> None:
    found = await scene.asks("deletion", text="Slett <meg>")
    listed = (await scene.company.get("/requests")).text
    assert found.request.reference in listed and f"{found.request.days_left} days left" in listed
    shown = (await scene.company.get(f"/requests/{found.request.id}")).text
    assert "Slett &lt;meg&gt;" in shown and "Wrote the code that was sent" in shown
    assert "The name stays on the issued documents until" in shown
    assert "1 customer asks about their data" in (await scene.company.get("/")).text


async def test_p14_with_five_days_left_it_is_red_in_words_too(
    scene: Scene, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await scene.asks("access")
    at(monkeypatch, now() + timedelta(days=found.request.days_left - 5))
    owner, _ = await world.sign_in(scene.company.person_id, scene.company.id, Role.OWNER)
    assert '<span class="overdue">Only 5 days left' in (await owner.get("/requests")).text


async def test_the_letter_is_shown_in_the_customer_s_language_before_anything_happens(scene: Scene) -> None:
    found = await scene.asks("access")
    place = f"/requests/{found.request.id}"
    shown = await scene.company.post(f"{place}/letter", {"decision": "decline", "text": "Vi har <ingen>"})
    assert "Svaret på henvendelsen din" in shown.text and "Vi har &lt;ingen&gt;" in shown.text
    assert "Datatilsynet" in shown.text and "Send the letter" in shown.text
    assert (await now_of(scene)).request.is_open
    for wrong in ({"decision": "decline", "text": ""}, {"decision": "x"}, {"decision": "extend", "text": " "}):
        assert (await scene.company.post(f"{place}/letter", wrong)).status_code == 422
        assert (await scene.company.post(f"{place}/decision", wrong)).status_code == 422
    done = await scene.company.post(f"{place}/decision", {"decision": "decline", "text": "Vi har <ingen>"})
    assert done.status_code == 303 and (await now_of(scene)).request.state is State.REFUSED
    sent = await text_of(scene, found.request.id, "decided")
    assert sent.letter.recipient == EMAIL and sent.letter.context["reasons"] == "Vi har <ingen>"
    assert (
        "Answered" in (await scene.company.get("/requests")).text
        or "Declined" in (await scene.company.get(place)).text
    )


async def test_the_desk_warns_where_the_register_has_another_address_than_who_asks(scene: Scene) -> None:
    found = await scene.asks("access")
    place = f"/requests/{found.request.id}"
    assert "Make sure that it is the same person" not in (await scene.company.get(place)).text
    async with unit_of_work(scene.company.id) as work:
        await work.connection.execute(
            "update customer set email = 'ny@nordlys.example' where organisation_id = $1", scene.company.id
        )
    assert "ny@nordlys.example. Make sure that it is the same person" in (await scene.company.get(place)).text
    shown = await scene.company.post(f"{place}/letter", {"decision": "accept", "text": ""})
    assert "Hent den på siden, med en kode, innen tre dager." in shown.text


async def test_the_time_is_extended_once_and_the_customer_reads_why(scene: Scene) -> None:
    found = await scene.asks("access")
    place = f"/requests/{found.request.id}/decision"
    assert (await scene.company.post(place, {"decision": "extend", "text": "Mange bilag"})).status_code == 303
    assert (await scene.company.post(place, {"decision": "extend", "text": "Mer"})).status_code == 422
    after = await now_of(scene)
    assert after.request.state is State.EXTENDED and after.request.days_left > 60
    assert "Mange bilag" in (await scene.browser.get(await scene.mine())).text


async def test_p30_a_deletion_that_is_accepted_leaves_the_name_on_the_invoice_and_says_until_when(
    scene: Scene,
) -> None:
    found = await scene.asks("deletion")
    assert "Navnet og adressen din står på fakturaen til" in (await scene.browser.get(await scene.mine())).text
    done = await scene.company.post(f"/requests/{found.request.id}/decision", {"decision": "accept", "text": ""})
    assert done.status_code == 303
    row = await stored(scene)
    assert (row["email"], row["phone"], row["notes"]) == ("", "", "")
    async with reading(scene.company.id) as work:
        printed = await work.connection.fetchval("select buyer->>'name' from invoice where id = $1", scene.invoice_id)
    assert printed == "Nordlys AS"
    assert "må ta vare på fakturaen til" in (await scene.browser.get(scene.place)).text
    sent = await text_of(scene, found.request.id, "decided")
    assert sent.letter.recipient == EMAIL and sent.letter.context["decision"] == "fulfilled"


async def test_nobody_but_owners_and_administrators_of_the_business_see_its_requests(
    scene: Scene, world: World
) -> None:
    found = await scene.asks("correction", **{**values(await stored(scene)), "city": "Alta"})
    place = f"/requests/{found.request.id}"
    other, viewer = await world.company(), await world.company(role=Role.BOOKKEEPER)
    assert (await other.get(place)).status_code == 404
    for path in ("letter", "decision"):
        assert (await other.post(f"{place}/{path}", {"decision": "accept"})).status_code == 404
    assert (await viewer.get("/requests")).status_code == 403
    assert (await now_of(scene)).request.is_open and found.request.reference not in (
        await other.get("/requests")
    ).text


async def test_p14_owners_are_reminded_at_7_3_1_and_0_days_left_and_each_time_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await scene.asks("access")
    begun, left = now(), found.request.days_left
    sent = []
    for day in [*range(left - 9, left + 3), left + 2]:
        at(monkeypatch, begun + timedelta(days=day))
        await request_alerts.remind_company(scene.company.id)
        letters = [letter.kind for letter in (await now_of(scene)).request.letters]
        sent.append((left - day, letters.count("alert")))
    assert [days for (days, count), (_, before) in zip(sent[1:], sent, strict=False) if count > before] == [
        7,
        3,
        1,
        0,
    ]
    assert sent[-1][1] == 4
    told = await text_of(scene, found.request.id, "alert")
    assert told.letter.recipient == scene.company.email and told.letter.template == "request_desk"


async def test_three_years_after_it_was_closed_only_what_counts_is_left(
    scene: Scene, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await scene.asks("objection", purpose="reminders", text="Nok nå")
    begun = now()
    at(monkeypatch, begun + REQUEST_CONTENT - timedelta(minutes=1))
    await request_retention.purge_company(scene.company.id)
    assert (await now_of(scene)).request.text == "Nok nå"
    at(monkeypatch, begun + REQUEST_CONTENT + timedelta(minutes=1))
    assert await request_retention.purge_company(scene.company.id) == 1
    assert await request_retention.purge_company(scene.company.id) == 0
    after = (await now_of(scene)).request
    assert after.emptied and (after.text, after.email, after.kind) == ("", "", found.request.kind)
    owner, _ = await world.sign_in(scene.company.person_id, scene.company.id, Role.OWNER)
    assert "three years after" in (await owner.get(f"/requests/{found.request.id}")).text
    async with unit_of_work(scene.company.id) as work:
        kept = await work.connection.fetchrow("select * from customer_request where id = $1", found.request.id)
    assert EMAIL not in str(dict(kept)) and "Nordlys" not in str(dict(kept))


async def test_p22_a_corrected_name_is_on_the_next_invoice_and_the_old_document_stays_byte_for_byte(
    scene: Scene, world: World
) -> None:
    """And the customer's copy shows both, each with its date."""
    files.open_store(world.settings)
    documents.use(PoolRenderer(NullPdf()))
    before = await documents.rendered(scene.company.id, scene.invoice_id)
    found = await scene.asks("correction", **{**values(await stored(scene)), "name": "Nordlys Kaffe AS"})
    await customer_requests.accept(scene.company.id, scene.company.person_id, found.request.id)
    await issued(scene.company, scene.customer_id)
    after = await documents.rendered(scene.company.id, scene.invoice_id)
    assert (after.sha256, after.size) == (before.sha256, before.size)
    asked = await scene.asks("access")
    await customer_requests.accept(scene.company.id, scene.company.person_id, asked.request.id)
    async with reading(scene.company.id) as work:
        copy_id = await work.connection.fetchval(
            "select id from customer_copy where organisation_id = $1", scene.company.id
        )
    await customer_copy.make(scene.company.id, copy_id)
    documents.use(None)
    fetched = await scene.browser.get(f"{await scene.mine()}/copy/{copy_id}")
    with zipfile.ZipFile(io.BytesIO(fetched.content)) as copy:
        (customer,) = json.loads(copy.read("data/customers.json"))
        invoices = json.loads(copy.read("data/invoices.json"))
        (kept,) = json.loads(copy.read("data/corrections.json"))
    assert customer["name"] == "Nordlys Kaffe AS" and customer["changed_at"] > customer["created_at"]
    names = {one["customer_name"] for one in sorted(invoices, key=lambda one: int(one["number"]))}
    assert names == {"Nordlys AS", "Nordlys Kaffe AS"} and all(one["issued_on"] for one in invoices)
    assert (kept["field"], kept["old_value"], kept["new_value"]) == ("name", "Nordlys AS", "Nordlys Kaffe AS")
    assert kept["reference"] == found.request.reference and kept["corrected_at"] > customer["created_at"]
