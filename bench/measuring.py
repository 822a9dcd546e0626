"""The runs at one size: one client, sixteen, and sixteen that issue in one company."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.client import Plan, Target
from bench.company import Bench
from bench.counting import Count
from bench.instance import Instance, run_client
from bench.report import Report
from bench.targets import YARD, Targets

MANY = 16
LEAST_RATE = 130
MOST_STATEMENTS, MOST_BYTES = 6, 30 * 1024
WARMING_UP = 10


@dataclass(frozen=True, slots=True)
class Measuring:
    """One running app with one company of `size` invoices. `rounds` is how often each target is asked for."""

    running: Instance
    headers: dict[str, str]
    size: int
    rounds: int
    report: Report

    async def one_client(self, targets: Targets) -> None:
        """One request at a time, the targets and the yardstick in turn."""
        asked = [YARD, *targets.reading, targets.issuing]
        await run_client(self._plan(asked, WARMING_UP))
        run = await run_client(self._plan(asked, self.rounds))
        for name, result in run.results.items():
            self.report.add(name, self.size, 1, result, run.results[YARD.name].seconds)

    async def many_clients(self, targets: Targets) -> None:
        """Sixteen at once, one target after the other, the yardstick before and after each."""
        rounds = max(self.rounds // 8, 4)
        asked = [YARD, *targets.reading, targets.issuing]
        # Each of the many connections to the database opens, and learns its statements, at its first use.
        await run_client(self._plan(asked, WARMING_UP, MANY))
        before = (await run_client(self._plan([YARD], rounds, MANY))).results[YARD.name]
        self.report.add(YARD.name, self.size, MANY, before, before.seconds)
        for target in [*targets.reading, targets.issuing]:
            run = await run_client(self._plan([target], rounds, MANY))
            after = (await run_client(self._plan([YARD], rounds, MANY))).results[YARD.name]
            yard = [*before.seconds, *after.seconds]
            self.report.add(target.name, self.size, MANY, run.results[target.name], yard)
            before = after

    async def issue_together(self, issuing: Target) -> None:
        """How many invoices a second sixteen clients issue in one company."""
        run = await run_client(self._plan([issuing], max(self.rounds // 4, 8), MANY))
        result = run.results[issuing.name]
        rate = len(result.seconds) / run.took
        self.report.note(
            f"{MANY} clients issuing in one company: {rate:.0f} a second, {result.failed} failed "
            f"(goal {LEAST_RATE}, none)",
            reached=rate >= LEAST_RATE and not result.failed,
        )

    def _plan(self, targets: list[Target], rounds: int, clients: int = 1) -> Plan:
        return Plan(self.running.settings.port, self.headers, targets, rounds, clients)


async def check_numbers(connection: Any, company: Bench, report: Report) -> None:
    """Whatever happened: the numbers run from 1 to the last without a gap."""
    issued, last, series = await connection.fetchrow(_NUMBERS, company.id)
    whole = issued == last == series
    report.note(f"Numbers 1 to {last:,}: {issued:,} invoices, {'no gap' if whole else 'GAPS'}", reached=whole)


def note_counts(counts: list[Count], report: Report) -> None:
    """The sizes and statements of single pages; those of the list have a goal."""
    for count in counts:
        is_list = count.name == "list"
        report.note(
            f"{count.name}: {count.size / 1024:.1f} KiB, {len(count.statements)} statements"
            + (f" (goal {MOST_BYTES // 1024} KiB, {MOST_STATEMENTS})" if is_list else ""),
            reached=not is_list or (count.size <= MOST_BYTES and len(count.statements) <= MOST_STATEMENTS),
        )


_NUMBERS = """
select count(*), max(i.counter), (select last from number_series s where s.organisation_id = $1 and s.year = 0)
from invoice i where i.organisation_id = $1 and i.state <> 'draft'
"""
