from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from typing import Any

from tests.people import browser
from tests.world import World

TYPED = "Typed-once-and-then-forgotten-26"


def _remembered() -> Iterator[Any]:
    """What functions of this process were asked and remember."""
    caches = {
        id(one): one
        for module in list(sys.modules.values())
        for one in list(vars(module).values())
        if isinstance(one, _lru_cache_wrapper)
    }
    for cache in caches.values():
        for held in gc.get_referents(cache):
            if isinstance(held, dict):
                yield from list(held)


async def test_a_form_is_forgotten_when_it_is_answered(world: World) -> None:
    """The framework remembers the last 1,024 forms by their bytes: passwords as they were typed."""
    company, client = await world.company(), browser(world)
    answer = await client.post("/login", data={"email": company.email, "password": TYPED})
    assert answer.status_code == 422
    answer = await client.post("/login", data={"email": company.email, "password": TYPED, "next": ["/", "/invoices"]})
    assert answer.status_code == 422
    assert [one for one in _remembered() if TYPED in repr(one)] == []
