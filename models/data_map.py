"""The data map: every column of every table with its classification, read from the tables themselves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TypeVar

from piccolo.columns import Column
from piccolo.table import Table

from domain.privacy.classification import Classification
from domain.privacy.register import Register, register_of

C = TypeVar("C", bound=Column)


def mapped(column: C, classification: Classification) -> C:
    """Declare a column together with its place in the data map. Piccolo copies the column, mark included."""
    column.classification = classification  # type: ignore[attr-defined]
    return column


def classification_of(column: Column) -> Classification | None:
    """The column's place in the data map, or None when somebody forgot it (CI fails on that)."""
    return getattr(column, "classification", None)


def data_map(tables: tuple[type[Table], ...]) -> Iterator[tuple[str, str, Classification | None]]:
    """(table, column, classification) for every column of the given tables."""
    for table in tables:
        for column in table._meta.columns:
            yield table._meta.tablename, column._meta.db_column_name, classification_of(column)


@cache
def register() -> Register:
    """The data map of the running schema. Computed once: tables do not change while a process runs."""
    # Imported here: the list of tables imports the tables, and they import this module.
    from models.tables import TABLES

    return register_of(data_map(TABLES))
