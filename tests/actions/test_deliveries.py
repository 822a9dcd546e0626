"""E-mails about invoices: queued with their cause, and never called sent before a server took them."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from actions import deliveries, instance, invoices
from actions.clock import now
from actions.drafts import Editing
from actions.outcomes import NotFound
from domain.delivery import Problem
from domain.links import token_hash
from domain.refusals import Refused
from domain.settings import Settings
from models.ids import new_id
from models.queries.links import by_token
from models.unit_of_work import unit_of_work
from tests.issuing import Shop, open_shop
from tests.people import at

BUSY = Problem("server_busy", "451 later")


@pytest.fixture
async def shop(pool: None, settings: Settings) -> AsyncIterator[Shop]:
    async with open_shop(settings) as opened:
        yield opened


async def test_issuing_queues_the_message_and_its_job_and_says_so_on_the_invoice(shop: Shop) -> None:
    invoice_id = await shop.issue()
    message = await shop.message(invoice_id)
    assert (message["state"], message["recipient"], message["attempts"]) == ("queued", "post@nordlys.example", 0)
    assert message["message_id"] == f"<{message['id']}@localhost>"
    assert await shop.delivery_state(invoice_id) == "queued"
    assert ("send_invoice", {"organisation_id": str(shop.id), "message_id": str(message["id"])}) in await shop.jobs()
    assert "delivery.queued" in await shop.events(invoice_id)


async def test_what_is_rolled_back_was_never_queued(shop: Shop) -> None:
    invoice_id = await shop.issue(send=False)
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work(shop.id, shop.company.person_id) as work:
            await deliveries.queue(work, invoice_id, "post@nordlys.example")
            raise ZeroDivisionError
    assert await shop.messages(invoice_id) == []
    assert await shop.delivery_state(invoice_id) == "none"
    assert "send_invoice" not in [name for name, _ in await shop.jobs()]


async def test_the_domain_of_an_address_is_written_as_mail_servers_read_it(shop: Shop) -> None:
    invoice_id = await shop.issue(email=" Post@Blåtind.NO ")
    assert (await shop.message(invoice_id))["recipient"] == "Post@xn--bltind-jua.no"


@pytest.mark.parametrize("address", ["", "nobody", "a@b.no,c@d.no", "a@b.no\r\nBcc: c@d.no"])
async def test_s23_what_is_no_address_is_refused(shop: Shop, address: str) -> None:
    invoice_id = await shop.issue(send=False)
    with pytest.raises(Refused) as refusal:
        await deliveries.send_again(shop.id, shop.company.person_id, invoice_id, address)
    assert [one.code for one in refusal.value.refusals] == ["customer.email_invalid"]
    assert await shop.messages(invoice_id) == []


async def test_a_message_goes_from_queued_over_tried_to_sent(shop: Shop) -> None:
    invoice_id = await shop.issue()
    message_id = (await shop.message(invoice_id))["id"]
    attempt = await deliveries.begin_attempt(shop.id, message_id)
    assert attempt is not None
    begun = await shop.message(invoice_id)
    assert (begun["state"], begun["attempts"], begun["sent_at"]) == ("queued", 1, None)
    assert begun["tried_at"] is not None
    assert await shop.delivery_state(invoice_id) == "queued"
    await deliveries.record_sent(shop.id, message_id)
    sent = await shop.message(invoice_id)
    assert sent["state"] == "sent"
    assert sent["sent_at"] is not None
    assert await shop.delivery_state(invoice_id) == "sent"
    assert (await shop.events(invoice_id))[-1] == "delivery.sent"
    assert await deliveries.begin_attempt(shop.id, message_id) is None


async def test_a_delay_keeps_the_message_queued_with_the_reason_beside_it(shop: Shop) -> None:
    invoice_id = await shop.issue()
    message_id = (await shop.message(invoice_id))["id"]
    await deliveries.begin_attempt(shop.id, message_id)
    await deliveries.record_delay(shop.id, message_id, BUSY)
    message = await shop.message(invoice_id)
    assert (message["state"], Problem.parse(message["problem"])) == ("queued", BUSY)
    assert not message["maybe_twice"]
    assert await shop.delivery_state(invoice_id) == "queued"


async def test_a_failure_is_shown_on_the_invoice_and_does_not_undo_what_was_accepted(shop: Shop) -> None:
    invoice_id = await shop.issue()
    message_id = (await shop.message(invoice_id))["id"]
    await deliveries.record_failed(shop.id, message_id, BUSY)
    assert (await shop.message(invoice_id))["state"] == "failed"
    assert await shop.delivery_state(invoice_id) == "failed"
    # A worker that was taken for dead had the server's yes in hand.
    await deliveries.record_sent(shop.id, message_id)
    assert await shop.delivery_state(invoice_id) == "sent"
    await deliveries.record_failed(shop.id, message_id, BUSY)
    assert (await shop.message(invoice_id))["state"] == "sent"
    assert await shop.delivery_state(invoice_id) == "sent"


async def test_recording_the_same_twice_leaves_one_event(shop: Shop) -> None:
    invoice_id = await shop.issue()
    message_id = (await shop.message(invoice_id))["id"]
    for _ in range(2):
        await deliveries.record_sent(shop.id, message_id)
    assert (await shop.events(invoice_id)).count("delivery.sent") == 1


async def test_t04_a_try_that_ended_with_its_process_leaves_a_visible_doubt(shop: Shop) -> None:
    invoice_id = await shop.issue()
    message_id = (await shop.message(invoice_id))["id"]
    await deliveries.begin_attempt(shop.id, message_id)
    assert not (await shop.message(invoice_id))["maybe_twice"]
    await deliveries.begin_attempt(shop.id, message_id)
    assert (await shop.message(invoice_id))["maybe_twice"]


async def test_a_server_that_fell_silent_leaves_a_visible_doubt_and_a_polite_one_does_not(shop: Shop) -> None:
    invoice_id = await shop.issue()
    message_id = (await shop.message(invoice_id))["id"]
    await deliveries.begin_attempt(shop.id, message_id)
    await deliveries.record_delay(shop.id, message_id, BUSY)
    await deliveries.begin_attempt(shop.id, message_id)
    assert not (await shop.message(invoice_id))["maybe_twice"]
    await deliveries.record_delay(shop.id, message_id, Problem("server_unreachable"), may_have_arrived=True)
    assert (await shop.message(invoice_id))["maybe_twice"]


async def test_sending_again_makes_a_new_message_and_the_newest_one_is_shown(shop: Shop) -> None:
    invoice_id = await shop.issue()
    first = (await shop.message(invoice_id))["id"]
    await deliveries.record_failed(shop.id, first, BUSY)
    second = await deliveries.send_again(shop.id, shop.company.person_id, invoice_id, "regnskap@nordlys.example")
    assert await shop.delivery_state(invoice_id) == "queued"
    await deliveries.record_sent(shop.id, first)
    assert await shop.delivery_state(invoice_id) == "queued"
    await deliveries.record_sent(shop.id, second)
    assert await shop.delivery_state(invoice_id) == "sent"
    ids = {message["message_id"] for message in await shop.messages(invoice_id)}
    assert len(ids) == 2


async def test_a_double_click_sends_one_message(shop: Shop) -> None:
    invoice_id = await shop.issue(send=False)
    ids = {
        await deliveries.send_again(shop.id, shop.company.person_id, invoice_id, address)
        for address in ("post@nordlys.example", " post@NORDLYS.example")
    }
    assert len(ids) == 1
    assert len(await shop.messages(invoice_id)) == 1


async def test_nobody_sends_an_invoice_twenty_one_times_a_day(shop: Shop) -> None:
    invoice_id = await shop.issue(send=False)
    for n in range(deliveries.MOST_PER_SUBJECT):
        await deliveries.send_again(shop.id, shop.company.person_id, invoice_id, f"n{n}@nordlys.example")
    with pytest.raises(Refused) as refusal:
        await deliveries.send_again(shop.id, shop.company.person_id, invoice_id, "last@nordlys.example")
    assert [one.code for one in refusal.value.refusals] == ["delivery.too_many"]


@pytest.fixture
def two_a_day(pool: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "_settings", replace(instance.settings(), daily_emails=2))


async def test_a_company_that_has_sent_its_e_mails_of_the_day_keeps_the_draft_and_its_number(
    two_a_day: None, shop: Shop
) -> None:
    await shop.issue()
    await shop.issue()
    draft, editing = await shop.draft(), Editing(0, new_id())
    refused = await invoices.issue(shop.id, shop.company.person_id, draft.id, draft, editing, send=True)
    assert (refused.number, [(one.code, dict(one.params)) for one in refused.refusals]) == (
        None,
        [("delivery.too_many_today", {"most": "2"})],
    )
    assert await shop.messages(draft.id) == [] and await shop.events(draft.id) == ["invoice.drafted"]
    # The draft is saved under the version that the answer names, and issuing without sending goes on from there.
    again = Editing(refused.version, editing.editor)
    done = await invoices.issue(shop.id, shop.company.person_id, draft.id, draft, again, send=False)
    assert done.number == "3"
    assert await shop.delivery_state(draft.id) == "none"


async def test_what_could_not_be_sent_today_is_sent_tomorrow(
    two_a_day: None, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.issue()
    await shop.issue()
    waiting = await shop.issue(send=False)
    with pytest.raises(Refused) as refusal:
        await deliveries.send_again(shop.id, shop.company.person_id, waiting, "post@nordlys.example")
    assert [one.code for one in refusal.value.refusals] == ["delivery.too_many_today"]
    assert await shop.messages(waiting) == [] and await shop.delivery_state(waiting) == "none"
    at(monkeypatch, now() + timedelta(days=1, minutes=1))
    await deliveries.send_again(shop.id, shop.company.person_id, waiting, "post@nordlys.example")
    assert await shop.delivery_state(waiting) == "queued"


async def test_what_one_company_sends_is_not_counted_for_another(
    two_a_day: None, shop: Shop, settings: Settings
) -> None:
    await shop.issue()
    await shop.issue()
    async with open_shop(settings) as other:
        assert (await other.message(await other.issue()))["state"] == "queued"


async def test_a_draft_and_a_foreign_invoice_are_not_found(shop: Shop, settings: Settings) -> None:
    draft_id, invoice_id = await shop.saved_draft(), await shop.issue(send=False)
    async with open_shop(settings) as other:
        for owner, found in ((shop, draft_id), (other, invoice_id), (shop, uuid.uuid4())):
            with pytest.raises(NotFound):
                await deliveries.send_again(owner.id, owner.company.person_id, found, "a@b.example")
    assert await shop.messages(invoice_id) == []


async def test_a_link_is_made_once_and_opens_its_invoice(shop: Shop) -> None:
    invoice_id = await shop.issue(send=False)
    async with unit_of_work(shop.id) as work:
        tokens = {await deliveries.ensure_link(work, invoice_id) for _ in range(3)}
    (token,) = tokens
    assert await by_token(token) == (shop.id, invoice_id)


async def test_a_revoked_link_opens_nothing_and_is_followed_by_another(shop: Shop) -> None:
    invoice_id = await shop.issue(send=False)
    async with unit_of_work(shop.id) as work:
        first = await deliveries.ensure_link(work, invoice_id)
        await work.connection.execute(
            "update invoice_link set revoked_at = now() where organisation_id = $1 and token_hash = $2",
            shop.id,
            token_hash(first),
        )
        second = await deliveries.ensure_link(work, invoice_id)
    assert second != first
    assert await by_token(first) is None
    assert await by_token(second) == (shop.id, invoice_id)


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "æ" * 43, "' or true --"])
async def test_what_is_no_link_opens_nothing(pool: None, token: str) -> None:
    assert await by_token(token) is None


async def test_a_link_shows_no_other_row_of_any_company(shop: Shop) -> None:
    first, second = await shop.issue(send=False), await shop.issue(send=False)
    async with unit_of_work(shop.id) as work:
        token = await deliveries.ensure_link(work, first)
        await deliveries.ensure_link(work, second)
    async with unit_of_work(None) as work:
        found = token_hash(token)
        assert found is not None
        await work.connection.execute("select set_config('app.link_hash', $1, true)", found.hex())
        rows = await work.connection.fetch("select invoice_id from invoice_link")
    assert [row["invoice_id"] for row in rows] == [first]
