"""The balancing tests behind legitimate interests."""

from __future__ import annotations

import pytest

from domain.privacy.classification import Basis
from domain.privacy.interests import LANGUAGES, QUESTIONS, WEIGHED, Assessment, Weighed
from domain.privacy.objection import INTERESTS
from models.register import register

# A published test never changes: a new one is put before it, and gets a line here.
PUBLISHED: dict[tuple[str, str], str] = {
    ("security", "2026-11-23"): "d888efe97c2aaa897f3f74b7a324d4d8f3bad7b6934004808a191c9871d0dece",
    ("fraud", "2026-11-23"): "7adf5026da95b0d4ad9abc6d6f8981b5ec483eded4e367dbb068cbcd96a7aeca",
    ("improvement", "2026-11-23"): "10cc108789a8af4910ad2ddfd332c25d6d156ecaf512c6657868468af59e15a3",
    ("news", "2026-11-24"): "ccb5e698b325dbe06243c574ea7cffd8e8c6fb333fb903204adbd03870177cf2",
    ("news", "2026-11-23"): "8dcc021a44f2315c621b5b8da8cd7f4c7441ed5d5dc9beb05014d80933db9060",
}


def test_each_purpose_on_the_ground_of_an_interest_has_its_balancing_test() -> None:
    """P-04: a purpose in the data map that rests on our interest, and an interest one may object to, is weighed."""
    resting = {activity.purpose for activity in register().activities() if activity.basis is Basis.INTEREST}
    assert resting and resting <= {weighed.purpose for weighed in WEIGHED.values()}
    assert set(WEIGHED) == set(INTERESTS)


@pytest.mark.parametrize("weighed", WEIGHED.values())
def test_each_answers_every_question_in_both_languages(weighed: Weighed) -> None:
    for version in weighed.versions:
        for tongue in LANGUAGES:
            assert set(version.answers[tongue]) == set(QUESTIONS)
            assert all(len(answer) > 15 for answer in version.answers[tongue].values())


def test_what_was_published_is_not_changed() -> None:
    found = {
        (weighed.interest.value, version.version): version.fingerprint()
        for weighed in WEIGHED.values()
        for version in weighed.versions
    }
    assert found == PUBLISHED


@pytest.mark.parametrize("weighed", WEIGHED.values())
def test_the_newest_comes_first(weighed: Weighed) -> None:
    days = [version.made_on for version in weighed.versions]
    assert days == sorted(days, reverse=True) and len(set(days)) == len(days)


def test_a_changed_word_is_another_fingerprint() -> None:
    """The test above can fail."""
    version = next(iter(WEIGHED.values())).newest
    changed = {**version.answers, "en": {**version.answers["en"], "outcome": "We win."}}
    assert Assessment(version.made_on, changed).fingerprint() != version.fingerprint()
