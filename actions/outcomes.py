"""What an action can come to besides being done or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.privacy.restriction import Operation, Scope


class NotFound(Exception):
    """There is no such thing in this company: unknown and somebody else's look the same."""


class SessionOver(Exception):
    """The session that asks ended or got another id meanwhile, as by a second click: nothing is done."""


class Stale(Exception):
    """Somebody else saved it since it was opened. `stored` is what is saved now."""

    def __init__(self, stored: Any) -> None:
        super().__init__("changed elsewhere")
        self.stored = stored


@dataclass(frozen=True, slots=True)
class Restrained:
    """What is restricted (GDPR Art. 18): whose data or which document, and since when. `name` is how pages call it."""

    restriction_id: UUID
    scope: Scope
    subject_id: UUID
    name: str
    since: datetime


class Locked(Exception):
    """The data is restricted, and `operation` is not allowed with it."""

    def __init__(self, what: Restrained, operation: Operation) -> None:
        super().__init__(f"{operation.value} of what is restricted")
        self.what, self.operation = what, operation
