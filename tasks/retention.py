"""The retention run by hand: `python -m tasks.instance tasks.retention --dry-run` tells what a night would delete.

`--confirm` lets a step go on that the brake has stopped. The worker does the same every night by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from actions import files, instance
from actions.logs import configure
from actions.retention_run import Line, run
from domain.settings import Settings, SettingsError, from_env
from models.engine import close_pool, open_pool

CHECKOUT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print one line for each step; 1 when the brake stopped one."""
    parser = argparse.ArgumentParser(prog="python -m tasks.retention", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="only count")
    parser.add_argument("--confirm", action="store_true", help="go on where the brake stops")
    options = parser.parse_args(arguments)
    configure()  # what is logged beside it goes elsewhere than the report
    try:
        settings = from_env(os.environ, CHECKOUT)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    lines = asyncio.run(_run(settings, dry_run=options.dry_run, confirmed=options.confirm))
    sys.stdout.write(report(lines))
    return 1 if any(line.stopped for line in lines) else 0


async def _run(settings: Settings, *, dry_run: bool, confirmed: bool) -> tuple[Line, ...]:
    instance.begin(settings)
    files.open_store(settings)
    await open_pool(settings.database_url or "", 2)
    try:
        return await run(dry_run=dry_run, confirmed=confirmed)
    finally:
        await close_pool()


def report(lines: Sequence[Line]) -> str:
    """A table for people: step, rule, what is due, of how many, what went."""
    rows = [("step", "rule", "due", "of", "deleted", "")]
    rows += [(line.name, line.rule, f"{line.due}", f"{line.total}", f"{line.gone}", _remark(line)) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows
    )


def _remark(line: Line) -> str:
    if line.stopped:
        return "STOPPED"
    skipped = [f"{word} {rows}" for word, rows in (("restricted", line.restricted), ("held", line.held)) if rows]
    return f"skipped: {', '.join(skipped)}" if skipped else ""


if __name__ == "__main__":
    raise SystemExit(main())
