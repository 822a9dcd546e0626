"""When a seller who is not registered comes near the turnover from which the law asks for registration."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.facts.vat_registration import LIMITS, NEAR
from domain.marking import N_

# Sales that the law exempts (chapter 3) do not count, and only the user knows them apart: who is not registered has no
# VAT treatments.
WARNINGS: dict[str, str] = {
    "near": N_(
        "You are close to NOK 50,000 in sales over 12 months. Above that you must register for VAT, unless what you "
        "sell is exempt, such as health care or teaching."
    ),
    "over": N_(
        "You have sold for more than NOK 50,000 in 12 months. You must register for VAT, unless what you sell is "
        "exempt, such as health care or teaching."
    ),
}


def near_registration_limit(turnover_12_months: Decimal, day: date) -> str:
    """ "near" from NOK 40 000, "over" above NOK 50,000, otherwise "" (merverdiavgiftsloven § 2-1).

    `turnover_12_months` is NOK of taxable sales in the last twelve months, without VAT, credit notes taken off. Exactly
    the limit is not above it. Days before the law are "".
    """
    limits = [Decimal(limit) for since, limit in LIMITS if date.fromisoformat(since) <= day]
    if not limits:
        return ""
    if turnover_12_months > limits[-1]:
        return "over"
    return "near" if turnover_12_months >= limits[-1] * Decimal(NEAR) else ""
