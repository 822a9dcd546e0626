"""Files of strangers: what is found in them, and that no file does more than be refused."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from email.message import EmailMessage

import pikepdf
import pytest

from domain.einvoice import cii, cii_reading, ubl, ubl_reading
from domain.einvoice.reading import document_of
from domain.received import MOST_BYTES, Letter, NamedFile, Received, Unusable
from tasks.gateways.document_answers import AS_FILE, AS_MAIL
from tasks.gateways.document_reader import MOST_MAIL, DocumentReader
from tasks.gateways.document_reader_worker import answer
from tasks.gateways.einvoice_parsing import parse
from tests.domain.einvoice.documents import issued

DOCUMENT = document_of(issued())
UBL, CII = ubl.write(DOCUMENT), cii.write(DOCUMENT)
BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">%s]><lolz>&lol9;</lolz>""" % b"".join(
    b'<!ENTITY lol%d "%s">' % (n, b"&lol%d;" % (n - 1) * 10) for n in range(1, 10)
)
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>"""
PARAMETER = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/x"> %b;]><a/>"""
NESTED = b"<a>" * 30_000 + b"</a>" * 30_000


def pdf(attached: bytes | None = None, name: str = "factur-x.xml") -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    if attached is not None:
        made.attachments[name] = attached
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def bomb_of_streams() -> bytes:
    """A PDF whose attached invoice is a hundred megabytes of nothing, packed small."""
    made = pikepdf.new()
    made.add_blank_page()
    made.attachments["factur-x.xml"] = b"x"
    stream = made.attachments["factur-x.xml"].obj.EF.F
    stream.write(zlib.compress(bytes(100 * 1024 * 1024), 9), filter=pikepdf.Name.FlateDecode)
    written = io.BytesIO()
    made.save(written, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return written.getvalue()


def zipped() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("invoice.xml", UBL)
    return written.getvalue()


def cross_referenced_bomb() -> bytes:
    """A PDF whose table of objects claims to be enormous."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n2 0 obj<</Type/XRef/Size 2000000000/W[1 8 8]/Root 1 0 R"
        b"/Index[0 2000000000]/Length 0>>stream\n\nendstream endobj\nstartxref\n38\n%%EOF"
    )


def locked() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    written = io.BytesIO()
    made.save(written, encryption=pikepdf.Encryption(owner="a", user="b"))
    return written.getvalue()


@pytest.fixture
def reader() -> DocumentReader:
    return DocumentReader(seconds=60)  # on a machine with much else to do


async def test_an_invoice_in_ubl_is_read_as_it_was_written(reader: DocumentReader) -> None:
    assert await reader.read(UBL) == Received("ubl", ubl_reading.read(parse(UBL)))


async def test_an_invoice_in_cii_is_read_alone_and_inside_a_pdf(reader: DocumentReader) -> None:
    incoming = cii_reading.read(parse(CII))
    assert answer(AS_FILE, CII).received == Received("cii", incoming)
    assert await reader.read(pdf(CII)) == Received("facturx", incoming, CII)


def _file_named(made: pikepdf.Pdf, name: str) -> pikepdf.AttachedFileSpec:
    return pikepdf.AttachedFileSpec(
        made, CII, description="", filename=name, mime_type="text/xml", creation_date="", mod_date=""
    )


def test_the_invoice_in_a_pdf_is_known_by_the_name_of_its_file_whatever_it_is_listed_as() -> None:
    made = pikepdf.open(io.BytesIO(pdf()))
    made.attachments["0001"] = _file_named(made, "Factur-X.xml")
    written = io.BytesIO()
    made.save(written)
    found = answer(AS_FILE, written.getvalue()).received
    assert found is not None and found.xml == CII


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "windows-1252"])
def test_every_usual_encoding_of_xml_is_read(encoding: str) -> None:
    name = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    text = UBL.decode().replace("UTF-8", name, 1).replace(DOCUMENT.seller.name, "Brød & Øl".replace("&", "&amp;"))
    found = answer(AS_FILE, text.encode(encoding, "xmlcharrefreplace")).received
    assert found is not None and found.incoming is not None
    assert found.incoming.document.seller.name == "Brød & Øl"
    assert found.incoming.payable == DOCUMENT.gross


@pytest.mark.parametrize("hidden", ["<!-- -->", "<?x y?>", "<![CDATA[]]>"])
def test_what_is_hidden_in_an_amount_does_not_cut_it(hidden: str) -> None:
    """The rules see 2500.00, and so does who pays."""
    text = UBL.decode().replace("2500.00</cbc:PayableAmount>", f"25{hidden}00.00</cbc:PayableAmount>")
    assert hidden in text
    found = answer(AS_FILE, text.encode()).received
    assert found is not None and found.incoming is not None and found.incoming.payable == 2500


def test_prefixes_are_the_senders_own_affair() -> None:
    text = (
        UBL.decode()
        .replace("cbc:", "x:")
        .replace("xmlns:cbc", "xmlns:x")
        .replace("<Invoice xmlns=", "<u:Invoice xmlns:u=")
    )
    other = text.replace("</Invoice>", "</u:Invoice>").encode()
    assert answer(AS_FILE, other).received == Received("ubl", ubl_reading.read(parse(UBL)))


def test_a_pdf_that_carries_no_invoice_is_a_plain_pdf() -> None:
    assert answer(AS_FILE, pdf()).received == Received("pdf")
    assert answer(AS_FILE, pdf(b"anything", name="terms.zip")).received == Received("pdf")


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (BILLION_LAUGHS, "dtd"),
        (EXTERNAL, "dtd"),
        (PARAMETER, "dtd"),
        (EXTERNAL.decode().encode("utf-16"), "dtd"),
        (NESTED, "too_deep"),
        (b"<a>" + b"<b/>" * 200_000 + b"</a>", "too_many"),
        (b"<Order/>", "unknown_kind"),
        (UBL[:-20], "malformed"),
        (zipped(), "not_a_document"),
        (b"hello", "not_a_document"),
        (pdf(zipped()), "malformed"),
        (pdf(BILLION_LAUGHS), "dtd"),
        (pdf(NESTED), "too_deep"),
        (bomb_of_streams(), "too_hard"),
        (b"%PDF-1.7 nothing", "pdf_broken"),
        (locked(), "pdf_locked"),
    ],
    ids=[
        "billion laughs", "external entity", "parameter entity", "entity in UTF-16", "30 000 nested tags",
        "many elements", "another document", "cut off", "zip", "text", "zip in a pdf",
        "billion laughs in a pdf", "nested tags in a pdf", "bomb in a pdf", "broken pdf", "locked pdf",
    ],
)  # fmt: skip
def test_an_attack_is_refused_with_a_word(file: bytes, code: str) -> None:
    """S-19: by the code that runs behind the walls."""
    assert answer(AS_FILE, file).refused == code


@pytest.mark.parametrize(
    ("file", "codes"),
    [
        (BILLION_LAUGHS, ("dtd",)),
        (bomb_of_streams(), ("too_hard",)),
        (cross_referenced_bomb(), ("pdf_broken", "too_hard")),
        (bytes(MOST_BYTES + 1), ("too_large",)),
    ],
    ids=["billion laughs", "bomb in a pdf", "enormous table of objects", "too large"],
)
async def test_the_same_behind_the_walls(reader: DocumentReader, file: bytes, codes: tuple[str, ...]) -> None:
    outcome = await reader.read(file)
    assert isinstance(outcome, Unusable) and outcome.code in codes


async def test_a_process_that_takes_too_long_is_ended_and_the_file_refused() -> None:
    assert await DocumentReader(seconds=0).read(UBL) == Unusable("too_hard")


async def test_a_letter_tells_whom_it_is_for_and_gives_its_documents_only(reader: DocumentReader) -> None:
    message = EmailMessage()
    message["From"] = "Lise Selger <lise@selger.example>"
    message["To"] = "Inn <inn+ABC@faktura.example>, other@example.no"
    message["Delivered-To"] = "inn+abc@faktura.example"
    message.set_content("Se vedlegg")
    message.add_attachment(UBL, maintype="application", subtype="xml", filename="faktura.xml")
    message.add_attachment(pdf(), maintype="application", subtype="octet-stream", filename="Faktura.PDF")
    message.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="virus.exe")
    assert await reader.open_letter(bytes(message)) == Letter(
        ("inn+abc@faktura.example", "inn+abc@faktura.example", "other@example.no"),
        "lise@selger.example",
        (NamedFile("faktura.xml", UBL), NamedFile("Faktura.PDF", message_part(message, 2))),
    )


def message_part(message: EmailMessage, number: int) -> bytes:
    parts = list(message.walk())[1:]
    return base64.b64decode(parts[number].get_payload())  # type: ignore[arg-type]


async def test_what_is_no_letter_has_no_recipients(reader: DocumentReader) -> None:
    assert answer(AS_MAIL, b"\x00\xff" * 100).letter == Letter((), "", ())
    assert await reader.open_letter(bytes(MOST_MAIL + 1)) == Unusable("too_large")
