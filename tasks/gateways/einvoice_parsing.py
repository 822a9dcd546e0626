"""XML from strangers, read with nothing that can be turned against us: no DTD, no entities, no network, limits.

Runs wherever XML is read. A refusal is a short word, never a text from the document.
"""

from __future__ import annotations

from lxml import etree

MOST_BYTES = 20 * 1024 * 1024
DEEPEST = 60
MOST_ELEMENTS = 100_000


class Unsafe(ValueError):
    """The document is not read further. `code`: too_large, dtd, too_deep, too_many, malformed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Guard:
    """Counts what the parser meets, and stops it before anything is built from what is too much."""

    def __init__(self) -> None:
        self.depth = 0
        self.elements = 0

    def start(self, _tag: str, _attributes: object) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST:
            raise Unsafe("too_deep")
        if self.elements > MOST_ELEMENTS:
            raise Unsafe("too_many")

    def end(self, _tag: str) -> None:
        self.depth -= 1

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise Unsafe("dtd")

    def close(self) -> None:
        return None


def parse(xml: bytes) -> etree._Element:
    """The root of `xml`. Raises Unsafe."""
    if len(xml) > MOST_BYTES:
        raise Unsafe("too_large")
    if b"<!DOCTYPE" in xml or b"<\x00!\x00D\x00O" in xml or b"\x00<\x00!\x00D\x00O" in xml:
        raise Unsafe("dtd")
    try:
        etree.fromstring(xml, _parser(_Guard()))
        return etree.fromstring(xml, _parser())
    except etree.XMLSyntaxError as error:
        raise Unsafe("malformed") from error
    except ValueError as error:
        raise error if isinstance(error, Unsafe) else Unsafe("malformed") from error


def _parser(target: _Guard | None = None) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        # An amount with a comment in it would be read up to there.
        remove_comments=True,
        remove_pis=True,
        target=target,  # type: ignore[arg-type]
    )
