"""The smallest migration: one table, made as the owner, and a note of each run."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import asyncpg


async def migrate() -> None:
    connection = await asyncpg.connect(os.environ["SMARTFAKTURA_MIGRATION_DATABASE_URL"])
    await connection.execute("create table if not exists note (text text)")
    await connection.execute("insert into note values ('started')")
    count = await connection.fetchval("select count(*) from note")
    await connection.close()
    (Path(os.environ["SMARTFAKTURA_DATA_DIR"]) / "starts").write_text(str(count))


if __name__ == "__main__":
    asyncio.run(migrate())
