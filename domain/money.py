"""Amounts and their rounding: the only place in the app where money is rounded.

Money is `Decimal`, never float. Half is rounded away from zero, so that a credit mirrors its charge to the last cent
(8180.00 at 9.975 % gives 815.96, and -8180.00 gives -815.96).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext

from babel.core import get_global

ZERO = Decimal(0)

# Wide enough that no product of a quantity, a price and a rate is cut before it is rounded on purpose.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

# ISO 4217 (2026-01-01): every currency has two decimals but these. CLDR has its own habits for cash
# (it gives RSD none and IQD none), so its figures are not used.
_DECIMALS = {
    currency: places
    for places, currencies in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }.items()
    for currency in currencies.split()
}
# Bulgaria pays in euro since 2026-01-01; CLDR's list is a little older.
_RETIRED = frozenset({"BGN"})
_QUANTA = tuple(Decimal(1).scaleb(-places) for places in range(5))


def decimals(currency: str) -> int:
    """How many decimals an amount in `currency` has (ISO 4217): 2 for NOK, 0 for JPY, 3 for KWD."""
    return _DECIMALS.get(currency, 2)


def smallest(currency: str) -> Decimal:
    """The smallest amount of `currency`: 0.01 for NOK, 1 for JPY."""
    return _QUANTA[decimals(currency)]


def round_half_up(value: Decimal, currency: str = "NOK") -> Decimal:
    """`value` with the decimals of `currency`, half away from zero. Never gives minus zero."""
    return round_to(value, decimals(currency))


def round_to(value: Decimal, places: int) -> Decimal:
    """`value` with `places` decimals, half away from zero: for showing quantities, prices and rates."""
    quantum = _QUANTA[places] if 0 <= places < len(_QUANTA) else Decimal(1).scaleb(-places)
    return value.quantize(quantum, ROUND_HALF_UP, _EXACT) + ZERO


def raised(price: Decimal, percent: Decimal, times: int, currency: str) -> Decimal:
    """`price` raised by `percent` so many times, each on the one before, and rounded once: to the decimals of `currency`,
    or to as many as the price itself has (0.0125 a minute stays a price with four)."""
    with exact():
        value = price * (1 + percent / 100) ** times
        typed = -int(price.normalize().as_tuple().exponent)
    return round_to(value, max(decimals(currency), typed))


def exact() -> AbstractContextManager[Context]:
    """A block whose arithmetic keeps 60 digits, so that the one rounding is the one asked for."""
    return localcontext(_EXACT)


def split(total: Decimal, shares: Sequence[Decimal], currency: str) -> tuple[Decimal, ...]:
    """Round `shares` to whole cents that add up to `total`: the largest remainders get what is left over.

    The exact shares must add up to `total` within half a cent for each share. Equal remainders go to the first.
    A negative total gives the mirror image of the positive one.
    """
    if total < 0:
        return tuple(ZERO - part for part in split(-total, [-share for share in shares], currency))
    cent = smallest(currency)
    with exact():
        parts = [share.quantize(cent, ROUND_FLOOR, _EXACT) + ZERO for share in shares]
        left = int((total - sum(parts, ZERO)) / cent)
        by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - shares[i])
        for i in by_remainder[:left]:
            parts[i] += cent
        return tuple(parts)


def split_by_weight(total: Decimal, weights: Sequence[Decimal], currency: str) -> tuple[Decimal, ...]:
    """Split `total` in proportion to `weights`. When the weights cancel out, all of it falls on the first."""
    with exact():
        whole = sum(weights, ZERO)
        if whole == 0:
            return tuple(round_half_up(total if i == 0 else ZERO, currency) for i in range(len(weights)))
        return split(total, [total * weight / whole for weight in weights], currency)


def _currencies() -> tuple[str, ...]:
    """Legal tender of today. EN 16931 (BR-DEC-*) has no room for those with more than two decimals."""
    tenders = {
        code
        for uses in get_global("territory_currencies").values()
        for code, _start, end, tender in uses
        if tender and end is None
    }
    return tuple(sorted(code for code in tenders if decimals(code) <= 2 and code not in _RETIRED))


CURRENCIES: tuple[str, ...] = _currencies()


def is_too_fine(currency: str) -> bool:
    """Has the currency more decimals than an invoice may have, such as the dinar of Kuwait with three?"""
    return decimals(currency) > 2
