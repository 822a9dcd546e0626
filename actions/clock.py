"""The only clock. Everything that asks for the time asks here, so that a test can say what time it is."""

from __future__ import annotations

from datetime import UTC, datetime

from actions.instance import settings


def now() -> datetime:
    """The instant in UTC; the fixed one of SMARTFAKTURA_TEST_CLOCK when that is set (only on loopback)."""
    return settings().test_clock or datetime.now(UTC)
