"""A place in a list, newest first: where the next page begins. It costs the same at row 50 and at row 90,000."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """The row that the page before ended with. As text it goes into an address."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        microseconds = (self.at - _EPOCH) // timedelta(microseconds=1)
        return f"{microseconds}.{self.id.hex}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that `str` wrote, or None when the text is none."""
        microseconds, _, identity = text.partition(".")
        if not (microseconds.isascii() and microseconds.isdigit() and len(microseconds) < 18 and len(identity) == 32):
            return None
        try:
            return cls(_EPOCH + timedelta(microseconds=int(microseconds)), UUID(identity))
        except (ValueError, OverflowError):
            return None

    @classmethod
    def end(cls) -> Place:
        """Before the newest row of any list."""
        return cls(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
