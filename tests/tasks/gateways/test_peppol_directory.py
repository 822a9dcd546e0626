"""Who can be reached over Peppol, asked of a name server and a publisher on real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from domain.einvoice.document import PEPPOL
from domain.peppol import SCHEME, Presence, directory_name
from tasks.gateways import naptr
from tasks.gateways.peppol_directory import PeppolDirectory
from tests.tasks.dns_server import Names, name_server
from tests.tasks.register_server import Register, register

ZONE = "participant.sml.example"
WHO = "0192:974760673"
INVOICE = f"busdox-docid-qns::urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##{PEPPOL}::2.1"


@pytest.fixture
async def names() -> AsyncIterator[Names]:
    async with name_server() as one:
        yield one


@pytest.fixture
def publisher() -> Iterator[Register]:
    with register() as one:
        yield one


def published_by(names: Names, address: str, flags: str = "U", service: str = "Meta:SMP") -> PeppolDirectory:
    names.records[directory_name(WHO, ZONE)] = (flags, service, f"!^.*$!{address}!")
    return PeppolDirectory(ZONE, names.address, patience=20)


def listing(*documents: str) -> bytes:
    references = "".join(
        f'<ServiceMetadataReference href="https://smp.example/x/services/{quote(one, safe="")}"/>'
        for one in documents
    )
    return (
        '<ServiceGroup xmlns="http://busdox.org/serviceMetadata/publishing/1.0/">'
        f"<ServiceMetadataReferenceCollection>{references}</ServiceMetadataReferenceCollection></ServiceGroup>"
    ).encode()


@pytest.mark.parametrize(
    ("who", "label"),
    [
        ("9915:test", "eh5boavaktmbgzyh2a63dz4qov33fvp5nsdvqklucfraayoodw6a"),
        ("0088:123ABC", "y7dzfxaf3d4cjz4kcgrxtec6twvcga4ky7zwa5boif6mswd4tdrq"),
    ],
)
def test_the_name_in_the_directory_is_that_of_the_policy(who: str, label: str) -> None:
    """The vectors of the Peppol Policy for use of Identifiers."""
    assert directory_name(who, ZONE) == f"{label}.{SCHEME}.{ZONE}"


async def test_who_takes_invoices_is_present_and_is_asked_about_once(names: Names, publisher: Register) -> None:
    publisher.body = listing("other::thing", INVOICE)
    directory = published_by(names, publisher.base)
    for _ in range(2):
        assert await directory.find(WHO) is Presence.PRESENT
    assert names.asked == [directory_name(WHO, ZONE)]
    assert [path for _, path, _ in publisher.asked] == [f"/{quote(f'{SCHEME}::{WHO}', safe='')}"]


async def test_who_takes_invoices_only_does_not_take_credit_notes(names: Names, publisher: Register) -> None:
    publisher.body = listing(INVOICE)
    assert await published_by(names, publisher.base).find(WHO, is_credit_note=True) is Presence.ABSENT


async def test_no_such_name_and_not_published_are_a_clear_no(names: Names, publisher: Register) -> None:
    assert await PeppolDirectory(ZONE, names.address, patience=20).find(WHO) is Presence.ABSENT
    publisher.status = 404
    assert await published_by(names, publisher.base).find(WHO) is Presence.ABSENT


async def test_whatever_goes_wrong_is_unknown_and_never_absent(names: Names, publisher: Register) -> None:
    assert await PeppolDirectory(None).find(WHO) is Presence.UNKNOWN
    for status, body in (
        (500, b""),
        (200, b"no xml"),
        (200, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        (302, b""),
    ):
        publisher.status, publisher.body = status, body
        assert await published_by(names, publisher.base).find(WHO) is Presence.UNKNOWN
    for address in ("http://smp.example", "ftp://smp.example", "https://a!b"):
        assert await published_by(names, address).find(WHO) is Presence.UNKNOWN
    assert await published_by(names, publisher.base, service="Meta:other").find(WHO) is Presence.UNKNOWN
    directory = published_by(names, publisher.base)
    for names.code in (2, 5):
        assert await directory.find(WHO) is Presence.UNKNOWN
    for names.raw in (b"", b"\x00" * 12, b"\xff" * 200):
        assert await directory.find(WHO) is Presence.UNKNOWN


async def test_a_silent_name_server_is_waited_for_a_little_while(names: Names) -> None:
    names.is_silent = True
    with pytest.raises(naptr.NoAnswer):
        await naptr.ask(names.address, "a.example", 0.05)


def test_the_machine_s_own_name_server_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "resolv.conf").write_text("# x\nnameserver 192.0.2.53\nnameserver 192.0.2.54\n")
    assert naptr.system_server(tmp_path / "resolv.conf") == ("192.0.2.53", 53)
    assert naptr.system_server(tmp_path / "none") is None
