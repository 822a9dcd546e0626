from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest

from domain.register_entry import LONGEST, UNKNOWN, Lookup, read_entry
from tasks.gateways.brreg import Brreg
from tests.tasks.register_server import Register, register

NUMBER = "923609016"
# A machine may be busy; only the test of patience has little.
PATIENCE = 60.0
ENTRY: dict[str, Any] = {
    "organisasjonsnummer": NUMBER,
    "navn": "FJELLVETTEN AS",
    "organisasjonsform": {"kode": "AS", "beskrivelse": "Aksjeselskap", "_links": {}},
    "registrertIMvaregisteret": True,
    "registrertIForetaksregisteret": True,
    "konkurs": False,
    "underAvvikling": False,
    "underTvangsavviklingEllerTvangsopplosning": False,
    "forretningsadresse": {
        "land": "Norge", "landkode": "NO", "postnummer": "5303", "poststed": "FOLLESE",
        "adresse": ["c/o Kari Nordmann", "Follesevegen 103"], "kommune": "ASKØY", "kommunenummer": "4627",
    },
    "maalform": "Bokmål",
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[Register]:
    with register() as told:
        yield told


async def test_a_company_is_found_by_its_number(server: Register) -> None:
    server.says(ENTRY)
    entry = (await Brreg(server.base, patience=PATIENCE).find(NUMBER)).entry
    assert entry is not None and server.asked == [("GET", f"/enheter/{NUMBER}", None)]
    assert (entry.name, entry.form, entry.vat_registered, entry.foretaksregisteret) == (
        "FJELLVETTEN AS",
        "AS",
        True,
        True,
    )
    assert entry.address_lines == ("c/o Kari Nordmann", "Follesevegen 103")
    assert (entry.postcode, entry.city, entry.country) == ("5303", "FOLLESE", "NO")
    assert not entry.is_closing and not entry.is_deleted


async def test_the_same_number_is_asked_for_only_once(server: Register) -> None:
    server.says(ENTRY)
    brreg = Brreg(server.base, patience=PATIENCE)
    assert await brreg.find(NUMBER) == await brreg.find(NUMBER)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_number_that_nobody_has_is_known_to_be_nobody_s(server: Register, status: int) -> None:
    server.says({"feilmelding": "not found"}, status)
    assert await Brreg(server.base, patience=PATIENCE).find(NUMBER) == Lookup(True, None)


@pytest.mark.parametrize("status", [302, 400, 403, 429, 500, 503])
async def test_a_register_in_trouble_says_nothing_about_the_number(server: Register, status: int) -> None:
    server.says(ENTRY, status)
    server.headers["Location"] = "/elsewhere"
    brreg = Brreg(server.base, patience=PATIENCE)
    assert await brreg.find(NUMBER) == UNKNOWN
    server.says(ENTRY)
    assert (await brreg.find(NUMBER)).known


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"null", b"[]", b"[" * 100_000, b'{"organisasjonsnummer": "810418052"}', b"\xff\xfe\x00"],
    ids=lambda body: repr(body[:20]),
)
async def test_an_answer_that_is_not_the_entry_is_unknown(server: Register, body: bytes) -> None:
    server.body = body
    assert await Brreg(server.base, patience=PATIENCE).find(NUMBER) == UNKNOWN


@pytest.mark.parametrize("packed", [False, True])
async def test_a_huge_answer_is_not_read_to_its_end(server: Register, packed: bool) -> None:
    server.body = b" " * (3 * 1024 * 1024)
    if packed:
        server.body, server.headers["Content-Encoding"] = gzip.compress(server.body), "gzip"
    assert await Brreg(server.base, patience=PATIENCE).find(NUMBER) == UNKNOWN


async def test_nobody_waits_long_for_a_register_that_does_not_answer(server: Register) -> None:
    server.holds = True
    assert await Brreg(server.base, patience=0.1).find(NUMBER) == UNKNOWN


async def test_without_an_address_nobody_is_asked() -> None:
    assert await Brreg(None).find(NUMBER) == UNKNOWN


async def test_a_register_that_is_not_there_is_unknown() -> None:
    with register() as gone:
        base = gone.base
    assert await Brreg(base).find(NUMBER) == UNKNOWN


def test_the_postal_address_comes_first() -> None:
    postal = {"landkode": "NO", "postnummer": "0101", "poststed": "OSLO", "adresse": ["Postboks 1", None, ""]}
    entry = read_entry({**ENTRY, "postadresse": postal}, NUMBER)
    assert (entry.address_lines, entry.postcode) == (("Postboks 1",), "0101")


@pytest.mark.parametrize("name", ["konkurs", "underAvvikling", "underTvangsavviklingEllerTvangsopplosning"])
def test_a_company_on_its_way_out_is_told(name: str) -> None:
    assert read_entry({**ENTRY, name: True}, NUMBER).is_closing
    assert read_entry({**ENTRY, "slettedato": "2026-01-31"}, NUMBER).is_deleted


def test_what_has_another_type_than_expected_is_left_out() -> None:
    odd = dict.fromkeys(ENTRY, 1) | {"organisasjonsnummer": NUMBER, "navn": "A\x00\nB" + "x" * 1000}
    entry = read_entry(odd, NUMBER)
    assert entry.name.startswith("A  Bxxx") and len(entry.name) == LONGEST
    assert entry.address_lines == () and not entry.vat_registered and entry.form == ""
