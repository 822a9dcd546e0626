"""Rows written with COPY, the quickest way into a table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from actions.search_words import chosen


class Rows:
    """Rows of one table, each given with the same columns."""

    def __init__(self) -> None:
        self.columns: tuple[str, ...] = ()
        self.records: list[tuple[Any, ...]] = []

    def add(self, **values: Any) -> None:
        if not self.columns:
            self.columns = tuple(values)
        self.records.append(tuple(values.values()))


async def copy(connection: Any, table: str, rows: Rows) -> None:
    """Write the rows; columns that are not named get their default."""
    if rows.records:
        await connection.copy_records_to_table(table, records=rows.records, columns=list(rows.columns))


def word_rows(
    rows: Rows, company_id: UUID, kind: str, subject_id: UUID, listed_at: datetime, texts: Iterable[str]
) -> None:
    """The search words of one subject, chosen as actions.search_words.index does."""
    for word in chosen(texts):
        rows.add(organisation_id=company_id, kind=kind, word=word, listed_at=listed_at, subject_id=subject_id)
