"""The process that opens one file of a stranger: `python -m tasks.gateways.document_reader_worker file|mail`.

The file comes in at its input, one `Answer` goes out as JSON, and the process ends. The walls go up before the first
byte is looked at: no network, no files, no programs, 512 MB and two seconds of processor time.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import Path

import msgspec

from domain.einvoice import cii_reading, ubl_reading
from domain.einvoice.incoming import Incoming
from domain.einvoice.xml_reading import Unreadable
from domain.received import MOST_ATTACHMENTS, MOST_BYTES, Kind, Letter, NamedFile, Received
from tasks.gateways import pdf_attachments, pdf_sandbox
from tasks.gateways.document_answers import AS_MAIL, Answer
from tasks.gateways.einvoice_parsing import Unsafe, parse

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 2
_PDF_BEGINS_WITHIN = 1024
_HEADS = ("delivered-to", "x-original-to", "envelope-to", "x-forwarded-to", "to", "cc")
_DOCUMENT_TYPES = ("application/pdf", "application/xml", "text/xml")
_DOCUMENT_ENDINGS = (".xml", ".pdf")
# The byte order marks and first letters of XML in the encodings that it may come in.
_XML_BEGINNINGS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00<")


def main() -> None:
    """Put up the walls, read, answer, end."""
    pdf_sandbox.die_with_parent()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with tempfile.TemporaryDirectory(prefix="read-") as scratch:
        # Modules that libraries load when first needed; nothing else of this machine.
        libraries = [Path(place) for place in sys.path if Path(place).name in ("site-packages", "lib-dynload")]
        pdf_sandbox.enclose([*libraries, Path(os.__file__).parent], Path(scratch))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        pdf_sandbox.limit_cpu(CPU_SECONDS)
        answers.write(msgspec.json.encode(answer(sys.argv[1], sys.stdin.buffer.read())))
        answers.flush()


def answer(how: str, data: bytes) -> Answer:
    try:
        return Answer(letter=letter_of(data)) if how == AS_MAIL else Answer(received=received_of(data))
    except (Unsafe, Unreadable, pdf_attachments.UnusablePdf) as refusal:
        return Answer(refused=refusal.code)
    except (MemoryError, RecursionError):
        return Answer(refused="too_hard")


def received_of(data: bytes) -> Received:
    """What is in the file, told by its content and never by its name."""
    if b"%PDF-" in data[:_PDF_BEGINS_WITHIN]:
        xml = pdf_attachments.invoice_in(data)
        return Received("pdf") if xml is None else Received("facturx", _read(xml)[1], xml)
    if data.lstrip()[:3].startswith(_XML_BEGINNINGS):
        kind, incoming = _read(data)
        return Received(kind, incoming)
    raise Unsafe("not_a_document")


def _read(xml: bytes) -> tuple[Kind, Incoming]:
    root = parse(xml)
    if root.tag in ubl_reading.ROOTS:
        found: tuple[Kind, Incoming] = ("ubl", ubl_reading.read(root))
    else:
        found = ("cii", cii_reading.read(root))
    if len(found[1].document.attachments) > MOST_ATTACHMENTS:
        raise Unsafe("too_many")
    return found


def letter_of(data: bytes) -> Letter:
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    heads = [str(value) for name in _HEADS for value in message.get_all(name, [])]
    files = []
    for part in message.walk():
        name = part.get_filename() or ""
        if part.get_content_type() in _DOCUMENT_TYPES or name.lower().endswith(_DOCUMENT_ENDINGS):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and 0 < len(content) <= MOST_BYTES:
                files.append(NamedFile(name[:200], content))
    senders = [address for _, address in getaddresses([str(message.get("from", ""))])]
    recipients = tuple(address.lower() for _, address in getaddresses(heads) if address)
    return Letter(recipients[:100], senders[0][:254] if senders else "", tuple(files[:MOST_ATTACHMENTS]))


if __name__ == "__main__":
    main()
