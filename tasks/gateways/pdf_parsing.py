"""The templates' HTML, read as the XML that it is.

xhtml2pdf reads HTML as a browser does, mending what is broken. Nothing here is broken: the templates are well formed
and what people type is escaped. Read by expat it costs a tenth of the time, and a piece of markup that slipped through
would be an error instead of being mended into something.
"""

from __future__ import annotations

from typing import Any
from xml.dom import expatbuilder
from xml.dom.minidom import Document

import xhtml2pdf.parser


class _Parser:
    """In the place of html5lib's parser. It makes the same kind of tree."""

    def __init__(self, tree: Any = None) -> None:
        pass

    def parse(self, source: Any, **_: Any) -> Document:
        text = source if isinstance(source, str | bytes) else source.read()
        # Without namespaces, so that `pdf:` needs no declaration. The DTD is empty, so there are no entities.
        return expatbuilder.parseString(text, namespaces=False)  # noqa: S316 - our own template, typed text escaped


class _Html5lib:
    HTMLParser = _Parser


def _no_style(node: Any, cascade: Any) -> dict[str, Any]:
    """No template has a `style` attribute (a test looks), so there is none to be parsed for each element."""
    return {}


def install() -> None:
    """Have xhtml2pdf read XML without `style` attributes, in this process."""
    xhtml2pdf.parser.html5lib = _Html5lib
    xhtml2pdf.parser.parseStyleAttr = _no_style
