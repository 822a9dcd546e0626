"""The page for the customer speaks the language of the document."""

from __future__ import annotations

import re

import pytest

from actions.quote_letters import token_of
from domain.languages import LANGUAGES
from tests.actions.making import issued, line
from tests.actions.test_quotes import sent_quote
from tests.world import World


async def hosted(world: World, language: str) -> str:
    company = await world.company()
    done = await issued(company, await world.customer(company), line("1000"), language=language)
    link = re.search(r"/i/[\w-]{43}", (await company.get(f"/invoices/{done.invoice_id}")).text)
    assert link
    return link[0]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nn", ("Faktura 1 frå", "1\u00a0250,00", "Forklar desse tala", "Mva. 25\u00a0%")),
        ("de", ("Rechnung 1 von", "1.250,00", "Diese Zahlen erklären", "MwSt. 25\u00a0%")),
        ("pl", ("Faktura 1 od", "1\u00a0250,00", "Wyjaśnij te kwoty", "VAT 25%")),
        ("fi", ("Lasku 1: Fjord", "1\u00a0250,00", "Selitä nämä luvut", "ALV 25\u00a0%")),
    ],
)
async def test_the_page_of_a_document_is_in_the_language_of_the_document(
    world: World, language: str, words: tuple[str, ...]
) -> None:
    link = await hosted(world, language)
    page = await world.visitor().get(link)
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    for said in words:
        assert said in page.text
    calculation = await world.visitor().get(f"{link}/explanation")
    assert f'<html lang="{language}">' in calculation.text


async def test_a_quote_is_answered_in_its_own_language(world: World) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company), language="pl")
    page = f"/q/{token_of(company.id, quote_id)}"
    visitor = world.visitor()
    shown = await visitor.get(page)
    assert '<html lang="pl">' in shown.text and "Przyjmij ofertę" in shown.text
    refused = await visitor.post(f"{page}/answer", data={"answer": "accepted", "name": ""})
    assert refused.status_code == 422 and "Podaj swoje imię" in refused.text


async def test_the_reader_may_choose_any_language_of_documents_and_nothing_is_kept_of_it(world: World) -> None:
    """C-02: the choice stands in the address, and goes along to the calculation and the answer."""
    link = await hosted(world, "de")
    visitor = world.visitor()
    page = await visitor.get(link)
    offered = re.findall(r'<a href="([^"]+)" lang="(\w+)"[^>]*>([^<]+)</a>', page.text)
    assert offered == [(f"{link}?language={each.code}", each.code, each.own) for each in LANGUAGES.values()]
    assert "set-cookie" not in page.headers and 'action="/language"' not in page.text
    chosen = await visitor.get(f"{link}?language=fi")
    assert '<html lang="fi">' in chosen.text and "set-cookie" not in chosen.headers
    assert f'href="{link}/explanation?language=fi"' in chosen.text
    calculation = (await visitor.get(f"{link}/explanation?language=fi")).text
    assert '<html lang="fi">' in calculation and f'href="{link}?language=fi"' in calculation
    for other in ("xx", "", "FI", "nb'><script>"):
        assert '<html lang="de">' in (await visitor.get(link, params={"language": other})).text
    assert '<html lang="de">' in (await visitor.get(link)).text


async def test_a_quote_is_answered_in_the_language_that_was_chosen(world: World) -> None:
    company = await world.company()
    quote_id = await sent_quote(company, await world.customer(company), language="pl")
    page, visitor = f"/q/{token_of(company.id, quote_id)}", world.visitor()
    shown = await visitor.get(f"{page}?language=en")
    assert f'action="{page}/answer?language=en"' in shown.text and "Accept the quote" in shown.text
    answer = await visitor.post(f"{page}/answer?language=en", data={"answer": "accepted", "name": "Ola"})
    assert answer.headers["location"] == f"{page}?language=en"


async def test_who_clicked_a_language_reads_that_one(world: World) -> None:
    link = await hosted(world, "pl")
    page = await world.visitor().get(link, headers={"Cookie": "sf_lang=nb"})
    assert '<html lang="nb">' in page.text and "Faktura 1 fra" in page.text


async def test_customers_and_invoices_may_have_any_language_of_documents(world: World) -> None:
    company = await world.company()
    for form in ("/customers/new", "/invoices/new"):
        page = (await company.get(form)).text
        offered = re.search(r'<select[^>]*name="language".*?</select>', page, re.DOTALL)
        assert offered
        assert re.findall(r'value="(\w+)"', offered[0]) == list(LANGUAGES)
        assert "Polish" in offered[0]
    customer_id = await world.customer(company, language="pl")
    assert "Polish" in (await company.get(f"/customers/{customer_id}")).text
