"""The last touch on a document: what its reader software and archives are told, and the same bytes for the same
document."""

from __future__ import annotations

import io

import pikepdf

from tasks.gateways.pdf_archive import PRODUCER, Record, archive


def finish(pdf: bytes, record: Record) -> bytes:
    """`pdf` as PDF/A-3b, shown by the title it has, dated the day it was issued and with an id made from its contents."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        root.Lang = pikepdf.String(record.language)
        root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        for name in ("/Outlines", "/PageMode"):
            if name in root:
                del root[name]
        document.trailer.Info = document.make_indirect(
            pikepdf.Dictionary(
                Title=document.trailer.Info.Title,
                Author=pikepdf.String(record.author),
                Producer=pikepdf.String(PRODUCER),
                CreationDate=pikepdf.String(record.pdf_date),
                ModDate=pikepdf.String(record.pdf_date),
            )
        )
        _drop_unused_fonts(document)
        archive(document, record)
        finished = io.BytesIO()
        document.save(
            finished,
            min_version="1.7",
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
