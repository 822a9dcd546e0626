"""A worker that makes one copy of data and dies where its environment says: `python -m ... <export id>`."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from uuid import UUID

from actions import data_exports, documents, files, instance
from domain.settings import from_env
from models.engine import close_pool, open_pool
from tasks.gateways.pdf import NullPdf
from tasks.renderer import PoolRenderer


async def work(export_id: UUID) -> None:
    settings = from_env(os.environ, Path(__file__).resolve().parents[3])
    instance.begin(settings)
    files.open_store(settings)
    await open_pool(settings.database_url or "")
    documents.use(PoolRenderer(NullPdf()))
    await data_exports.make(export_id)
    await close_pool()


if __name__ == "__main__":
    asyncio.run(work(UUID(sys.argv[1])))
