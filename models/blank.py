"""A row without its content: what is written into the columns of a row that must stay because others refer to it."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from domain.privacy.classification import Erase
from models.data_map import classification_of
from models.tables import TABLES

# Words from a short list that the database insists on; by themselves they name nobody.
KEPT = {
    # Its name is the pseudonym's place, or empty: whoever empties the row says so.
    "customer": {"kind", "name", "name_key", "archived_at"},
    "product": {"unit", "vat_treatment", "supply"},
    "quote": {"answer", "answered_at", "valid_until", "sent_at"},
}


@cache
def blank(table: str) -> dict[str, Any]:
    """Column -> what takes the place of its content: nothing where that is allowed, else what a new row begins with.
    Moments that must be there stay: they name nobody."""
    (known,) = (one for one in TABLES if one._meta.tablename == table)
    found: dict[str, Any] = {}
    for column in known._meta.columns:
        name, classified = column._meta.db_column_name, classification_of(column)
        if classified is None or classified.erase is not Erase.DELETE or name in KEPT.get(table, ()):
            continue
        default = None if column._meta.null else column._meta.params.get("default")
        if column._meta.null or isinstance(default, str | int | Decimal):
            found[name] = default
    return found


def blanking(table: str, condition: str, first: int, **others: Any) -> tuple[str, list[Any]]:
    """SQL that empties the rows for which `condition` holds and that are not empty yet, with its values from the place
    `first` on. `others` are written too."""
    values = {**blank(table), **others}
    places = {name: f"${n}" for n, name in enumerate(values, start=first)}
    sets = ", ".join(f"{name} = {place}" for name, place in places.items())
    differs = ", ".join(name for name in places)
    return (
        f"update {table} set {sets} where {condition} "  # noqa: S608 - names of our own columns
        f"and ({differs}) is distinct from ({', '.join(places.values())})",
        list(values.values()),
    )
