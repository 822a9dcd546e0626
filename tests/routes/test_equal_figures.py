"""Whoever reads an invoice reads the same figures: on the page, on the customer's page, in the list, in the spreadsheet,
in the PDF, in both e-invoices and in the e-mail."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings

from actions import documents, files
from actions.drafts import save
from actions.invoices import issue
from domain.draft import Draft
from domain.einvoice import cii_reading, ubl_reading
from domain.einvoice.document import EDocument
from domain.settings import Settings
from domain.totals import Charge, Discount, Totals
from models.ids import new_id
from models.queries.invoices import StoredInvoice
from models.unit_of_work import reading
from tasks.gateways.einvoice_parsing import parse
from tasks.gateways.mail import NullMailer
from tasks.gateways.pdf_document import DocumentView
from tasks.gateways.pdf_render import render_document
from tasks.handlers.send_invoice import SendInvoice
from tasks.renderer import PoolRenderer
from tests.actions.judging import Scripted, judged_by
from tests.actions.making import TODAY, first_save, line, saved
from tests.actions.test_credits import credit, found_of, off
from tests.attaching import CSV_FILE, attach
from tests.domain.einvoice.documents import REGISTERED_TREATMENTS, drafts
from tests.examples import examples
from tests.tasks.gateways.pdf_documents import text
from tests.verapdf import broken_rules, verapdf
from tests.world import Company, World

D = Decimal
EURO = D("11.4837")
# BT-11, BT-12 and BT-19: said on the invoice and on what takes it back.
REFERENCES = {
    "project_reference": "Torget 12",
    "contract_reference": "K-2026/7",
    "accounting_reference": "4010 Drift",
}
# What is easily told differently: four rates, many decimals, parts of parts, prices with VAT, and another currency.
INVOICES: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "every rate, with discounts and charges": (
        (
            line("1249.9999", "0.25", discount="33.33"),
            replace(line("99.99", "3", "middle"), charge=D("12.34"), charge_text="Ilgebyr"),
            line("333.3333", "6.3333", "low"),
            line("1000", treatment="raw_fish"),
            line("77.77", treatment="zero"),
            line("50", "-1"),
        ),
        {"discount": Discount(percent=D("12.5")), "charge": Charge(amount=D(49), text="Frakt"), **REFERENCES},
    ),
    "euros": (
        (line("333.33", "3"), line("0.73", treatment="middle")),
        {"currency": "EUR", "exchange_rate": EURO, "discount": Discount(amount=D("7.77"))},
    ),
    "prices with VAT": (
        (line("33.33"), line("33.33"), line("33.33"), line("115.01", "7", "middle", "10")),
        {"prices_include_vat": True, "charge": Charge(percent=D("2.5"), text="Gebyr")},
    ),
}


class Drawing:
    """Draws in this process."""

    async def start(self) -> None: ...

    async def render(self, document: bytes) -> bytes:
        return render_document(DocumentView.from_bytes(document))


@pytest.fixture
async def printing(world: World, settings: Settings) -> AsyncIterator[None]:
    files.open_store(settings)
    documents.use(PoolRenderer(Drawing()))
    with judged_by(Scripted()):
        yield
    documents.use(None)


@dataclass(frozen=True, slots=True)
class Readers:
    """A company, and what its readers have in hand: the list, the spreadsheet, and the letters that went."""

    company: Company
    rows: dict[str, str]
    cells: dict[str, dict[str, str]]
    letters: dict[str, Any]


async def test_every_reader_of_an_invoice_or_credit_note_is_told_the_same_figures(
    world: World, printing: None, tmp_path: Path
) -> None:
    company = await world.company()
    customer = await world.customer(company, reference="Ola", language="en")
    ids = [one for case in INVOICES for one in await in_parts(company, customer, *INVOICES[case])]
    readers = await readers_of(company, await sent(company, ids))
    drawn = [await told_alike(readers, await found_of(company, one), tmp_path) for one in ids]
    if verapdf() is not None:
        assert set(broken_rules(drawn).values()) == {""}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def buyer(app: Any, settings: Settings) -> tuple[Company, UUID]:
    world = World(app, settings)
    company = await world.company()
    return company, await world.customer(company, reference="Ola", language="en")


@given(drawn=drafts(REGISTERED_TREATMENTS, ("NOK", "EUR")))
@hypothesis_settings(
    max_examples=examples(5), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
async def test_whatever_is_issued_every_reader_is_told_the_same_figures(
    buyer: tuple[Company, UUID], printing: None, tmp_path_factory: pytest.TempPathFactory, drawn: Draft
) -> None:
    company, customer = buyer
    draft = replace(
        drawn, id=new_id(), customer_id=customer, lines=tuple(replace(one, id=new_id()) for one in drawn.lines),
        kind="invoice", language="en", exchange_rate=None if drawn.currency == "NOK" else EURO, your_reference="",
        order_number="", project_reference="", contract_reference="", accounting_reference="", delivery_from=TODAY,
        delivery_to=None,
    )  # fmt: skip
    await save(company.id, company.person_id, draft, first_save())
    await attach(company, draft.id)
    done = await issue(company.id, company.person_id, draft.id, None, None, False)
    assume(done.number is not None)  # what takes back is more than what is charged
    found = await found_of(company, done.invoice_id)
    await told_alike(await readers_of(company, {}), found, tmp_path_factory.mktemp("drawn"))


async def in_parts(company: Company, customer: UUID, lines: tuple[Any, ...], values: dict[str, Any]) -> list[UUID]:
    """The invoice, a credit note for a part of it and one for the rest, all of them sent."""
    draft = await saved(company, customer, *lines, language="en", **values)
    await attach(company, draft.id)
    done = await issue(company.id, company.person_id, draft.id, None, None, True)
    assert done.number is not None, done.refusals
    part = await off(company, done.invoice_id, "7.31")
    rest = await credit(company, done.invoice_id, send=True)
    return [done.invoice_id, part.invoice_id, rest.invoice_id]


async def sent(company: Company, ids: list[UUID]) -> dict[UUID, Any]:
    """The letters of what was sent."""
    async with reading(company.id) as work:
        queued = await work.connection.fetch("select id, invoice_id from message where invoice_id = any($1)", ids)
    letters = {}
    for message in queued:
        mailer = NullMailer()
        await SendInvoice(mailer).run({"organisation_id": str(company.id), "message_id": str(message["id"])})
        letters[message["invoice_id"]] = mailer.sent[0][2]
    return letters


async def readers_of(company: Company, letters: dict[UUID, Any]) -> Readers:
    listed = re.findall(r"<tr>.*?</tr>", (await company.get("/invoices")).text, re.DOTALL)
    rows = {words(row).split()[0]: words(row) for row in listed if 'class="go"' in row}
    download = (await company.get("/invoices/download/csv")).content.decode("utf-8-sig")
    cells = {row["Number"]: row for row in csv.DictReader(io.StringIO(download))}
    return Readers(company, rows, cells, {str(one): letter for one, letter in letters.items()})


async def told_alike(readers: Readers, found: StoredInvoice, folder: Path) -> Path:
    """Asserts that all say what is stored. Returns the PDF."""
    company, row, totals = readers.company, found.row, found.totals()
    address, figures = f"/invoices/{found.id}", figures_of(found)
    page = (await company.get(address)).text
    hosted = re.search(r"/i/[\w-]{43}", page)
    assert hosted is not None
    for shown in (page, (await company.get(hosted[0])).text):
        assert figures <= amounts(words(shown)) and references_of(found) <= set(told_in(words(shown)))
    calculation = amounts(words((await company.get(f"{address}/explanation")).text))
    assert {totals.net, totals.vat, totals.gross} <= calculation
    number = row["number"]
    # Lists subtract what is given back.
    gross = -totals.gross if row["kind"] == "credit_note" else totals.gross
    assert gross in amounts(readers.rows[number])
    assert (D(readers.cells[number]["Total"]), readers.cells[number]["Currency"]) == (gross, row["currency"])
    answer = await company.get(f"{address}/pdf")
    word = "Credit-note" if row["kind"] == "credit_note" else "Invoice"
    assert answer.headers["content-disposition"] == f'inline; filename="{word}-{number}-Fjord-Design-ENK.pdf"'
    pdf = answer.content
    for shown in (words(page), words((await company.get(hosted[0])).text), text(pdf)):
        assert ("Attached: timer.csv" in shown) == (row["kind"] == "invoice")
    told_on_paper(text(pdf), found, figures | {group.base for group in totals.groups})
    xml = readers.letters.get(str(found.id))
    ubl = (await company.get(f"{address}/einvoice/{number}.xml")) if xml is not None else None
    told_by_programs(found, pdf, ubl.content if ubl is not None else None)
    if xml is not None:
        assert ubl is not None
        enclosed = [] if row["kind"] == "credit_note" else [CSV_FILE]
        told_by_letter(xml, totals, row["currency"], [pdf, *enclosed, ubl.content])
    path = folder / f"{number}.pdf"
    path.write_bytes(pdf)
    return path


def figures_of(found: StoredInvoice) -> set[Decimal]:
    """What a person must be able to read wherever they look: lines, VAT of each rate, and sums."""
    totals = found.totals()
    groups = {group.vat for group in totals.groups}
    lines = {line["net_shown"] for line in found.lines}
    in_kroner = set() if found.row["vat_nok"] is None else {found.row["vat_nok"]}
    return groups | lines | in_kroner | {totals.net, totals.vat, totals.gross}


def references_of(found: StoredInvoice) -> set[str]:
    return {found.row[name] for name in REFERENCES} - {""}


def told_in(shown: str) -> list[str]:
    """Which of the references a text has, each behind its name."""
    pairs = zip(("Project", "Contract", "Cost centre"), REFERENCES.values(), strict=True)
    return [value for name, value in pairs if f"{name} {value}" in shown]


def told_on_paper(shown: str, found: StoredInvoice, figures: set[Decimal]) -> None:
    row, totals = found.row, found.totals()
    assert figures <= amounts(shown) and references_of(found) <= set(told_in(shown))
    due = "Credited amount" if row["kind"] == "credit_note" else "Amount due"
    assert f"{due} {row['currency']} {totals.gross:,.2f}" in shown
    assert f"Total excl. VAT {totals.net:,.2f} VAT {totals.vat:,.2f}" in shown
    if row["vat_nok"] is not None:
        assert f"VAT in NOK {row['vat_nok']:,.2f} Exchange rate 11.4837 (set by the seller)" in shown


def told_by_programs(found: StoredInvoice, pdf: bytes, ubl: bytes | None) -> None:
    """The XML inside the PDF and the one that travels say the same, whatever it is."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        inside = cii_reading.read(parse(document.attachments["factur-x.xml"].get_file().read_bytes())).document
    for one in (inside, *([ubl_reading.read(parse(ubl)).document] if ubl is not None else [])):
        row, totals = found.row, found.totals()
        assert (one.number, one.currency, one.is_credit_note) == (
            row["number"], row["currency"], row["kind"] == "credit_note",
        )  # fmt: skip
        assert (one.line_sum, one.allowances, one.charges) == (totals.line_sum, totals.discount, totals.charge)
        assert (one.net, one.vat, one.gross, one.vat_nok) == (totals.net, totals.vat, totals.gross, row["vat_nok"])
        assert [line.net for line in one.lines] == [line["net"] for line in found.lines]
        assert [(group.category, group.rate, group.base, group.vat) for group in one.groups] == [
            (group.category, group.rate, group.base, group.vat) for group in totals.groups
        ]
        assert one.buyer_reference == "Ola"
        assert (one.project_reference, one.contract_reference, one.accounting_reference) == tuple(
            row[name] for name in REFERENCES
        )
        assert comparable(one) == comparable(inside)


def comparable(document: EDocument) -> EDocument:
    """Without the PDF that only one of them has inside, and as one note."""
    return replace(document, attachments=(), notes=("\n".join(document.notes),))


def told_by_letter(letter: Any, totals: Totals, currency: str, enclosed: list[bytes]) -> None:
    said = letter.get_body(("plain",)).get_content()
    assert f"{totals.gross:,.2f} {currency}" in said
    assert [part.get_payload(decode=True) for part in letter.iter_attachments()] == enclosed


def words(markup: str) -> str:
    """What a page says, without its marks and scripts."""
    seen = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", seen)).split())


def amounts(shown: str) -> set[Decimal]:
    """The amounts in a text, as English writes them; a minus may be a hyphen or the sign."""
    found = re.findall(r"(?<![\d.,])[-\u2212]?\d[\d,]*\.\d\d(?![\d.,]\d)", shown)
    return {D(one.replace(",", "").replace("\u2212", "-")) for one in found}
