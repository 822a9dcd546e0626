"""VAT rates by country, kind and the day each took effect. Percent as text, so that they are exact.

Sources: Norway: Skatteetaten, `sats.xml` of the VAT return (github.com/Skatteetaten/mva-meldingen) and Stortingets
skattevedtak; merverdiavgiftsloven §§ 5-1 to 5-12. EU, Great Britain, Switzerland, Iceland: the European
Commission's TEDB and the countries' tax authorities, read for 2026. A country's history before its first row is not
known here, and asking for it is refused rather than guessed.
"""

from __future__ import annotations

# country -> kind -> ((from day, percent), ...), oldest first. "middle" is the higher and "low" the lower reduced rate
# that a small business meets; the rest of a country's reduced rates stand in REDUCED.
RATES: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "NO": {
        "standard": (("2005-01-01", "25"),),
        "middle": (("2012-01-01", "15"),),
        "low": (("2018-01-01", "12"), ("2020-04-01", "6"), ("2021-10-01", "12")),
        "raw_fish": (("2005-01-01", "11.11"),),
    },
}

# country -> (standard, reduced...), from 2026-01-01 unless LATER says otherwise.
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

FOREIGN_FROM = "2026-01-01"

# Every reduced rate, the highest first, with the day it took effect.
REDUCED: dict[str, tuple[tuple[str, str], ...]] = {
    country: tuple((FOREIGN_FROM, rate) for rate in rates[1:]) for country, rates in _FOREIGN.items()
}
REDUCED["AT"] += (("2026-07-01", "4.9"),)

for _country, _rates in _FOREIGN.items():
    _kinds = dict(zip(("standard", "middle", "low"), _rates, strict=False))
    RATES[_country] = {kind: ((FOREIGN_FROM, rate),) for kind, rate in _kinds.items()}
