from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain import vat
from domain.languages import LANGUAGES
from domain.refusals import Invalid

TODAY = date(2026, 11, 22)

# Rates of 2026 by country: standard, then reduced.
RATES_2026 = {
    "AT": ("20", ["13", "10", "4.9"]), "BE": ("21", ["12", "6"]), "BG": ("20", ["9"]), "CY": ("19", ["9", "5", "3"]),
    "CZ": ("21", ["12"]), "DE": ("19", ["7"]), "DK": ("25", []), "EE": ("24", ["13", "9"]), "EL": ("24", ["13", "6"]),
    "ES": ("21", ["10", "4"]), "FI": ("25.5", ["13.5", "10"]), "FR": ("20", ["10", "5.5", "2.1"]),
    "HR": ("25", ["13", "5"]), "HU": ("27", ["18", "5"]), "IE": ("23", ["13.5", "9", "4.8"]),
    "IT": ("22", ["10", "5", "4"]), "LT": ("21", ["12", "5"]), "LU": ("17", ["14", "8", "3"]),
    "LV": ("21", ["12", "5"]), "MT": ("18", ["12", "7", "5"]), "NL": ("21", ["9"]), "PL": ("23", ["8", "5"]),
    "PT": ("23", ["13", "6"]), "RO": ("21", ["11"]), "SE": ("25", ["12", "6"]), "SI": ("22", ["9.5", "5"]),
    "SK": ("23", ["19", "5"]), "GB": ("20", ["5"]), "XI": ("20", ["5"]), "CH": ("8.1", ["3.8", "2.6"]),
    "LI": ("8.1", ["3.8", "2.6"]), "IS": ("24", ["11"]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("treatment", "day", "percent"),
    [
        ("standard", "2026-11-22", "25"),
        ("middle", "2026-11-22", "15"),
        ("low", "2018-01-01", "12"),
        ("low", "2020-03-31", "12"),
        ("low", "2020-04-01", "6"),
        ("low", "2021-09-30", "6"),
        ("low", "2021-10-01", "12"),
        ("raw_fish", "2026-11-22", "11.11"),
        ("zero", "2026-11-22", "0"),
        ("exempt", "1999-01-01", "0"),
        ("export", "2026-11-22", "0"),
        ("outside", "2026-11-22", "0"),
        ("reverse_charge", "2026-11-22", "0"),
    ],
)
def test_a_norwegian_rate_is_the_one_of_its_day(treatment: str, day: str, percent: str) -> None:
    assert vat.rate_on(treatment, "NO", date.fromisoformat(day)) == Decimal(percent)


@pytest.mark.parametrize("country", RATES_2026)
def test_other_countries_have_their_rates_of_2026(country: str) -> None:
    standard, reduced = RATES_2026[country]
    assert vat.rate_on("standard", country, TODAY) == Decimal(standard)
    assert vat.reduced_rates(country, TODAY) == tuple(Decimal(rate) for rate in reduced)
    for key, rate in zip(("middle", "low"), reduced, strict=False):
        assert vat.rate_on(key, country, TODAY) == Decimal(rate)


def test_austria_got_its_lowest_rate_in_the_middle_of_the_year() -> None:
    assert Decimal("4.9") not in vat.reduced_rates("AT", date(2026, 6, 30))
    assert Decimal("4.9") in vat.reduced_rates("AT", date(2026, 7, 1))


@pytest.mark.parametrize(
    ("treatment", "country", "day", "code"),
    [
        ("luxury", "NO", TODAY, "vat.unknown_treatment"),
        ("standard", "US", TODAY, "vat.unknown_rate"),
        ("low", "DK", TODAY, "vat.unknown_rate"),
        ("raw_fish", "SE", TODAY, "vat.unknown_rate"),
        ("standard", "NO", date(2004, 12, 31), "vat.unknown_rate"),
        ("standard", "DE", date(2025, 12, 31), "vat.unknown_rate"),
    ],
)
def test_a_rate_that_is_not_known_is_never_guessed(treatment: str, country: str, day: date, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        vat.rate_on(treatment, country, day)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("country", "supplied", "issued", "percent"),
    [
        ("NO", "2021-09-30", "2021-10-05", "6"),
        ("NO", "2021-10-01", "2021-09-20", "12"),
        ("NO", None, "2021-10-05", "12"),
        ("NO", "1926-11-23", "2026-11-23", "12"),
        ("FI", "2025-12-31", "2026-01-05", "13.5"),  # what Finland had before is not known here
    ],
)
def test_the_day_of_the_supply_decides_the_rate(
    country: str, supplied: str | None, issued: str, percent: str
) -> None:
    """merverdiavgiftsloven § 22-1."""
    day, key = date.fromisoformat(supplied) if supplied else None, "low" if country == "NO" else "middle"
    assert vat.rate_of_supply(key, country, day, date.fromisoformat(issued)) == Decimal(percent)


def test_who_is_not_registered_can_charge_no_vat() -> None:
    assert [treatment.key for treatment in vat.treatments_for(False)] == ["outside"]


def test_who_is_registered_chooses_among_all_but_outside() -> None:
    keys = [treatment.key for treatment in vat.treatments_for(True)]
    assert keys == [
        "standard", "middle", "low", "raw_fish", "zero", "exempt", *vat.SECTIONS, "export", "eu_service", "reverse_charge"
    ]  # fmt: skip


def test_the_codes_are_those_of_saf_t_and_en_16931() -> None:
    assert {key: (each.saft_code, each.category) for key, each in vat.TREATMENTS.items()} == {
        "standard": ("3", "S"),
        "middle": ("31", "S"),
        "low": ("33", "S"),
        "raw_fish": ("32", "S"),
        "zero": ("5", "Z"),
        "exempt": ("6", "E"),
        **dict.fromkeys(vat.SECTIONS, ("6", "E")),
        "export": ("52", "G"),
        "eu_service": ("52", "G"),
        "outside": ("7", "O"),
        "reverse_charge": ("51", "AE"),
        "intra_community": ("", "K"),
    }


@pytest.mark.parametrize(
    ("category", "rate", "day", "code"),
    [
        ("S", "25", "2026-11-22", "3"),
        ("S", "15", "2026-11-22", "31"),
        ("S", "12", "2026-11-22", "33"),
        ("S", "6", "2021-09-30", "33"),
        ("S", "6", "2026-11-22", "33"),
        ("S", "6", "2020-03-31", ""),
        ("S", "7", "2026-11-22", ""),
        ("S", "11.11", "2026-11-22", "32"),
        ("Z", "0", "2026-11-22", "5"),
        ("E", "0", "2026-11-22", "6"),
        ("G", "0", "2026-11-22", "52"),
        ("AE", "0", "2026-11-22", "51"),
        ("O", "0", "2026-11-22", "7"),
        ("K", "0", "2026-11-22", ""),
    ],
)
def test_a_category_and_rate_of_a_day_have_their_saf_t_code(category: str, rate: str, day: str, code: str) -> None:
    assert vat.saft_code(category, Decimal(rate), date.fromisoformat(day)) == code


def test_an_exempt_sale_names_the_section_that_exempts_it() -> None:
    assert vat.legal_text("exempt_education", "nb").endswith("kapittel 3 (§ 3-5)")
    assert len({vat.legal_text(key, "nb") for key in ("exempt", *vat.SECTIONS)}) == len(vat.SECTIONS) + 1


def test_no_key_is_longer_than_the_column_that_keeps_it() -> None:
    assert max(map(len, vat.TREATMENTS)) <= 16


def test_zero_rated_lines_carry_no_reason_in_an_e_invoice_and_all_other_zeros_do() -> None:
    for treatment in vat.TREATMENTS.values():
        has_reason = treatment.vatex is not None or treatment.key in ("exempt", *vat.SECTIONS)
        assert has_reason == (treatment.category in ("E", "G", "O", "AE", "K"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_reverse_charge_is_said_in_the_words_of_the_law(language: str) -> None:
    words = "Omvendt avgiftsplikt – Merverdiavgift ikke beregnet"
    text = vat.legal_text("reverse_charge", language)
    assert text.startswith(words)
    assert (text == words) == (language in ("nb", "nn"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_legal_sentence_exists_in_every_document_language(language: str) -> None:
    for treatment in vat.TREATMENTS.values():
        if treatment.legal_text_key is not None:
            text = vat.legal_text(treatment.legal_text_key, language)
            is_english = text == vat.legal_text(treatment.legal_text_key, "en")
            assert text and is_english == (language == "en")
    assert "196" in vat.legal_text("eu_service", language)


def test_a_seller_abroad_names_no_norwegian_law() -> None:
    assert vat.legal_text("reverse_charge", "en", "DE") == "Reverse charge"
    for treatment in vat.TREATMENTS.values():
        for language in ("nb", "nn", "en"):
            if treatment.legal_text_key is not None and treatment in vat.treatments_for(True, "DE"):
                text = vat.legal_text(treatment.legal_text_key, language, "DE")
                assert text and not any(word in text for word in ("loven", "lova", "Norwegian", "registeret"))


def test_a_seller_chooses_among_the_rates_of_their_country() -> None:
    german = [treatment.key for treatment in vat.treatments_for(True, "DE", TODAY)]
    assert german == ["standard", "middle", "zero", "exempt", "export", "reverse_charge", "intra_community"]
    assert [each.key for each in vat.treatments_for(True, "CH", TODAY)][-1] == "reverse_charge"
    assert vat.treatments_for(True, "NO", TODAY) == vat.treatments_for(True)


def test_an_unknown_language_is_answered_in_english() -> None:
    assert vat.legal_text("export", "xx") == vat.legal_text("export", "en")
