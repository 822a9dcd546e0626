from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from domain.countries import EU_MEMBERSHIP
from domain.privacy.authorities import AUTHORITIES, ELSEWHERE, authority_of

EEA = {country for country, (_, left) in EU_MEMBERSHIP.items() if left is None} | {"IS", "LI", "NO"}


def test_p40_every_country_of_the_eea_and_its_neighbours_has_its_authority() -> None:
    assert set(AUTHORITIES) == EEA | {"GB", "CH"}
    assert len({authority.link for authority in AUTHORITIES.values()}) == len(AUTHORITIES)


@pytest.mark.parametrize("authority", [*AUTHORITIES.values(), ELSEWHERE])
def test_an_authority_is_found_by_a_safe_link(authority: object) -> None:
    parts = urlsplit(authority.link)  # type: ignore[attr-defined]
    assert parts.scheme == "https" and parts.hostname and not parts.query


def test_an_authority_is_said_in_one_line_with_its_place() -> None:
    assert authority_of("SE").shown == "Integritetsskyddsmyndigheten, www.imy.se"


def test_p40_the_authority_follows_the_country() -> None:
    names = [authority_of(country).name for country in ("NO", "SE", "DE", "US")]
    assert names == [
        "Datatilsynet", "Integritetsskyddsmyndigheten", "Die Datenschutzaufsichtsbehörden der Länder",
        "European Data Protection Board",
    ]  # fmt: skip
