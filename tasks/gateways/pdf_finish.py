"""The last touch on a document: what its reader software is told, and the same bytes for the same document."""

from __future__ import annotations

import io

import pikepdf

# Readers show when a file was made; a document's date stands in the document, and a date that moves would make two
# files of one invoice.
_WHEN = "D:20000101000000Z"
PRODUCER = "SmartFaktura"


def finish(pdf: bytes, language: str) -> bytes:
    """`pdf` with its language, shown by the title it has, with fixed dates and an id made from its contents."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        root.Lang = pikepdf.String(language)
        root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        for name in ("/Outlines", "/PageMode"):
            if name in root:
                del root[name]
        document.trailer.Info = document.make_indirect(
            pikepdf.Dictionary(
                Title=document.trailer.Info.Title,
                Producer=pikepdf.String(PRODUCER),
                CreationDate=pikepdf.String(_WHEN),
                ModDate=pikepdf.String(_WHEN),
            )
        )
        _drop_unused_fonts(document)
        finished = io.BytesIO()
        document.save(
            finished,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            deterministic_id=True,
        )
        return finished.getvalue()


def _drop_unused_fonts(document: pikepdf.Pdf) -> None:
    """Every page lists Helvetica, though nothing is written with it; a font that is not embedded only worries readers."""
    for page in document.pages:
        fonts = page.obj.get("/Resources", pikepdf.Dictionary()).get("/Font")
        if fonts is None:
            continue
        for name in [name for name, font in fonts.items() if font.get("/Subtype") == "/Type1"]:
            del fonts[name]
