"""Which invoices a list shows, as a statement with its values: conditions on the row `s` and where its rows are from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from models.queries.restrictions import CUSTOMER_FREE, INVOICE_FREE
from models.queries.search import LED, Matches, has_words


class Selection:
    """The conditions of a list with their values, numbered as they are added. What is restricted is in no list."""

    def __init__(self, organisation_id: UUID | None, matches: Matches, table: str = "invoice") -> None:
        self.is_cut, self.asks_rows = matches.is_cut, bool(matches.lows)
        self.values: list[Any] = [organisation_id]
        free = INVOICE_FREE if table == "invoice" else CUSTOMER_FREE
        self.conditions = ["s.organisation_id = $1", "s.deleted_at is null", free]
        self.table, self.rows = table, f"{table} s"
        self.order = "s.listed_at desc, s.id desc"
        if matches.lead is not None:
            self._follow(*matches.lead)
        if matches.ids is not None:
            self.add("s.id = any({0}::text[]::uuid[])", matches.ids)
        if matches.lows and not matches.is_cut:
            self.add(has_words(matches, kind="{0}", lows="{1}", ends="{2}"), table, matches.lows, matches.ends)

    def add(self, condition: str, *values: Any) -> None:
        self.conditions.append(self._numbered(condition, values))
        self.values.extend(values)

    def statement(self, columns: str, rest: str, *values: Any) -> tuple[str, list[Any]]:
        """The query with `rest` after its conditions, and its values."""
        conditions, end = " and ".join(self.conditions), self._numbered(rest, values).replace("<order>", self.order)
        return f"select {columns} from {self.rows} where {conditions} {end}", [*self.values, *values]  # noqa: S608

    def _follow(self, low: str, until: str) -> None:
        """Look at the rows of a leading word only, in its order."""
        values = (self.table, low, until)
        self.rows = f"{self._numbered(_LED, values)} led cross join lateral ({_OF_LED.format(table=self.table)}) s"
        self.order = "led.listed_at desc, led.id desc"
        self.values.extend(values)

    def _numbered(self, text: str, values: tuple[Any, ...]) -> str:
        return text.format(*(f"${len(self.values) + n}" for n in range(1, len(values) + 1)))


_LED = LED.format(kind="{0}", low="{1}", until="{2}")
_OF_LED = "select * from {table} i where i.organisation_id = $1 and i.id = led.id offset 0"
