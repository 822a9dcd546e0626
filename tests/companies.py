"""Going through only the companies of one test, where the app goes through all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import ModuleType
from uuid import UUID

import pytest

from tests.world import Company


def only(monkeypatch: pytest.MonkeyPatch, module: ModuleType, *companies: Company) -> None:
    """From now on `module` finds no companies but these: those of other tests would only cost time."""

    async def these() -> AsyncIterator[UUID]:
        for company in companies:
            yield company.id

    monkeypatch.setattr(module, "organisations", these)
