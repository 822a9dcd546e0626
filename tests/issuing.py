"""A company whose invoices are issued through the app's own actions, for tests that begin where issuing ends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from actions import invoices
from actions.drafts import Editing
from actions.drafts import save as save_draft
from domain.invoice import Draft, DraftLine
from domain.settings import Settings
from models.ids import new_id
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import TODAY
from tests.world import Company, World


@dataclass(frozen=True, slots=True)
class Shop:
    """One company and what a test asks about its deliveries."""

    world: World
    company: Company

    @property
    def id(self) -> UUID:
        return self.company.id

    async def draft(
        self, email: str = "post@nordlys.example", language: str = "nb", *, to_business: bool = True
    ) -> Draft:
        """A complete draft of 1 250 NOK, not saved."""
        who = {} if to_business else {"kind": "consumer", "organisation_number": ""}
        customer_id = await self.world.customer(self.company, email=email, **who)
        line = DraftLine(new_id(), "Tegning av logo", Decimal(10), "HUR", Decimal("100"), Decimal(0), "standard")
        return Draft(new_id(), customer_id, language=language, delivery_from=TODAY, lines=(line,))

    async def saved_draft(self) -> UUID:
        draft = await self.draft()
        await save_draft(self.id, self.company.person_id, draft, Editing(0, new_id()))
        return draft.id

    async def issue(
        self,
        *,
        send: bool = True,
        email: str = "post@nordlys.example",
        language: str = "nb",
        to_business: bool = True,
    ) -> UUID:
        """An issued invoice; with `send` its e-mail is queued."""
        draft = await self.draft(email, language, to_business=to_business)
        editing = Editing(0, new_id())
        issuance = await invoices.issue(self.id, self.company.person_id, draft.id, draft, editing, send)
        assert issuance.number is not None, issuance.refusals
        return issuance.invoice_id

    async def messages(self, invoice_id: UUID) -> list[Mapping[str, Any]]:
        """The e-mails about the invoice, oldest first."""
        statement = "select * from message where organisation_id = $1 and invoice_id = $2 order by queued_at, id"
        async with reading(self.id) as work:
            return list(await work.connection.fetch(statement, self.id, invoice_id))

    async def message(self, invoice_id: UUID) -> Mapping[str, Any]:
        (message,) = await self.messages(invoice_id)
        return message

    async def delivery_state(self, invoice_id: UUID) -> str:
        statement = "select delivery_state from invoice where organisation_id = $1 and id = $2"
        async with reading(self.id) as work:
            return str(await work.connection.fetchval(statement, self.id, invoice_id))

    async def events(self, invoice_id: UUID) -> list[str]:
        statement = "select action from audit_event where organisation_id = $1 and subject_id = $2 order by seq"
        async with reading(self.id) as work:
            return [row["action"] for row in await work.connection.fetch(statement, self.id, invoice_id)]

    async def jobs(self) -> list[tuple[str, dict[str, str]]]:
        """The queued jobs of this company, as (name, payload)."""
        async with unit_of_work(None) as work:
            rows = await work.connection.fetch("select entrypoint, payload from pgqueuer order by id")
        jobs = [(row["entrypoint"], json.loads(row["payload"])) for row in rows]
        return [(name, payload) for name, payload in jobs if payload.get("organisation_id") == str(self.id)]


@asynccontextmanager
async def open_shop(settings: Settings, **columns: Any) -> AsyncIterator[Shop]:
    """A company of its own for one test. Needs the pool, not the web app."""
    world = World(None, settings)
    try:
        yield Shop(world, await world.company(**columns))
    finally:
        await world.close()
