"""Drafts for tests of actions: said once, so that a test states only what differs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from actions import drafts
from actions.drafts import Editing
from actions.invoices import Issuance, issue
from domain.dates import today_in
from domain.draft import Draft, DraftLine
from models.ids import new_id
from tests.world import Company

# In the zone of the companies that tests make, where it is tomorrow late in the evening.
ZONE = "Europe/Oslo"
TODAY = today_in(ZONE, datetime.now(UTC))


def turn_the_page() -> None:
    """When the run has gone past midnight, TODAY is the new day for every module that imported it."""
    before, day = TODAY, today_in(ZONE, datetime.now(UTC))
    if day != before:
        for module in list(sys.modules.values()):
            if getattr(module, "TODAY", None) is before:
                module.__dict__["TODAY"] = day


def line(price: str = "99.99", quantity: str = "1", treatment: str = "standard", discount: str = "0") -> DraftLine:
    return DraftLine(new_id(), "Rådgivning", Decimal(quantity), "HUR", Decimal(price), Decimal(discount), treatment)


def draft(customer_id: UUID | None, *lines: DraftLine, **values: Any) -> Draft:
    given = {"id": new_id(), "delivery_from": TODAY, **values}
    return Draft(customer_id=customer_id, lines=lines or (line(),), **given)


def first_save() -> Editing:
    return Editing(0, new_id())


async def saved(company: Company, customer_id: UUID | None, *lines: DraftLine, **values: Any) -> Draft:
    made = draft(customer_id, *lines, **values)
    await drafts.save(company.id, company.person_id, made, first_save())
    return made


async def issued(
    company: Company, customer_id: UUID, *lines: DraftLine, send: bool = False, **values: Any
) -> Issuance:
    made = await saved(company, customer_id, *lines, **values)
    return await issue(company.id, company.person_id, made.id, None, None, send)
