from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.vat_report import VatSum, report

TERM_ENDS = date(2026, 12, 31)


def sold(category: str, rate: str, base: str, vat: str, currency: str = "NOK", nok: str = "1", **more: int) -> VatSum:
    with_rate = Decimal(nok)
    return VatSum(
        currency, category, Decimal(rate), 1, Decimal(base), Decimal(vat), Decimal(base) * with_rate,
        Decimal(vat) * with_rate, more.get("unrated", 0), Decimal(base) if more.get("unrated") else Decimal(0),
    )  # fmt: skip


def test_the_lines_are_by_tax_code_in_kroner_highest_rate_first() -> None:
    found = report(
        [sold("G", "0", "500", "0"), sold("S", "15", "100", "15"), sold("S", "25", "1000", "250")], TERM_ENDS
    )
    assert [(line.code, line.base, line.vat) for line in found.lines] == [
        ("3", Decimal(1000), Decimal(250)),
        ("31", Decimal(100), Decimal(15)),
        ("52", Decimal(500), Decimal(0)),
    ]
    assert (found.base, found.vat, found.foreign) == (Decimal(1600), Decimal(265), ())


def test_currencies_meet_in_kroner_only_and_stand_by_themselves_beside() -> None:
    """Trap 5: reports never add currencies."""
    kroner, euro = sold("S", "25", "1000", "250"), sold("S", "25", "100", "25", "EUR", "11.5")
    found = report([kroner, euro], TERM_ENDS)
    assert [(line.documents, line.base, line.vat) for line in found.lines] == [(2, Decimal(2150), Decimal("537.5"))]
    assert found.foreign == (euro,)


def test_what_has_no_rate_to_kroner_is_in_no_sum_and_is_said() -> None:
    lost = sold("G", "0", "100", "0", "USD", "0", unrated=1)
    found = report([lost], TERM_ENDS)
    assert (found.lines, found.unrated) == ((), (lost,))


def test_a_rate_that_changed_within_the_year_keeps_its_code() -> None:
    found = report([sold("S", "6", "100", "6")], date(2021, 12, 31))
    assert [line.code for line in found.lines] == ["33"]


def test_what_was_delivered_before_a_rate_changed_keeps_its_code_when_it_is_credited_years_later() -> None:
    found = report([sold("S", "6", "-100", "-6")], TERM_ENDS)
    assert [line.code for line in found.lines] == ["33"]
