"""How many examples hypothesis tries: few while somebody works, many in `bin/test`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

THOROUGH = 60
QUICK = 3

settings.register_profile(
    "thorough", max_examples=THOROUGH, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("quick", settings.get_profile("thorough"), max_examples=QUICK)


def is_thorough() -> bool:
    """Was `--hypothesis-profile=thorough` asked for, as bin/test does?"""
    return bool(settings.default and settings.default.max_examples >= THOROUGH)


def examples(wanted: int) -> int:
    """`wanted` in a thorough run, few otherwise."""
    return wanted if is_thorough() else min(wanted, QUICK)
