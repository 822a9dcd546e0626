"""What is typed into the form of a product is read, and VAT is said in plain words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.vat import TREATMENTS
from routes.forms.base import Form, FormData
from routes.forms.product import VatChoice, differences, offered, parse, show, vat_choices, vat_words
from routes.i18n import translator

DAY = date(2026, 11, 23)
PRODUCT = {
    "name": "Kjøring",
    "unit": "KMT",
    "unit_price": Decimal("5.3125"),
    "currency": "NOK",
    "vat_treatment": "low",
    "supply": "service",
}


def typed(**values: str) -> FormData:
    given = {
        "name": "Kaffe",
        "unit": "C62",
        "unit_price": "1",
        "currency": "NOK",
        "vat_treatment": "standard",
        **values,
    }
    return FormData({name: [value] for name, value in given.items()})


@pytest.mark.parametrize(
    ("language", "text", "price"),
    [
        ("nb", "1 250,50", "1250.50"),
        ("en", "1,250.50", "1250.50"),
        ("nb", "0,0001", "0.0001"),
        ("nb", "500,-", "500"),
    ],
)
def test_a_price_is_read_as_it_is_written(language: str, text: str, price: str) -> None:
    _, details = parse(typed(unit_price=text), language)
    assert details is not None and details.unit_price == Decimal(price)


@pytest.mark.parametrize("text", ["", "gratis", "-1", "1,00001", "99999999999", "NaN", "1e3", "9" * 400])
def test_a_price_that_is_none_is_refused_and_kept(text: str) -> None:
    form, details = parse(typed(unit_price=text), "nb")
    assert details is None and list(form.errors) == ["unit_price"]
    assert form.values["unit_price"] == text


def test_all_faults_are_named_at_once() -> None:
    form, _ = parse(typed(name="", unit="XXX", unit_price="x", currency="ABC", vat_treatment="none"), "nb")
    assert list(form.errors) == ["name", "unit_price", "currency", "unit", "vat_treatment"]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_is_shown_is_read_back_as_it_was(language: str) -> None:
    form = show(PRODUCT, language)
    _, details = parse(FormData({name: [value] for name, value in form.values.items()}), language)
    assert details is not None
    assert {name: getattr(details, name) for name in PRODUCT} == PRODUCT


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("treatment", TREATMENTS)
def test_every_treatment_has_words_that_begin_with_the_short_of_it(treatment: str, language: str) -> None:
    words = vat_words(treatment, "NO", DAY, translator(language))
    short, dash, long = words.partition(" – ")
    assert short and dash and long and "%(" not in words
    assert ("mva." if language == "nb" else "VAT") in short


def test_rates_are_those_of_the_day_and_the_country() -> None:
    words = translator("en")
    assert vat_words("low", "NO", date(2020, 5, 1), words).startswith("6% VAT")
    assert vat_words("standard", "SE", DAY, words).startswith("25% VAT")
    assert "reduced" in vat_words("low", "SE", DAY, words)
    assert vat_words("standard", "BR", DAY, words) == ""


def test_who_is_not_registered_has_one_choice() -> None:
    choices = vat_choices(False, "NO", DAY, translator("en"))
    assert [choice.key for choice in choices] == ["outside"]
    assert "outside" not in [choice.key for choice in vat_choices(True, "NO", DAY, translator("en"))]


@pytest.mark.parametrize(
    ("stored", "registered", "shown"),
    [
        ("standard", True, "standard"),
        ("standard", False, "outside"),
        ("outside", True, "standard"),
        ("low", True, "low"),
    ],
)
def test_a_line_is_offered_what_the_seller_may_charge_now(stored: str, registered: bool, shown: str) -> None:
    assert offered(stored, registered) == shown


def test_differences_are_said_in_words() -> None:
    mine = Form({**show(PRODUCT, "en").values, "unit": "HUR", "unit_price": "6"})
    found = differences(mine, show(PRODUCT, "en"), translator("en"), [VatChoice("low", "12% VAT")])
    assert found == [("Price without VAT", "6", "5.3125"), ("Unit", "hour", "kilometre")]
