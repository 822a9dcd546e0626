"""The PDF pool as the documents of invoices want it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from domain.invoice import Issued
from domain.settings import Settings
from tasks.gateways.pdf import PdfPool
from tasks.gateways.pdf_document import Look
from tasks.gateways.pdf_view import view_of


class Pool(Protocol):
    """PdfPool, or NullPdf in its place."""

    async def start(self) -> None: ...

    async def render(self, document: bytes) -> bytes: ...


class PoolRenderer:
    """Implements actions.documents.Renderer. The pool warms up beside other work; the first document waits for it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._warm = asyncio.create_task(pool.start())

    async def render(self, issued: Issued, accent: str, logo: bytes, reference: str = "") -> bytes:
        if self._warm.done() and not self._warm.cancelled() and self._warm.exception() is not None:
            self._warm = asyncio.create_task(self._pool.start())
        await asyncio.shield(self._warm)
        # In a thread, because a long invoice takes longer to write down than the loop may be kept.
        return await self._pool.render(await asyncio.to_thread(_document, issued, accent, logo, reference))

    async def cool(self) -> None:
        self._warm.cancel()
        await asyncio.gather(self._warm, return_exceptions=True)


@asynccontextmanager
async def open_renderer(settings: Settings) -> AsyncIterator[PoolRenderer]:
    """Processes that make PDFs, until the block ends."""
    pool = PdfPool(settings.pdf_workers)
    renderer = PoolRenderer(pool)
    try:
        yield renderer
    finally:
        await renderer.cool()
        await pool.close()


def _document(issued: Issued, accent: str, logo: bytes, reference: str) -> bytes:
    return view_of(issued, Look(accent, logo), reference=reference).to_bytes()
