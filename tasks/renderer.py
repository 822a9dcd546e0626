"""The PDF pool as the documents of invoices want it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.invoice import Issued
from domain.settings import Settings
from tasks.gateways.pdf import PdfPool
from tasks.gateways.pdf_view import Look, view_of


class PoolRenderer:
    """Implements actions.documents.Renderer."""

    def __init__(self, pool: PdfPool) -> None:
        self._pool = pool

    async def render(self, issued: Issued, accent: str, logo: bytes) -> bytes:
        return await self._pool.render(view_of(issued, Look(accent, logo)))


@asynccontextmanager
async def open_renderer(settings: Settings) -> AsyncIterator[PoolRenderer]:
    """Processes that make PDFs, until the block ends."""
    async with PdfPool(settings.pdf_workers) as pool:
        yield PoolRenderer(pool)
