"""Reading XML that was parsed safely (no DTD, no entities, limits on depth and size): texts, amounts, days, files."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from lxml.etree import _Element as Element

from domain.money import ZERO

# One path, or several of which the first that says something counts.
Path = str | tuple[str, ...]
Paths = Mapping[str, Path]
LONGEST = 10_000
# Money is stored with fifteen digits before the point; a price may be written with many behind it.
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Unreadable(ValueError):
    """The document can not be shown. `code`: unknown_kind, number, date, missing, attachment."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Source:
    """Looks things up by paths such as `cac:Party/cbc:Name`, in the document's own namespaces."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self.namespaces = dict(namespaces)

    def all(self, parent: Element | None, path: Path) -> list[Element]:
        """Every such element; of several paths, those of the first that leads anywhere."""
        if parent is None:
            return []
        if isinstance(path, str):
            return parent.findall(path, self.namespaces)
        return next((found for one in path if (found := parent.findall(one, self.namespaces))), [])

    def first(self, parent: Element | None, path: Path) -> Element | None:
        if parent is None:
            return None
        paths = (path,) if isinstance(path, str) else path
        return next((found for one in paths if (found := parent.find(one, self.namespaces)) is not None), None)

    def text(self, parent: Element | None, path: Path) -> str:
        """The text of the first such element without space around it; "" when there is none."""
        paths = (path,) if isinstance(path, str) else path
        return next((text for one in paths if (text := text_of(self.first(parent, one)))), "")

    def texts(self, parent: Element | None, paths: Paths) -> dict[str, str]:
        return {name: self.text(parent, path) for name, path in paths.items()}

    def currency(self, parent: Element | None, path: Path) -> str:
        text = self.text(parent, path)
        if not _CURRENCY.fullmatch(text):
            raise Unreadable("missing")
        return text

    def number(self, parent: Element | None, path: Path) -> Decimal:
        """The number there; 0 when there is none."""
        return self.number_or_none(parent, path) or ZERO

    def number_or_none(self, parent: Element | None, path: Path) -> Decimal | None:
        return number_of(self.text(parent, path))

    def numbers(self, parent: Element | None, paths: Paths) -> dict[str, Decimal | None]:
        return {name: self.number_or_none(parent, path) for name, path in paths.items()}

    def is_true(self, parent: Element | None, path: Path) -> bool:
        """As XML Schema writes yes: `true` or `1`."""
        return self.text(parent, path) in ("true", "1")

    def day(self, parent: Element | None, path: Path) -> date | None:
        """2026-11-23, or 20261123 as CII writes it."""
        text = self.text(parent, path)
        if not text:
            return None
        try:
            if len(text) == 8:
                return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
            return date.fromisoformat(text[:10])
        except ValueError:
            raise Unreadable("date") from None

    def days(self, parent: Element | None, paths: Paths) -> dict[str, date | None]:
        return {name: self.day(parent, path) for name, path in paths.items()}


def text_of(element: Element | None) -> str:
    """What stands in the element, cut at LONGEST characters; "" when there is none."""
    return "" if element is None or element.text is None else element.text.strip()[:LONGEST]


def number_of(text: str) -> Decimal | None:
    """The number as XML writes it, unrounded; None for nothing. Raises Unreadable, also for exponents and infinity."""
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise Unreadable("number")
    return Decimal(text)


def content_of(element: Element) -> bytes:
    """The file inside, which stands there in base64."""
    try:
        return b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("attachment") from None
