"""Ids are UUIDv7, made in the app: ordered by time, so that new rows land together in an index."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()
