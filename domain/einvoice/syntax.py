"""An e-invoice read into the words of EN 16931, whatever its syntax: `ubl_reading` and `cii_reading` say where each word
stands, and here it is read. Nothing is computed. What the small profiles of Factur-X leave out is empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml.etree import _Element as Element

from domain.einvoice.document import (
    Address,
    Adjustment,
    Attachment,
    EDocument,
    EGroup,
    ELine,
    EParty,
    Identifier,
)
from domain.einvoice.incoming import Incoming
from domain.einvoice.xml_reading import Paths, Source, Unreadable, content_of, number_of, text_of
from domain.money import ZERO

# BT-18, the object that is invoiced, stands among the attachments but is none (UNCL 1001: 130).
_OBJECT = "130"


@dataclass(frozen=True, slots=True)
class Syntax:
    """Where a syntax has what: for each word of `document` its path, from the root of the document or, for the words of
    a part, from that part."""

    source: Source
    is_credit_note: Callable[[Element], bool]
    registrations: Callable[[Element | None], tuple[str, str]]  # of a party: VAT number, other tax number
    texts: Paths
    days: Paths
    sums: Paths
    parts: Paths
    party: Paths
    address: Paths
    group: Paths
    adjustment: Paths
    line: Paths
    attachment: Paths


def read(root: Element, syntax: Syntax) -> Incoming:
    """What the document says. Raises Unreadable when a number, date or the like is none, or what makes an invoice one is
    missing: number, date, currency and the amount to pay."""
    return _Reading(root, syntax).incoming()


class _Reading:
    def __init__(self, root: Element, syntax: Syntax) -> None:
        self.root = root
        self.syntax = syntax
        self.source = syntax.source
        self.currency = self.source.currency(root, syntax.texts["currency"])

    def incoming(self) -> Incoming:
        source, line = self.source, self.syntax.line
        sums = source.numbers(self.root, self.syntax.sums)
        payable, prepaid, rounding = (sums.pop(name) for name in ("payable", "prepaid", "rounding"))
        if payable is None:
            raise Unreadable("missing")
        return Incoming(
            self.document(sums),
            payable=payable,
            prepaid=prepaid or ZERO,
            rounding=rounding or ZERO,
            price_bases=tuple(source.number(one, line["price_base"]) or Decimal(1) for one in self.parts("lines")),
        )

    def document(self, sums: dict[str, Decimal | None]) -> EDocument:
        words, days = self.syntax, self.source.days(self.root, self.syntax.days)
        texts = self.source.texts(self.root, words.texts)
        start, end, issued_on = (days.pop(name) for name in ("period_start", "period_end", "issued_on"))
        if not texts["number"] or issued_on is None:
            raise Unreadable("missing")
        vat_currency = texts.pop("vat_currency")
        figures: dict[str, Any] = {name: value or ZERO for name, value in sums.items()} | texts | days
        return EDocument(
            is_credit_note=words.is_credit_note(self.root),
            issued_on=issued_on,
            seller=self.party(self.part("seller")),
            buyer=self.party(self.part("buyer")),
            lines=tuple(map(self.line, self.parts("lines"))),
            groups=tuple(self.groups()),
            adjustments=self.adjustments(self.parts("adjustments")),
            vat=self.vat(self.currency) or ZERO,
            vat_nok=self.vat("NOK") if vat_currency == "NOK" != self.currency else None,
            notes=tuple(text for note in self.parts("notes") if (text := text_of(note))),
            period=(start, end) if start and end else None,
            deliver_to=None if (place := self.part("deliver_to")) is None else self.address(place),
            attachments=tuple(self.attachments()),
            **figures,
        )

    def part(self, name: str) -> Element | None:
        return self.source.first(self.root, self.syntax.parts[name])

    def parts(self, name: str) -> list[Element]:
        return self.source.all(self.root, self.syntax.parts[name])

    def party(self, party: Element | None) -> EParty:
        paths = dict(self.syntax.party)
        endpoint, legal_id, address = (
            self.source.first(party, paths.pop(name)) for name in ("endpoint", "legal_id", "address")
        )
        vat_id, tax_registration = self.syntax.registrations(party)
        return EParty(
            address=self.address(address),
            endpoint=_identifier(endpoint),
            legal_id=_identifier(legal_id),
            vat_id=vat_id,
            tax_registration=tax_registration,
            **self.source.texts(party, paths),
        )

    def address(self, address: Element | None) -> Address:
        return Address(**self.source.texts(address, self.syntax.address))

    def vat(self, currency: str) -> Decimal | None:
        """The VAT in `currency`; an amount that names none is in the document's own."""
        for amount in self.parts("vat"):
            if amount.get("currencyID", self.currency) == currency:
                return number_of(text_of(amount))
        return None

    def groups(self) -> Iterator[EGroup]:
        """The groups in the document's own currency (BG-23)."""
        source, paths = self.source, self.syntax.group
        for group in self.parts("groups"):
            base = source.first(group, paths["base"])
            if base is None or base.get("currencyID", self.currency) == self.currency:
                yield EGroup(
                    category=source.text(group, paths["category"]),
                    rate=source.number(group, paths["rate"]),
                    base=number_of(text_of(base)) or ZERO,
                    vat=source.number(group, paths["vat"]),
                    reason=source.text(group, paths["reason"]),
                    reason_code=source.text(group, paths["reason_code"]),
                )

    def adjustments(self, elements: list[Element]) -> tuple[Adjustment, ...]:
        source, paths = self.source, self.syntax.adjustment
        return tuple(
            Adjustment(
                is_charge=source.is_true(element, paths["is_charge"]),
                amount=source.number(element, paths["amount"]),
                reason=source.text(element, paths["reason"]),
                reason_code=source.text(element, paths["reason_code"]),
                base=source.number_or_none(element, paths["base"]),
                percent=source.number_or_none(element, paths["percent"]),
                category=source.text(element, paths["category"]),
                rate=source.number(element, paths["rate"]),
            )
            for element in elements
        )

    def line(self, line: Element) -> ELine:
        source, paths = self.source, self.syntax.line
        quantity = source.first(line, paths["quantity"])
        return ELine(
            number=source.text(line, paths["number"]),
            name=source.text(line, paths["name"]),
            description=source.text(line, paths["description"]),
            quantity=number_of(text_of(quantity)) or ZERO,
            unit="" if quantity is None else quantity.get("unitCode", ""),
            price=source.number(line, paths["price"]),
            net=source.number(line, paths["net"]),
            category=source.text(line, paths["category"]),
            rate=source.number(line, paths["rate"]),
            adjustments=self.adjustments(source.all(line, paths["adjustments"])),
        )

    def attachments(self) -> Iterator[Attachment]:
        source, paths = self.source, self.syntax.attachment
        for reference in self.parts("attachments"):
            inside = source.first(reference, paths["inside"])
            if inside is not None and source.text(reference, paths["kind"]) != _OBJECT:
                name = inside.get("filename") or source.text(reference, paths["name"])
                yield Attachment(name, inside.get("mimeCode", ""), content_of(inside))


def _identifier(element: Element | None) -> Identifier | None:
    text = text_of(element)
    return Identifier(text, element.get("schemeID", "")) if element is not None and text else None
