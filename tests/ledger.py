"""A file store of the test's own: a ledger of deletions that other tests' databases do not know would stop them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from actions import erasure_ledger, files
from domain.settings import Settings


@contextmanager
def own_store(settings: Settings, folder: Path) -> Iterator[None]:
    before = files._store
    files.open_store(replace(settings, data_dir=folder))
    erasure_ledger.look_again()
    yield
    files._store = before
    erasure_ledger.look_again()
