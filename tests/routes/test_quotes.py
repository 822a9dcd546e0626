"""Quotes over HTTP: from the editor to the customer's answer and the invoice."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest

from actions.quote_letters import token_of
from domain.reading import show_date
from models.ids import new_id
from models.queries.quotes import StoredQuote, stored
from models.unit_of_work import reading
from tests.actions.making import TODAY, line
from tests.actions.test_quotes import saved_quote, sent_quote
from tests.routes.test_invoice_routes import budget
from tests.world import Company, World

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def typed(customer: UUID | None, **values: str) -> dict[str, str]:
    return {
        "editor": str(new_id()), "version": "0", "customer_id": str(customer or ""), "currency": "NOK",
        "language": "en", "valid_until": show_date(TODAY + timedelta(days=30), "en"), "due_days": "14",
        "lines.0.description": "Fence", "lines.0.quantity": "2", "lines.0.unit": "C62", "lines.0.unit_price": "500",
        "lines.0.treatment": "standard", **values,
    }  # fmt: skip


async def of(company: Company, quote_id: UUID) -> StoredQuote:
    async with reading(company.id) as work:
        found = await stored(work, quote_id)
    assert found is not None
    return found


async def test_a_quote_goes_from_the_editor_to_a_yes_and_an_invoice_without_a_script(world: World) -> None:
    company = await world.company()
    customer, quote_id = await world.customer(company), new_id()
    fresh = await company.get("/quotes/new")
    assert "Gets its number when it is sent" in fresh.text and 'name="valid_until"' in fresh.text
    answer = await company.post(f"/quotes/{quote_id}/draft", typed(customer))
    assert answer.headers["location"] == f"/quotes/{quote_id}/edit?done=draft-saved"
    answer = await company.post(f"/quotes/{quote_id}/sending", typed(customer, version="1"))
    assert answer.headers["location"] == f"/quotes/{quote_id}?done=quote-sent"
    assert "Waiting for an answer" in (await company.get(f"/quotes/{quote_id}")).text

    visitor = world.visitor(**{"Accept-Language": "en"})
    hosted = f"/q/{token_of(company.id, quote_id)}"
    page = await visitor.get(hosted)
    assert "Accept the quote" in page.text and "1,250.00" in page.text and "set-cookie" not in page.headers
    assert "86011117947" not in page.text.replace(" ", "") and "8601 11 17947" not in page.text
    assert page.headers["referrer-policy"] == "no-referrer" and "noindex" in page.headers["x-robots-tag"]
    answer = await visitor.post(f"{hosted}/answer", data={"answer": "accepted", "name": "Ola Nordmann"})
    assert answer.headers["location"] == hosted
    assert "Accepted by Ola Nordmann" in (await visitor.get(hosted)).text

    shown = (await company.get(f"/quotes/{quote_id}")).text
    assert "Accepted by Ola Nordmann" in shown and "Make the invoice" in shown
    invoice_id = new_id()
    answer = await company.post(f"/quotes/{quote_id}/invoices", {"invoice_id": str(invoice_id)})
    assert answer.headers["location"] == f"/invoices/{invoice_id}/edit?done=quote-invoiced"
    assert f"/invoices/{invoice_id}/edit" in (await company.get(f"/quotes/{quote_id}")).text
    assert f"/quotes/{quote_id}" in (await company.get(f"/invoices/{invoice_id}")).text


async def test_saving_while_typing_answers_with_the_figures(world: World) -> None:
    company = await world.company()
    quote_id = new_id()
    answer = await company.post(f"/quotes/{quote_id}/draft", typed(await world.customer(company)), headers={**PART})
    assert "1,250.00" in answer.text and "Total" in answer.text and "To pay" not in answer.text
    assert answer.headers["hx-replace-url"] == f"/quotes/{quote_id}/edit"
    lines = await company.post(f"/quotes/{quote_id}/draft/lines", typed(None), headers=PART)
    assert lines.status_code == 409  # another window


async def test_what_is_missing_stands_beside_its_field(world: World) -> None:
    company = await world.company()
    quote_id = new_id()
    answer = await company.post(f"/quotes/{quote_id}/sending", typed(None, valid_until="1/1/2020"))
    assert answer.status_code == 422
    for words in ("Before this can be sent", "This day has passed", "Choose who"):
        assert words in answer.text, words
    assert (await of(company, quote_id)).is_draft


@pytest.mark.parametrize(("name", "words"), [("", "Write your name"), ("x" * 101, "100")])
async def test_an_answer_without_a_usable_name_comes_back_with_what_was_typed(
    world: World, name: str, words: str
) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company), language="en")
    hosted = f"/q/{token_of(company.id, quote_id)}"
    answer = await world.visitor().post(f"{hosted}/answer", data={"answer": "accepted", "name": name})
    assert answer.status_code == 422 and words in answer.text
    assert (await of(company, quote_id)).row["answer"] is None


async def test_a_withdrawn_quote_says_so_and_takes_no_answer(world: World) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company), language="en")
    answer = await company.post(f"/quotes/{quote_id}/withdrawal")
    assert answer.headers["location"] == f"/quotes/{quote_id}?done=quote-withdrawn"
    hosted = f"/q/{token_of(company.id, quote_id)}"
    page = await world.visitor().get(hosted)
    assert "The sender has withdrawn this quote." in page.text and 'name="name"' not in page.text
    late = await world.visitor().post(f"{hosted}/answer", data={"answer": "accepted", "name": "Ola"})
    assert late.status_code == 422 and "The sender has withdrawn this quote." in late.text


async def test_an_answer_from_another_site_is_refused(world: World) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company))
    visitor = world.visitor(**{"Sec-Fetch-Site": "cross-site"})
    answer = await visitor.post(
        f"/q/{token_of(company.id, quote_id)}/answer", data={"answer": "accepted", "name": "O"}
    )
    assert answer.status_code == 403
    assert (await of(company, quote_id)).row["answer"] is None


async def test_another_invoice_of_a_quote_is_asked_for_in_so_many_words(world: World) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company))
    await company.post(f"/quotes/{quote_id}/invoices", {"invoice_id": str(new_id())})
    refused = await company.post(f"/quotes/{quote_id}/invoices", {"invoice_id": str(new_id())})
    assert refused.status_code == 422 and "There is an invoice of this quote already" in refused.text
    second = await company.post(f"/quotes/{quote_id}/invoices", {"invoice_id": str(new_id()), "again": "1"})
    assert second.status_code == 303


async def test_a_deleted_draft_is_taken_back_by_the_sentence_s_own_button(world: World) -> None:
    company = await world.company()
    made = await saved_quote(company, await world.customer(company))
    answer = await company.post(f"/quotes/{made.id}/deletion")
    shown = (await company.get(answer.headers["location"])).text
    undo = re.search(r'action="(/quotes/[^"]+/restoration)"', shown)
    assert undo is not None
    assert (await company.post(undo[1])).headers["location"] == f"/quotes/{made.id}/edit?done=draft-restored"


async def test_the_list_has_tabs_search_pages_and_a_file(world: World) -> None:
    company = await world.company()
    customer = await world.customer(company)
    await saved_quote(company, customer, note="Rosebed")
    waiting = await sent_quote(company, customer)
    await sent_quote(company, await world.customer(company, name="Fjordbygg AS"))
    page = (await company.get("/quotes?state=sent")).text
    assert f"/quotes/{waiting}" in page and page.count('class="go"') == 2
    assert (await company.get("/quotes?q=rosebed")).text.count('class="go"') == 1
    assert (await company.get("/quotes?q=fjordb&state=draft")).text.count('class="go"') == 0
    assert (await company.get("/quotes?state=expired")).text.count('class="go"') == 0
    lines = (await company.get("/quotes/download/csv?state=sent")).text.splitlines()
    assert len(lines) == 3 and "Valid until" in lines[0] and "Fjordbygg AS" in lines[1]


async def test_the_second_page_goes_on_where_the_first_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.queries import quote_list

    monkeypatch.setattr(quote_list, "PAGE", 2)
    company = await world.company()
    customer = await world.customer(company)
    made = {str((await saved_quote(company, customer, line("1"))).id) for _ in range(3)}
    first = (await company.get("/quotes")).text
    more = re.search(r'href="(/quotes\?after=[^"]+)"', first)
    assert more is not None
    second = (await company.get(more[1], headers=PART)).text
    shown = [re.findall(r'class="go" href="/quotes/([0-9a-f-]+)', text) for text in (first, second)]
    assert [len(one) for one in shown] == [2, 1] and {*shown[0], *shown[1]} == made


@pytest.mark.parametrize("path", ["/quotes", "/quotes?q=nord", "/quotes/{id}", "/q/{token}"])
async def test_a_page_of_quotes_asks_little_of_the_database(world: World, statements: list[str], path: str) -> None:
    """The session, then one statement for the page, or two for what is searched or opened by a secret."""
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company))
    with budget(statements, 11 if path.startswith(("/q/", "/quotes?")) else 8):
        await company.get(path.format(id=quote_id, token=token_of(company.id, quote_id)))
