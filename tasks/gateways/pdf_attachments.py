"""The e-invoice inside a PDF (Factur-X, ZUGFeRD, XRechnung): found by its name, unpacked no further than an invoice
may be long. Runs behind the walls of `document_reader_worker`."""

from __future__ import annotations

import io
import zlib

import pikepdf

from domain.received import MOST_BYTES

# The names that the standards give it, in small letters.
NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")


class UnusablePdf(ValueError):
    """`code`: pdf_broken, pdf_locked, too_hard."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def invoice_in(data: bytes) -> bytes | None:
    """The bytes of the e-invoice, or None when the PDF carries none. Raises UnusablePdf."""
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            for name, file in pdf.attachments.items():
                # The key in the table of files is the producer's own affair; the file's name is not.
                if name.lower() in NAMES or file.filename.lower() in NAMES:
                    return _unpacked(file.obj.EF.F)
    except pikepdf.PasswordError:
        raise UnusablePdf("pdf_locked") from None
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise error if isinstance(error, UnusablePdf) else UnusablePdf("pdf_broken") from None
    return None


def _unpacked(stream: pikepdf.Object) -> bytes:
    """At most as much as a file may have: a stream of a few bytes can unpack to gigabytes."""
    packed = stream.read_raw_bytes()
    filters = stream.get("/Filter")
    names = [] if filters is None else [str(one) for one in filters] if _is_list(filters) else [str(filters)]
    if not names:
        return packed
    if names != ["/FlateDecode"]:
        raise UnusablePdf("too_hard")
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(packed, MOST_BYTES + 1)
    except zlib.error:
        raise UnusablePdf("pdf_broken") from None
    if len(content) > MOST_BYTES:
        raise UnusablePdf("too_hard")
    return content


def _is_list(value: object) -> bool:
    return isinstance(value, pikepdf.Array)
