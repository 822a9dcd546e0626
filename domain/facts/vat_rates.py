"""VAT rates by country, kind and the day each took effect. Percent as text, so that they are exact.

Sources:
- Norway: Skatteetaten, `sats.xml` of the VAT return (github.com/Skatteetaten/mva-meldingen); Stortingets vedtak om
  merverdiavgift for each year; merverdiavgiftsloven §§ 5-1 to 5-12.
- EU, Great Britain, Switzerland, Iceland: the European Commission's TEDB as read on 2026-04-13. A row older than 2026 is
  there only where its first day was read. What changed during 2026 comes from VAT news, which is second hand: the law
  or authority beside each is where to confirm it.

A country's history before its first row is not known here, and asking for it is refused rather than guessed. An
administrator may add rows (SMARTFAKTURA_VAT_RATES, see domain/vat_rates_file.py).
"""

from __future__ import annotations

from typing import NamedTuple

Row = tuple[str, str]

# country -> kind -> ((from day, percent), ...), oldest first. "middle" is the higher and "low" the lower reduced rate
# that a small business meets; all of a country's reduced rates stand in REDUCED.
RATES: dict[str, dict[str, tuple[Row, ...]]] = {
    "NO": {
        "standard": (("2005-01-01", "25"),),
        # Food and drink; water and sewage as well since 2025-07-01 (§ 5-12).
        "middle": (("2012-01-01", "15"),),
        # Halved while the pandemic lasted: 2020-04-01 to 2021-09-30.
        "low": (("2018-01-01", "12"), ("2020-04-01", "6"), ("2021-10-01", "12")),
        "raw_fish": (("2005-01-01", "11.11"),),
    },
}

FOREIGN_FROM = "2026-01-01"

# country -> (standard, reduced...) as on FOREIGN_FROM.
_FOREIGN: dict[str, tuple[str, ...]] = {
    "AT": ("20", "13", "10"),
    "BE": ("21", "12", "6"),
    "BG": ("20", "9"),
    "CH": ("8.1", "3.8", "2.6"),
    "CY": ("19", "9", "5", "3"),
    "CZ": ("21", "12"),
    "DE": ("19", "7"),
    "DK": ("25",),
    "EE": ("24", "13", "9"),
    "ES": ("21", "10", "4"),
    "FI": ("25.5", "13.5", "10"),
    "FR": ("20", "10", "5.5", "2.1"),
    "GB": ("20", "5"),
    "GR": ("24", "13", "6"),
    "HR": ("25", "13", "5"),
    "HU": ("27", "18", "5"),
    "IE": ("23", "13.5", "9", "4.8"),
    "IS": ("24", "11"),
    "IT": ("22", "10", "5", "4"),
    "LI": ("8.1", "3.8", "2.6"),
    "LT": ("21", "12", "5"),
    "LU": ("17", "14", "8", "3"),
    "LV": ("21", "12", "5"),
    "MT": ("18", "12", "7", "5"),
    "NL": ("21", "9"),
    "PL": ("23", "8", "5"),
    "PT": ("23", "13", "6"),
    "RO": ("21", "11"),
    "SE": ("25", "12", "6"),
    "SI": ("22", "9.5", "5"),
    "SK": ("23", "19", "5"),
}

# Where the first day of a standard rate was read, and lies before FOREIGN_FROM.
_SINCE: dict[str, str] = {
    "EE": "2025-07-01",  # Käibemaksuseadus: 22 to 24
    "RO": "2025-08-01",  # Legea 141/2025: 19 to 21
}

for _country, _rates in _FOREIGN.items():
    _kinds = dict(zip(("standard", "middle", "low"), _rates, strict=False))
    RATES[_country] = {kind: ((FOREIGN_FROM, rate),) for kind, rate in _kinds.items()}
for _country, _day in _SINCE.items():
    RATES[_country]["standard"] = ((_day, RATES[_country]["standard"][0][1]),)

# Every set of reduced rates, the highest first, with the day it took effect. A later set takes the place of the one
# before.
REDUCED: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    country: ((FOREIGN_FROM, rates[1:]),) for country, rates in _FOREIGN.items()
}
# Basic food (Bundesministerium für Finanzen, 2026).
REDUCED["AT"] += (("2026-07-01", ("13", "10", "4.9")),)


class Move(NamedTuple):
    """Some goods or services got another rate on a day: the country, the day, what, percent before and after, source.

    `until` is the last day where the law names one, else "".
    """

    country: str
    since: str
    what: str
    before: str
    after: str
    source: str
    until: str = ""


# What was moved from one rate to another around 2026: whoever sells it chooses another treatment from that day.
MOVES: tuple[Move, ...] = (
    Move("NO", "2025-07-01", "water and sewage", "25", "15", "merverdiavgiftsloven § 5-12"),
    Move("DE", "2026-01-01", "food in restaurants", "19", "7", "UStG § 12 Abs. 2 Nr. 15"),
    Move("FI", "2026-01-01", "what had 14 %", "14", "13.5", "vero.fi, VAT rates 2026"),
    Move("LT", "2026-01-01", "what had 9 %", "9", "12", "vmi.lt, VAT rates 2026"),
    Move("LT", "2026-01-01", "books", "9", "5", "vmi.lt, VAT rates 2026"),
    Move("NL", "2026-01-01", "accommodation", "9", "21", "belastingdienst.nl, btw-tarief logies 2026"),
    Move("BE", "2026-03-01", "hotels, take-away food and leisure", "6", "12", "SPF Finances, TVA 2026"),
    Move("SE", "2026-04-01", "food", "12", "6", "Skatteverket, sänkt matmoms", "2027-12-31"),
    Move("AT", "2026-07-01", "basic food", "10", "4.9", "BMF, Umsatzsteuer 2026"),
    Move("IE", "2026-07-01", "catering", "13.5", "9", "revenue.ie, VAT rates 2026"),
)
