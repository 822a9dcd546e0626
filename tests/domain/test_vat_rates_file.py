from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain import vat, vat_rates_file
from domain.facts.vat_rates import RATES
from domain.vat_rates_file import Unreadable, merge, read

NEW_YEAR = date(2027, 1, 1)
ROW = {"from": "2027-01-01", "percent": "24", "source": "Stortingets vedtak"}


def file(content: Any) -> vat_rates_file.Rates:
    return read(json.dumps(content))


@pytest.fixture
def own_rates() -> Iterator[None]:
    """What a test puts in force goes away with it."""
    yield
    vat.use_rates({})


def test_a_rate_of_the_administrator_takes_effect_on_its_day(own_rates: None) -> None:
    vat.use_rates(file({"NO": {"standard": [ROW]}}))
    assert vat.rate_on("standard", "NO", date(2026, 12, 31)) == Decimal(25)
    assert vat.rate_on("standard", "NO", NEW_YEAR) == Decimal(24)
    assert vat.rate_on("middle", "NO", NEW_YEAR) == Decimal(15)


def test_a_row_on_a_known_day_takes_the_place_of_the_known_one(own_rates: None) -> None:
    vat.use_rates(file({"DE": {"standard": [{**ROW, "from": "2026-01-01", "percent": "18.5"}]}}))
    assert vat.rate_on("standard", "DE", NEW_YEAR) == Decimal("18.5")


def test_a_country_that_nobody_knew_can_be_told(own_rates: None) -> None:
    vat.use_rates(file({"TR": {"standard": [ROW]}}))
    assert vat.rate_on("standard", "TR", NEW_YEAR) == Decimal(24)


def test_an_earlier_row_is_put_before_the_known_ones() -> None:
    merged = merge(RATES, file({"NO": {"standard": [{**ROW, "from": "2001-01-01"}]}}))
    assert [since for since, _ in merged["NO"]["standard"]] == ["2001-01-01", "2005-01-01"]
    assert len(RATES["NO"]["standard"]) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "it is not JSON"),
        ("[" * 50_000, "it is not JSON"),
        (" " * 100_001, "it is longer than 100000 characters"),
        ("[]", "the file must be an object in braces"),
        ('{"Norway": {}}', "'Norway' is not a country of ISO 3166-1, such as NO"),
        ('{"NO": []}', "NO must be an object in braces"),
        ('{"NO": {"luxury": []}}', "NO: 'luxury' is none of standard, middle, low, raw_fish"),
        ('{"NO": {"low": []}}', "NO low must be a list of rows"),
        ('{"NO": {"low": ["12"]}}', "NO low, row 1 must be an object in braces"),
    ],
    ids=lambda text: repr(text[:20]),
)
def test_a_mistake_in_the_file_is_one_clear_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        read(text)
    assert str(unreadable.value) == sentence


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"from": "2027-01-01", "percent": "24"}, "must have the texts from, percent and source, and nothing else"),
        ({**ROW, "percent": 24}, "must have the texts from, percent and source, and nothing else"),
        ({**ROW, "to": "2028-01-01"}, "must have the texts from, percent and source, and nothing else"),
        ({**ROW, "source": " "}, "must name its source"),
        ({**ROW, "percent": "-1"}, "percent must look like 25 or 11.11"),
        ({**ROW, "percent": "100"}, "percent must look like 25 or 11.11"),
        ({**ROW, "percent": "24 %"}, "percent must look like 25 or 11.11"),
        ({**ROW, "from": "1.1.2027"}, "from must be a day such as 2027-01-01"),
    ],
)
def test_a_mistake_in_a_row_is_told_with_its_place(row: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        file({"NO": {"low": [row]}})
    assert str(unreadable.value).startswith("NO low, row 1") and str(unreadable.value).endswith(sentence)


def test_a_day_can_have_only_one_rate() -> None:
    with pytest.raises(Unreadable, match="NO low has the same day twice"):
        file({"NO": {"low": [ROW, {**ROW, "percent": "12"}]}})
