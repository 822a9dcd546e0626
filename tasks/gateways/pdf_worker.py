"""The process that draws documents: reads one view after another from its input, writes the PDF to its output.

Started by `pdf.PdfPool` as `python -m tasks.gateways.pdf_worker`. A message is a length (four bytes, big endian) and
that many bytes of JSON. An answer is a header of the same kind, `{"size": n}` with n bytes of PDF after it, or
`{"error": name}`: never a text from the document.
"""

from __future__ import annotations

import gc
import json
import os
import struct
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

from xhtml2pdf.config.resources import RenderLimitError

from domain.languages import LANGUAGES
from tasks.gateways import pdf_coverage, pdf_render, pdf_sandbox, pdf_words
from tasks.gateways.pdf_document import DocumentView, LineView, PartyView

LENGTH = struct.Struct(">I")
CPU_SECONDS = 15


def main() -> None:
    """Warm up, put up the walls, say "ready" with an empty message, and answer until the input ends."""
    pdf_sandbox.die_with_parent()
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever prints goes nowhere: output is for answers only.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with tempfile.TemporaryDirectory(prefix="pdf-") as scratch:
        tempfile.tempdir = scratch
        _warm_up()
        pdf_sandbox.enclose(_readable(), Path(scratch))
        _send(answers, {"size": 0})
        while (request := _read(sys.stdin.buffer)) is not None:
            _answer(answers, request)
            gc.collect()


def _readable() -> list[Path]:
    system = pdf_coverage.system_font()
    return [
        pdf_coverage.FONT_DIR,
        pdf_render.TEMPLATE_DIR / "documents",
        pdf_words.LOCALE_DIR,
        # Modules and data that libraries load when first needed.
        *(Path(place) for place in sys.path if place and Path(place).name in ("site-packages", "lib-dynload")),
        Path(os.__file__).parent,
        *([system.path] if system else []),
    ]


def _warm_up() -> None:
    """Draw a document and write one in each language, so that the first invoice finds every module loaded and template
    compiled."""
    pdf_render.prepare()
    party = PartyView("Firma AS", ("Gata 1", "0001 Oslo"), "936 587 720")
    line = LineView(("Vare",), "1", "stk.", "100,00", "10 %", "25 %", "90,00")
    for language in LANGUAGES:
        view = DocumentView(
            number="1", language=language, currency="NOK", issued_on="01.01.2026", due_on="15.01.2026", seller=party,
            buyer=party, lines=(line,), groups=(), line_sum="", discount="", net="90,00", vat="0,00", gross="90,00",
        )  # fmt: skip
        pdf_render.document_html(view)
    pdf_render.render_document(view)
    # What is here now stays, so it need not be looked through; and what a document leaves is collected between
    # documents, while nobody waits.
    gc.collect()
    gc.freeze()
    gc.disable()


def _answer(answers: BinaryIO, request: bytes) -> None:
    pdf_sandbox.limit_cpu(CPU_SECONDS)
    try:
        pdf = pdf_render.render_document(DocumentView.from_bytes(request))
    except pdf_render.Unprintable:
        _send(answers, {"error": "unprintable"})
    except RenderLimitError:
        _send(answers, {"error": "timeout"})
    except MemoryError:
        _send(answers, {"error": "too_large"})
    except Exception as error:  # whatever the libraries raise, the next document deserves its chance
        _send(answers, {"error": type(error).__name__})
    else:
        _send(answers, {"size": len(pdf)}, pdf)


def _read(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return stream.read(LENGTH.unpack(head)[0])


def _send(stream: BinaryIO, header: dict[str, object], body: bytes = b"") -> None:
    packed = json.dumps(header).encode()
    stream.write(LENGTH.pack(len(packed)) + packed + body)
    stream.flush()


if __name__ == "__main__":
    main()
