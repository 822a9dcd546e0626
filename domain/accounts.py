"""Accounts: when two addresses are one, and which letter answers what somebody asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Asked(StrEnum):
    """What a letter was asked for with; also kept as the kind of the message."""

    SIGN_UP = "sign_up"
    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"
    CHANGE_EMAIL = "change_email"
    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"
    EXPORT_READY = "export_ready"
    POLICY_CHANGE = "policy_change"
    RESTRICTION_ENDS = "restriction_ends"
    DELETION_ASKED = "deletion_asked"
    COMPANY_CLOSES = "company_closes"
    # Its account is gone when it is sent: the address stands in the message alone.
    DELETION_DONE = "deletion_done"
    NOTICE = "notice"
    BREACH = "breach"
    # To an address that may have an account or not.
    INVITATION = "invitation"
    MEMBER_REMOVED = "member_removed"
    HANDED_OVER = "handed_over"
    MADE_OWNER = "made_owner"


class Purpose(StrEnum):
    """What a mailed token proves."""

    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"
    CHANGE_EMAIL = "change_email"


@dataclass(frozen=True, slots=True)
class Answer:
    """The template of the letter, and the purpose of the link in it, if it has one."""

    template: str
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the account behind an address. `has_password` is False while two sign-ups contradict."""

    is_confirmed: bool
    has_password: bool = True


_NOTICES = {
    Asked.CHANGE_EMAIL: Answer("change_email", Purpose.CHANGE_EMAIL),
    Asked.EMAIL_CHANGED: Answer("email_changed"),
    Asked.PASSWORD_CHANGED: Answer("password_changed"),
    Asked.EXPORT_READY: Answer("export_ready"),
    Asked.POLICY_CHANGE: Answer("policy_change"),
    Asked.RESTRICTION_ENDS: Answer("restriction_ends"),
    Asked.DELETION_ASKED: Answer("deletion_asked"),
    Asked.COMPANY_CLOSES: Answer("company_closes"),
    Asked.NOTICE: Answer("notice"),
    Asked.BREACH: Answer("breach"),
    Asked.MEMBER_REMOVED: Answer("member_removed"),
    Asked.HANDED_OVER: Answer("handed_over"),
    Asked.MADE_OWNER: Answer("made_owner"),
}


def email_key(address: str) -> str:
    """The address as it is compared: Kari@Example.NO and kari@example.no are one account."""
    return address.casefold()


def answer_to(asked: Asked, account: Standing | None) -> Answer | None:
    """The letter to send, or None for none. `account` is None when nobody has this address.

    Somebody who signs up again is told that the account exists. Where an unconfirmed address was signed up twice with
    different passwords, nobody knows whose it is: the link leads to choosing one, so that a stranger who was first
    gains nothing by the owner's click.
    """
    if account is None:
        return None
    if asked in _NOTICES:
        return _NOTICES[asked]
    if asked is Asked.RESET_PASSWORD:
        return Answer("reset_password", Purpose.RESET_PASSWORD)
    if account.is_confirmed:
        return Answer("already_registered") if asked is Asked.SIGN_UP else None
    if not account.has_password:
        return Answer("choose_password", Purpose.RESET_PASSWORD)
    return Answer("confirm_email", Purpose.CONFIRM_EMAIL)
