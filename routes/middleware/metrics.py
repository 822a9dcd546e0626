"""How many requests, how they ended, how long they took: by route template, so that nobody can be told from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from prometheus_client import Counter, Histogram

REQUESTS = Counter("smartfaktura_requests", "Answered requests", ["method", "route", "status"])
SECONDS = Histogram(
    "smartfaktura_request_seconds",
    "Time from the request to the end of its answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def measure(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer."""
    count, observe = _instruments(method if method in METHODS else "other", route, status)
    count()
    observe(seconds)


@lru_cache(maxsize=4096)
def _instruments(method: str, route: str, status: int) -> tuple[Callable[[], None], Callable[[float], None]]:
    return REQUESTS.labels(method, route, str(status)).inc, SECONDS.labels(route).observe
