"""PDF/A-3b, so that a document looks the same in thirty years, with the same invoice as XML inside: Factur-X.

ISO 19005-3 wants the meaning of the colours (an output intent), what the file says of itself (XMP), and an associated
file that tells its kind, its day and how it relates to the pages. Fonts are embedded as they are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pikepdf
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import ImageCms

TEMPLATE_DIR = Path(__file__).resolve().parents[2] / "templates"
PRODUCER = "SmartFaktura"
FACTUR_X = "factur-x.xml"
# The two parts of an ICC header that tell when and where it was made, and its checksum: neither says anything of colour.
_MADE, _MADE_ON, _CHECKSUM = slice(24, 36), slice(40, 44), slice(84, 100)


@dataclass(frozen=True, slots=True)
class Record:
    """What an archive is told. `dated` is the day of issue in ISO 8601; `factur_x` the XML, empty for a draft."""

    author: str
    language: str
    dated: str
    factur_x: bytes = b""

    @property
    def pdf_date(self) -> str:
        return f"D:{self.dated.replace('-', '')}000000Z"


def archive(document: pikepdf.Pdf, record: Record) -> None:
    """Make `document` PDF/A-3b and, where there is one, put the XML in it."""
    _colours(document)
    metadata = document.make_stream(_xmp(record, str(document.trailer.Info.Title)))
    metadata.Type, metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    document.Root.Metadata = metadata
    if record.factur_x:
        _attach(document, record)


def _colours(document: pikepdf.Pdf) -> None:
    profile = document.make_stream(srgb(), N=3)
    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name.GTS_PDFA1,
        OutputConditionIdentifier=pikepdf.String("sRGB IEC61966-2.1"),
        Info=pikepdf.String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )
    document.Root.OutputIntents = pikepdf.Array([document.make_indirect(intent)])


def _attach(document: pikepdf.Pdf, record: Record) -> None:
    """The associated file. `Alternative`: the XML says the same as the pages (Factur-X 1.0 section 6.2.2)."""
    spec = pikepdf.AttachedFileSpec(
        document,
        record.factur_x,
        filename=FACTUR_X,
        description="Factur-X",
        mime_type="text/xml",
        creation_date=record.pdf_date,
        mod_date=record.pdf_date,
    )
    spec.relationship = pikepdf.Name.Alternative
    document.attachments[FACTUR_X] = spec
    document.Root.AF = pikepdf.Array([spec.obj])


@cache
def srgb() -> bytes:
    """The ICC profile of sRGB as LittleCMS makes it, without the moment and the machine."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for part, blank in ((_MADE, bytes((7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))), (_MADE_ON, bytes(4))):
        profile[part] = blank
    profile[_CHECKSUM] = bytes(16)
    return bytes(profile)


def _xmp(record: Record, title: str) -> bytes:
    template = _environment().get_template("documents/metadata.xmp")
    return template.render(record=record, title=title, producer=PRODUCER).strip().encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATE_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
