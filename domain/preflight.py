"""What stands between a draft and an issued invoice: the law's list first, then what would break later.

`preflight` gives every reason that an invoice can not be issued, all at once, each with the field to mend. `warnings`
gives what is lawful but rarely meant. Lines count from 0 in field names, from 1 in the `line` parameter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from domain.draft import Draft, DraftLine, draft_totals
from domain.identifiers import organisation_number, vat_number
from domain.languages import LANGUAGES
from domain.money import CURRENCIES, ZERO, is_too_fine
from domain.party import Party
from domain.refusals import Invalid, Refusal
from domain.totals import HUNDRED, Totals
from domain.units import UNITS
from domain.vat import TREATMENTS, has_rate, rate_on, treatments_for

# What NUMERIC(14, 2), (14, 4) hold.
TOO_LARGE = Decimal(10) ** 12
TOO_LARGE_FACTOR = Decimal(10) ** 10
MAX_DECIMALS = 4
MAX_DUE_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Account:
    """Where the money is to be paid. All may be empty: the law does not ask for it."""

    bank_account: str = ""
    iban: str = ""
    bic: str = ""


def preflight(draft: Draft, seller: Party, buyer: Party | None, today: date) -> tuple[Refusal, ...]:
    """Every reason that `draft` can not be issued on `today`; empty when it can.

    Sources: bokføringsforskriften §§ 5-1-1, 5-1-2 and 5-1-5, merverdiavgiftsloven §§ 2-1 and 11-4, and what the
    database and an EN 16931 e-invoice can hold.
    """
    return (
        *seller_faults(seller),
        *_buyer_faults(draft, buyer),
        *_document_faults(draft, today),
        *_delivery_faults(draft, buyer),
        *_line_faults(draft, seller, today),
        *_total_faults(draft, seller, today),
    )


def seller_faults(seller: Party) -> Iterator[Refusal]:
    """What the seller lacks (§ 5-1-2): of a credit note, whose words are those of its invoice, all that can be amiss."""
    if not seller.name.strip():
        yield Refusal("company.name_missing", "company.name")
    if seller.country == "NO" and not seller.organisation_number:
        yield Refusal("company.organisation_number_missing", "company.organisation_number")
    elif not _is_organisation_number(seller):
        yield Refusal("company.organisation_number_invalid", "company.organisation_number")
    if seller.country != "NO" and seller.vat_registered and not seller.vat_number:
        yield Refusal("company.vat_number_missing", "company.vat_number")
    if seller.foretaksregisteret and not seller.has_address:
        yield Refusal("company.address_missing", "company.address")


def _is_organisation_number(party: Party) -> bool:
    # Abroad the VAT number stands in its place.
    check = vat_number if party.organisation_number == party.vat_number else organisation_number
    try:
        return not party.organisation_number or bool(check(party.organisation_number, party.country))
    except Invalid:
        return False


def _buyer_faults(draft: Draft, buyer: Party | None) -> Iterator[Refusal]:
    if buyer is None:
        yield Refusal("customer.missing", "customer")
        return
    if not buyer.name.strip():
        yield Refusal("customer.name_missing", "customer.name")
    if not buyer.has_address and not buyer.organisation_number:
        yield Refusal("customer.address_or_number_missing", "customer.address")
    reverse_charge = any(line.treatment == "reverse_charge" for line in draft.lines)
    if reverse_charge and not buyer.organisation_number and not buyer.vat_number:
        yield Refusal("customer.number_missing_for_reverse_charge", "customer.organisation_number")
    # The number is what makes the supply free of VAT (directive 2006/112/EC article 138, BR-IC-03).
    if any(line.treatment == "intra_community" for line in draft.lines) and not buyer.vat_number:
        yield Refusal("customer.vat_number_missing_for_eu_goods", "customer.vat_number")


def _document_faults(draft: Draft, today: date) -> Iterator[Refusal]:
    if draft.currency not in CURRENCIES:
        code = "invoice.currency_too_fine" if is_too_fine(draft.currency) else "invoice.currency_unknown"
        yield Refusal(code, "currency", {"currency": draft.currency})
    if draft.language not in LANGUAGES:
        yield Refusal("invoice.language_unknown", "language")
    # The document date is the day of issue (§ 5-1-1 nr. 1), so that the series follows the calendar (§ 5-1-3).
    if draft.issued_on not in (None, today):
        yield Refusal("invoice.issue_date_is_not_today", "issued_on")
    if draft.due_on is None and draft.due_days is None:
        yield Refusal("invoice.due_missing", "due_on")
    elif draft.due_on is None and not 0 <= (draft.due_days or 0) <= MAX_DUE_DAYS:
        yield Refusal("invoice.due_days_out_of_range", "due_days", {"most": str(MAX_DUE_DAYS)})
    elif draft.due_on is not None and draft.due_on < today:
        yield Refusal("invoice.due_before_issue", "due_on")
    if draft.discount is not None and not _discount_is_usable(draft):
        yield Refusal("invoice.discount_out_of_range", "discount")


def _discount_is_usable(draft: Draft) -> bool:
    assert draft.discount is not None
    percent, amount = draft.discount.percent, draft.discount.amount
    if percent is not None:
        return _is_percent(percent)
    return amount is None or (amount.is_finite() and ZERO <= amount < TOO_LARGE)


def _delivery_faults(draft: Draft, buyer: Party | None) -> Iterator[Refusal]:
    if draft.delivery_from is None:
        yield Refusal("invoice.delivery_date_missing", "delivery_from")
    elif draft.delivery_to is not None and draft.delivery_to < draft.delivery_from:
        yield Refusal("invoice.delivery_ends_before_it_begins", "delivery_to")
    # Without a place of its own, the delivery is where the buyer has things delivered, or at the buyer's address, which
    # the document shows.
    if not draft.delivery_place.strip() and not (buyer and (buyer.delivery_place or buyer.has_address)):
        yield Refusal("invoice.delivery_place_missing", "delivery_place")


def _line_faults(draft: Draft, seller: Party, today: date) -> Iterator[Refusal]:
    if not draft.lines:
        yield Refusal("invoice.no_lines", "lines")
    allowed = {treatment.key for treatment in treatments_for(seller.vat_registered, seller.country)}
    for index, line in enumerate(draft.lines):
        for code, field in _faults_of_line(line, seller, allowed, today):
            yield Refusal(code, f"lines.{index}.{field}", {"line": str(index + 1)})


def _faults_of_line(line: DraftLine, seller: Party, allowed: set[str], today: date) -> Iterator[tuple[str, str]]:
    if not line.description.strip():
        yield "line.description_missing", "description"
    if not _fits(line.quantity):
        yield "line.quantity_does_not_fit", "quantity"
    elif line.quantity == 0:
        yield "line.quantity_zero", "quantity"
    if not _fits(line.unit_price):
        yield "line.price_does_not_fit", "unit_price"
    # Any other code is refused by e-invoice receivers (BR-CL-23).
    if line.unit not in UNITS:
        yield "line.unit_unknown", "unit"
    if not _is_percent(line.discount_percent):
        yield "line.discount_out_of_range", "discount_percent"
    if line.treatment not in TREATMENTS:
        yield "line.treatment_unknown", "treatment"
    elif line.treatment not in allowed:
        yield _not_allowed(line, seller), "treatment"
    elif not has_rate(line.treatment, seller.country, today):
        yield "line.rate_unknown", "treatment"


def _not_allowed(line: DraftLine, seller: Party) -> str:
    if not seller.vat_registered:
        return "line.vat_but_not_registered"
    return "line.outside_but_registered" if line.treatment == "outside" else "line.treatment_elsewhere"


def _fits(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= MAX_DECIMALS and abs(value) < TOO_LARGE_FACTOR


def _is_percent(value: Decimal) -> bool:
    return value.is_finite() and ZERO <= value <= HUNDRED


def _total_faults(draft: Draft, seller: Party, today: date) -> Iterator[Refusal]:
    totals = _totals_or_none(draft, seller, today)
    if totals is None:
        return
    if totals.gross < 0:
        yield Refusal("invoice.total_negative", "lines")
    amounts = [totals.shown_line_sum, *(line.gross_price_amount for line in totals.lines)]
    if any(abs(amount) >= TOO_LARGE for amount in (totals.gross, totals.line_sum, *amounts)):
        yield Refusal("invoice.amount_too_large", "lines")
    if draft.exchange_rate is not None and not _is_exchange_rate(draft.exchange_rate):
        yield Refusal("invoice.exchange_rate_out_of_range", "exchange_rate")
    elif draft.exchange_rate is None and needs_exchange_rate(draft.currency, seller, totals):
        yield Refusal("invoice.exchange_rate_missing", "exchange_rate", {"currency": draft.currency})


def _is_exchange_rate(rate: Decimal) -> bool:
    return rate.is_finite() and ZERO < rate < TOO_LARGE_FACTOR


def _totals_or_none(draft: Draft, seller: Party, today: date) -> Totals | None:
    """None when a line is too broken to calculate with; its own refusal says so."""
    figures = (figure for line in draft.lines for figure in (line.quantity, line.unit_price))
    if not all(_fits(figure) for figure in figures) or not all(_is_percent(x.discount_percent) for x in draft.lines):
        return None
    if draft.discount is not None and not _discount_is_usable(draft):
        return None
    if draft.exchange_rate is not None and draft.exchange_rate.is_snan():
        # Its own refusal says so; the totals do not use it, and what is kept by its draft must have a hash.
        draft = replace(draft, exchange_rate=None)
    try:
        return draft_totals(draft, seller.country, today)
    except Invalid:
        return None


def needs_exchange_rate(currency: str, seller: Party, totals: Totals) -> bool:
    """A Norwegian seller states VAT in NOK whatever the currency (§ 5-1-1 nr. 6)."""
    return seller.country == "NO" and currency != "NOK" and totals.vat != 0


def warnings(
    draft: Draft, seller: Party, buyer: Party | None, today: date, account: Account | None = None
) -> tuple[Refusal, ...]:
    """What is lawful, or lawful at times, but probably not meant. None of it stops the issue."""
    return tuple(_warnings(draft, seller, buyer, today, account or Account()))


def _warnings(draft: Draft, seller: Party, buyer: Party | None, today: date, account: Account) -> Iterator[Refusal]:
    if not account.bank_account and not account.iban:
        yield Refusal("company.bank_account_missing", "company.bank_account")
    if not seller.has_address:
        yield Refusal("company.address_advised", "company.address")
    if buyer is not None and not buyer.email:
        yield Refusal("customer.email_missing", "customer.email")
    last = draft.delivery_to or draft.delivery_from
    # Invoicing ahead is lawful for some trades only (§ 5-2-6); after delivery there is a month (§ 5-2-2).
    if last is not None and last > today:
        yield Refusal("invoice.delivery_in_the_future", "delivery_from")
    elif last is not None and last < today - timedelta(days=31):
        yield Refusal("invoice.delivery_long_ago", "delivery_from")
    if _spans_two_rates(draft, seller.country):
        yield Refusal("invoice.rate_changes_within", "delivery_to")
    totals = _totals_or_none(draft, seller, today)
    if totals is not None and draft.lines and totals.gross == 0:
        yield Refusal("invoice.total_zero", "lines")


def _spans_two_rates(draft: Draft, country: str) -> bool:
    """Does a rate change within the period of delivery? The last day decides for all of it."""
    first, last = draft.delivery_from, draft.delivery_to
    if first is None or last is None:
        return False
    treatments = {line.treatment for line in draft.lines} & TREATMENTS.keys()
    known = [one for one in treatments if has_rate(one, country, first) and has_rate(one, country, last)]
    return any(rate_on(one, country, first) != rate_on(one, country, last) for one in known)
