"""The ladder in motion: an e-invoice over the network, tried again, followed, and by e-mail when that fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from actions import documents, einvoices, files, instance, invoices, transmissions
from actions.drafts import Editing
from actions.outcomes import NotFound
from domain.delivery import Problem
from domain.draft import Draft, DraftLine
from domain.einvoice.findings import Verdict
from domain.peppol import Presence
from domain.settings import Settings
from models.ids import new_id
from models.queries.invoice_page import InvoicePage, invoice_page
from tasks.failures import FinalFailure, TemporaryFailure
from tasks.gateways.access_point import RestAccessPoint
from tasks.gateways.pdf import NullPdf
from tasks.handlers.transmit_einvoice import FollowTransmission, TransmitEInvoice
from tasks.renderer import PoolRenderer
from tests.actions.judging import Scripted, breaking, judged_by
from tests.actions.making import TODAY
from tests.actions.restraining import restricted
from tests.issuing import Shop, open_shop
from tests.tasks.access_point_server import KEY, Fake, access_point


@pytest.fixture
def fake() -> Iterator[Fake]:
    with access_point() as one:
        yield one


@pytest.fixture
async def shop(pool: None, settings: Settings, fake: Fake) -> AsyncIterator[Shop]:
    """A company in an installation with an access point."""
    told = replace(settings, access_point_url=fake.base, access_point_key=KEY)
    instance.begin(told)
    files.open_store(told)
    documents.use(PoolRenderer(NullPdf()))
    with judged_by(Scripted()):
        async with open_shop(settings) as opened:
            yield opened
    documents.use(None)
    instance.begin(settings)


async def issued_to(shop: Shop, email: str = "post@nordlys.example", **customer: str) -> UUID:
    """Issued and sent the way the customer wants. Nordlys AS has an organisation number."""
    customer_id = await shop.world.customer(shop.company, email=email, **customer)
    line = DraftLine(new_id(), "Tegning", Decimal(1), "HUR", Decimal(100), Decimal(0), "standard")
    draft = Draft(new_id(), customer_id, delivery_from=TODAY, your_reference="Ola", lines=(line,))
    done = await invoices.issue(shop.id, shop.company.person_id, draft.id, draft, Editing(0, new_id()), True)
    assert done.number is not None, done.refusals
    return done.invoice_id


async def payload(shop: Shop) -> dict[str, str]:
    (found,) = [payload for name, payload in await shop.jobs() if name == "transmit_einvoice"]
    return found


class Known:
    """The network's directory with one answer."""

    def __init__(self, presence: Presence) -> None:
        self.presence = presence

    async def find(self, recipient: str, is_credit_note: bool = False) -> Presence:
        return self.presence


def transmit(fake: Fake, presence: Presence = Presence.UNKNOWN) -> TransmitEInvoice:
    return TransmitEInvoice(RestAccessPoint(fake.base, KEY), Known(presence))


async def page(shop: Shop, invoice_id: UUID) -> InvoicePage:
    found = await invoice_page(shop.id, invoice_id, datetime.now(UTC))
    assert found is not None
    return found


async def state(shop: Shop, invoice_id: UUID) -> tuple[str, str]:
    found = await page(shop, invoice_id)
    assert found.transmission is not None
    return found.transmission["state"], await shop.delivery_state(invoice_id)


async def test_an_e_invoice_is_handed_over_once_and_called_sent_only_then(shop: Shop, fake: Fake) -> None:
    invoice_id = await issued_to(shop)
    assert await shop.messages(invoice_id) == []
    assert await state(shop, invoice_id) == ("queued", "queued")
    handler = transmit(fake)
    fake.lost = 1
    with pytest.raises(TemporaryFailure) as failure:
        await handler.run(await payload(shop))
    await handler.put_off(await payload(shop), failure.value)
    assert await state(shop, invoice_id) == ("queued", "queued")
    for _ in range(2):
        await handler.run(await payload(shop))
    assert await state(shop, invoice_id) == ("handed_over", "sent")
    made = await einvoices.einvoice_of(shop.id, invoice_id)
    assert made is not None
    assert list(fake.accepted.values()) == [("0192:974760673", made)]
    assert fake.submissions == 2


async def test_p32_what_waits_is_not_handed_over_once_the_customer_is_restricted(shop: Shop, fake: Fake) -> None:
    invoice_id = await issued_to(shop)
    found = await page(shop, invoice_id)
    assert found.customer is not None
    await restricted(shop.company, found.customer.id)
    await transmit(fake).run(await payload(shop))
    assert fake.submissions == 0 and await state(shop, invoice_id) == ("refused", "failed")
    assert await shop.messages(invoice_id) == [], "nor by e-mail instead"


async def test_it_is_followed_until_the_receiver_has_it(shop: Shop, fake: Fake) -> None:
    invoice_id = await issued_to(shop)
    ours = RestAccessPoint(fake.base, KEY)
    what = await payload(shop)
    await transmit(fake).run(what)
    with pytest.raises(TemporaryFailure):
        await FollowTransmission(ours).run(what)
    fake.fates[f"ap-{what['transmission_id']}"] = {"state": "delivered"}
    await FollowTransmission(ours).run(what)
    assert await state(shop, invoice_id) == ("delivered", "sent")
    assert [event for event in await shop.events(invoice_id) if event.startswith("transmission")] == [
        "transmission.queued", "transmission.handed_over", "transmission.delivered",
    ]  # fmt: skip


async def test_what_the_network_refuses_goes_on_by_e_mail_once(shop: Shop, fake: Fake) -> None:
    invoice_id = await issued_to(shop)
    ours, what = RestAccessPoint(fake.base, KEY), await payload(shop)
    await transmit(fake).run(what)
    fake.fates[f"ap-{what['transmission_id']}"] = {"state": "refused", "reason": "unknown receiver"}
    for _ in range(2):
        await FollowTransmission(ours).run(what)
    assert await state(shop, invoice_id) == ("fell_back", "queued")
    assert (await shop.message(invoice_id))["recipient"] == "post@nordlys.example"
    found = await page(shop, invoice_id)
    assert found.transmission is not None and "unknown receiver" in found.transmission["problem"]


async def test_without_an_e_mail_address_a_refusal_is_shown_as_not_delivered(shop: Shop, fake: Fake) -> None:
    invoice_id = await issued_to(shop, email="")
    handler, what = transmit(fake), await payload(shop)
    fake.says = (422, {"reason": "no"})
    with pytest.raises(FinalFailure) as failure:
        await handler.run(what)
    await handler.give_up(what, failure.value.problem)
    assert await state(shop, invoice_id) == ("refused", "failed")


async def test_without_an_e_invoice_nothing_is_handed_over(shop: Shop, fake: Fake) -> None:
    invoice_id = await issued_to(shop)
    handler, what = transmit(fake), await payload(shop)
    with judged_by(Scripted(lambda _: Verdict(unjudged="timeout"))), pytest.raises(TemporaryFailure):
        await handler.run(what)
    await einvoices.give_up(shop.id, invoice_id)
    with pytest.raises(FinalFailure):
        await handler.run(what)
    await handler.give_up(what, Problem("einvoice_missing"))
    assert fake.submissions == 0
    assert await state(shop, invoice_id) == ("fell_back", "queued")


async def test_who_is_not_in_the_directory_gets_an_e_mail_and_unknown_is_not_absent(shop: Shop, fake: Fake) -> None:
    invoice_id = await issued_to(shop)
    what = await payload(shop)
    with pytest.raises(FinalFailure) as failure:
        await transmit(fake, Presence.ABSENT).run(what)
    assert fake.submissions == 0
    await transmit(fake, Presence.ABSENT).give_up(what, failure.value.problem)
    assert await state(shop, invoice_id) == ("fell_back", "queued")


async def test_who_wants_e_mail_gets_e_mail_and_who_wants_paper_gets_nothing_sent(shop: Shop) -> None:
    mailed = await issued_to(shop, delivery="email")
    printed = await issued_to(shop, delivery="print", email="")
    consumer = await issued_to(shop, kind="consumer", organisation_number="")
    assert (await shop.message(mailed))["state"] == (await shop.message(consumer))["state"] == "queued"
    assert await shop.messages(printed) == [] and await shop.delivery_state(printed) == "none"
    assert [name for name, _ in await shop.jobs() if name == "transmit_einvoice"] == []


async def again(shop: Shop, invoice_id: UUID, key: UUID) -> bool:
    return await transmissions.send_again(shop.id, shop.company.person_id, invoice_id, key)


async def transmitted(shop: Shop) -> list[dict[str, str]]:
    return [payload for name, payload in await shop.jobs() if name == "transmit_einvoice"]


async def test_by_hand_it_is_sent_under_a_key_of_its_own_and_once_however_often_the_button_is_pressed(
    shop: Shop, fake: Fake
) -> None:
    invoice_id, key = await issued_to(shop, delivery="email"), new_id()
    for pressed in (key, key, new_id()):  # the last: another window, while the first is under way
        assert await again(shop, invoice_id, pressed)
    (what,) = await transmitted(shop)
    assert what["transmission_id"] == str(key)
    await transmit(fake).run(what)
    assert await state(shop, invoice_id) == ("handed_over", "sent")
    assert await again(shop, invoice_id, new_id()), "that one is still under way"
    fake.fates[f"ap-{key}"] = {"state": "refused", "reason": "busy"}
    await FollowTransmission(RestAccessPoint(fake.base, KEY)).run(what)
    assert await state(shop, invoice_id) == ("refused", "queued")
    assert len(await shop.messages(invoice_id)) == 1, "it went by e-mail before, and goes so once"
    second = new_id()
    assert await again(shop, invoice_id, second)
    await transmit(fake).run((await transmitted(shop))[-1])
    assert list(fake.accepted) == [str(key), str(second)]
    assert await state(shop, invoice_id) == ("handed_over", "sent")
    other = await issued_to(shop, delivery="print")
    assert await again(shop, other, key) and (await page(shop, other)).transmission is None, "the key was used"


async def test_what_can_not_travel_is_not_sent_by_hand_either(shop: Shop, settings: Settings) -> None:
    consumer = await issued_to(shop, kind="consumer", organisation_number="")
    refused = await issued_to(shop, delivery="email")
    with judged_by(Scripted(lambda _: breaking("BR-CO-15"))):
        await einvoices.make(shop.id, refused)
    at_home = await issued_to(shop, delivery="print")
    for invoice_id in (consumer, refused):
        assert not await again(shop, invoice_id, new_id())
    told = instance.settings()
    instance.begin(settings)
    assert not await again(shop, at_home, new_id()), "there is no access point"
    instance.begin(told)
    for number in range(transmissions.MOST_IN_A_DAY):
        assert await again(shop, at_home, new_id()), number
        what = (await transmitted(shop))[-1]
        await transmissions.record_refused(shop.id, UUID(what["transmission_id"]), Problem("network_refused"))
    assert not await again(shop, at_home, new_id()), "five times in a day are enough"
    with pytest.raises(NotFound):
        await again(shop, new_id(), new_id())
