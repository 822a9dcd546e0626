from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.company import (
    ACCENTS,
    LEAST_CONTRAST,
    Company,
    accent,
    contrast_with_white,
    faults_of,
    shortest_kid,
    shows_register,
    time_zone,
    usual_currency,
)
from domain.countries import COUNTRIES
from domain.money import CURRENCIES
from domain.refusals import Invalid

FJORD = Company(
    name="Fjord Design ENK", form="ENK", organisation_number="923609016", vat_registered=True,
    foretaksregisteret=False, address_line1="Strandgaten 1", address_line2="", postcode="5013", city="Bergen",
    country="NO", email="post@fjord.example", phone="", bank_account="86011117947", iban="NO9386011117947", bic="",
    due_days=14, language="nb", currency="NOK", accent="#1f5c66", kid_length=0, yearly_numbers=False, first_number=1,
)  # fmt: skip


def codes(company: Company) -> list[tuple[str, str | None]]:
    return [(refusal.code, refusal.field) for refusal in faults_of(company)]


def test_a_usual_company_has_no_faults() -> None:
    assert codes(FJORD) == []


def test_vat_needs_an_organisation_number() -> None:
    company = replace(FJORD, organisation_number="")
    assert codes(company) == [("organisation_number.needed_for_vat", "organisation_number")]
    assert codes(replace(company, vat_registered=False)) == []


def test_a_bic_needs_an_iban() -> None:
    assert codes(replace(FJORD, iban="", bic="DNBANOKK")) == [("bic.without_iban", "bic")]


@pytest.mark.parametrize(
    ("yearly", "first", "least"),
    [(False, 1, 4), (False, 999, 4), (False, 1000, 5), (False, 123456, 7), (True, 1, 11)],
)
def test_a_kid_has_room_for_the_numbers(yearly: bool, first: int, least: int) -> None:
    company = replace(FJORD, yearly_numbers=yearly, first_number=first)
    assert shortest_kid(yearly, first) == least
    assert codes(replace(company, kid_length=least)) == []
    assert codes(replace(company, kid_length=least - 1)) == [("kid.too_short", "kid_length")]
    assert codes(replace(company, kid_length=0)) == []


@pytest.mark.parametrize(
    ("form", "country", "shown"),
    [("AS", "NO", True), ("ASA", "NO", True), ("NUF", "NO", True), ("ENK", "NO", False), ("AS", "SE", False)],
)
def test_limited_companies_show_their_register(form: str, country: str, shown: bool) -> None:
    assert shows_register(form, country) is shown


@pytest.mark.parametrize("colour", ACCENTS)
def test_our_own_colours_can_be_read_on_paper(colour: str) -> None:
    assert contrast_with_white(colour) >= 4.5
    assert accent(colour) == colour


def test_the_contrast_is_that_of_the_guidelines() -> None:
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("text", ["1F5C66", " #1F5C66 ", "#1f5c66"])
def test_a_colour_is_read_as_people_write_it(text: str) -> None:
    assert accent(text) == "#1f5c66"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "accent.invalid"),
        ("red", "accent.invalid"),
        ("#fff", "accent.invalid"),
        ("#1f5c66;background:url(x)", "accent.invalid"),
        ("#ffff00", "accent.too_light"),
        ("#ffffff", "accent.too_light"),
    ],
)
def test_what_is_no_readable_colour_is_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        accent(text)
    assert refused.value.code == code


@given(st.text(max_size=12))
def test_a_colour_is_always_one_or_refused(text: str) -> None:
    try:
        colour = accent(text)
    except Invalid:
        return
    assert contrast_with_white(colour) >= LEAST_CONTRAST


def test_every_country_has_a_zone_and_a_currency() -> None:
    assert [country for country in COUNTRIES if "/" not in time_zone(country)] == []
    assert [country for country in COUNTRIES if usual_currency(country) not in CURRENCIES] == []


def test_the_zone_is_the_one_that_most_keep() -> None:
    assert [time_zone(c) for c in ("NO", "SJ", "SE", "GB", "US", "DE")] == [
        "Europe/Oslo", "Europe/Oslo", "Europe/Stockholm", "Europe/London", "America/New_York", "Europe/Berlin",
    ]  # fmt: skip
    assert [usual_currency(c) for c in ("NO", "SE", "DE")] == ["NOK", "SEK", "EUR"]
