"""A copy that is not as it was made, or no copy at all, brings nothing in."""

from __future__ import annotations

import io
import json
import stat
import zipfile

import asyncpg
import pytest

from actions import (
    customer_requests,
    data_imports,
)
from actions.customer_passes import Opened
from actions.customer_requests import Asked
from domain.privacy.requests import Kind
from models.ids import new_id
from tests.actions.importing import Change, bring, changed, copy_of, manifest, replaced
from tests.actions.making import issued, line
from tests.world import World

pytestmark = pytest.mark.usefixtures("plain_documents")


async def test_p18_a_request_that_no_page_could_show_is_not_brought_in(world: World) -> None:
    company = await world.company()
    invoice_id = (await issued(company, await world.customer(company))).invoice_id
    await customer_requests.file(Opened(company.id, invoice_id, "k@selger.example", "nb"), Asked(Kind.ACCESS))
    plain = await copy_of(company)
    fresh = await world.company(organisation_number="")
    for old, new in ((b'"identity":"code"', b'"identity":"else"'), (b'"proposed":{}', b'"proposed":7'),
                     (b'"kind": "new"', b'"kind": [1]')):  # fmt: skip
        done = await bring(fresh, changed(plain, replaced("data/customer_requests.json", old, new)))
        assert (new, done.state, done.problem) == (new, "failed", "import.contradicts")


def without_first_invoice(found: dict[str, bytes]) -> None:
    rows = json.loads(found["data/invoices.json"])
    found["data/invoices.json"] = b"[\n" + b",\n".join(json.dumps(row).encode() for row in rows[1:]) + b"\n]\n"


def without_pdf(found: dict[str, bytes]) -> None:
    del found["invoices/1.pdf"]


FORGED: dict[str, tuple[Change, bool, str]] = {
    "one byte of an amount": (replaced("data/invoices.json", b"99.99", b"99.98"), False, "import.changed"),
    "a PDF": (lambda found: found.update({"invoices/1.pdf": b"%PDF-other"}), False, "import.changed"),
    "a PDF, with its hash": (lambda found: found.update({"invoices/1.pdf": b"%PDF-x"}), True, "import.incomplete"),
    "a file left out": (without_pdf, False, "import.incomplete"),
    "a file more": (lambda found: found.update({"data/more.json": b"[]"}), False, "import.changed"),
    "another format": (manifest(format="other"), True, "import.not_a_copy"),
    "another version": (manifest(format_version="2.0"), True, "import.other_version"),
    "of an account alone": (manifest(company=None), True, "import.of_account"),
    "of a customer": (manifest(subject={"kind": "customer"}), True, "import.of_account"),
    "an unknown column": (replaced("data/invoices.json", b'"note":', b'"evil":'), True, "import.row"),
    "not a number": (replaced("data/invoices.json", b'"99.99"', b'"NaN"'), True, "import.row"),
    "no JSON": (replaced("data/invoices.json", b"{", b"{{"), True, "import.row"),
    "wrong sums": (replaced("data/invoices.json", b'"net":"99.99"', b'"net":"1.00"'), True, "import.sums"),
    "a state nobody knows": (replaced("data/invoices.json", b'"open"', b'"gone"'), True, "import.contradicts"),
    "a number missing": (without_first_invoice, True, "import.numbers_missing"),
    "lines of nothing": (replaced("data/customers.json", b'"id":"', b'"id":"0'), True, "import.row"),
    "words for a treatment": (replaced("data/invoices.json", b'"seller":{', b'"seller":{"x":'), True, "import.row"),
}  # fmt: skip


@pytest.fixture
async def plain(world: World) -> bytes:
    company = await world.company()
    customer = await world.customer(company)
    for _ in range(2):
        await issued(company, customer, line("99.99"))
    return await copy_of(company)


async def test_a_copy_that_is_not_as_it_was_made_brings_nothing_in(
    world: World, plain: bytes, owner: asyncpg.Connection
) -> None:
    fresh = await world.company()
    for name, (change, with_sums, code) in FORGED.items():
        done = await bring(fresh, changed(plain, change, with_sums=with_sums))
        assert (name, done.state, done.problem) == (name, "failed", code)
    for table in ("invoice", "customer", "number_series", "payment", "search_word"):
        assert await owner.fetchval(f"select count(*) from {table} where organisation_id = $1", fresh.id) == 0, table
    assert (await bring(fresh, plain)).state == "done"


async def test_no_copy_sets_off_the_deletion_of_a_company(
    world: World, plain: bytes, owner: asyncpg.Connection
) -> None:
    """A forged state of the company, with its hashes right, is left where it is."""
    fresh = await world.company()
    for name in (b"erased_at", b"closes_at"):
        past = replaced("data/business.json", b'"%s":null' % name, b'"%s":"2020-01-01T00:00:00Z"' % name)
        plain = changed(plain, past)
    assert (await bring(fresh, plain)).state == "done"
    row = await owner.fetchrow("select closes_at, erased_at from organisation where id = $1", fresh.id)
    assert tuple(row) == (None, None)


async def test_no_file_outside_and_no_bomb_is_even_opened(
    world: World, plain: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = await world.company()
    for name in ("../evil", "/etc/evil", "a\\..\\b", "data/../../x"):
        done = await bring(fresh, changed(plain, lambda found, name=name: found.update({name: b"x"})))  # type: ignore[misc]
        assert (name, done.problem) == (name, "import.unsafe")
    stream = io.BytesIO(plain)
    with zipfile.ZipFile(stream, "a") as copy:
        link = zipfile.ZipInfo("data/link.json")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        copy.writestr(link, "/etc/passwd")
    assert (await bring(fresh, stream.getvalue())).problem == "import.unsafe"
    monkeypatch.setattr("actions.zip_reading.MOST_LIST", 100)  # a list of files that would fill the memory
    assert (await bring(fresh, plain)).problem == "import.not_a_zip"
    monkeypatch.undo()
    monkeypatch.setattr("actions.zip_reading.MOST_UNPACKED", 10_000)
    assert (await bring(fresh, plain)).problem == "import.unpacked_too_large"
    assert (await bring(fresh, b"PK\x03\x04 not really")).problem == "import.not_a_zip"


async def test_what_is_no_zip_or_too_large_is_refused_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = await world.company()
    monkeypatch.setattr("actions.data_imports.MOST_BYTES", 1000)
    for content, code in ((b"", "nothing"), (b"%PDF", "not_a_zip"), (b"PK" + bytes(1000), "too_large")):
        refusal = await data_imports.ask(fresh.id, fresh.person_id, new_id(), io.BytesIO(content))
        assert refusal is not None and refusal.code == f"import.{code}"


async def test_a_copy_of_another_company_is_refused_by_its_number(world: World, plain: bytes) -> None:
    fresh = await world.company(organisation_number="974760673")
    done = await bring(fresh, plain)
    assert (done.problem, done.detail) == ("import.other_company", "Fjord Design ENK, 923609016")
