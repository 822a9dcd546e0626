"""Every reason why a letter was not delivered has a sentence, in every language of the interface."""

from __future__ import annotations

import pytest

from domain.delivery import CODES, Problem
from routes.i18n import LANGUAGES
from routes.templates import environment_for


def shown(problem: str, language: str) -> str:
    return (
        environment_for(language).get_template("deliveries/_problem.html").render(problem=problem, language=language)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence_of_its_own(language: str) -> None:
    assert len({shown(str(Problem(code)), language) for code in CODES}) == len(CODES)


def test_the_servers_words_stand_beside_it_and_are_harmless() -> None:
    text = shown(str(Problem("address_refused", "550 <script>alert(1)</script>: no")), "en")
    assert "does not know this address" in text
    assert "550 &lt;script&gt;alert(1)&lt;/script&gt;: no" in text


def test_a_reason_of_another_version_is_told_as_our_fault() -> None:
    assert "Something went wrong with us." in shown("moon_eclipsed: 599", "en")
