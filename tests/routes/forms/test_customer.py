"""What is typed into the form of a customer is read, or every fault of it is named at once."""

from __future__ import annotations

from typing import Any

import pytest

from routes.forms.base import Form, FormData
from routes.forms.customer import (
    LABELS,
    countries,
    currencies,
    differences,
    parse,
    show,
    version_in,
)
from routes.i18n import translator


def typed(**values: str) -> FormData:
    given = {"kind": "business", "name": "Nordlys AS", "country": "NO", "language": "nb", "currency": "NOK", **values}
    return FormData({name: [value] for name, value in given.items()})


def faults(**values: str) -> dict[str, list[str]]:
    form, details = parse(typed(**values), "nb")
    assert (details is None) == bool(form.errors)
    return {name: [refusal.code for refusal in refusals] for name, refusals in form.errors.items()}


def read(**values: str) -> Any:
    form, details = parse(typed(**values), "nb")
    assert details is not None, form.errors
    return details


def test_the_name_is_all_that_must_be_given() -> None:
    form, details = parse(FormData({"name": ["Kari Nordmann"]}), "en")
    assert details is not None and form.ok
    assert (details.kind, details.country, details.language, details.currency) == ("business", "NO", "nb", "NOK")
    assert details.due_days is None
    assert faults(name="  ") == {"name": ["field.required"]}


def test_all_faults_are_named_at_once_and_all_that_was_typed_is_kept() -> None:
    values = {
        "name": "",
        "organisation_number": "123",
        "email": "kari@",
        "due_days": "abc",
        "country": "XX",
        "notes": "Hei",
    }
    form, details = parse(typed(**values), "nb")
    assert details is None
    # Without a country there is nothing to check the number by.
    assert set(form.errors) == {"name", "email", "due_days", "country"}
    assert {name: form.values[name] for name in values} == values


@pytest.mark.parametrize(
    ("country", "number", "stored"),
    [
        ("NO", "974 760 673", "974760673"),
        ("NO", "NO974760673MVA", "974760673"),
        ("SE", "556012-5790", "5560125790"),
        ("DE", "HRB 12345", "HRB12345"),
        ("NO", "", ""),
    ],
)
def test_an_organisation_number_is_read_as_its_country_writes_it(country: str, number: str, stored: str) -> None:
    assert read(country=country, organisation_number=number).organisation_number == stored


@pytest.mark.parametrize(
    ("country", "name", "number"),
    [
        ("NO", "organisation_number", "974760674"),
        ("NO", "organisation_number", "01017012345"),
        ("DE", "vat_number", "DE136695977"),
        ("SE", "vat_number", "136695976"),
        ("NO", "organisation_number", "=HYPERLINK(1)"),
    ],
)
def test_a_number_that_can_not_be_right_is_refused_beside_its_field(country: str, name: str, number: str) -> None:
    assert faults(country=country, **{name: number}) == {name: [f"{name}.invalid"]}


@pytest.mark.parametrize(
    ("country", "number", "stored"), [("DE", "136695976", "DE136695976"), ("NO", "974760673", "NO974760673MVA")]
)
def test_a_vat_number_is_stored_with_its_prefix(country: str, number: str, stored: str) -> None:
    assert read(country=country, vat_number=number).vat_number == stored


@pytest.mark.parametrize("days", ["-1", "366", "1,5", "soon", "99999"])
def test_days_to_pay_are_whole_and_at_most_a_year(days: str) -> None:
    assert set(faults(due_days=days)) == {"due_days"}


@pytest.mark.parametrize(("days", "stored"), [("0", 0), ("30", 30), ("", None)])
def test_no_days_is_the_company_s_own_default(days: str, stored: int | None) -> None:
    assert read(due_days=days).due_days == stored


@pytest.mark.parametrize("email", ["kari", "kari@", "a@b.no, c@d.no", "Kari <kari@x.no>", "kari@x.no\nBcc: y@z.no"])
def test_only_one_plain_address_is_an_e_mail_address(email: str) -> None:
    assert set(faults(email=email)) == {"email"}


def test_without_a_delivery_address_there_is_no_country_of_delivery() -> None:
    assert read(delivery_country="SE").delivery_country == ""
    assert read(delivery_city="Malmö", delivery_country="SE").delivery_country == "SE"
    assert read(delivery_city="Bodø").delivery_country == "NO"


@pytest.mark.parametrize(
    "name",
    ["=HYPERLINK(1)", "+1", "-2+3", "@SUM(1)", "＝1", "%", "_", 'O\'Hara "& Co"', "😀", "שלום عالم", "'; drop--"],
)
def test_odd_names_are_names(name: str) -> None:
    """S-36, S-25: nothing is changed on the way in; each surface says it safely on the way out."""
    assert read(name=name).name == name


@pytest.mark.parametrize("name", ["a\ufffdb", "a\tb", "a\nb", "a\x1bb", "x" * 201, "x" * 10_240])
def test_names_that_can_not_be_stored_or_printed_are_refused(name: str) -> None:
    form, details = parse(typed(name=name), "nb")
    assert details is None and list(form.errors) == ["name"]
    assert form.values["name"] == name


def test_notes_may_have_lines() -> None:
    assert read(notes="En\r\nTo").notes == "En\nTo"


CUSTOMER = {
    **dict.fromkeys(LABELS, ""),
    "kind": "business",
    "name": "Nordlys AS",
    "organisation_number": "974760673",
    "organisation_form": "ORGL",
    "country": "NO",
    "delivery_city": "Bodø",
    "delivery_country": "NO",
    "language": "nb",
    "currency": "NOK",
    "due_days": None,
    "delivery": "email",
}


def test_what_is_shown_is_read_back_as_it_was() -> None:
    shown = show(CUSTOMER)
    assert shown.values["organisation_number"] == "974 760 673"
    _, details = parse(FormData({name: [value] for name, value in shown.values.items()}), "nb")
    assert details is not None
    assert {name: getattr(details, name) for name in CUSTOMER} == CUSTOMER


@pytest.mark.parametrize("fetched", ["923609016:KOMM", "974760673:", "974760673:x", "KOMM", ""])
def test_the_form_of_organisation_counts_for_the_number_it_was_fetched_for_only(fetched: str) -> None:
    assert read(organisation_number="974 760 673", fetched_form=fetched).organisation_form == ""
    assert read(organisation_number="974 760 673", fetched_form="974760673:ORGL").organisation_form == "ORGL"


def test_differences_are_said_in_words_and_spaces_are_none() -> None:
    mine = Form({**show(CUSTOMER).values, "organisation_number": "974760673", "country": "SE", "language": "en"})
    words = translator("en")
    assert differences(mine, show(CUSTOMER), words) == [
        ("Country", "Sweden", "Norway"),
        ("Language", "English", "Norwegian Bokmål"),
    ]


def test_near_countries_and_currencies_come_first_and_each_stands_once() -> None:
    for choices in (countries("nb"), currencies("nb")):
        codes = [code for code, _ in choices]
        assert codes[0] in ("NO", "NOK") and len(codes) == len(set(codes))
    assert dict(countries("nb"))["DE"] == "Tyskland" and "norske kroner" in dict(currencies("nb"))["NOK"]


@pytest.mark.parametrize("text", ["", "x", "\ufffd", "0" * 40, "-1", "²", "９"])
def test_a_version_that_can_not_be_read_is_none(text: str) -> None:
    assert version_in(FormData({"version": [text]})) == 0


def test_a_version_is_read() -> None:
    assert version_in(FormData({"version": ["17"]})) == 17
