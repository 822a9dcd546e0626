"""Who is asking. The session middleware finds out once; everything below is told explicitly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar.connection import ASGIConnection

from domain.access import Role

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, and the company they act for at the moment, if any."""

    person_id: UUID
    name: str
    email: str
    language: str
    session_hash: bytes
    csrf_token: str
    organisation_id: UUID | None
    organisation_name: str | None
    role: Role | None
    authenticated_at: datetime
    # Up to which day the person has confirmed to have read changes of policy and terms.
    policies_read_until: date = date.max
    # Of those who run the installation. It opens the operator's desks and no company's data.
    is_operator: bool = False
    # The account's answers to what is optional (domain.consent.body), and whether it objects; where something is.
    consents: str | None = None
    objects: bool = False
    # When the account is deleted, if its owner asked for that: until then it can only be called off.
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person acting for a company: what an action needs to know of them."""

    person_id: UUID
    organisation_id: UUID
    role: Role
    name: str
    language: str


def actor_of(connection: Connection) -> Actor | None:
    """The signed-in person, or None for a visitor."""
    actor: Actor | None = connection.scope.get("state", {}).get("actor")
    return actor


def member_of(connection: Connection) -> Member:
    """The person and company. Only for handlers behind the `member` guard."""
    actor = actor_of(connection)
    assert actor is not None and actor.organisation_id is not None and actor.role is not None
    return Member(actor.person_id, actor.organisation_id, actor.role, actor.name, actor.language)
