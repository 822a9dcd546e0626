"""What the editor writes on: drafts of invoices, and what is written the same way but is none.

The editor's routes, pages and parts know a desk and never which one: a quote is written with the machinery of invoices.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol
from uuid import UUID

from litestar import Controller

from actions import drafts, einvoice_opinions, plans, quotes
from actions.drafts import Editing, SavedDraft
from domain.draft import Draft
from domain.einvoice.findings import Finding
from domain.party import Party
from domain.preflight import preflight
from domain.privacy.restriction import Operation
from domain.quotes import sending_faults
from domain.refusals import Refusal
from domain.totals import Totals
from models.queries import invoices
from models.queries import plans as stored_plans
from models.queries import quotes as stored_quotes
from models.queries.parties import Buyer, Seller
from models.unit_of_work import Work


class Written(Protocol):
    """A stored draft, of whatever kind."""

    @property
    def id(self) -> UUID: ...

    @property
    def row(self) -> Mapping[str, Any]: ...

    @property
    def lines(self) -> Sequence[Any]: ...

    @property
    def version(self) -> int: ...

    @property
    def is_draft(self) -> bool: ...

    def draft(self) -> Draft: ...

    def totals(self) -> Totals: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """`name` begins the names of its routes and is its folder of templates, `path` begins their addresses. `check` says
    what keeps a draft from leaving the desk; `begin` fills in what only this kind of draft has, when one is opened;
    `remarks` are about it as an e-invoice. `saved_at`: where saving leads, below the place. `writing` is what writing one
    is called where a customer's data is restricted."""

    name: str
    path: str
    save: Callable[[UUID, UUID, Draft, Editing], Awaitable[SavedDraft]]
    stored: Callable[[Work, UUID], Awaitable[Written | None]]
    check: Callable[[Draft, Party, Party | None, date], tuple[Refusal, ...]]
    begin: Callable[[Draft, date], Draft] = lambda draft, _: draft
    has_due_day: bool = False
    saved_at: str = "/edit"
    remarks: Callable[[Draft, Seller, Buyer | None, date], Sequence[Finding]] = lambda *_: ()
    writing: Operation = Operation.DRAFT

    @property
    def page(self) -> str:
        """The template of the editor."""
        return f"{self.name}/edit.html"

    def place(self, draft_id: UUID) -> str:
        """The address of one draft, without a slash at its end."""
        return f"{self.path}/{draft_id}"


class DeskController(Controller):
    """Routes that every desk has, below its path: `at` makes those of one."""

    desk: ClassVar[Desk]
    below: ClassVar[str] = ""

    @classmethod
    def at(cls, desk: Desk) -> type[Controller]:
        return type(cls.__name__, (cls,), {"desk": desk, "path": f"{desk.path}{cls.below}"})


INVOICES = Desk(
    "invoices",
    "/invoices",
    drafts.save,
    invoices.stored,
    preflight,
    has_due_day=True,
    remarks=einvoice_opinions.remarks,
)
QUOTES = Desk(
    "quotes", "/quotes", quotes.save, stored_quotes.stored, sending_faults, quotes.fresh, writing=Operation.QUOTE
)  # fmt: skip
# What leaves this desk is checked when each invoice is issued.
PLANS = Desk(
    "plans", "/plans", plans.save, stored_plans.stored, lambda *_: (), plans.fresh, saved_at="", writing=Operation.PLAN
)  # fmt: skip
