from __future__ import annotations

from datetime import date

import pytest

from domain import countries

TODAY = date(2026, 11, 22)


def test_there_are_249_countries_and_each_has_a_name() -> None:
    assert len(set(countries.COUNTRIES)) == 249
    for language in ("nb", "nn", "en"):
        choices = countries.country_choices(language)
        assert {code for code, _ in choices} == set(countries.COUNTRIES)
        assert all(name and name != code for code, name in choices)


def test_a_name_is_in_the_reader_s_language() -> None:
    assert countries.country_name("NO", "nb") == "Norge"
    assert countries.country_name("NO", "nn") == "Noreg"
    assert countries.country_name("DE", "en") == "Germany"
    assert countries.country_name("XX", "en") == "XX"


def test_norwegian_letters_come_last_in_norwegian_and_among_the_others_in_english() -> None:
    in_norwegian = [code for code, _ in countries.country_choices("nb")]
    assert in_norwegian[-2:] == ["AT", "AX"]  # Østerrike, Åland
    assert [code for code, _ in countries.country_choices("en")][:3] == ["AF", "AX", "AL"]


@pytest.mark.parametrize(
    ("country", "day", "member"),
    [
        ("SE", TODAY, True),
        ("HR", date(2013, 6, 30), False),
        ("HR", date(2013, 7, 1), True),
        ("GB", date(2020, 1, 31), True),
        ("GB", date(2020, 2, 1), False),
        ("NO", TODAY, False),
        ("CH", TODAY, False),
        ("XX", TODAY, False),
    ],
)
def test_membership_of_the_eu_has_a_first_and_a_last_day(country: str, day: date, member: bool) -> None:
    assert countries.in_eu(country, day) == member


def test_the_eu_has_27_members() -> None:
    assert sum(countries.in_eu(country, TODAY) for country in countries.COUNTRIES) == 27


@pytest.mark.parametrize(
    ("country", "postcode", "day", "inside"),
    [
        ("GB", "BT1 5GS", TODAY, True),
        ("GB", "bt71 6aa", TODAY, True),
        ("GB", "SW1A 1AA", TODAY, False),
        ("GB", "SW1A 1AA", date(2020, 12, 31), True),
        ("DE", "10115", TODAY, True),
        ("NO", "0150", TODAY, False),
    ],
)
def test_northern_ireland_stays_in_the_eu_vat_area_for_goods(
    country: str, postcode: str, day: date, inside: bool
) -> None:
    assert countries.in_eu_vat_area(country, postcode, day) == inside


@pytest.mark.parametrize(
    ("country", "postcode", "inside"),
    [
        ("NO", "5303", True),
        ("NO", "9170", False),
        ("NO", "8099", False),
        ("SJ", "9170", False),
        ("SE", "11122", False),
    ],
)
def test_svalbard_and_jan_mayen_are_outside_the_norwegian_vat_area(country: str, postcode: str, inside: bool) -> None:
    assert countries.in_norwegian_vat_area(country, postcode) == inside
