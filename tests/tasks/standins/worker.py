"""The smallest worker: it asks the database who it is, then waits until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import asyncpg


async def work() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    connection = await asyncpg.connect(os.environ["SMARTFAKTURA_DATABASE_URL"])
    role = await connection.fetchval("select current_user")
    folder = Path(os.environ["SMARTFAKTURA_DATA_DIR"])
    (folder / "worker-was").write_text(f"{os.getpid()} {role}")
    await stop.wait()
    await connection.close()
    (folder / "worker-ended").write_text("in good order")


if __name__ == "__main__":
    asyncio.run(work())
