"""The processor's record for whoever runs the server: `python -m tasks.instance tasks.processing_record > record.csv`.

One line for each company (GDPR Art. 30(2)); `--json` for machines. It is personal data: keep it as such.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import msgspec

from actions import instance
from actions.processing_record import record
from domain.cells import safe_text
from domain.settings import Settings, SettingsError, from_env
from models.engine import close_pool, open_pool

CHECKOUT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the record to the output, line by line."""
    parser = argparse.ArgumentParser(prog="python -m tasks.processing_record", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object on each line instead of CSV")
    options = parser.parse_args(arguments)
    try:
        settings = from_env(os.environ, CHECKOUT)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    asyncio.run(_run(settings, sys.stdout, as_json=options.json))
    return 0


async def _run(settings: Settings, out: TextIO, *, as_json: bool) -> None:
    instance.begin(settings)
    await open_pool(settings.database_url or "", 2)
    try:
        await write(out, as_json=as_json)
    finally:
        await close_pool()


async def write(out: TextIO, *, as_json: bool) -> None:
    """All lines, few of them in memory at a time."""
    table = csv.writer(out)
    is_first = True
    async for line in record():
        if as_json:
            out.write(msgspec.json.encode(line).decode() + "\n")
            continue
        if is_first:
            table.writerow(line)
            is_first = False
        table.writerow([safe_text(value) for value in line.values()])


if __name__ == "__main__":
    raise SystemExit(main())
