"""Units of measure: the UN/ECE recommendation 20 codes that a small business meets, with plain names.

An e-invoice carries the code (BT-130), a document the short name in its language, a form the whole name.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.marking import N_
from domain.unit_names import NAMES


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit. `label` is the English name and gettext's msgid; `short` its names on a document by language, as they
    are written after a quantity: for one and for several (Polish: for a few, for many and for a part as well)."""

    code: str
    label: str
    short: dict[str, tuple[str, ...]]


def _unit(code: str, label: str, en: str, nb: str, nn: str | None = None) -> Unit:
    """`en`, `nb` and `nn` are "one/several", or one word for both."""
    names = {"en": en, "nb": nb, "nn": nn or nb, **NAMES[code]}
    return Unit(code, label, {language: tuple(name.split("/")) for language, name in names.items()})


UNITS: dict[str, Unit] = {
    unit.code: unit
    for unit in (
        _unit("HUR", N_("hour"), "hour/hours", "time/timer", "time/timar"),
        _unit("C62", N_("piece"), "pc/pcs", "stk."),
        _unit("DAY", N_("day"), "day/days", "dag/dager", "dag/dagar"),
        _unit("WEE", N_("week"), "week/weeks", "uke/uker", "veke/veker"),
        _unit("MON", N_("month"), "month/months", "måned/måneder", "månad/månader"),
        _unit("ANN", N_("year"), "year/years", "år"),
        _unit("MIN", N_("minute"), "min", "min"),
        _unit("KGM", N_("kilogram"), "kg", "kg"),
        _unit("GRM", N_("gram"), "g", "g"),
        _unit("TNE", N_("tonne"), "t", "tonn"),
        _unit("MTR", N_("metre"), "m", "m"),
        _unit("KMT", N_("kilometre"), "km", "km"),
        _unit("MTK", N_("square metre"), "m²", "m²"),
        _unit("MTQ", N_("cubic metre"), "m³", "m³"),
        _unit("LTR", N_("litre"), "l", "l"),
        _unit("KWH", N_("kilowatt hour"), "kWh", "kWh"),
        _unit("SET", N_("set"), "set/sets", "sett"),
        _unit("XPK", N_("package"), "pkg", "pk."),
        _unit("LS", N_("lump sum"), "lump sum", "rund sum"),
    )
}

# Codes that mean the same, as other systems and older files write them: each, item, number of items.
_ALIASES = {"EA": "C62", "H87": "C62", "NAR": "C62", "NMP": "XPK", "PK": "XPK", "E48": "C62"}

DEFAULT_UNIT = "C62"
# What is weighed, poured or packed is goods; pieces may be either.
OF_GOODS = frozenset({"KGM", "GRM", "TNE", "LTR", "MTQ", "XPK"})
SEVERAL = Decimal(2)


def unit_name(code: str, language: str, quantity: Decimal = SEVERAL) -> str:
    """The short name on a document: "1 time", "2 timer". A supplier's EA or H87 is the same piece as C62; any other
    code that is not ours is shown as it is, and a language that is not ours reads English."""
    unit = UNITS.get(_ALIASES.get(code, code))
    if unit is None:
        return code
    names = unit.short.get(language) or unit.short["en"]
    return names[_form(abs(quantity), language, len(names))]


def _form(quantity: Decimal, language: str, forms: int) -> int:
    """Which of the names stands after `quantity`: the last of two for all but one; French counts up to two as one."""
    if forms < 4:
        is_one = quantity < 2 if language == "fr" else quantity == 1
        return 0 if is_one else forms - 1
    if quantity != int(quantity):
        return 3
    few = 2 <= quantity % 10 <= 4 and not 12 <= quantity % 100 <= 14
    return 0 if quantity == 1 else 1 if few else 2
