from __future__ import annotations

import pytest

from domain.accounts import Answer, Asked, Purpose, Standing, answer_to, email_key

NEW = Standing(is_confirmed=False)
CONFIRMED = Standing(is_confirmed=True)
CONTESTED = Standing(is_confirmed=False, has_password=False)


def test_an_address_is_the_same_in_capitals() -> None:
    assert email_key("Kari@Example.NO") == email_key("kari@example.no")


@pytest.mark.parametrize("asked", Asked)
def test_an_address_that_nobody_has_gets_no_letter(asked: Asked) -> None:
    assert answer_to(asked, None) is None


@pytest.mark.parametrize(
    ("asked", "account", "template", "purpose"),
    [
        (Asked.SIGN_UP, NEW, "confirm_email", Purpose.CONFIRM_EMAIL),
        (Asked.SIGN_UP, CONFIRMED, "already_registered", None),
        (Asked.SIGN_UP, CONTESTED, "choose_password", Purpose.RESET_PASSWORD),
        (Asked.CONFIRM_EMAIL, NEW, "confirm_email", Purpose.CONFIRM_EMAIL),
        (Asked.CONFIRM_EMAIL, CONTESTED, "choose_password", Purpose.RESET_PASSWORD),
        (Asked.RESET_PASSWORD, NEW, "reset_password", Purpose.RESET_PASSWORD),
        (Asked.RESET_PASSWORD, CONFIRMED, "reset_password", Purpose.RESET_PASSWORD),
        (Asked.CHANGE_EMAIL, CONFIRMED, "change_email", Purpose.CHANGE_EMAIL),
        (Asked.EMAIL_CHANGED, CONFIRMED, "email_changed", None),
        (Asked.PASSWORD_CHANGED, CONFIRMED, "password_changed", None),
    ],
)
def test_the_letter_fits_what_was_asked_and_who_has_the_address(
    asked: Asked, account: Standing, template: str, purpose: Purpose | None
) -> None:
    assert answer_to(asked, account) == Answer(template, purpose)


def test_a_confirmed_account_is_not_asked_to_confirm_again() -> None:
    assert answer_to(Asked.CONFIRM_EMAIL, CONFIRMED) is None
