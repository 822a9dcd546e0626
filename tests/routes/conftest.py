from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from actions import visits
from domain.settings import Settings
from tests.asking import asking, told
from tests.world import World


@pytest.fixture
async def site(app: Any, settings: Settings) -> AsyncIterator[World]:
    """People and companies of an installation that asks."""
    asked, ours = asking(app, settings)
    with told(ours):
        made = World(asked, ours)
        yield made
        await made.close()
        await visits.flush()


@pytest.fixture
def visitor(site: World) -> httpx.AsyncClient:
    return site.visitor()
