"""After a restore, before the app is opened again: `python -m tasks.instance tasks.restore --replay-erasures`.

What was deleted since the backup was taken is deleted again, from the ledger that lies with the documents. Until then
/readyz says that the app is not ready.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from actions import files, instance
from actions.erasure_ledger import count_unknown
from actions.erasure_replay import replay
from domain.settings import Settings, SettingsError, from_env
from models.engine import close_pool, open_pool

CHECKOUT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Say how many deletions the database does not know, and with --replay-erasures carry them out."""
    parser = argparse.ArgumentParser(prog="python -m tasks.restore", description=__doc__)
    parser.add_argument("--replay-erasures", action="store_true", help="carry them out")
    options = parser.parse_args(arguments)
    try:
        settings = from_env(os.environ, CHECKOUT)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    waiting, done = asyncio.run(_run(settings, replays=options.replay_erasures))
    sys.stdout.write(f"{waiting} deletions that the database does not know, {done} of them carried out again.\n")
    return 0 if waiting == done else 1


async def _run(settings: Settings, *, replays: bool) -> tuple[int, int]:
    instance.begin(settings)
    files.open_store(settings)
    await open_pool(settings.database_url or "", 2)
    try:
        waiting = await count_unknown()
        return waiting, await replay() if replays else 0
    finally:
        await close_pool()


if __name__ == "__main__":
    raise SystemExit(main())
