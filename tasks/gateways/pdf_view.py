"""An invoice as its document shows it: every figure already a string in the document's language.

The template sees nothing else. Nothing is calculated here: the figures are those that were frozen when the invoice
was issued, in the form their reader is used to.
"""

from __future__ import annotations

import base64
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from babel.dates import format_date

from domain.countries import country_name
from domain.einvoice import cii
from domain.einvoice.reading import document_of
from domain.glyphs import clean
from domain.identifiers import format_account, format_orgnr
from domain.invoice import FrozenLine, Issued
from domain.money import decimals
from domain.party import Party
from domain.reading import show_date, show_decimal, show_percent
from domain.totals import VatGroup
from domain.units import unit_name
from tasks.gateways.pdf_document import ACCENT, DEFAULT_ACCENT, DocumentView, GroupView, LineView, Look, PartyView

MAX_PRICE_DECIMALS = 4
PLAIN = Look()


class _Figures(Protocol):
    def __call__(self, value: Decimal) -> str: ...


def view_of(issued: Issued, look: Look = PLAIN, is_draft: bool = False, reference: str = "") -> DocumentView:
    """The document of `issued`. With `is_draft` it is marked as one and shows no number: for a preview. `reference` is
    the customer's own, for the XML inside."""
    language = issued.language
    amount = _amounts(language, issued.currency)
    has_xml = not is_draft and issued.kind != "quote"
    return DocumentView(
        number="" if is_draft else issued.number,
        language=language,
        currency=issued.currency,
        kind=issued.kind,
        is_draft=is_draft,
        seller=_party(issued.seller, issued.buyer, language),
        buyer=_party(issued.buyer, issued.seller, language),
        lines=tuple(_line(line, language, issued.currency, amount) for line in issued.lines),
        groups=tuple(_group(group, language, amount) for group in issued.totals.groups),
        accent=_accent(look.accent),
        logo=base64.b64encode(look.logo).decode(),
        prices_include_vat=issued.prices_include_vat,
        has_line_discounts=any(line.discount_percent for line in issued.lines),
        kid="" if is_draft else issued.kid,
        account=format_account(issued.bank_account) if issued.bank_account.isdigit() else "",
        iban=format_account(issued.iban),
        bic=issued.bic,
        factur_x=cii.write(document_of(issued, buyer_reference=reference)).decode() if has_xml else "",
        **_sums(issued, amount),
        **_days(issued),
        **_words(issued),
    )


def _sums(issued: Issued, amount: _Figures) -> dict[str, Any]:
    """The sums in the terms of the prices, and the VAT in NOK with the rate and who says so."""
    totals, inclusive = issued.totals, issued.prices_include_vat
    line_sum = totals.shown_line_sum if inclusive else totals.line_sum
    discount = totals.shown_discount if inclusive else totals.discount
    charge = totals.shown_charge if inclusive else totals.charge
    source = [issued.rate_source, _day(issued.rate_on, issued.language)] if issued.rate_on else [issued.rate_source]
    return {
        "line_sum": amount(line_sum) if discount or charge else "",
        "discount": amount(-discount) if discount else "",
        "charge": amount(charge) if charge else "",
        "net": amount(totals.net),
        "vat": amount(totals.vat),
        "gross": amount(totals.gross),
        "vat_nok": "" if issued.vat_nok is None else show_decimal(issued.vat_nok, issued.language),
        "exchange_rate": "" if issued.exchange_rate is None else _up_to(issued.exchange_rate, issued.language, 4, 8),
        "rate_source": ", ".join(filter(None, source)),
    }


def _days(issued: Issued) -> dict[str, Any]:
    language = issued.language
    return {
        "issued_on": _day(issued.issued_on, language),
        "due_on": _day(issued.due_on, language),
        "delivered": _period(issued.delivery_from, issued.delivery_to, language),
        "credited_on": _day(issued.credits.issued_on, language) if issued.credits else "",
        "dated": issued.issued_on.isoformat(),
    }


def _words(issued: Issued) -> dict[str, Any]:
    return {
        "charge_text": clean(issued.charge.text) if issued.charge else "",
        "delivery_place": clean(issued.place_of_delivery),
        "your_reference": clean(issued.your_reference),
        "our_reference": clean(issued.our_reference),
        "order_number": clean(issued.order_number),
        "project_reference": clean(issued.project_reference),
        "contract_reference": clean(issued.contract_reference),
        "accounting_reference": clean(issued.accounting_reference),
        "note": _paragraph(issued.note),
        "texts": issued.texts,
        "attachments": tuple(file.name for file in issued.attachments),
        "credited_number": issued.credits.number if issued.credits else "",
    }


def _accent(stored: str) -> str:
    """The colour as `#1f5c66`. Anything else in the database costs the document its colour, never the customer the
    document."""
    colour = stored.lower()
    return colour if ACCENT.fullmatch(colour) else DEFAULT_ACCENT


def _party(party: Party, other: Party, language: str) -> PartyView:
    place = clean(f"{party.postcode} {party.city}".strip())
    lines = [*map(clean, party.address_lines), place]
    # The country stands where it says something: on a letter that crosses a border.
    if party.country != other.country or party.country != "NO":
        lines.append(country_name(party.country, language))
    is_norwegian = party.country == "NO"
    return PartyView(
        name=clean(party.name),
        address=tuple(line for line in lines if line.strip()),
        number=format_orgnr(party.organisation_number)
        if is_norwegian
        else party.vat_number or party.organisation_number,
        is_norwegian=is_norwegian,
        vat_registered=party.vat_registered,
        foretaksregisteret=party.foretaksregisteret,
        legal_addition=clean(party.legal_addition),
        email=clean(party.email),
        phone=clean(party.phone),
    )


def _line(line: FrozenLine, language: str, currency: str, amount: _Figures) -> LineView:
    return LineView(
        description=_paragraph(line.description),
        quantity=_up_to(line.quantity, language, 0, 4),
        unit=clean(unit_name(line.unit, language, line.quantity)),
        price=_up_to(line.unit_price, language, decimals(currency), MAX_PRICE_DECIMALS),
        discount=show_percent(line.discount_percent, language) if line.discount_percent else "",
        rate="" if line.category == "O" else show_percent(line.rate, language),
        amount=amount(line.net_shown),
        charge=amount(line.charge) if line.charge else "",
        charge_text=clean(line.charge_text),
    )


def _group(group: VatGroup, language: str, amount: _Figures) -> GroupView:
    return GroupView(group.category, show_percent(group.rate, language), amount(group.base), amount(group.vat))


def _amounts(language: str, currency: str) -> _Figures:
    places = decimals(currency)
    return lambda value: show_decimal(value, language, places, places)


def _up_to(value: Decimal, language: str, least: int, most: int) -> str:
    return show_decimal(value, language, least, max(least, most))


def _day(day: date, language: str) -> str:
    return format_date(day, "medium", locale="en_GB") if language == "en" else show_date(day, language)


def _period(first: date | None, last: date | None, language: str) -> str:
    if first is None:
        return ""
    if last is None or last == first:
        return _day(first, language)
    return f"{_day(first, language)}\u2013{_day(last, language)}"


def _paragraph(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in clean(text).strip().split("\n"))
