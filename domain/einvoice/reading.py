"""From an issued invoice to the words of EN 16931. Nothing is looked up: the snapshot says it all.

Prices that include VAT: an e-invoice knows prices without VAT only, so each line's price is what its net amount needs,
with as few decimals as give that amount exactly (R120, BR-CO-10). So it is in a currency without cents where the typed
price times the quantity is no whole amount: Peppol's rules know two decimals, whatever the currency.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from domain.einvoice import addresses
from domain.einvoice.document import (
    FORETAKSREGISTERET,
    Address,
    Adjustment,
    Attachment,
    EDocument,
    EGroup,
    ELine,
    EParty,
)
from domain.invoice import FrozenLine, Issued
from domain.money import ZERO, exact, round_half_up, round_to
from domain.party import Party
from domain.totals import HUNDRED, Discount, VatGroup
from domain.vat import TREATMENTS, Treatment, legal_text

DISCOUNT_CODE = "95"  # UNCL 5189: discount
# What stands for a reference that the customer never gave.
NOT_GIVEN = {
    "nb": "Ikke oppgitt", "nn": "Ikkje oppgitt", "sv": "Ej angiven", "da": "Ikke oplyst", "de": "Nicht angegeben",
    "fr": "Non communiquée", "es": "No indicada", "nl": "Niet opgegeven", "pl": "Nie podano", "fi": "Ei ilmoitettu",
}  # fmt: skip
_DISCOUNT = {
    "nb": "Rabatt", "nn": "Rabatt", "sv": "Rabatt", "da": "Rabat", "de": "Rabatt", "fr": "Remise", "es": "Descuento",
    "nl": "Korting", "pl": "Rabat", "fi": "Alennus",
}  # fmt: skip
_CHARGE = {
    "nb": "Gebyr", "nn": "Gebyr", "sv": "Avgift", "da": "Gebyr", "de": "Zuschlag", "fr": "Frais", "es": "Cargo",
    "nl": "Toeslag", "pl": "Opłata", "fi": "Lisämaksu",
}  # fmt: skip
# What XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MOST_DECIMALS = 16
# Categories that must give no reason: VAT is charged (S), or the standard forbids it (Z: BR-Z-10).
_WITHOUT_REASON = frozenset({"S", "Z"})


def document_of(
    issued: Issued, *, buyer_reference: str = "", is_peppol: bool = True, attachments: tuple[Attachment, ...] = ()
) -> EDocument:
    """`issued` as an e-invoice.

    `buyer_reference` is the customer's own and stands in where the invoice says none. Endpoints are derived from the
    parties' numbers; without `is_peppol`, or when a party has no address, the document is plain EN 16931. A file of the
    invoice that is not among `attachments` is named, without its content.
    """
    return EDocument(
        is_credit_note=issued.kind == "credit_note",
        number=issued.number,
        issued_on=issued.issued_on,
        due_on=issued.due_on,
        currency=issued.currency,
        seller=_seller(issued),
        buyer=_buyer(issued, is_peppol),
        lines=tuple(_line(line, issued) for line in issued.lines),
        adjustments=tuple(_document_adjustments(issued)),
        **_figures(issued),
        **_references(issued, buyer_reference),
        **_delivery(issued),
        payment_id=issued.kid,
        account=issued.iban or issued.bank_account,
        bic=issued.bic if issued.iban else "",
        attachments=(*attachments, *_named(issued, attachments)),
    )


def _named(issued: Issued, inside: tuple[Attachment, ...]) -> Iterator[Attachment]:
    names = {attachment.filename for attachment in inside}
    for file in issued.attachments:
        if file.plain_name not in names:
            yield Attachment(file.plain_name, file.mime, b"")


def _figures(issued: Issued) -> dict[str, Any]:
    """The sums as they were frozen, and what is said of VAT: its groups, and the notes that are not their reasons."""
    totals, reasons = issued.totals, _reasons(issued)
    used = {reasons[group.category] for group in issued.groups if group.category in reasons}
    return {
        "groups": tuple(_group(group, issued, reasons) for group in issued.groups),
        "line_sum": totals.line_sum,
        "allowances": totals.discount,
        "charges": totals.charge,
        "net": totals.net,
        "vat": totals.vat,
        "gross": totals.gross,
        "vat_nok": issued.vat_nok,
        "notes": tuple(
            words for text in (issued.note, *issued.texts) if (words := clean(text)) and words not in used
        ),
    }


def _references(issued: Issued, buyer_reference: str) -> dict[str, Any]:
    """What the buyer's system finds its order by: BT-10 is the invoice's own reference, else the order number, else the
    customer's own. Peppol has no invoice without (R003), so an invoice that can travel there says in words that none was
    given; what it looks like on paper does not change."""
    given = clean(issued.your_reference) or clean(issued.order_number) or clean(buyer_reference)
    if not given and addresses.endpoint(issued.buyer) is not None:
        given = NOT_GIVEN.get(issued.language, "Not given")
    return {
        "buyer_reference": given,
        "order_reference": clean(issued.order_number),
        "project_reference": clean(issued.project_reference),
        "contract_reference": clean(issued.contract_reference),
        "accounting_reference": clean(issued.accounting_reference),
        "credited_number": issued.credits.number if issued.credits else "",
        "credited_on": issued.credits.issued_on if issued.credits else None,
    }


def _delivery(issued: Issued) -> dict[str, Any]:
    period = _period(issued)
    return {
        "delivered_on": None if period else issued.delivery_from,
        "period": period,
        "deliver_to": _deliver_to(issued),
    }


def clean(text: str) -> str:
    """`text` without what XML can not say, and without space around it."""
    return _NOT_XML.sub("", text).strip()


def _seller(issued: Issued) -> EParty:
    seller = issued.seller
    return EParty(
        name=clean(seller.name),
        address=_address(seller),
        endpoint=addresses.endpoint(seller),
        legal_id=addresses.legal_id(seller),
        vat_id=_vat_id(issued, seller),
        tax_registration=FORETAKSREGISTERET if seller.foretaksregisteret and seller.country == "NO" else "",
        contact=clean(issued.our_reference) or (clean(seller.name) if seller.country == "DE" else ""),  # DE-R-005
        phone=clean(seller.phone),
        email=clean(seller.email),
        legal_addition=clean(seller.legal_addition),
    )


def _buyer(issued: Issued, is_peppol: bool) -> EParty:
    buyer = issued.buyer
    return EParty(
        name=clean(buyer.name),
        address=_address(buyer),
        endpoint=addresses.endpoint(buyer) if is_peppol else None,
        legal_id=addresses.legal_id(buyer),
        vat_id=_vat_id(issued, buyer),
        contact=clean(issued.your_reference),
        email=clean(buyer.email),
    )


def _vat_id(issued: Issued, party: Party) -> str:
    """Outside VAT there is no VAT number (BR-O-02)."""
    return "" if any(group.category == "O" for group in issued.groups) else addresses.vat_id(party)


def _address(party: Party) -> Address:
    streets = [text for line in party.address_lines if (text := clean(line))]
    return Address(
        street=streets[0] if streets else "",
        additional=", ".join(streets[1:]),
        city=clean(party.city),
        postcode=clean(party.postcode),
        country=party.country,
    )


def _deliver_to(issued: Issued) -> Address:
    """The place the document names, or where the buyer has things delivered, or the buyer's address, which is where
    delivery was when nothing is said."""
    buyer, place = issued.buyer, clean(issued.delivery_place)
    country = buyer.delivery_country or buyer.country
    if place:
        return Address(city=place, country=country)
    if not buyer.delivery_place:
        return _address(buyer)
    return Address(
        street=clean(buyer.delivery_line),
        city=clean(buyer.delivery_city),
        postcode=clean(buyer.delivery_postcode),
        country=country,
    )


def _period(issued: Issued) -> tuple[date, date] | None:
    if issued.delivery_from is None or issued.delivery_to in (None, issued.delivery_from):
        return None
    assert issued.delivery_to is not None
    return issued.delivery_from, issued.delivery_to


def _line(line: FrozenLine, issued: Issued) -> ELine:
    name, _, rest = clean(line.description).partition("\n")
    adjustments = tuple(_line_adjustments(line, issued))
    quantity, price = line.quantity, line.unit_price
    before = line.net - sum(_signed(adjustment) for adjustment in adjustments)
    if issued.prices_include_vat or not _gives(quantity, price, before):
        price = _price_for(before, quantity)
    if price < 0:  # a price is never below zero (BR-27): the quantity is
        quantity, price = -quantity, -price
    return ELine(
        number=str(line.position),
        name=name.strip(),
        description=rest.strip(),
        quantity=quantity,
        unit=line.unit,
        price=price,
        net=line.net,
        category=line.category,
        rate=line.rate,
        adjustments=adjustments,
    )


def _signed(adjustment: Adjustment) -> Decimal:
    return adjustment.amount if adjustment.is_charge else -adjustment.amount


def _gives(quantity: Decimal, price: Decimal, amount: Decimal) -> bool:
    """Is the product the amount as Peppol compares them (R040, R120)? With two decimals, also in a currency without."""
    with exact():
        return round_to(quantity * price, 2) == amount


def _price_for(amount: Decimal, quantity: Decimal) -> Decimal:
    """The price with the fewest decimals that times `quantity` is `amount`."""
    with exact():
        for places in range(2, MOST_DECIMALS + 1):
            price = round_to(amount / quantity, places)
            if _gives(quantity, price, amount):
                return price
    raise AssertionError("no price gives the amount of the line")


def _line_adjustments(line: FrozenLine, issued: Issued) -> Iterator[Adjustment]:
    with exact():
        rate = line.rate if issued.prices_include_vat else ZERO
        discount = round_half_up(line.discount * HUNDRED / (HUNDRED + rate), issued.currency)
        charge = round_half_up(line.charge * HUNDRED / (HUNDRED + rate), issued.currency)
        before = line.net + discount - charge
    if discount:
        yield _adjustment(False, discount, before, line.discount_percent, issued, "")
    if charge:
        yield _adjustment(True, charge, before, None, issued, line.charge_text)


def _document_adjustments(issued: Issued) -> Iterator[Adjustment]:
    """Discount and charge as they were split over the VAT groups (BR-S-08)."""
    for group in issued.groups:
        key = (group.category, group.rate)
        if group.discount:
            percent = _percent_of(issued.discount)
            yield _adjustment(False, group.discount, group.line_sum, percent, issued, "", key)
        if group.charge:
            text = issued.charge.text if issued.charge else ""
            yield _adjustment(True, group.charge, group.line_sum, _percent_of(issued.charge), issued, text, key)


def _percent_of(part: Discount | None) -> Decimal | None:
    return part.percent if part else None


def _adjustment(
    is_charge: bool,
    amount: Decimal,
    base: Decimal,
    percent: Decimal | None,
    issued: Issued,
    text: str,
    key: tuple[str, Decimal] = ("", ZERO),
) -> Adjustment:
    """The percent is told only where it gives the amount exactly (R040); a part that was split may be a cent off."""
    words = _CHARGE.get(issued.language, "Charge") if is_charge else _DISCOUNT.get(issued.language, "Discount")
    with exact():
        fits = bool(percent) and _gives(base, (percent or ZERO) / HUNDRED, amount)
    return Adjustment(
        is_charge=is_charge,
        amount=amount,
        reason=clean(text) or words,
        reason_code="" if is_charge else DISCOUNT_CODE,
        base=base if fits else None,
        percent=percent if fits else None,
        category=key[0],
        rate=key[1],
    )


def _group(group: VatGroup, issued: Issued, reasons: dict[str, str]) -> EGroup:
    # A credit note may take back a part of the charge of lines that are none of its own.
    treatments = [TREATMENTS[line.treatment] for line in _lines_of(group, issued)]
    usual = _usual(group.category)
    codes = {one.vatex for one in treatments or filter(None, [usual]) if one.vatex}
    return EGroup(
        category=group.category,
        rate=group.rate,
        base=group.base,
        vat=group.vat,
        reason=reasons.get(group.category, ""),
        reason_code=codes.pop() if len(codes) == 1 and group.category not in _WITHOUT_REASON else "",
    )


def _lines_of(group: VatGroup, issued: Issued) -> Iterable[FrozenLine]:
    return (line for line in issued.lines if (line.category, line.rate) == (group.category, group.rate))


def _reasons(issued: Issued) -> dict[str, str]:
    """The printed sentence of each category without VAT, found by its code."""
    used = {line.treatment for line in issued.lines}
    printed = dict(zip(issued.text_codes, issued.texts, strict=False))
    reasons: dict[str, list[str]] = {}
    for treatment in TREATMENTS.values():
        if treatment.key in used and treatment.legal_text_key and treatment.category not in _WITHOUT_REASON:
            # Documents from before the codes: all that was printed is then the reason.
            text = printed.get(treatment.legal_text_key, " ".join(issued.texts))
            reasons.setdefault(treatment.category, []).append(clean(text))
    for group in issued.groups:
        usual = _usual(group.category)
        if usual and usual.legal_text_key and group.category not in reasons:
            reasons[group.category] = [legal_text(usual.legal_text_key, issued.language, issued.seller.country)]
    return {category: " ".join(dict.fromkeys(texts)) for category, texts in reasons.items()}


def _usual(category: str) -> Treatment | None:
    """The first treatment of a category that must give a reason."""
    if category in _WITHOUT_REASON:
        return None
    return next((treatment for treatment in TREATMENTS.values() if treatment.category == category), None)
