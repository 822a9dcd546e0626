"""The data map of the running schema: every column of every table with its classification."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from piccolo.table import Table

from domain.privacy.classification import Classification
from domain.privacy.register import Register, register_of
from models.data_map import classification_of
from models.tables import TABLES


def data_map(tables: tuple[type[Table], ...]) -> Iterator[tuple[str, str, Classification | None]]:
    """(table, column, classification) for every column of the given tables."""
    for table in tables:
        for column in table._meta.columns:
            yield table._meta.tablename, column._meta.db_column_name, classification_of(column)


@cache
def register() -> Register:
    """The data map of the running schema. Computed once: tables do not change while a process runs."""
    return register_of(data_map(TABLES))
