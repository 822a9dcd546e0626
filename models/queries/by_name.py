"""A page of a register in the order of names: which rows, as conditions on the row `s` and the values for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from models.queries.search import Matches, has_words
from models.unit_of_work import Work


def by_name(
    work: Work, table: str, matches: Matches, *, archived: bool, after: UUID | None, limit: int
) -> tuple[str, list[Any]]:
    """The tail of `select ... from <table> s where`, with its values: $1 is the company, $2 the limit.

    The place to go on from is the id of the last row shown, so that no name stands in an address. A place that is not
    there any more ends the list.
    """
    values: list[Any] = [work.organisation_id, limit]

    def place(value: Any) -> str:
        values.append(value)
        return f"${len(values)}"

    conditions = ["s.organisation_id = $1", f"s.archived_at is {'not ' if archived else ''}null"]
    if table == "customer":
        conditions.append("s.restricted_at is null")
    if matches.lows:
        asked = has_words(matches, kind=place(table), lows=place(matches.lows), ends=place(matches.ends))
        conditions.append(asked)
    if matches.ids is not None:
        conditions.append(f"s.id = any({place(matches.ids)}::text[]::uuid[])")
    if after is not None:
        conditions.append(_AFTER.format(table=table, place=place(after)))
    return f"{' and '.join(conditions)} order by s.name_key, s.id limit $2", values


_AFTER = """(s.name_key, s.id) > (
    select last.name_key, last.id from {table} last where last.organisation_id = $1 and last.id = {place}
)"""
