"""`python -m bench.validation`: what the rules of e-invoices add to an issue, and how long the editor's live totals take.

Each invoice says something that was never issued before, so no answer is known; the three ways take turns, in random
order: without the official rules, with them asked at the issue, and with them asked while the draft was saved. The live
totals are what an editor that saved before answers when one line changes. All goes
through the whole app in this process, routes and database included, so the differences are what the rules cost.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import shutil
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import asyncpg
import httpx

from actions import einvoice_opinions, files, logs
from actions import instance as settings_of
from actions.sessions import start_session
from app import build
from bench import company as companies
from bench.company import Bench
from bench.instance import Instance, instance
from domain.access import Role
from models.engine import close_pool, open_pool
from models.ids import new_id
from tasks.instance import CHECKOUT
from tasks.judge import ValidatorJudge, open_judge

WAYS = ("without the rules", "asked at the issue", "asked before")
MOST_ADDED, MOST_TOTALS = 25.0, 10.0  # ms
SETTLING = 0.15  # seconds: what was begun beside the request before is done
FIRST = 10  # rounds that warm everything up


@dataclass(slots=True)
class Editor:
    """One company's owner at the editor."""

    client: httpx.AsyncClient
    company: Bench
    csrf_token: str
    took: dict[str, list[float]] = field(default_factory=dict)

    def form(self, ids: list[UUID], editor: UUID, number: str, quantity: str = "3") -> str:
        """The whole form with these lines, the last of them of `quantity`; `number` makes it an invoice that nobody has
        seen."""
        fields = {
            "_csrf_token": self.csrf_token, "version": "0", "send": "1", "editor": str(editor), "order_number": number,
            "customer_id": str(self.company.customers[0].id), "currency": "NOK", "language": "nb", "due_days": "14",
            "delivery_from": "2026-01-15", "your_reference": "Ola Nordmann",
        }  # fmt: skip
        for index, line_id in enumerate(ids):
            product_id, name, unit, price, treatment = self.company.products[index % len(self.company.products)]
            values = {
                "id": str(line_id), "product_id": str(product_id), "description": name, "unit": unit,
                "treatment": treatment, "quantity": quantity if line_id == ids[-1] else "3",
                "unit_price": str(price).replace(".", ","),
            }  # fmt: skip
            fields |= {f"lines.{index}.{name}": value for name, value in values.items()}
        return urlencode(fields)

    async def post(self, name: str, path: str, body: str, status: int, **headers: str) -> None:
        began = time.perf_counter()
        answer = await self.client.post(path, content=body, headers=headers)
        self.took.setdefault(name, []).append(1000 * (time.perf_counter() - began))
        if answer.status_code != status:
            raise RuntimeError(f"{path} answered {answer.status_code}")

    async def issue(self, way: str, lines: int, number: str, judge: ValidatorJudge) -> None:
        einvoice_opinions.use(None if way == WAYS[0] else judge)
        invoice_id, editor = new_id(), new_id()
        ids = [new_id() for _ in range(lines)]
        body = self.form(ids, editor, number)
        if way == WAYS[2]:
            await self.save(invoice_id, self.form(ids, editor, number, "2"), f"first save of {lines} lines")
            await asyncio.sleep(SETTLING)
            await self.save(invoice_id, body, f"totals of {lines} lines")
            await asyncio.sleep(SETTLING)
        await self.post(f"{way}, {lines} lines", f"/invoices/{invoice_id}/issuance", body, 303)
        await asyncio.sleep(SETTLING)

    async def save(self, invoice_id: UUID, body: str, name: str) -> None:
        """What the editor sends while somebody types, answered with the new totals."""
        await self.post(
            name, f"/invoices/{invoice_id}/draft", body, 200, **{"HX-Request": "true", "HX-Request-Type": "partial"}
        )


def main() -> int:
    """Print the medians; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.validation", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--lines", type=int, nargs="+", default=[3, 20])
    parser.add_argument("--folder", type=Path, default=CHECKOUT / "data" / "bench-validation")
    given = parser.parse_args()
    with instance(given.folder.absolute(), fresh=True) as running:
        missed = asyncio.run(_measure(running, given.rounds, given.lines))
    shutil.rmtree(given.folder)
    return int(missed)


async def _measure(running: Instance, rounds: int, sizes: list[int]) -> bool:
    settings, chance = running.settings, random.Random(1)
    app: Any = build(settings)
    logs.configure(logging.ERROR)
    settings_of.begin(settings)
    files.open_store(settings)
    await open_pool(settings.database_url or "", 4)
    owner = await asyncpg.connect(running.owner_url)
    company = await companies.found(owner, companies.name_for(0), 20, chance)
    started = await start_session(company.person_id, company.id, Role.OWNER, ip="127.0.0.1", browser="Bench")
    headers = {
        "Cookie": f"{started.cookie_name}={started.cookie_value}", "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    transport = httpx.ASGITransport(app=app)
    async with (
        open_judge(settings) as judge,
        httpx.AsyncClient(transport=transport, base_url=settings.public_url, headers=headers) as client,
    ):
        editor = Editor(client, company, started.csrf_token)
        for turn in range(rounds + FIRST):
            if turn == FIRST:
                editor.took.clear()
            for lines in sizes:
                for way in chance.sample(WAYS, len(WAYS)):
                    await editor.issue(way, lines, f"{turn}-{way[:7]}-{lines}", judge)
    await owner.close()
    await close_pool()
    return _told(editor.took, sizes)


def _told(took: dict[str, list[float]], sizes: list[int]) -> bool:
    """Print the figures. Was a goal missed?"""
    medians = {name: statistics.median(times) for name, times in took.items()}
    for name, times in sorted(took.items()):
        quick, slow = (sorted(times)[len(times) * tenths // 10] for tenths in (1, 9))
        print(f"{name}: median {medians[name]:.1f} ms, a tenth under {quick:.1f}, nine tenths under {slow:.1f}")
    missed = False
    for lines in sizes:
        for way in WAYS[1:]:
            added = medians[f"{way}, {lines} lines"] - medians[f"{WAYS[0]}, {lines} lines"]
            share = added / medians[f"{WAYS[0]}, {lines} lines"]
            print(f"the rules add, {way}, {lines} lines: {added:.1f} ms (goal {MOST_ADDED:.0f}), {share:+.0%}")
            missed = missed or added > MOST_ADDED
        totals = medians[f"totals of {lines} lines"]
        print(f"live totals, {lines} lines: {totals:.1f} ms (goal {MOST_TOTALS:.0f})")
        missed = missed or totals > MOST_TOTALS
    return missed


if __name__ == "__main__":
    raise SystemExit(main())
