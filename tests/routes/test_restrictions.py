"""P-32 to P-35 and P-38 as the business meets them: nothing of what is restricted is shown, used or sent."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import asyncpg
import httpx
import pytest

from actions import customers, deliveries, drafts, payments, plans
from actions.clock import now
from actions.customers import CustomerDetails
from actions.outcomes import Locked
from actions.payments import PaymentEntry
from domain.access import Role
from domain.privacy.restriction import Scope
from models.ids import new_id
from models.queries.deliveries import waiting
from tests.actions.making import TODAY, draft, first_save, issued, line, saved
from tests.actions.restraining import excepted, lifted, restricted
from tests.people import at
from tests.routes.furnished import plan_of, quotes_of
from tests.routes.test_credits import form_of
from tests.world import Company, World

NAME = "Sølvrevkunde"
FOUND = f"{NAME} AS"


async def shop(world: World) -> tuple[Company, UUID, UUID]:
    """A company with one issued invoice to a customer that is restricted; and another customer beside."""
    company = await world.company()
    customer = await world.customer(company, FOUND, email="kari@kunde.example")
    await world.customer(company, "Annen Kunde AS")
    document = await issued(company, customer)
    await restricted(company, customer)
    return company, customer, document.invoice_id


DRAFT = "01a20a20-0000-7000-8000-000000000001"  # a new one: the editor asks before anything is saved
SHOWN = ["/customers", "/customers?q=solvrev", f"/invoices/{DRAFT}/customers?customer=solvrev", "/invoices"]
SHOWN += ["/invoices?q=solvrev", "/invoices?state=open", "/search?q=solvrev", "/invoices/download/csv"]
SHOWN += ["/quotes", "/quotes?q=solvrev", "/quotes/download/csv", "/plans", "/plans?q=solvrev", "/payments"]


@pytest.mark.parametrize("place", SHOWN)
async def test_p32_a_restricted_customer_is_in_no_list_search_suggestion_or_download(
    world: World, place: str
) -> None:
    company, customer = await world.company(), new_id()
    details = CustomerDetails("business", FOUND, address_line1="Storgata 2", postcode="9008", city="Tromsø")
    await customers.add(company.id, company.person_id, customer, details)
    done = await issued(company, customer)
    if place.startswith("/quotes"):
        await quotes_of(company, customer, line())
    if place.startswith("/plans"):
        await plan_of(company, customer, line())
    if place == "/payments":
        entry = PaymentEntry(new_id(), Decimal(10), TODAY)
        await payments.register(company.id, company.person_id, done.invoice_id, entry)
    before = await company.get(place)
    assert before.status_code == 200 and NAME in before.text
    await restricted(company, customer)
    after = await company.get(place)
    assert after.status_code == before.status_code and NAME not in after.text
    view = (await company.get("/restrictions")).text
    assert FOUND in view and "Restricted" in view
    shown = (await company.get(f"/customers/{customer}")).text
    assert "Restricted since" in shown and (done.number or "") in shown


@pytest.mark.parametrize("noun", ["invoices", "quotes", "plans"])
async def test_p32_a_crafted_form_that_makes_a_document_for_them_is_locked(world: World, noun: str) -> None:
    company, customer, _ = await shop(world)
    form = {"customer_id": str(customer), "version": "0", "editor": str(new_id()), "currency": "NOK"}
    answer = await company.post(f"/{noun}/{new_id()}/draft", form)
    assert answer.status_code == 423
    assert "GDPR Art. 18" in answer.text and f"/customers/{customer}/restriction" in answer.text


@pytest.mark.parametrize("noun", ["invoices", "quotes", "plans"])
async def test_p32_no_editor_opens_for_them(world: World, noun: str) -> None:
    """It could save nothing, and who had written a page of lines would learn that last."""
    company, customer, _ = await shop(world)
    answer = await company.get(f"/{noun}/new?customer={customer}")
    assert answer.status_code == 423 and f"/customers/{customer}/restriction" in answer.text
    if noun == "invoices":
        place, asked = f"/customers/{customer}/restriction", {"operation": "invoice", "exception_ground": "duty"}
        made = await company.post(f"{place}/exceptions", {**asked, "exception_reason": "Levert i oktober"})
        assert made.headers["location"] == f"{place}?done=exception-made"
        assert f'href="/invoices/new?customer={customer}"' in (await company.get(place)).text
        assert FOUND in (await company.get(f"/invoices/new?customer={customer}")).text


async def test_p32_a_draft_of_theirs_is_not_taken_back_and_one_of_a_plan_not_deleted(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, FOUND)
    one, plan = await saved(company, customer), draft(customer)
    await plans.save(company.id, company.person_id, plan, first_save())
    await drafts.delete(company.id, company.person_id, one.id)
    await restricted(company, customer)
    assert (await company.post(f"/invoices/{one.id}/restoration")).status_code == 423
    assert (await company.post(f"/plans/{plan.id}/stop")).status_code == 423
    assert (await company.get(f"/plans/{plan.id}/edit")).status_code == 423


async def test_p32_a_draft_of_theirs_is_not_issued_changed_or_deleted(world: World) -> None:
    company = await world.company()
    customer, other = await world.customer(company, FOUND), await world.customer(company, "Annen AS")
    one = await saved(company, customer)
    await restricted(company, customer)
    assert (await company.get(f"/invoices/{one.id}/edit")).status_code == 423
    assert (await company.post(f"/invoices/{one.id}/issuance")).status_code == 423
    assert (await company.post(f"/invoices/{one.id}/deletion")).status_code == 423
    with pytest.raises(Locked):
        await saved(company, other, id=one.id)


async def test_p32_the_customer_is_not_changed_archived_or_looked_up(world: World) -> None:
    company, customer, _ = await shop(world)
    page = f"/customers/{customer}"
    assert (await company.post(f"{page}/archival")).status_code == 423
    assert (await company.post(f"{page}/restoration")).status_code == 423
    assert (await company.post(f"{page}/vat-check")).status_code == 423
    form = {"kind": "business", "name": "Nytt Navn AS", "country": "NO", "language": "nb", "currency": "NOK",
            "version": "2", "delivery": "best"}  # fmt: skip
    assert (await company.post(page, form)).status_code == 423
    missing = await company.post(page, {**form, "mending": " "})
    assert missing.status_code == 423 and "Write why" in missing.text
    mended = await company.post(page, {**form, "mending": "The register says so"})
    assert mended.status_code == 303
    assert "The register says so" in (await company.get(f"{page}/restriction")).text
    assert "Nytt Navn" not in (await company.get("/search?q=nytt")).text


async def test_p32_an_e_mail_that_waited_is_not_sent_any_more(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    customer = await world.customer(company, FOUND, email="kari@kunde.example")
    done = await issued(company, customer, send=True)
    message = await owner.fetchval("select id from message where invoice_id = $1", done.invoice_id)
    await restricted(company, customer)
    assert await deliveries.begin_attempt(company.id, message) is None
    assert await waiting(company.id, message) is None
    row = await owner.fetchrow("select state, problem from message where id = $1", message)
    assert row is not None and (row["state"], row["problem"]) == ("failed", "restricted")
    assert "processing of this data is restricted" in (await company.get(f"/invoices/{done.invoice_id}")).text
    assert (await company.post(f"/invoices/{done.invoice_id}/deliveries", {"recipient": "a@b.no"})).status_code == 423


async def test_p32_the_plan_says_why_a_time_was_passed_over(world: World, owner: asyncpg.Connection) -> None:
    company = await world.company()
    plan = draft(await world.customer(company, FOUND))
    await plans.save(company.id, company.person_id, plan, first_save())
    await owner.execute(
        "insert into plan_run (organisation_id, plan_id, day, state, made_at) values ($1, $2, $3, 'held', now())",
        company.id, plan.id, TODAY,
    )  # fmt: skip
    assert "Passed over: the customer is restricted" in (await company.get(f"/plans/{plan.id}")).text


async def test_p34_an_exception_with_ground_and_reason_issues_the_credit_note_once(
    world: World, owner: asyncpg.Connection
) -> None:
    company, customer, invoice = await shop(world)
    credit = await form_of(company, invoice, reason="Feil", send="1")
    page = f"/customers/{customer}/restriction"
    assert (await company.post(f"/invoices/{invoice}/credits", credit)).status_code == 423
    without = await company.post(f"{page}/exceptions", {"operation": "credit", "exception_ground": "duty"})
    assert without.status_code == 422 and "Write why" in without.text
    asked = {"operation": "credit", "exception_ground": "duty", "exception_reason": "Bokføringsforskriften § 5-2-7"}
    clicks = await asyncio.gather(*(company.post(f"{page}/exceptions", asked) for _ in range(2)))
    assert [one.status_code for one in clicks] == [303, 303]
    made = "select count(*) from restriction_exception where organisation_id = $1"
    assert await owner.fetchval(made, company.id) == 1
    assert (await company.post(f"/invoices/{invoice}/credits", credit)).status_code == 303
    shown = (await company.get(page)).text
    assert "Bokføringsforskriften § 5-2-7" in shown and "used" in shown
    used = await owner.fetchrow(
        "select e.used_on, i.state from restriction_exception e join invoice i on i.id = e.used_on "
        "where e.organisation_id = $1", company.id,
    )  # fmt: skip
    assert used is not None and used["state"] == "note"


async def test_one_document_alone_is_hidden_and_not_sent_but_can_be_paid(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, FOUND)
    first, second = await issued(company, customer), await issued(company, customer)
    await restricted(company, first.invoice_id, Scope.INVOICE)
    rows = (await company.get("/invoices")).text
    assert f"/invoices/{first.invoice_id}" not in rows and f"/invoices/{second.invoice_id}" in rows
    assert "Restricted documents are counted" in rows
    page = f"/invoices/{first.invoice_id}"
    assert "This invoice is restricted since" in (await company.get(page)).text
    assert (await company.post(f"{page}/deliveries", {"recipient": "a@b.no"})).status_code == 423
    assert (await company.post(f"{page}/copies", {"copy_id": str(new_id())})).status_code == 423
    paid = {"payment_id": str(new_id()), "amount": "10", "paid_on": TODAY.isoformat()}
    assert (await company.post(f"{page}/payments", paid)).status_code == 303
    await excepted(company, first.invoice_id, "send", Scope.INVOICE)
    again = {"recipient": "kari@kunde.example"}
    assert (await company.post(f"{page}/deliveries", again)).status_code == 303


async def test_the_pages_restrict_and_lift_with_the_letter_shown_before(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, FOUND, email="kari@kunde.example")
    page = f"/customers/{customer}/restriction"
    refused = await company.post(page, {"requested_by": ""})
    assert refused.status_code == 422 and "Choose why" in refused.text
    wish = {"ground": "a", "requested_by": "Kari Kunde", "review_on": TODAY.isoformat(), "reason": "Adressen er feil"}
    assert (await company.post(page, wish)).status_code == 303
    shown = (await company.get(page)).text
    assert "This letter goes to kari@kunde.example" in shown and "Adressen er feil" in shown
    assert "look at it again now" in (await company.get("/restrictions")).text
    assert (await company.post(f"{page}/lifting", {"lifting_reason": "Rettet"})).status_code == 303
    assert FOUND in (await company.get("/customers")).text
    assert "told by e-mail" in (await company.get(page)).text


async def test_p38_a_customer_who_objects_to_reminders_gets_no_second_letter_unless_it_is_asked_for(
    world: World, owner: asyncpg.Connection
) -> None:
    company = await world.company()
    customer = await world.customer(company, FOUND, email="kari@kunde.example")
    assert (await company.post(f"/customers/{customer}/objections", {"purpose": "reminders"})).status_code == 303
    done = await issued(company, customer, send=True)
    page, again = f"/invoices/{done.invoice_id}", {"recipient": "kari@kunde.example"}
    await owner.execute("update message set state = 'sent', sent_at = now() where invoice_id = $1", done.invoice_id)
    refused = await company.post(f"{page}/deliveries", again)
    assert refused.status_code == 422 and "does not want reminders" in refused.text
    assert "The customer has objected to reminders" in (await company.get(page)).text
    assert "Reminders of invoices" in (await company.get(f"/customers/{customer}")).text
    assert (await company.post(f"{page}/deliveries", {**again, "is_asked_for": "on"})).status_code == 303
    assert (
        await company.post(f"/customers/{customer}/objections/ending", {"purpose": "reminders"})
    ).status_code == 303
    assert await owner.fetchval("select objects_to from customer where id = $1", customer) == ""


async def test_the_vat_report_and_the_customers_own_page_stay_as_they_are(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company, FOUND)
    await issued(company, customer)
    before = _main(await company.get("/reports/vat"))
    await restricted(company, customer)
    assert _main(await company.get("/reports/vat")) == before
    await lifted(company, customer, told="By telephone")


def _main(answer: httpx.Response) -> str:
    """The page without the tokens, which each answer has of its own."""
    return re.sub(r'name="_csrf_token" value="[^"]*"', "", answer.text.partition("<main")[2])


async def test_a_restriction_says_on_its_record_and_at_home_when_to_look_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    customer = await world.customer(company)
    done = await issued(company, customer)
    day = now().date() + timedelta(days=5)
    for place in (f"/customers/{customer}", f"/invoices/{done.invoice_id}"):
        wish = {"ground": "a", "requested_by": "Kari", "review_on": day.isoformat()}
        assert (await company.post(f"{place}/restriction", wish)).status_code == 303
        assert "To be looked at again" in (await company.get(place)).text, place
    assert "looked at again" not in (await company.get("/")).text
    at(monkeypatch, now() + timedelta(days=6))
    client, _ = await world.sign_in(company.person_id, company.id, Role.OWNER)
    assert "2 restrictions are to be looked at again" in (await client.get("/")).text
    assert "It is time to look at it again." in (await client.get(f"/customers/{customer}")).text
