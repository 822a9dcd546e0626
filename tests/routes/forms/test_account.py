from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.accounts import NewAccount
from routes.forms.account import (
    EmailChange,
    PasswordChange,
    Profile,
    parse_email,
    parse_email_change,
    parse_new_password,
    parse_password_change,
    parse_profile,
    parse_sign_up,
)
from routes.forms.base import Form, FormData

GOOD = "blå hest på taket"


def typed(**fields: str) -> FormData:
    return FormData({name: [value] for name, value in fields.items()})


def codes(form: Form) -> dict[str, list[str]]:
    return {name: [refusal.code for refusal in refusals] for name, refusals in form.errors.items()}


def test_a_sign_up_is_read_as_it_was_meant() -> None:
    form, account = parse_sign_up(typed(name=" Kari ", email=" Kari@Blåbær.NO ", password=f" {GOOD} "), "nb")
    assert form.ok
    assert account == NewAccount("Kari", "Kari@xn--blbr-roah.no", f" {GOOD} ", "nb")


def test_a_password_is_never_among_the_values_that_are_shown_again() -> None:
    form, _ = parse_sign_up(typed(name="", email="x", password=GOOD), "nb")
    assert GOOD not in repr(form.values)
    form, _ = parse_password_change(typed(current_password=GOOD, new_password="short"), "nb", ())
    assert form.values == {}
    form, _ = parse_email_change(typed(new_email="x", email_password=GOOD), "nb", "kari@example.no")
    assert form.values == {"new_email": "x"}


def test_nothing_typed_is_said_at_every_field() -> None:
    form, account = parse_sign_up(FormData({}), "nb")
    assert account is None
    assert codes(form) == {name: ["field.required"] for name in ("name", "email", "password")}


@pytest.mark.parametrize("word", ["KariNordmann7", "kari.nordmann", "Nordmann-Kari7"])
def test_a_password_made_of_the_name_is_refused(word: str) -> None:
    form, _ = parse_new_password(typed(password=word), "nb", ("Kari Nordmann", "kari.nordmann@example.no"))
    assert list(codes(form)) == ["password"]


def test_the_refusals_of_a_new_password_stand_at_its_own_field() -> None:
    form, change = parse_password_change(typed(current_password="x", new_password="short"), "nb", ())
    assert change is None and codes(form) == {"new_password": ["password.too_short"]}
    form, change = parse_password_change(typed(current_password="x", new_password=GOOD), "nb", ())
    assert change == PasswordChange("x", GOOD)


def test_the_present_address_is_no_new_one() -> None:
    form, _ = parse_email_change(typed(new_email="KARI@example.no", email_password="x"), "nb", "kari@example.no")
    assert codes(form) == {"new_email": ["email.unchanged"]}
    form, change = parse_email_change(typed(new_email="kari@elv.no", email_password="x"), "nb", "kari@example.no")
    assert change == EmailChange("kari@elv.no", "x")


def test_a_profile_speaks_a_language_that_the_pages_know() -> None:
    assert parse_profile(typed(name="Kari", language="nb"), "en")[1] == Profile("Kari", "nb")
    assert codes(parse_profile(typed(name="Kari", language="tlh"), "en")[0]) == {"language": ["choice.unknown"]}


ANY = st.text(max_size=60) | st.text(alphabet="@.a \n\r\0<>\"'\u202e\ud800", max_size=30)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("name", "email", "password", "new_email", "language"), ANY)))
def test_no_form_is_an_error(fields: dict[str, str]) -> None:
    data = typed(**fields)
    for form, wanted in (
        parse_sign_up(data, "nb"),
        parse_email(data, "en"),
        parse_profile(data, "nb"),
        parse_email_change(data, "nb", "kari@example.no"),
        parse_new_password(data, "nb", (fields.get("name", ""),)),
        parse_password_change(data, "nb", ()),
    ):
        assert form.ok == (wanted is not None)
