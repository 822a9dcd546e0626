"""A column's place in the data map, declared together with the column. `models/register.py` reads them all."""

from __future__ import annotations

from typing import TypeVar

from piccolo.columns import Column

from domain.privacy.classification import Classification

C = TypeVar("C", bound=Column)


def mapped(column: C, classification: Classification) -> C:
    """Declare a column together with its place in the data map. Piccolo copies the column, mark included."""
    column.classification = classification  # type: ignore[attr-defined]
    return column


def classification_of(column: Column) -> Classification | None:
    """The column's place in the data map, or None when somebody forgot it (CI fails on that)."""
    return getattr(column, "classification", None)
