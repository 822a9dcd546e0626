"""How long a PDF takes: `python -m bench.pdf`, and the last lines of `bin/bench`.

Milliseconds for 10 and 200 lines, warm: in this process (drawing alone, and its processor time), and through the pool
(as a job waits for it), with how long the event loop was kept from other work meanwhile. A fixed amount of plain
Python stands beside them, because milliseconds on a busy machine say more about the machine.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from domain.invoice import Issued, issue
from domain.kid import invoice_kid
from tasks.gateways.pdf import PdfPool
from tasks.gateways.pdf_render import render_document
from tasks.gateways.pdf_view import view_of
from tests.domain.sample import ACCOUNT, BUYER, SELLER, TODAY, draft, line

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bench.report import Report

RUNS = {10: 60, 200: 20}
GOALS = {10: 60.0, 200: 500.0}
LOOP_GOAL = 5.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What was done, each run in milliseconds, and what it should be at most, if anything."""

    name: str
    taken: list[float]
    goal: float | None = None

    @property
    def reached(self) -> bool:
        return self.goal is None or median(self.taken) <= self.goal

    def __str__(self) -> str:
        goal = "" if self.goal is None else f"   goal {self.goal:.0f}"
        return f"PDF: {self.name:34}{median(self.taken):8.1f} ms, at best {min(self.taken):.1f}{goal}"


def main() -> None:
    for measured in measures():
        print("✓" if measured.reached else "✗", measured, flush=True)


def add_to(report: Report) -> None:
    """Measure, and tell the report of `bin/bench`."""
    for measured in measures():
        report.note(str(measured), reached=measured.reached)


def measures() -> Iterator[Measured]:
    gc.collect()
    gc.freeze()
    yield Measured("plain Python, for comparison", [timed(plain_work) for _ in range(40)])
    for lines, runs in RUNS.items():
        view = view_of(invoice(lines))
        render_document(view)
        taken = [drawn(lambda view=view: render_document(view)) for _ in range(runs)]  # type: ignore[misc]
        yield Measured(f"{lines} lines, drawn", [wall for wall, _ in taken], GOALS[lines])
        yield Measured(f"{lines} lines, processor time", [processor for _, processor in taken])
    yield from asyncio.run(through_the_pool())


async def through_the_pool() -> list[Measured]:
    pool = PdfPool(1)
    begun = time.perf_counter()
    await pool.start()
    found = [Measured("a worker, started", [since(begun)])]
    try:
        for lines, runs in RUNS.items():
            document = view_of(invoice(lines)).to_bytes()
            await pool.render(document)
            async with watching() as late:
                taken = [await waited(pool, document) for _ in range(runs)]
            found.append(Measured(f"{lines} lines, through the pool", taken, GOALS[lines]))
            # The few that came latest waited for the machine, not for us.
            found.append(
                Measured(f"{lines} lines, event loop kept (p99)", [sorted(late)[len(late) * 99 // 100]], LOOP_GOAL)
            )
    finally:
        await pool.close()
    return found


async def waited(pool: PdfPool, document: bytes) -> float:
    begun = time.perf_counter()
    await pool.render(document)
    return since(begun)


@asynccontextmanager
async def watching() -> AsyncIterator[list[float]]:
    """How much later than asked each wake-up came, in milliseconds."""
    late: list[float] = []

    async def watch() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.001)
            late.append(since(begun) - 1)

    task = asyncio.create_task(watch())
    yield late
    task.cancel()


def drawn(work: Callable[[], object]) -> tuple[float, float]:
    processor = time.process_time()
    wall = timed(work)
    return wall, (time.process_time() - processor) * 1000


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return since(begun)


def since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


def plain_work() -> int:
    return sum(len(str(number)) for number in range(50_000))


def invoice(lines: int) -> Issued:
    """A believable invoice: three rates, half hours, a name of usual length."""
    names = ("Prosjektledelse, uke", "Utvikling av kundeportal – analyse og design", "Reise Bergen–Oslo", "Lisens")
    typed = (
        line(
            number=number,
            description=f"{names[number % 4]} {number}",
            quantity=Decimal(number % 9 + 1) / 2,
            unit_price=Decimal("1250.50"),
            treatment=("standard", "standard", "low", "zero")[number % 4],
        )
        for number in range(1, lines + 1)
    )
    written = draft(*typed, your_reference="Kari Nordmann", our_reference="Ola", note="Takk for oppdraget!")
    return issue(written, SELLER, BUYER, TODAY, 1042, 2026, invoice_kid(0, 1042, 13), ACCOUNT)


if __name__ == "__main__":
    main()
