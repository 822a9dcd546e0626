"""Writing XML: elements in order, amounts and dates as text, and nothing empty (PEPPOL-EN16931-R008)."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from domain.money import decimals, round_half_up


class Writer:
    """Adds elements named `prefix:name` to a tree whose namespaces it knows."""

    def __init__(self, root: str, namespaces: dict[str | None, str], currency: str) -> None:
        self.namespaces = namespaces
        self.currency = currency
        self.root = etree.Element(self._name(root), nsmap=namespaces)  # type: ignore[arg-type]

    def _name(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        return f"{{{self.namespaces[prefix or None]}}}{local}"

    def add(self, parent: etree._Element, path: str, text: str = "", **attributes: str) -> etree._Element:
        """The last element of `path` (`cac:Item/cbc:Name`), every one of them new; it is dropped later if empty."""
        element = parent
        for name in path.split("/"):
            element = etree.SubElement(element, self._name(name))
        element.text = text or None
        for name, value in attributes.items():
            if value:
                element.set(name, value)
        return element

    def amount(self, value: Decimal, currency: str = "") -> str:
        """Plain digits with the currency's decimals, two at most (BR-DEC)."""
        currency = currency or self.currency
        return f"{round_half_up(value, currency):.{min(decimals(currency), 2)}f}"

    def bytes(self) -> bytes:
        """The document in UTF-8."""
        _prune(self.root)
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def number(value: Decimal) -> str:
    """A quantity, price or percent without trailing zeros."""
    return f"{value.normalize():f}" if value else "0"


def _prune(element: etree._Element) -> None:
    for child in list(element):
        _prune(child)
        if len(child) == 0 and not child.text:
            element.remove(child)
