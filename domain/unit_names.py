"""The short names of units on documents in other languages than Bokmål, Nynorsk and English (`units.py` has those).

"one/several", or one word for both; Polish has four forms for some: 1 rok, 2 lata, 5 lat, 1,5 roku.
"""

from __future__ import annotations

NAMES: dict[str, dict[str, str]] = {
    "HUR": {
        "sv": "timme/timmar", "da": "time/timer", "de": "Std.", "fr": "heure/heures", "es": "hora/horas", "nl": "uur",
        "pl": "godz.", "fi": "tunti/tuntia",
    },
    "C62": {
        "sv": "st.", "da": "stk.", "de": "Stk.", "fr": "pièce/pièces", "es": "ud./uds.", "nl": "stuk/stuks",
        "pl": "szt.", "fi": "kpl",
    },
    "DAY": {
        "sv": "dag/dagar", "da": "dag/dage", "de": "Tag/Tage", "fr": "jour/jours", "es": "día/días", "nl": "dag/dagen",
        "pl": "dzień/dni", "fi": "päivä/päivää",
    },
    "WEE": {
        "sv": "vecka/veckor", "da": "uge/uger", "de": "Woche/Wochen", "fr": "semaine/semaines", "es": "semana/semanas",
        "nl": "week/weken", "pl": "tydz.", "fi": "viikko/viikkoa",
    },
    "MON": {
        "sv": "månad/månader", "da": "måned/måneder", "de": "Monat/Monate", "fr": "mois", "es": "mes/meses",
        "nl": "maand/maanden", "pl": "mies.", "fi": "kk",
    },
    "ANN": {
        "sv": "år", "da": "år", "de": "Jahr/Jahre", "fr": "an/ans", "es": "año/años", "nl": "jaar",
        "pl": "rok/lata/lat/roku", "fi": "vuosi/vuotta",
    },
    "MIN": {
        "sv": "min", "da": "min.", "de": "Min.", "fr": "min", "es": "min", "nl": "min", "pl": "min", "fi": "min",
    },
    "KGM": {"sv": "kg", "da": "kg", "de": "kg", "fr": "kg", "es": "kg", "nl": "kg", "pl": "kg", "fi": "kg"},
    "GRM": {"sv": "g", "da": "g", "de": "g", "fr": "g", "es": "g", "nl": "g", "pl": "g", "fi": "g"},
    "TNE": {"sv": "ton", "da": "ton", "de": "t", "fr": "t", "es": "t", "nl": "ton", "pl": "t", "fi": "t"},
    "MTR": {"sv": "m", "da": "m", "de": "m", "fr": "m", "es": "m", "nl": "m", "pl": "m", "fi": "m"},
    "KMT": {"sv": "km", "da": "km", "de": "km", "fr": "km", "es": "km", "nl": "km", "pl": "km", "fi": "km"},
    "MTK": {"sv": "m²", "da": "m²", "de": "m²", "fr": "m²", "es": "m²", "nl": "m²", "pl": "m²", "fi": "m²"},
    "MTQ": {"sv": "m³", "da": "m³", "de": "m³", "fr": "m³", "es": "m³", "nl": "m³", "pl": "m³", "fi": "m³"},
    "LTR": {"sv": "l", "da": "l", "de": "l", "fr": "l", "es": "l", "nl": "l", "pl": "l", "fi": "l"},
    "KWH": {"sv": "kWh", "da": "kWh", "de": "kWh", "fr": "kWh", "es": "kWh", "nl": "kWh", "pl": "kWh", "fi": "kWh"},
    "SET": {
        "sv": "set", "da": "sæt", "de": "Set/Sets", "fr": "lot/lots", "es": "juego/juegos", "nl": "set/sets",
        "pl": "kpl.", "fi": "sarja/sarjaa",
    },
    "XPK": {
        "sv": "paket", "da": "pk.", "de": "Pkg.", "fr": "paquet/paquets", "es": "paquete/paquetes", "nl": "pak/pakken",
        "pl": "opak.", "fi": "pkt",
    },
    "LS": {
        "sv": "fast pris", "da": "fast pris", "de": "pauschal", "fr": "forfait", "es": "precio fijo",
        "nl": "vaste prijs", "pl": "ryczałt", "fi": "kiinteä hinta",
    },
}  # fmt: skip
