"""Privacy policy, terms and data-processing agreement as versioned data.

A published version never changes; a new one is added beside it, before the others, at least 30 days before it takes
effect when it is material.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.marking import N_
from domain.policy import agreement_2026_11_23, terms_2026_11_23, version_2026_02_16
from domain.policy.document import Version


@dataclass(frozen=True, slots=True)
class Shelf:
    """One document in all its versions, the newest first. The titles are msgids."""

    name: str
    path: str
    title: str
    versions_title: str
    versions: tuple[Version, ...]

    def in_force(self, on: date) -> Version:
        """The version that applies on the day: the newest that has taken effect; the first before there was one."""
        return next((version for version in self.versions if version.effective_from <= on), self.versions[-1])

    def upcoming(self, on: date) -> Version | None:
        """The next version to take effect, published already."""
        later = [version for version in self.versions if version.effective_from > on]
        return later[-1] if later else None

    def version(self, name: str) -> Version | None:
        """The version of that date, such as 2026-02-16; None when there never was one."""
        return next((version for version in self.versions if version.name == name), None)

    def before(self, version: Version) -> Version:
        """The version that it replaces; the first replaces itself."""
        at = self.versions.index(version)
        return self.versions[min(at + 1, len(self.versions) - 1)]

    def unread(self, read_until: date) -> Version | None:
        """The newest material version that somebody who has read all until a day has not seen. The first never is one:
        it changes nothing."""
        return next(
            (
                version
                for version in self.versions[:-1]
                if version.is_material and version.effective_from > read_until
            ),
            None,
        )


# Each with its versions, the newest first.
SHELVES: dict[str, Shelf] = {
    shelf.name: shelf
    for shelf in (
        Shelf(
            "privacy", "/privacy", N_("Privacy policy"), N_("Versions of the policy"), (version_2026_02_16.VERSION,)
        ),
        Shelf("terms", "/terms", N_("Terms of use"), N_("Versions of the terms"), (terms_2026_11_23.VERSION,)),
        Shelf(
            "agreement",
            "/data-processing",
            N_("Data-processing agreement"),
            N_("Versions of the agreement"),
            (agreement_2026_11_23.VERSION,),
        ),
    )
}
# What each person is told about; the agreement is accepted by companies.
FOR_PEOPLE = ("privacy", "terms")


def unread(read_until: date) -> tuple[tuple[Shelf, Version], ...]:
    """The material changes that somebody has not confirmed to have read."""
    found = ((SHELVES[name], SHELVES[name].unread(read_until)) for name in FOR_PEOPLE)
    return tuple((shelf, version) for shelf, version in found if version is not None)
