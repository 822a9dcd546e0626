"""Orders to keep, from their form to the answer that names them."""

from __future__ import annotations

import html
from datetime import date, timedelta

from actions import customer_requests, quotes
from actions import plans as planning
from actions.customer_passes import Opened
from actions.customer_requests import Asked
from domain.access import Role
from domain.privacy.requests import Kind
from models.ids import new_id
from models.queries.holds import holds_of
from models.unit_of_work import unit_of_work
from tests.actions.making import TODAY, draft, first_save, issued, saved
from tests.actions.test_quotes import sent_quote
from tests.routes.furnished import received
from tests.world import World

PLACE = "/company/holds"


async def test_p12_the_answer_to_a_deletion_names_the_law_its_date_and_the_order(world: World) -> None:
    company = await world.company()
    invoice_id = (await issued(company, await world.customer(company))).invoice_id
    refused = await company.post(f"/invoices/{invoice_id}/deletion")
    assert refused.status_code in (409, 422)
    assert f"the accounting law keeps it until 31.12.{TODAY.year + 5}" in html.unescape(refused.text)
    form = (await company.get(f"{PLACE}/new?invoice={invoice_id}")).text
    assert "Keep invoice 1" in form
    given = {"hold_id": str(new_id()), "scope": "invoice", "subject_id": str(invoice_id), "basis": "Sak <b>26-1"}
    for _ in range(2):  # a double click
        assert (await company.post(PLACE, given)).status_code == 303
    page = (await company.get(PLACE)).text
    assert page.count("Sak &lt;b&gt;26-1") == 1 and "until it is lifted" in page
    refused = await company.post(f"/invoices/{invoice_id}/deletion")
    assert "an order to keep it: Sak <b>26-1" in html.unescape(refused.text)
    (hold,) = await holds_of(company.id)
    assert (await company.post(f"{PLACE}/{hold.id}/lifting")).status_code == 303
    assert "lifted" in (await company.get(PLACE)).text


async def test_a_period_needs_two_days_in_order_and_a_ground(world: World) -> None:
    company = await world.company()
    wrong = await company.post(
        PLACE, {"scope": "period", "from_day": "2.1.2026", "to_day": "1.1.2026", "until": "1.1.2020"}
    )
    said = html.unescape(wrong.text)
    assert wrong.status_code == 422 and "The period ends before it begins." in said and "That day is past." in said
    good = {"scope": "period", "from_day": "1.1.2026", "to_day": "31.12.2026", "basis": "Bokettersyn"}
    assert (await company.post(PLACE, good)).status_code == 303
    (hold,) = await holds_of(company.id)
    assert (hold.from_day, hold.to_day) == (date(2026, 1, 1), date(2026, 12, 31))


async def test_what_is_not_there_or_another_company_s_can_not_be_kept(world: World) -> None:
    company, stranger = await world.company(), await world.company()
    theirs = (await issued(stranger, await world.customer(stranger))).invoice_id
    for subject in (theirs, new_id()):
        assert (await company.get(f"{PLACE}/new?invoice={subject}")).status_code == 404
        given = {"scope": "invoice", "subject_id": str(subject), "basis": "x"}
        assert (await company.post(PLACE, given)).status_code == 404
    assert (await company.post(f"{PLACE}/{new_id()}/lifting")).status_code == 404
    viewer = await world.company(role=Role.VIEWER)
    assert (await viewer.get(PLACE)).status_code == 200
    assert (await viewer.get(f"{PLACE}/new")).status_code == 403


async def test_p09_an_invoice_is_kept_as_long_as_its_latest_payment(world: World) -> None:
    company = await world.company()
    invoice_id = (await issued(company, await world.customer(company))).invoice_id
    async with unit_of_work(company.id, company.person_id) as work:
        await work.connection.execute(
            "insert into payment (organisation_id, id, kind, invoice_id, customer_id, paid_on, amount, to_invoice, "
            "to_credit, currency, note, recorded_at) "
            "select organisation_id, $2, 'payment', id, customer_id, $3, 1, 1, 0, "
            "'NOK', '', now() from invoice where id = $1",
            invoice_id, new_id(), date(TODAY.year + 2, 1, 1),
        )  # fmt: skip
    assert f"31 Dec {TODAY.year + 7}" in (await company.get(f"/invoices/{invoice_id}")).text


async def test_p09_every_record_s_page_says_until_when_it_is_kept(world: World) -> None:
    """An invoice with its payments, a draft, a quote, a recurring invoice, a customer, a received document, a request."""
    company = await world.company()
    customer = await world.customer(company)
    invoice_id = (await issued(company, customer)).invoice_id
    draft_id = (await saved(company, customer)).id
    quote_id, agreed = await sent_quote(company, customer), await sent_quote(company, customer)
    await quotes.answer(company.id, agreed, "accepted", "Kari")
    document_id, _ = await received(company, "Leverandør")
    plan = draft(customer)
    await planning.save(company.id, company.person_id, plan, first_save())
    who = Opened(company.id, invoice_id, "k@selger.example", "nb")
    asked = await customer_requests.file(who, Asked(Kind.OTHER, "Hei"))
    await customer_requests.decline(company.id, company.person_id, asked.id, "Nei")
    two_years = f"{TODAY + timedelta(days=730):%Y}"
    for path, year in (
        (f"/invoices/{invoice_id}", f"{TODAY.year + 5}"),
        (f"/invoices/{draft_id}", two_years),
        (f"/quotes/{quote_id}", two_years),
        (f"/quotes/{agreed}", f"31 Dec {TODAY.year + 5}"),
        (f"/plans/{plan.id}", two_years),
        (f"/requests/{asked.id}", f"{TODAY.year + 3}"),
        (f"/customers/{customer}", f"{TODAY.year + 5}"),
        (f"/inbox/{document_id}", "20"),
    ):
        page = (await company.get(path)).text
        assert "Kept until" in page and year in page.split("Kept until")[1][:80], path
