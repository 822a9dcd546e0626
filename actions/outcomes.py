"""What an action can come to besides being done or refused."""

from __future__ import annotations

from typing import Any


class NotFound(Exception):
    """There is no such thing in this company: unknown and somebody else's look the same."""


class Stale(Exception):
    """Somebody else saved it since it was opened. `stored` is what is saved now."""

    def __init__(self, stored: Any) -> None:
        super().__init__("changed elsewhere")
        self.stored = stored
