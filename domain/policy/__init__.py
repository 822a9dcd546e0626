"""The privacy policy as versioned data. A published version never changes; a new one is added beside it."""

from __future__ import annotations

from domain.policy import version_2026_02_16
from domain.policy.document import Version

# The newest first.
VERSIONS: tuple[Version, ...] = (version_2026_02_16.VERSION,)


def latest() -> Version:
    """The version in force."""
    return VERSIONS[0]


def version_of(name: str) -> Version | None:
    """The version of that date, such as 2026-02-16; None when there never was one."""
    return next((version for version in VERSIONS if version.name == name), None)
