"""Ids are UUIDv7, made in the app: ordered by time, so that new rows land together in an index."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()


def id_in(text: str) -> UUID | None:
    """The id that somebody sent, or None when it is none."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None


def id_in_or_new(text: str) -> UUID:
    """The id that a form brought for what it makes, so that a double click makes one; a new one without it."""
    return id_in(text) or new_id()
