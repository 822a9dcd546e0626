"""Forms about who works in a company: an invitation, a role, a new owner, an account made to accept."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from actions.invitations import NewcomerWanted
from domain.access import Role
from domain.members import INVITABLE
from routes.forms.account import LONGEST_NAME, read_email, read_new_password
from routes.forms.base import Form, FormData, Reader

ROLES = tuple(role.value for role in INVITABLE)
# What an owner can be after handing over.
GONE = "gone"
STAYS_AS: dict[str, Role | None] = {
    Role.ADMIN.value: Role.ADMIN,
    Role.OWNER.value: Role.OWNER,
    Role.BOOKKEEPER.value: Role.BOOKKEEPER,
    Role.VIEWER.value: Role.VIEWER,
    GONE: None,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is asked to join, and as what."""

    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class Handover:
    """The new owner, and what becomes of the old one; None: leaves."""

    to: UUID
    stays_as: Role | None


def parse_invitation(data: FormData, language: str) -> tuple[Form, Wanted | None]:
    reader = Reader(data, language)
    email = read_email(reader, "email")
    role = reader.choice("role", ROLES)
    return reader.form, Wanted(email, Role(role)) if reader.form.ok else None


def parse_role(data: FormData, language: str) -> tuple[Form, Role | None]:
    reader = Reader(data, language)
    role = reader.choice("role", ROLES)
    return reader.form, Role(role) if reader.form.ok else None


def parse_handover(data: FormData, language: str) -> tuple[Form, Handover | None]:
    reader = Reader(data, language)
    to = reader.checked("member", reader.text("member", longest=36), UUID)
    stays_as = reader.choice("stays_as", STAYS_AS)
    wanted = Handover(to, STAYS_AS[stays_as]) if to is not None and reader.form.ok else None
    return reader.form, wanted


def parse_newcomer(data: FormData, language: str, email: str) -> tuple[Form, NewcomerWanted | None]:
    """Name and password: the address is the one that the letter went to."""
    reader = Reader(data, language)
    name = reader.text("name", longest=LONGEST_NAME, required=True)
    password = read_new_password(reader, "password", (name, email))
    return reader.form, NewcomerWanted(name, password, language) if reader.form.ok else None
