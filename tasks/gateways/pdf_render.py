"""A document from its view: Jinja makes the HTML, xhtml2pdf the PDF. It runs in a worker (`pdf_worker.py`).

Whatever a person typed is text: autoescaped, never in an attribute or in the stylesheet, each character given to a
font that has it. Nothing is fetched: pictures come inside the HTML, and the fonts are the process's own.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from reportlab import rl_config
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.document import pisaDocument

from domain.glyphs import is_right_to_left, missing, runs
from domain.languages import language
from tasks.gateways import pdf_cells, pdf_colours, pdf_columns, pdf_fonts, pdf_logo, pdf_pages, pdf_parsing
from tasks.gateways.pdf_archive import Record
from tasks.gateways.pdf_coverage import FACES, FONT_DIR, coverages
from tasks.gateways.pdf_document import DocumentView
from tasks.gateways.pdf_finish import finish
from tasks.gateways.pdf_words import translations

TEMPLATE_DIR = Path(__file__).resolve().parents[2] / "templates"
TEMPLATE = "documents/invoice.html"
MAX_SECONDS = 10

_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")
_POLICY = ResourceAccessPolicy.server(
    base_dir=FONT_DIR,
    allow_remote=False,
    max_render_seconds=MAX_SECONDS,
    # Nothing that people type makes elements, so a template's own depth is all there is.
    max_depth=40,
)


class Unprintable(Exception):
    """The document has characters that no font can draw. They are looked for before an invoice is issued."""


@cache
def prepare() -> None:
    """Load what every document needs. Once per process; `render_document` does it when nobody has."""
    logging.getLogger("xhtml2pdf").setLevel(logging.CRITICAL)
    pdf_fonts.register()
    pdf_cells.install(FACES[0].regular)
    pdf_pages.install()
    pdf_parsing.install()
    rl_config.canvas_basefontname = FACES[0].regular
    rl_config.invariant = 1
    rl_config.useA85 = 0
    # Colours are hexadecimal figures; nothing is to be evaluated to find one.
    rl_config.toColorCanUse = None


def render_document(view: DocumentView) -> bytes:
    """The PDF of `view`: the same bytes for the same view.

    Raises Unprintable, and RenderLimitError when it takes longer than MAX_SECONDS.
    """
    prepare()
    east_asian = pdf_fonts.east_asian(_texts(view))
    if east_asian:
        pdf_fonts.register_east_asian(east_asian)
    css = _environment(view.language).get_template("documents/document.css")
    pdf = io.BytesIO()
    pisaDocument(
        document_html(view),
        pdf,
        default_css=css.render(accent=view.accent, **pdf_colours.shades(view.accent)),
        resource_policy=_POLICY,
        encoding="utf-8",
    )
    tag = language(view.language).tag
    return finish(pdf.getvalue(), Record(view.seller.name, tag, view.dated, view.factur_x.encode()))


def document_html(view: DocumentView) -> str:
    """The HTML of `view`, which is all that xhtml2pdf gets beside the stylesheet."""
    template = _environment(view.language).get_template(TEMPLATE)
    html = template.render(document=view, logo=_logo(view), widths=pdf_columns.widths(view))
    # The line ends of the template itself: no text holds one, and each would be a piece of text to look at.
    return _BETWEEN_TAGS.sub("><", html)


def _logo(view: DocumentView) -> pdf_logo.Drawn | None:
    """The logo, or none when it can not be read: an issued invoice is not held back by a picture."""
    try:
        return pdf_logo.redrawn(view.logo) if view.logo else None
    except pdf_logo.UnusableLogo:
        return None


@cache
def _environment(code: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = translations(code)
    install: Callable[..., None] = environment.install_gettext_callables  # type: ignore[attr-defined]
    install(words.gettext, words.ngettext, newstyle=True)
    environment.filters["spaced"] = _spaced
    environment.filters["paragraph"] = _paragraph
    environment.globals["language_tag"] = language(code).tag
    return environment


def _spaced(figure: str) -> str:
    """A figure in a column that is wide enough for it: there a no-break space only costs time."""
    return figure.replace("\u00a0", " ")


def _paragraph(lines: Sequence[str]) -> Markup:
    """Lines that a person typed, in the direction of their script."""
    typed = Markup("<br/>").join(_printed(line) for line in lines)
    if any(map(is_right_to_left, lines)):
        return Markup('<div dir="rtl">{}</div>').format(typed)
    return typed


def _printed(value: Any) -> Any:
    """What a template writes, each run of characters in a font that has them."""
    if not isinstance(value, str):
        return value
    if FACES[0].codes.issuperset(map(ord, value)):
        return value
    if missing(value, coverages()):
        raise Unprintable
    # Markup of our own is ASCII, so it stays in the first font's runs and in one piece.
    pieces = runs(str(escape(value)), coverages())
    return Markup("").join(
        Markup(run) if font == 0 else Markup(f'<span class="f{font}">{run}</span>')  # noqa: S704 - escaped above
        for font, run in pieces
    )


def _texts(view: DocumentView) -> Iterator[str]:
    for party in (view.seller, view.buyer):
        yield from (party.name, *party.address, party.email, party.phone)
    for line in view.lines:
        yield from line.description
    yield from (view.delivery_place, view.your_reference, view.our_reference, view.order_number, *view.note)
    yield from view.attachments
    yield from (view.project_reference, view.contract_reference, view.accounting_reference)
