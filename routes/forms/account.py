"""Forms about people: signing up, a new password, one's own account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actions.accounts import NewAccount
from domain import passwords
from domain.mail import one_address
from domain.refusals import Refusal
from routes.forms.base import Form, FormData, Reader
from routes.i18n import LANGUAGES

LONGEST_NAME, LONGEST_EMAIL = 200, 254


@dataclass(frozen=True, slots=True)
class Profile:
    """What the pages call a person, and in which language."""

    name: str
    language: str


@dataclass(frozen=True, slots=True)
class EmailChange:
    """A new address and the password that says it is really them."""

    email: str
    password: str


@dataclass(frozen=True, slots=True)
class PasswordChange:
    current: str
    wanted: str


def parse_sign_up(data: FormData, language: str) -> tuple[Form, NewAccount | None]:
    """Name, e-mail, password: nothing else is asked for (P-01)."""
    reader = Reader(data, language)
    name = reader.text("name", longest=LONGEST_NAME, required=True)
    email = read_email(reader, "email")
    password = read_new_password(reader, "password", (name, data.get("email")))
    account = NewAccount(name, email, password, language)
    return reader.form, account if reader.form.ok else None


def parse_email(data: FormData, language: str) -> tuple[Form, str | None]:
    """The address that a link is asked for with."""
    reader = Reader(data, language)
    email = read_email(reader, "email")
    return reader.form, email if reader.form.ok else None


def parse_new_password(data: FormData, language: str, context: Iterable[str]) -> tuple[Form, str | None]:
    """A password for the account that a mailed link belongs to."""
    reader = Reader(data, language)
    password = read_new_password(reader, "password", context)
    return reader.form, password if reader.form.ok else None


def parse_profile(data: FormData, language: str) -> tuple[Form, Profile | None]:
    reader = Reader(data, language)
    profile = Profile(reader.text("name", longest=LONGEST_NAME, required=True), reader.choice("language", LANGUAGES))
    return reader.form, profile if reader.form.ok else None


def parse_email_change(data: FormData, language: str, present: str) -> tuple[Form, EmailChange | None]:
    reader = Reader(data, language)
    email = read_email(reader, "new_email")
    if email and email.casefold() == present.casefold():
        reader.form.refuse("new_email", "email.unchanged")
    change = EmailChange(email, read_password(reader, "email_password"))
    return reader.form, change if reader.form.ok else None


def parse_password_change(
    data: FormData, language: str, context: Iterable[str]
) -> tuple[Form, PasswordChange | None]:
    reader = Reader(data, language)
    change = PasswordChange(
        read_password(reader, "current_password"), read_new_password(reader, "new_password", context)
    )
    return reader.form, change if reader.form.ok else None


def read_email(reader: Reader, name: str) -> str:
    """One address as every mail server takes it; `` when it is refused."""
    typed = reader.text(name, longest=LONGEST_EMAIL, required=True)
    return typed and (reader.checked(name, typed, one_address) or "")


def read_password(reader: Reader, name: str) -> str:
    """A password as it was typed: never trimmed, never shown again."""
    password = reader.data.get(name)
    if not password:
        reader.form.refuse(name, "field.required")
    return password


def read_new_password(reader: Reader, name: str, context: Iterable[str]) -> str:
    """A password that may be chosen; `context` are words that others know (the name, the address)."""
    password = read_password(reader, name)
    for problem in passwords.problems(password, context) if password else ():
        reader.form.add(Refusal(problem.code, name, problem.params))
    return password
