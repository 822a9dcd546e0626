"""Rates of one day, as a central bank published them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from domain.money import exact, round_to
from domain.refusals import Invalid

# More than any bank publishes; enough for a currency of which ten thousand make one krone.
PLACES = 8
# Banks are closed at most for Easter or Christmas with a weekend on either side.
LONGEST_PAUSE = timedelta(days=10)
_NEEDED = {"BASE_CUR", "QUOTE_CUR", "UNIT_MULT", "TIME_PERIOD", "OBS_VALUE"}


@dataclass(frozen=True, slots=True)
class DailyRates:
    """`worth` is what one unit of each currency is worth in one common currency, exactly. `day` is the banking day."""

    source: str
    day: date
    worth: Mapping[str, Fraction]

    def rate(self, currency: str, wanted: str) -> Decimal:
        """How many units of `wanted` one unit of `currency` is worth, with 8 decimals, half away from zero.

        Refuses (Invalid): `currency.no_rate` where the bank published none.
        """
        if currency not in self.worth or wanted not in self.worth:
            raise Invalid("currency.no_rate")
        ratio = self.worth[currency] / self.worth[wanted]
        with exact():
            return round_to(Decimal(ratio.numerator) / Decimal(ratio.denominator), PLACES)


def from_euro(source: str, day: date, per_euro: Mapping[str, Decimal]) -> DailyRates:
    """Rates given as units of each currency for one euro, as the European Central Bank does."""
    return DailyRates(
        source, day, {"EUR": Fraction(1), **{code: 1 / Fraction(rate) for code, rate in per_euro.items()}}
    )


def read_norges_bank(text: str) -> DailyRates:
    """Norges Bank's CSV (SDMX, semicolons): kroner for 10^UNIT_MULT units, 100 of them for SEK and JPY. Only the latest
    day in it. Raises ValueError for anything else."""
    rows = csv.DictReader(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines(), delimiter=";")
    if not set(rows.fieldnames or ()) >= _NEEDED:
        raise ValueError("not the exchange rates of Norges Bank")
    given = [row for row in rows if row["QUOTE_CUR"] == "NOK" and row["OBS_VALUE"]]
    if not given:
        raise ValueError("no rates")
    latest = max(row["TIME_PERIOD"] for row in given)
    worth = {
        row["BASE_CUR"]: Fraction(read_rate(row["OBS_VALUE"])) / 10 ** _power(row["UNIT_MULT"])
        for row in given
        if row["TIME_PERIOD"] == latest
    }
    return DailyRates("Norges Bank", date.fromisoformat(latest), {"NOK": Fraction(1), **worth})


def read_rate(text: str) -> Decimal:
    """A published rate: more than nothing, with a point or a comma, thousands parted by commas before a point.
    Raises ValueError."""
    plain = text.replace(",", "") if "." in text else text.replace(",", ".")
    try:
        rate = Decimal(plain)
    except InvalidOperation:
        raise ValueError("not a rate") from None
    if not rate.is_finite() or not Decimal("1e-9") < rate < Decimal("1e9"):
        raise ValueError("not a rate")
    return rate


def _power(text: str) -> int:
    if text not in ("0", "1", "2", "3", "4", "5", "6"):
        raise ValueError("not a unit multiplier")
    return int(text)
