"""From seconds to a table of multiples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.client import Result
from bench.targets import goal_of

MOST_P99, MOST_GROWTH = 3.0, 1.2


@dataclass(frozen=True, slots=True)
class Figure:
    """One target at one size: median seconds, the slow end, and the median in yardsticks of the same run."""

    name: str
    size: int
    clients: int
    p50: float
    p99: float
    in_f: float
    failed: int

    @property
    def spread(self) -> float:
        return self.p99 / self.p50


@dataclass(slots=True)
class Report:
    """Figures as they come in, and what was counted besides: a sentence, and was it as it should be?"""

    figures: list[Figure] = field(default_factory=list)
    notes: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, name: str, size: int, clients: int, result: Result, yard: Sequence[float]) -> None:
        """Take one target's result beside the yardstick's seconds."""
        p50, p99 = median(result.seconds), quantile(result.seconds, 0.99)
        self.figures.append(Figure(name, size, clients, p50, p99, p50 / median(yard), result.failed))

    def note(self, text: str, *, reached: bool = True) -> None:
        self.notes.append((text, reached))

    @property
    def all_reached(self) -> bool:
        return not any(line.startswith("✗") for line in self.lines())

    def lines(self) -> list[str]:
        """The table, one block for each number of clients, then the notes. A ✗ stands before what missed its goal."""
        shown = []
        for clients in sorted({figure.clients for figure in self.figures}):
            here = [figure for figure in self.figures if figure.clients == clients]
            sizes = sorted({figure.size for figure in here})
            shown += ["", f"{'1 client' if clients == 1 else f'{clients} clients'}"]
            shown.append(f"{'':24}" + "".join(f"{f'{size:,} invoices':>35}" for size in sizes))
            shown += [
                _line([figure for size in sizes for figure in here if (figure.name, figure.size) == (name, size)])
                for name in dict.fromkeys(figure.name for figure in here)
            ]
        return [*shown, "", *(f"{' ' if reached else '✗'} {text}" for text, reached in self.notes)]


def _line(found: list[Figure]) -> str:
    last, goal = found[-1], goal_of(found[-1].name)
    growth = last.in_f / found[0].in_f if len(found) > 1 else 0.0
    cells = "".join(f"{one.p50 * 1000:9.2f} ms {one.in_f:6.2f} F  p99 ×{one.spread:4.1f}" for one in found)
    missed = [] if goal is None else _missed(last, goal, growth)
    told = [f"growth {growth:.2f}"] if growth else []
    told += [f"goal {goal:g} F"] if goal else []
    told += [f"missed: {', '.join(missed)}"] if missed else []
    return f"{'✗' if missed else ' '} {last.name:22}{cells}  {'  '.join(told)}"


def _missed(figure: Figure, goal: float, growth: float) -> list[str]:
    faults = {
        "speed": figure.in_f > goal,
        "p99": figure.spread > MOST_P99,
        "growth": growth > MOST_GROWTH,
        f"{figure.failed} failed": figure.failed > 0,
    }
    return [name for name, holds in faults.items() if holds]


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which `part` of all lie."""
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]
