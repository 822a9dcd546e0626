"""The inbox: a file goes in, and a page says what it holds, whether it adds up, and when it must be paid."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote
from uuid import UUID

import httpx
import pikepdf
import pytest

from actions import inbox, instance
from domain.access import Role
from domain.einvoice import cii, ubl
from domain.einvoice.document import Attachment
from domain.einvoice.findings import Verdict, foreign_finding
from domain.einvoice.reading import document_of
from models.ids import new_id
from models.unit_of_work import reading, unit_of_work
from tests.actions.judging import Scripted, judged_by
from tests.domain import sample
from tests.domain.einvoice.documents import issued
from tests.people import at
from tests.receiving import read_inside
from tests.world import Company, World

SAMPLES = Path(__file__).parent.parent / "domain/einvoice/samples"
ATTACHMENT = Attachment('../<b>"vedlegg".html', "text/html", b"<script>alert(1)</script>")
UBL = ubl.write(document_of(issued(), attachments=(ATTACHMENT,)))
CREDIT_NOTE = ubl.write(document_of(issued(kind="credit_note")))


@pytest.fixture(autouse=True)
def _read_inside(app: Any) -> Iterator[None]:
    with read_inside():
        yield


@pytest.fixture(autouse=True)
def _clock(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The days in the documents are fixed, so today is."""
    at(monkeypatch, datetime(2026, 11, 23, 12, tzinfo=UTC))


def factur_x() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    made.attachments["factur-x.xml"] = cii.write(document_of(issued()))
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def plain_pdf() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


async def upload(company: Company, content: bytes, name: str = "faktura.xml", **data: str) -> httpx.Response:
    return await company.post("/inbox", data, files={"file": (name, content)})


async def added(company: Company, content: bytes, name: str = "faktura.xml") -> str:
    """The path of the new document."""
    uploaded = await upload(company, content, name)
    assert uploaded.status_code == 303, text_of(uploaded)
    return uploaded.headers["location"].partition("?")[0]


def text_of(answer: httpx.Response) -> str:
    """What a reader sees, with plain spaces."""
    shown = html.unescape(re.sub(r"<[^>]+>", " ", answer.text))
    return re.sub(r"\s+", " ", shown)


async def test_an_uploaded_e_invoice_becomes_a_page_with_what_it_says_and_our_own_sums(world: World) -> None:
    company = await world.company()
    path = await added(company, UBL)
    page = text_of(await company.get(path))
    for words in (
        sample.SELLER.name, "2026-0008", "Ola Nordmann", "2,500.00 NOK", "VAT 25% of 2,000.00",
        "We added it all up again, and every figure is right.", "Unpaid",
    ):  # fmt: skip
        assert words in page, words


async def test_figures_that_do_not_add_up_are_said_in_sentences(world: World) -> None:
    company = await world.company()
    path = await added(company, UBL.replace(b">2500.00<", b">2600.00<"))
    page = text_of(await company.get(path))
    assert "Not every figure adds up" in page
    assert "With VAT it says 2,600.00, but the sum is 2,500.00." in page


async def test_a_broken_rule_is_a_sentence_with_its_id_and_a_letter_to_the_supplier(world: World) -> None:
    company = await world.company()
    path = await added(company, UBL)
    found = Verdict(
        (
            foreign_finding("BR-AE-05", True, "[BR-AE-05]-In an Invoice line"),
            foreign_finding("DK-R-014", True, "[DK-R-014]-<b>Danish</b> words"),
            foreign_finding("UBL-CR-001", False, "[UBL-CR-001]-extra"),
        )
    )
    with judged_by(Scripted(lambda _: found)):
        await inbox.check(company.id, UUID(path.rpartition("/")[2]))
    answer = await company.get(path)
    page = text_of(answer)
    assert "ask the supplier for a new one that is right" in page
    assert "A rate of VAT does not fit this kind of VAT: reverse charge. BR-AE-05" in page
    assert "In the words of the rule: <b>Danish</b> words DK-R-014" in page
    assert "nothing you need to do about: It says more than the rules have room for." in page
    address = re.search(r'href="mailto:([^"]+)"', answer.text)
    assert address is not None
    to, _, letter = html.unescape(address[1]).partition("?")
    said = parse_qs(letter)
    assert (unquote(to), said["subject"]) == (sample.SELLER.email, ["Your invoice 2026-0008"])
    assert "reverse charge. (BR-AE-05)" in said["body"][0] and "UBL-CR-001" not in said["body"][0]


async def test_a_broken_rule_is_told_in_bokmaal_too(world: World) -> None:
    company = await world.company(language="nb")
    path = await added(company, UBL)
    with judged_by(Scripted(lambda _: Verdict((foreign_finding("BR-AE-05", True),)))):
        await inbox.check(company.id, UUID(path.rpartition("/")[2]))
    page = text_of(await company.get(path))
    assert "En mva.-sats passer ikke til denne typen mva.: omvendt avgiftsplikt. BR-AE-05" in page


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=lambda path: path.stem)
async def test_documents_of_others_have_a_page(world: World, path: Path) -> None:
    company = await world.company()
    page = await company.get(await added(company, path.read_bytes()))
    assert page.status_code == 200


async def test_every_file_is_kept_byte_by_byte_and_only_ever_saved(world: World) -> None:
    company = await world.company()
    pdf = factur_x()
    for original, name, mime, count in (
        (UBL, "faktura.xml", "application/xml", 2),
        (pdf, "a.pdf", "application/pdf", 2),
    ):
        path = await added(company, original, name)
        links = re.findall(rf"{path}/files/[0-9a-f-]+", (await company.get(path)).text)
        answers = [await company.get(link) for link in dict.fromkeys(links)]
        assert len(answers) == count
        assert answers[0].content == original
        assert answers[0].headers["content-type"].partition(";")[0] == mime
        for one in answers:
            assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]+"', one.headers["content-disposition"])
            assert one.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in one.headers["content-security-policy"]
        assert "html" not in answers[1].headers["content-type"]


async def test_an_attachment_is_never_served_as_a_page_whatever_it_calls_itself(world: World) -> None:
    company = await world.company()
    path = await added(company, UBL)
    shown = await company.get(path)
    assert "<script>alert" not in shown.text
    link = list(dict.fromkeys(re.findall(rf"{path}/files/[0-9a-f-]+", shown.text)))[1]
    answer = await company.get(link)
    assert answer.content == ATTACHMENT.content
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="b-vedlegg.bin"'


async def test_a_pdf_without_an_e_invoice_is_kept_and_its_figures_are_typed_in(world: World) -> None:
    company = await world.company()
    path = await added(company, plain_pdf(), "Strøm november.pdf")
    assert "carries no e-invoice" in text_of(await company.get(path))
    typed = {"seller_name": "Kraft AS", "number": "77", "amount": "1250.50", "due_on": "2026-12-01", "currency": "NOK",
             "issued_on": "", "note": "Kontoret"}  # fmt: skip
    assert (await company.post(path, typed)).status_code == 303
    listed = text_of(await company.get("/inbox"))
    assert "Kraft AS" in listed and "1,250.50" in listed and "1 Dec 2026" in listed


async def test_what_the_e_invoice_says_can_not_be_typed_over(world: World) -> None:
    company = await world.company()
    path = await added(company, UBL)
    await company.post(path, {"seller_name": "Mallory", "amount": "1", "note": "Sett", "due_on": "2026-12-01"})
    page = text_of(await company.get(path))
    assert "Mallory" not in page and "2,500.00 NOK" in page and "Sett" in page and "Due 1 Dec 2026" in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose a file first"),
        (b"PK\x03\x04zip", "neither an e-invoice (XML) nor a PDF"),
        (b"<?xml version='1.0'?><!DOCTYPE a []><a/>", "document type definition"),
        (b"<a>" * 30_000, "nested deeper"),
        (b"<Order/>", "not an invoice or credit note"),
        (UBL[:-9], "is damaged"),
        (b"%PDF-1.7", "PDF is damaged"),
    ],
)
async def test_a_file_that_is_refused_is_told_why_and_nothing_is_kept(
    world: World, content: bytes, sentence: str
) -> None:
    company = await world.company()
    answer = await upload(company, content)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Nothing here yet" in text_of(await company.get("/inbox"))


async def test_a_hundred_megabytes_are_refused_before_they_are_read(world: World) -> None:
    company = await world.company()
    answer = await upload(company, bytes(16 * 1024 * 1024))
    assert answer.status_code in (413, 422)
    length = {"Content-Length": str(100 * 1024 * 1024), "Content-Type": "multipart/form-data; boundary=x"}
    refused = await company.client.post("/inbox", content=b"x", headers=length)
    assert refused.status_code == 413


async def test_a_double_click_makes_one_document_and_the_same_invoice_again_is_said(world: World) -> None:
    company = await world.company()
    same = str(new_id())
    first, again = [await upload(company, UBL, document_id=same) for _ in range(2)]
    assert first.headers["location"] == again.headers["location"]
    path = first.headers["location"].partition("?")[0]
    assert "has the same number" not in text_of(await company.get(path))
    other = await added(company, UBL, "igjen.xml")
    assert other != path
    assert "Another document from this supplier has the same number." in text_of(await company.get(other))
    assert text_of(await company.get("/inbox")).count("Twice?") == 2


async def test_a_credit_note_may_have_the_number_of_an_invoice(world: World) -> None:
    company = await world.company()
    invoice = await added(company, UBL)
    credited = await added(company, CREDIT_NOTE)
    for path in (invoice, credited):
        assert "has the same number" not in text_of(await company.get(path))
    assert "Twice?" not in text_of(await company.get("/inbox"))


async def test_a_sender_can_not_push_the_other_columns_out_of_the_list(world: World) -> None:
    company = await world.company()
    path = await added(company, UBL.replace(b"<cbc:ID>2026-0008<", b"<cbc:ID>" + b"9" * 90 + b"<", 1))
    assert "9" * 19 + "…" in text_of(await company.get("/inbox")) and "9" * 90 in text_of(await company.get(path))


async def test_a_price_for_a_hundred_says_so(world: World) -> None:
    company = await world.company()
    base = b'</cbc:PriceAmount><cbc:BaseQuantity unitCode="HUR">100</cbc:BaseQuantity>'
    path = await added(company, UBL.replace(b"</cbc:PriceAmount>", base, 1))
    assert "1,000.00 for 100" in text_of(await company.get(path))


async def test_the_list_has_tabs_with_counts_sums_by_currency_and_search(world: World) -> None:
    company = await world.company()
    late = await added(company, UBL.replace(b"<cbc:DueDate>2026-12-06", b"<cbc:DueDate>2020-01-01"))
    assert "Overdue" in text_of(await company.get(late))
    await added(company, (SAMPLES / "ehf-EUR-with-NOK-VAT.xml").read_bytes())
    paid = await added(company, (SAMPLES / "ehf-ok-NO-4rates.xml").read_bytes())
    assert (await company.post(f"{paid}/payment", {"paid_on": "2026-11-22"})).status_code == 303
    tabs = text_of(await company.get("/inbox"))
    assert all(words in tabs for words in ("All 3", "Unpaid 2", "Overdue 1", "Paid 1"))
    open_ones = text_of(await company.get("/inbox?state=open"))
    assert "2,500.00 NOK" in open_ones and "EUR" in open_ones
    for sought in (sample.SELLER.name[:6].lower(), "2026-0008", "2 500,00"):
        found = await company.get("/inbox", params={"q": sought})
        assert late in found.text and paid not in found.text, sought


async def test_a_document_is_paid_and_unpaid_and_a_day_to_come_is_refused(world: World) -> None:
    company = await world.company()
    path = await added(company, UBL)
    answer = await company.post(f"{path}/payment", {"paid_on": "2099-01-01"})
    assert answer.status_code == 422 and "in the future" in text_of(answer)
    await company.post(f"{path}/payment", {"paid_on": "2026-11-22"})
    assert "Paid on 22 Nov 2026" in text_of(await company.get(path))
    await company.post(f"{path}/payment/removal")
    assert "Unpaid" in text_of(await company.get(path))


async def test_a_document_taken_out_can_be_put_back_with_one_click(world: World) -> None:
    company = await world.company()
    path = await added(company, UBL)
    gone = await company.post(f"{path}/removal")
    assert (await company.get(path)).status_code == 404
    shown = await company.get(gone.headers["location"])
    assert f'action="{path}/restoration"' in shown.text
    await company.post(f"{path}/restoration")
    assert (await company.get(path)).status_code == 200


async def test_a_viewer_reads_and_downloads_but_changes_nothing(world: World) -> None:
    company = await world.company(role=Role.VIEWER)
    page = await company.get("/inbox")
    assert page.status_code == 200 and 'id="upload"' not in page.text


async def test_a_long_list_goes_on_by_pages(world: World) -> None:
    company = await world.company()
    async with unit_of_work(company.id, company.person_id) as work:
        for n in range(60):
            await work.connection.execute(
                "insert into supplier_document (organisation_id, id, version, kind, source, problem, state, "
                "is_credit_note, seller_name, seller_key, number, currency, amount, check_state, findings, note, sender, "
                "received_at, changed_at) values ($1, $2, 1, 'pdf', 'upload', '', 'open', false, $3, 'x', $4, 'NOK', 1, "
                "'none', '[]', '', '', now() - make_interval(days => $5), now())",
                company.id, new_id(), f"Selger {n}", str(n), n,
            )  # fmt: skip
    first = await company.get("/inbox")
    more = re.search(r'href="(/inbox\?after=[^"]+)"', first.text)
    assert more is not None
    second = await company.get(html.unescape(more[1]))
    names = re.findall(r"Selger \d+", first.text + second.text)
    assert len(names) == len(set(names)) == 60


async def test_the_pages_ask_the_database_little(world: World, statements: list[str]) -> None:
    company = await world.company()
    path = await added(company, UBL)
    for page, most in (("/inbox", 3), ("/inbox?state=open", 3), (path, 2)):
        statements.clear()
        await company.get(page)
        asked = [one for one in statements if one.lstrip().lower().startswith(("select", "with"))]
        assert len(asked) <= most, asked


async def test_the_trail_tells_what_was_done_and_never_what_it_says(world: World) -> None:
    company = await world.company()
    path = await added(company, UBL)
    await company.post(path, {"note": "hemmelig", "due_on": ""})
    async with reading(company.id) as work:
        rows = await work.connection.fetch(
            "select action, fields::text from audit_event where organisation_id = $1 and subject_id = $2 order by seq",
            company.id, UUID(path.rpartition("/")[2]),
        )  # fmt: skip
        jobs = await work.connection.fetch("select payload from pgqueuer where entrypoint = $1", inbox.JOB)
    assert [row["action"] for row in rows] == ["supplier_document.received", "supplier_document.changed"]
    assert "hemmelig" not in str(rows)
    assert path.rpartition("/")[2] in {json.loads(row["payload"])["document_id"] for row in jobs}


async def test_the_owner_renews_the_address_and_others_can_not(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "_settings", replace(instance.settings(), mail_in_address="inn@faktura.example"))
    company = await world.company()

    async def shown() -> str:
        return re.search(r"inn\+\w+@faktura\.example", (await company.get("/inbox")).text)[0]  # type: ignore[index]

    before = await shown()
    answer = await company.post("/inbox/address", {"turn": "0"})
    assert answer.headers["location"] == "/inbox?done=inbox-address-renewed"
    after = await shown()
    assert after != before
    for turn in ("0", "", "x", "²", "9" * 40):
        assert (await company.post("/inbox/address", {"turn": turn})).status_code == 303
    assert await shown() == after
    bookkeeper = await world.company(role=Role.BOOKKEEPER)
    assert "/inbox/address" not in (await bookkeeper.get("/inbox")).text
