"""What the pages of customers and products share: reading the address of a list, and the parts that htmx asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from domain.access import Permission, may
from models.ids import id_in
from routes.actor import member_of
from routes.flash import SENTENCES, Flash
from routes.pages import Answer, AnyRequest, fragments, page, wants_fragment

PAGE_OF_ROWS = 50
MOST_ROWS = 500
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """What the address of a list asks for: `rows` rows after the row `after`, when `shown` rows come before them."""

    path: str
    query: str
    archived: bool
    after: UUID | None
    shown: int
    rows: int

    def more(self, last: UUID) -> str:
        """The address of the rows after `last`."""
        return self._address(after=str(last), shown=str(self.shown + self.rows))

    @property
    def start(self) -> str:
        """The address of the first page."""
        return self._address()

    @property
    def from_the_start(self) -> str:
        """The address of the list from its first row: what Back returns to after "Show more"."""
        return self._address(rows=str(min(self.shown + self.rows, MOST_ROWS)))

    def _address(self, **also: str) -> str:
        kept = {"q": self.query, "show": "archived" if self.archived else "", **also}
        given = {name: value for name, value in kept.items() if value}
        return f"{self.path}?{urlencode(given)}" if given else self.path


def listing(request: AnyRequest, path: str) -> Listing:
    """The list that is asked for. What can not be read is left out: an address is never an error."""
    asked = request.query_params
    after = id_in(asked.get("after", ""))
    rows = PAGE_OF_ROWS if after else max(PAGE_OF_ROWS, min(_number(asked.get("rows", "")), MOST_ROWS))
    return Listing(
        path=path,
        query=asked.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY],
        archived=asked.get("show") == "archived",
        after=after,
        shown=_number(asked.get("shown", "")) if after else 0,
        rows=rows,
    )


def list_answer(request: AnyRequest, noun: str, asked: Listing, **context: Any) -> Answer:
    """The list as htmx wants it: further rows, the list alone while somebody searches, or the page."""
    context = {"listing": asked, "can_write": can_write(request), **context}
    target = request.headers.get("hx-target", "").rpartition("#")[2] if wants_fragment(request.headers) else ""
    if target == "more":
        answer = fragments(request, f"{noun}/_rows.html", focus=True, **context)
        answer.headers["HX-Replace-Url"] = asked.from_the_start
        return answer
    if target == "list":
        return fragments(request, f"{noun}/list.changes.html", focus=False, **context)
    return page(request, f"{noun}/index.html", focus=False, **context)


def can_write(request: AnyRequest) -> bool:
    """May the reader change anything here?"""
    return may(member_of(request).role, Permission.WRITE)


def flash_with_undo(request: AnyRequest, code: str, undo_action: str) -> Flash | None:
    """The sentence `code` with its way back, when this page was reached by it."""
    return replace(SENTENCES[code], undo_action=undo_action) if request.query_params.get("done") == code else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
