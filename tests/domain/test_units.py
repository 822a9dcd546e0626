from __future__ import annotations

from decimal import Decimal

import pytest

from domain.languages import LANGUAGES
from domain.units import DEFAULT_UNIT, UNITS, unit_name


def test_the_units_of_a_small_business_are_there() -> None:
    assert {"HUR", "C62", "DAY", "MON", "KGM", "MTR", "MTK", "MTQ", "LTR", "KMT", "SET", "WEE", "ANN", "MIN"} <= set(
        UNITS
    )
    assert DEFAULT_UNIT in UNITS
    assert all(code == unit.code for code, unit in UNITS.items())


@pytest.mark.parametrize(("code", "ours"), [("EA", "C62"), ("H87", "C62"), ("NMP", "XPK")])
def test_codes_that_mean_the_same_have_one_name(code: str, ours: str) -> None:
    assert unit_name(code, "nb") == unit_name(ours, "nb")


def test_a_code_that_is_not_ours_is_still_shown() -> None:
    assert unit_name("ZZ", "nb") == "ZZ"


@pytest.mark.parametrize(
    ("code", "language", "quantity", "name"),
    [
        ("HUR", "nb", "1", "time"),
        ("HUR", "nb", "2.5", "timer"),
        ("HUR", "nn", "2", "timar"),
        ("HUR", "en", "-1", "hour"),
        ("HUR", "xx", "3", "hours"),
        ("HUR", "sv", "3", "timmar"),
        ("HUR", "fr", "1.5", "heure"),
        ("HUR", "fi", "1.5", "tuntia"),
        ("ANN", "pl", "1", "rok"),
        ("ANN", "pl", "22", "lata"),
        ("ANN", "pl", "12", "lat"),
        ("ANN", "pl", "1.5", "roku"),
        ("C62", "nb", "7", "stk."),
        ("WEE", "nn", "1", "veke"),
        ("MTK", "en", "1", "m²"),
    ],
)
def test_a_unit_is_named_in_the_language_of_the_document(code: str, language: str, quantity: str, name: str) -> None:
    assert unit_name(code, language, Decimal(quantity)) == name


def test_every_unit_has_a_name_in_every_document_language() -> None:
    for unit in UNITS.values():
        assert set(unit.short) == set(LANGUAGES)
        assert all(all(names) for names in unit.short.values())
