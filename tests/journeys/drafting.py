"""A draft in the editor, for journeys that write in it."""

from __future__ import annotations

import asyncio
import re
from uuid import UUID

from playwright.async_api import Page, Route

from actions.customers import CustomerDetails
from actions.customers import add as add_customer
from models.ids import new_id
from tests.actions.making import line, saved
from tests.journeys.browsing import Visitor
from tests.journeys.conftest import Open
from tests.world import Company, World


async def new_company(world: World) -> tuple[Company, UUID]:
    company, customer_id = await world.company(language="nb"), new_id()
    details = CustomerDetails(
        "business", "Nordlys Kaffe AS", "974760673", email="post@nordlys.example", city="Tromsø"
    )
    await add_customer(company.id, company.person_id, customer_id, details)
    return company, customer_id


async def new_draft(visit: Open, world: World, *prices: str, scripts: bool = True) -> tuple[Visitor, Company, str]:
    """A window with a draft of one line for each price."""
    company, customer = await new_company(world)
    draft = await saved(company, customer, *(line(price) for price in prices))
    window = await visit(company=company, scripts=scripts)
    path = f"/invoices/{draft.id}/edit"
    await window.goto(path)
    return window, company, path


def field_of(page: Page, row: int, name: str) -> str:
    return f"#f-lines-{row}-{name}"


async def values_of(page: Page, name: str) -> list[str]:
    return [await field.input_value() for field in await page.locator(f"[name^='lines.'][name$='.{name}']").all()]


async def hold_back(page: Page, address: str | re.Pattern[str]) -> asyncio.Event:
    """Requests to `address` leave when the event is set."""
    free = asyncio.Event()

    async def hold(route: Route) -> None:
        await free.wait()
        await route.continue_()

    await page.route(address, hold)
    return free
