from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from actions import documents, files
from domain.settings import Settings
from tasks.gateways.pdf import NullPdf
from tasks.renderer import PoolRenderer
from tests.ledger import own_store


@pytest.fixture
async def plain_documents(settings: Settings) -> AsyncIterator[None]:
    """Documents are lines of text: what is in them is tested elsewhere."""
    files.open_store(settings)
    documents.use(PoolRenderer(NullPdf()))
    yield
    documents.use(None)


@pytest.fixture
def own_ledger(plain_documents: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The files and the ledger of deletions are this test's own."""
    with own_store(settings, tmp_path):
        yield
