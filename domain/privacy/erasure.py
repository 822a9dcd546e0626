"""The deletion of an account or a company: what goes, what gets a pseudonym, what the law keeps and until when.

Everything is read from the data map, so a table that is added to it is deleted by that alone (GDPR Art. 17; the limit is
Art. 17(3)(b), which in Norway means bokføringsloven § 13).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from domain.marking import N_
from domain.privacy.accounting import Law, kept_until, law_of
from domain.privacy.classification import Erase
from domain.privacy.register import Register
from domain.privacy.words import table_words

# So long one can change one's mind.
COOLING_OFF = timedelta(days=14)


class Fate(StrEnum):
    """What becomes of rows when an account or a company is deleted: HELD is kept because the law says so."""

    DELETED = "deleted"
    PSEUDONYMISED = "pseudonymised"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Part:
    """A table, or those of its rows that `condition` (SQL) picks out. `day` is the SQL of the day that a hold is
    counted from; without one, a held part goes with the documents it belongs to. `fixed` is the column with the last day
    as it was set when the row was made, which no later change of country shortens."""

    name: str
    table: str
    fate: Fate
    condition: str = ""
    day: str = ""
    fixed: str = ""


_RESTRICTED = "select id from customer where organisation_id = $1 and restricted_at is not null"
# Tables of which some rows go and others stay: first what goes.
MIXED: dict[str, tuple[Part, ...]] = {
    # Whose data is restricted may need it, so it waits until that is lifted (Art. 18(1)(b), (c)).
    "customer": (
        Part("customer", "customer", Fate.DELETED, "restricted_at is null"),
        Part("restricted_customer", "customer", Fate.HELD, "restricted_at is not null"),
    ),
    "restriction": (
        Part("restriction", "restriction", Fate.DELETED, "lifted_at is not null"),
        Part("standing_restriction", "restriction", Fate.HELD, "lifted_at is null"),
    ),
    "correction": (
        Part("correction", "correction", Fate.DELETED, f"customer_id is null or customer_id not in ({_RESTRICTED})"),
        Part("held_correction", "correction", Fate.HELD, f"customer_id in ({_RESTRICTED})"),
    ),
    "invoice": (
        Part("draft", "invoice", Fate.DELETED, "state = 'draft'"),
        Part("issued", "invoice", Fate.HELD, "state <> 'draft'", "issued_on", "kept_until"),
    ),
    "payment": (Part("payment", "payment", Fate.HELD, "", "paid_on"),),
    "quote": (
        Part("quote", "quote", Fate.DELETED, "answer is distinct from 'accepted' and state <> 'invoiced'"),
        Part(
            "agreed_quote", "quote", Fate.HELD, "answer = 'accepted' or state = 'invoiced'",
            "(coalesce(answered_at, sent_at, created_at) at time zone "
            "(select o.time_zone from organisation o where o.id = quote.organisation_id))::date",
        ),
    ),
    "supplier_document": (
        Part("removed_document", "supplier_document", Fate.DELETED, "deleted_at is not null"),
        Part(
            "supplier_document", "supplier_document", Fate.HELD, "deleted_at is null",
            "coalesce(issued_on, received_at::date)",
        ),
    ),
}  # fmt: skip
# Held with the documents they are about, and left when those go: counters and sums, which name nobody.
ANONYMOUS = frozenset({"number_series", "state_sum", "due_sum", "month_sum", "vat_sum"})
WORDS: dict[str, str] = {
    "restricted_customer": N_("Customers whose data is restricted"),
    "standing_restriction": N_("Restrictions that stand"),
    "held_correction": N_("Corrections of customers whose data is restricted"),
    "draft": N_("Drafts of invoices"),
    "issued": N_("Issued invoices and credit notes"),
    "agreed_quote": N_("Quotes that were accepted"),
    "removed_document": N_("Received invoices that you took out of the inbox"),
}
# The steps of a deletion that are no part of the data map.
STEPS: dict[str, str] = {
    "copies": N_("Copies of the data that were asked for"),
    "contacts": N_("Documents from which e-mail and phone were taken"),
    "quote_pages": N_("Pages of quotes that were closed"),
    "files": N_("Files on disk"),
    "membership": N_("Memberships in companies"),
    "invited": N_("Invitations to companies of others"),
    "emptied.customer": N_("Customers on kept documents, emptied"),
    "emptied.product": N_("Products on kept documents, emptied"),
    "emptied.supplier_document": N_("Received invoices from which the sender's address was taken"),
}
_FATES = {Erase.DELETE: Fate.DELETED, Erase.PSEUDONYMISE: Fate.PSEUDONYMISED, Erase.HOLD: Fate.HELD}


def part_words(name: str) -> str:
    """A msgid."""
    return WORDS.get(name) or table_words(name)


def step_words(name: str) -> str:
    """A msgid for a step of a deletion, as a certificate names it."""
    return STEPS.get(name) or part_words(name.removeprefix("emptied."))


def fate_of(register: Register, table: str) -> Fate | None:
    """What becomes of the table's rows: the mildest that the map says of a column. None when they name nobody."""
    found = {_FATES.get(field.known.erase) for field in register.fields if field.table == table}
    return next((fate for fate in (Fate.PSEUDONYMISED, Fate.HELD, Fate.DELETED) if fate in found), None)


def parts_of(register: Register, tables: Iterable[str]) -> tuple[Part, ...]:
    """What there is to delete, to rename and to keep in these tables, in their order."""
    found: list[Part] = []
    for table in tables:
        fate = fate_of(register, table)
        if fate is not None:
            found += MIXED.get(table, (Part(table, table, fate),))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Line:
    """How many rows of a part there are, and the last day on which those that stay must be there."""

    name: str
    fate: Fate
    count: int
    until: date | None = None


def lines_of(
    parts: Iterable[Part],
    counts: Mapping[str, int],
    months: Mapping[str, Iterable[date]],
    country: str,
    year_ends: int,
    fixed: Mapping[str, date] = MappingProxyType({}),
) -> tuple[Line, ...]:
    """The lines with something in them. `months` has, for each held part, a day of each month that it has rows of,
    `fixed` the last day that its rows have themselves."""
    ends: dict[str, date | None] = dict(fixed)
    for name in months.keys() - fixed.keys():
        ends[name] = max((kept_until(day, country, year_ends) for day in months[name]), default=None)
    last = max((end for end in ends.values() if end is not None), default=None)
    return tuple(
        Line(part.name, part.fate, counts[part.name], ends.get(part.name, last) if part.fate is Fate.HELD else None)
        for part in parts
        if counts.get(part.name)
    )


@dataclass(frozen=True, slots=True)
class Order:
    """An order to keep that stands: `on` is the number or name of what it is on, empty for a period; `by` who ordered it.
    Without `until` it stands until it is lifted."""

    id: UUID
    scope: str
    on: str
    from_day: date | None
    to_day: date | None
    basis: str
    reason: str
    by: str
    made_at: datetime
    until: date | None


class Ending(StrEnum):
    """What becomes of a company when one of its members deletes their account."""

    CLOSES = "closes"  # nobody else is in it
    LEAVES = "leaves"  # others own it
    BLOCKS = "blocks"  # others are in it, and nobody of them owns it


def ending_of(role: str, others: int, other_owners: int) -> Ending:
    """`others` and `other_owners` stay; who is about to leave is not counted."""
    if others == 0:
        return Ending.CLOSES
    return Ending.BLOCKS if role == "owner" and other_owners == 0 else Ending.LEAVES


@dataclass(frozen=True, slots=True)
class CompanyPlan:
    """`version` moves with everything that is noted in the company's audit trail."""

    id: UUID
    name: str
    ending: Ending
    others: int
    version: int
    country: str
    lines: tuple[Line, ...]
    # While one stands, the company can not be closed: what is ordered to be kept is evidence (GDPR Art. 17(3)(e)).
    orders: tuple[Order, ...] = ()

    @property
    def law(self) -> Law:
        return law_of(self.country)

    def of(self, fate: str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.fate == fate)

    @property
    def kept_until(self) -> date | None:
        return max((line.until for line in self.lines if line.until), default=None)


@dataclass(frozen=True, slots=True)
class Plan:
    """`name` is what must be typed to confirm: the address of the account, the name of the company."""

    kind: str  # account | company
    name: str
    lines: tuple[Line, ...]
    companies: tuple[CompanyPlan, ...]

    @property
    def closing(self) -> tuple[CompanyPlan, ...]:
        return tuple(company for company in self.companies if company.ending is Ending.CLOSES)

    @property
    def leaving(self) -> tuple[CompanyPlan, ...]:
        return tuple(company for company in self.companies if company.ending is Ending.LEAVES)

    @property
    def blocking(self) -> tuple[CompanyPlan, ...]:
        return tuple(company for company in self.companies if company.ending is Ending.BLOCKS)

    @property
    def held(self) -> tuple[CompanyPlan, ...]:
        """Those that would close, but for an order to keep."""
        return tuple(company for company in self.closing if company.orders)

    @property
    def fingerprint(self) -> str:
        """The same as long as nothing changed. What changes by itself while somebody reads, such as sign-ins, is not
        in it; nor is the copy of the data that the page offers to take first."""
        seen = [
            [str(company.id), company.name, company.ending, company.others, company.version,
             [[line.name, line.count, str(line.until)] for line in company.lines]]
            for company in self.companies
        ]  # fmt: skip
        return hashlib.sha256(json.dumps([self.kind, self.name, seen]).encode()).hexdigest()


def pseudonym(random: bytes) -> str:
    """What a former user is called from then on: one for each, so that two of them stay two (P-24)."""
    return f"deleted-{random.hex()[:8]}"


def canonical(certificate: Mapping[str, Any]) -> bytes:
    """The bytes of a certificate that are hashed and signed: the same however it was laid out when it was saved."""
    return json.dumps(certificate, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
