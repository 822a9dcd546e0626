"""The page on which a copy is brought in."""

from __future__ import annotations

import html
from typing import Any

from actions import data_imports
from domain.privacy.importing import MOST_BYTES
from models.ids import new_id
from models.queries.data_imports import import_page
from models.unit_of_work import unit_of_work
from tests.world import Company, World

PLACE = "/company/import"


async def sent(company: Company, content: bytes) -> Any:
    return await company.post(PLACE, {"import_id": str(new_id())}, files={"file": ("kopi.zip", content)})


async def test_p18_a_file_that_is_no_copy_is_refused_with_a_sentence(world: World) -> None:
    company = await world.company()
    page = await company.get(PLACE)
    assert 'enctype="multipart/form-data"' in page.text and "At most 512 MB" in page.text
    refused = await sent(company, b"%PDF-1.7")
    assert refused.status_code == 422 and "This is not a ZIP" in html.unescape(refused.text)
    nothing = await company.post(PLACE, {}, files={"other": ("x", b"")})
    assert nothing.status_code == 422 and "Choose the ZIP file first." in nothing.text


async def test_p18_the_page_tells_how_far_it_is_and_why_it_was_not_brought_in(world: World) -> None:
    company = await world.company()
    assert (await sent(company, b"PK\x03\x04")).headers["location"].startswith(PLACE)
    page = (await company.get(PLACE)).text
    assert "percent done" in page and 'hx-trigger="every 2s"' in page
    newest = (await import_page(company.id)).newest
    assert newest is not None
    again = await sent(company, b"PK\x05")
    assert again.status_code == 303
    await data_imports.make(company.id, newest.id)
    page = html.unescape((await company.get(PLACE)).text)
    assert "This is not a ZIP, or it is damaged." in page and "Nothing was brought in." in page


async def test_a_company_with_documents_is_sent_to_a_new_one(world: World) -> None:
    company = await world.company()
    async with unit_of_work(company.id) as work:
        await work.connection.execute(
            "insert into number_series (organisation_id, series, year, last) values ($1, 'invoice', 0, 1)", company.id
        )
    page = (await company.get(PLACE)).text
    assert 'type="file"' not in page and 'href="/companies/new"' in page


async def test_p18_a_file_over_the_limit_is_refused_before_it_is_sent_with_the_limit_in_words(world: World) -> None:
    """By what the browser says of its length: nobody sends half a gigabyte for an error page."""
    company = await world.company()
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(MOST_BYTES * 2)}
    refused = await company.client.post(PLACE, content=b"--x", headers=headers)
    assert refused.status_code == 413 and "larger than 512 MB" in refused.text
    assert MOST_BYTES == 512 * 1024 * 1024
