"""The files of an invoice on the pages: put there and taken off with and without scripts, and saved from both sides."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from actions import files
from actions.invoices import issue
from models.ids import new_id
from tests.actions.making import saved
from tests.attaching import CSV_FILE, PDF_FILE, XLSX_FILE, attach, version_of
from tests.world import Company, World

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def _store(world: World) -> None:
    files.open_store(world.settings)


async def drafted(world: World, **values: Any) -> tuple[Company, str, Any]:
    company = await world.company()
    draft = await saved(company, await world.customer(company), **values)
    return company, f"/invoices/{draft.id}", draft.id


async def send(
    company: Company, place: str, version: int, *named: tuple[str, bytes], **options: Any
) -> httpx.Response:
    """As the form beside the editor does; the types that a browser declares are anything."""
    data = {"version": str(version), "editor": str(new_id())}
    sent = [("file", (name, content, "text/html")) for name, content in named]
    return await company.post(f"{place}/files", data, files=sent, **options)


async def test_without_scripts_a_file_is_added_seen_saved_and_removed(world: World) -> None:
    company, place, draft_id = await drafted(world)
    answer = await send(company, place, 1, ("../Timer uke 47.csv", CSV_FILE))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{place}/edit?done=file-added")
    page = (await company.get(f"{place}/edit")).text
    assert "Timer-uke-47.csv" in page
    address = re.search(rf"{place}/files/[0-9a-f-]+", page)
    assert address is not None and address[0] in (await company.get(place)).text
    file = await company.get(address[0])
    assert file.content == CSV_FILE
    assert file.headers["content-disposition"] == 'attachment; filename="Timer-uke-47.csv"'
    assert (
        file.headers["x-content-type-options"] == "nosniff" and "sandbox" in file.headers["content-security-policy"]
    )
    gone = await company.post(f"{address[0]}/removal", {"version": "2", "editor": str(new_id())})
    assert gone.status_code == 303 and (await company.get(address[0])).status_code == 404
    assert "Timer-uke-47.csv" not in (await company.get(f"{place}/edit")).text
    assert await version_of(company, draft_id) == 3


async def test_with_scripts_only_the_part_of_the_files_and_the_version_come_back(world: World) -> None:
    company, place, _ = await drafted(world)
    answer = await send(company, place, 1, ("a.pdf", PDF_FILE), ("b.xlsx", XLSX_FILE), headers=HTMX)
    assert answer.status_code == 200 and "<html" not in answer.text
    assert "a.pdf" in answer.text and "b.xlsx" in answer.text and answer.text.count('name="version" value="2"') == 1
    assert 'hx-target="#editing"' in answer.text


async def test_what_is_wrong_stands_beside_the_field_and_nothing_is_kept(world: World) -> None:
    company, place, draft_id = await drafted(world)
    for named, said in (
        ((("a.csv", CSV_FILE), ("virus.exe", b"MZ")), "“virus.exe” is none of the kinds"),
        ((("a.csv", b""),), "“a.csv” is empty."),
        ((), "Choose a file first"),
    ):
        whole = await send(company, place, 1, *named)
        part = await send(company, place, 1, *named, headers=HTMX)
        assert whole.status_code == part.status_code == 422
        assert said in whole.text and said in part.text and 'id="f-file-error"' in part.text
        assert "<html" in whole.text and "<html" not in part.text
    assert await version_of(company, draft_id) == 1


async def test_too_much_at_once_is_said_in_a_sentence(world: World) -> None:
    company, place, _ = await drafted(world)
    answer = await send(company, place, 1, ("a.pdf", b"%PDF-" + b" " * (8 * 1024 * 1024) + b"%%EOF"), headers=HTMX)
    assert answer.status_code == 413 and "too much to send at once" in answer.text
    beyond = await send(company, place, 1, ("a.pdf", b"%PDF-" + b" " * (5 * 1024 * 1024) + b"%%EOF"), headers=HTMX)
    assert beyond.status_code == 422 and "larger than 5 MB" in beyond.text


async def test_a_window_that_is_behind_adds_nothing(world: World) -> None:
    company, place, draft_id = await drafted(world)
    await attach(company, draft_id)
    assert (await send(company, place, 1, ("b.pdf", PDF_FILE))).status_code == 409
    assert "b.pdf" not in (await company.get(f"{place}/edit")).text


async def test_the_first_save_of_a_new_invoice_brings_the_form_for_files(world: World) -> None:
    company = await world.company()
    place = f"/invoices/{new_id()}"
    form = {"editor": str(new_id()), "version": "0", "lines.0.description": "Design", "lines.0.unit_price": "1"}
    answer = await company.post(f"{place}/draft", form, headers=HTMX)
    assert answer.status_code == 200 and '<details class="fold" id="files">' in answer.text
    again = await company.post(f"{place}/draft", {**form, "note": "Hei"}, headers=HTMX)
    assert 'id="files"' not in again.text
    assert "/files" not in (await company.get("/quotes/new")).text


async def test_the_customer_saves_them_from_the_hosted_page_and_an_issued_invoice_takes_no_more(world: World) -> None:
    company, place, draft_id = await drafted(world, language="de")
    await attach(company, draft_id)
    done = await issue(company.id, company.person_id, draft_id, None, None, False)
    assert done.number is not None, done.refusals
    page = (await company.get(place)).text
    link = re.search(r"/i/[\w-]{43}", page)
    assert link is not None and "timer.csv" in page and "File added" in page
    hosted = await world.visitor().get(link[0])
    address = re.search(rf"{link[0]}/files/[0-9a-f-]+", hosted.text)
    assert address is not None and "Anlagen" in hosted.text
    file = await world.visitor().get(address[0])
    assert file.content == CSV_FILE and file.headers["content-type"].startswith("text/csv")
    assert (
        file.headers["content-disposition"].startswith("attachment") and file.headers["cache-control"] == "no-store"
    )
    assert (await world.visitor().get(f"{link[0]}/files/{new_id()}")).status_code == 404
    late = await send(company, place, 3, ("b.pdf", PDF_FILE))
    assert late.headers["location"] == f"{place}?done=already-issued"
    part = await send(company, place, 3, ("b.pdf", PDF_FILE), headers=HTMX)
    assert part.status_code == 422 and "issued, so its files stay" in part.text
