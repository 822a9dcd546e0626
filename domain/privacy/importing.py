"""Bringing a copy of a company's data into a company that is still empty (GDPR Art. 20): what is taken over and how.

Ids, numbers, dates, figures and files stay as they are, so that the history is the same history. What would act by itself
does not: plans rest until somebody starts them here, and nothing that was on its way is sent again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from domain.privacy.accounting import ELSEWHERE
from domain.privacy.classification import Category
from domain.privacy.export import Plan
from domain.privacy.requests import CORRECTABLE, LETTERS, Channel, Identity
from domain.refusals import Refusal, Refused

Row = dict[str, Any]
# A copy of 10,000 invoices with PDF and XML is 143 MB: this is room for some 35,000. It goes to disk as it comes in.
MOST_BYTES = 512 * 1024 * 1024
# Random ids of people of the place where the copy was made: they mean nobody here.
PEOPLE = frozenset(
    {"created_by", "issued_by", "recorded_by", "received_by", "sent_by", "started_by", "begun_by", "lifted_by",
     "made_by", "handled_by", "corrected_by"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """One table that is taken over. `change` mends a row; None leaves it out."""

    table: str
    change: Callable[[Row], Row | None] = lambda row: row


def _ended(*states: str) -> Callable[[Row], Row | None]:
    """Only rows in one of these states: the others are on their way somewhere, and go on where they began."""
    return lambda row: row if row["state"] in states else None


def _document(row: Row) -> Row:
    """What was on its way by e-mail is not sent a second time."""
    return row | {"delivery_state": "none"} if row["delivery_state"] == "queued" else row


def _plan(row: Row) -> Row:
    """A plan that would issue here and there at once rests until somebody starts it."""
    return row | {"state": "paused", "next_on": None} if row["state"] == "active" else row


def _checked(row: Row) -> Row:
    return row | {"check_state": "unavailable"} if row["check_state"] == "waiting" else row


def _request(row: Row) -> Row:
    """A request as the pages read it. A letter that was on its way is not sent a second time, nor to people elsewhere."""
    Identity(row["identity"]), Channel(row["channel"])
    letters = [
        _letter(one) for one in row["letters"] if one["kind"] in LETTERS and (one["sent_at"] or one["problem"])
    ]
    proposed = {name: str(row["proposed"][name]) for name in CORRECTABLE if name in row["proposed"]}
    return row | {"proposed": proposed, "letters": letters}


def _letter(entry: Mapping[str, Any]) -> Row:
    datetime.fromisoformat(entry["at"])
    if entry["sent_at"]:
        datetime.fromisoformat(entry["sent_at"])
    problem = entry["problem"] and str(entry["problem"])
    return {"kind": entry["kind"], "at": entry["at"], "to": None, "sent_at": entry["sent_at"], "problem": problem}


# In an order in which each finds what it points at. Those between stand for themselves: settings, numbers, invoices.
REGISTERS = (Taken("customer"), Taken("customer_credit"), Taken("product"))
INVOICE = Taken("invoice", _document)
AFTER_INVOICES = (
    Taken("invoice_link"),
    Taken("invoice_file"),
    Taken("einvoice"),
    Taken("quote", _document),
    Taken("quote_invoice"),
    Taken("plan", _plan),
    Taken("plan_run", _ended("drafted", "issued", "refused", "skipped")),
    Taken("correction"),
    Taken("legal_hold"),
    Taken("restriction"),
    Taken("restriction_exception"),
    Taken("customer_objection"),
    # Their month goes on here: the company answers, wherever its data lies.
    Taken("customer_request", _request),
    Taken("message", _ended("sent", "failed")),
    Taken("transmission", _ended("delivered", "refused", "fell_back")),
    Taken("supplier_document", _checked),
    Taken("supplier_file"),
)
TAKEN = ("organisation", "number_series", *(one.table for one in REGISTERS), "invoice", "invoice_line",
         "invoice_attachment", "payment",
         *(one.table for one in AFTER_INVOICES))  # fmt: skip
# What a copy of a company holds and does not bring with it, and why: the manifest says so.
STAYS: dict[str, str] = {
    "membership": "who works in a company is decided where the data comes in",
    "invitation": "who is asked to join a company is decided where the data comes in",
    "agreement": "a data-processing agreement is signed with whoever keeps the data: it is signed anew there, and the "
    "old one stays in this copy as proof",
    "customer_copy": "a note that a file was made, which lay where the copy was made",
    "data_import": "a note of what was brought in where the copy was made",
    "customer_pass": "codes of a few minutes, for pages where the copy was made",
    "company_notice": "what the one who kept the data had to tell the company",
    "audit_event": "a hash-chained trail that only proves something where it was written; a new one begins",
    "audit_head": "the end of that trail",
}
_DECIMAL = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,12})?", re.ASCII)
_HEX = re.compile(r"([0-9a-f]{2}){0,64}", re.ASCII)
_READERS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str) and "\0" not in value,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63,
    "decimal": lambda value: isinstance(value, str) and _DECIMAL.fullmatch(value) is not None,
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: bool(date.fromisoformat(value)),
    "moment": lambda value: datetime.fromisoformat(value).tzinfo is not None,
    "id": lambda value: bool(UUID(value)),
    "hash": lambda value: isinstance(value, str) and _HEX.fullmatch(value) is not None,
    "data": lambda value: True,
    "list": lambda value: isinstance(value, list),
}


def checked(row: Any, plan: Plan) -> Row:
    """The row when each of its values is what the schema of its file says. Raises Refused with `import.row`."""
    known = {source.column: source for source in plan.columns}
    try:
        wrong = [
            name
            for name, value in row.items()
            if not (known[name].is_nullable if value is None else _READERS[known[name].kind](value))
        ]
    except (AttributeError, KeyError, TypeError, ValueError):
        wrong = [""]
    if wrong:
        raise Refused(Refusal("import.row", None, {"file": f"data/{plan.name}.json"}))
    found: Row = row
    return found


def settings_in(plan: Plan) -> frozenset[str]:
    """The columns of a company that are its settings. Keys and states stay as they are here: above all whether its
    deletion has begun."""
    return frozenset(one.column for one in plan.columns if one.known.category is not Category.TECHNICAL)


def without_strangers(row: Row, person_id: UUID) -> Row:
    """The row without ids of people who are not the one that brings it."""
    mine = str(person_id)
    return {name: None if name in PEOPLE and value != mine else value for name, value in row.items()}


def check_sums(row: Mapping[str, Any]) -> None:
    """An issued document's VAT groups are what it comes to: the VAT report adds them. Raises Refused."""
    groups = row["vat_groups"]
    try:
        base = sum((Decimal(group["base"]) for group in groups), Decimal(0))
        vat = sum((Decimal(group["vat"]) for group in groups), Decimal(0))
        adds_up = (base, vat) == (Decimal(row["net"]), Decimal(row["vat"])) and base + vat == Decimal(row["gross"])
    except (ArithmeticError, KeyError, TypeError, ValueError):
        adds_up = False
    if not adds_up:
        raise Refused(Refusal("import.sums", None, {"number": str(row["number"])[:20]}))


class Numbers:
    """The numbers of the issued documents, and whether each series is whole."""

    def __init__(self, ledger: Iterable[Mapping[str, Any]], first_number: int) -> None:
        self._first = first_number
        self._last = {(row["series"], row["year"]): int(row["last"]) for row in ledger}
        self._seen: dict[tuple[str, int], list[tuple[int, str]]] = {}

    def add(self, row: Mapping[str, Any]) -> None:
        key = (row["series"], row["series_year"])
        self._seen.setdefault(key, []).append((int(row["counter"]), row["issued_on"]))

    def check(self, today: date) -> None:
        """A number may be missing only where the document after it is so old that its neighbours may be deleted
        (bokføringsforskriften § 5-1-3 and bokføringsloven § 13). Raises Refused with `import.numbers_missing`."""
        for key, seen in self._seen.items():
            counters = sorted(seen)
            last = self._last.get(key)
            if last is None or counters[-1][0] != last:
                raise _missing(last or counters[-1][0])
            first = self._first if key == ("invoice", 0) else 1
            for (before, _), (number, issued_on) in pairwise([(first - 1, ""), *counters]):
                if number != before + 1 and not _is_old(date.fromisoformat(issued_on), today):
                    raise _missing(before + 1)


def _is_old(issued_on: date, today: date) -> bool:
    shortest = 5
    assert shortest <= ELSEWHERE.years
    return issued_on.year + shortest < today.year


def _missing(number: int) -> Refused:
    return Refused(Refusal("import.numbers_missing", None, {"number": str(number)}))
