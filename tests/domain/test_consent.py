"""Answers about what is optional: as values, as text, and what holds when several of them meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consent import (
    AHEAD,
    PURPOSES,
    Answer,
    Choice,
    Consent,
    Purpose,
    answered,
    body,
    cookie_value,
    ends,
    ends_last,
    from_body,
    from_cookie,
    offered,
    revision_of,
    standing,
    still_holding,
)
from domain.cookies import DECLARED, HALF_A_YEAR, Category
from domain.settings import Settings

SECRET = b"k" * 32
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
STATISTICS, MARKETING = Category.STATISTICS, Category.MARKETING
LETTERS = Purpose(MARKETING, "statistics", "Letters", "Write to you.", "Nobody.", 2)
BOTH = (*PURPOSES, LETTERS)
YES, NO, OVER = (Choice(answer, NOW) for answer in (Answer.GRANTED, Answer.REFUSED, Answer.OVERRIDING))


def consent(revision: int = 2, /, **choices: Choice) -> Consent:
    return Consent("0" * 32, revision, {Category(name): choice for name, choice in choices.items()}, NOW)


moments = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
choices_made = st.dictionaries(
    st.sampled_from([STATISTICS, MARKETING]), st.builds(Choice, st.sampled_from(Answer), moments)
)
consents = st.builds(Consent, st.just("ab" * 16), st.integers(0, 999_999), choices_made, moments)


@given(consents)
def test_r5_a_cookie_says_again_what_was_written_into_it(made: Consent) -> None:
    value = cookie_value(made, SECRET)
    assert from_cookie(value, SECRET, made.issued) == made
    assert len(value) < 400 and not set(value) & set(' ",;\\') and value.isascii()
    assert value.split(".")[:3] == ["v1", str(made.revision), made.id]


@given(st.text(max_size=300) | st.from_regex(r"v1\.\d\.[0-9a-f]{32}\.statistics:1\.\d{9}\..{0,44}", fullmatch=True))
def test_c10_no_text_however_odd_is_taken_for_an_answer(text: str) -> None:
    assert from_cookie(text, SECRET, NOW) is None


@given(consents, st.integers(0, 399), st.characters(codec="ascii"))
def test_c10_no_letter_of_a_cookie_can_be_changed(made: Consent, place: int, letter: str) -> None:
    value = cookie_value(made, SECRET)
    changed = value[: place % len(value)] + letter + value[place % len(value) + 1 :]
    assert changed == value or from_cookie(changed, SECRET, made.issued) is None


def test_c10_an_answer_from_the_future_is_none_beyond_what_clocks_differ() -> None:
    value = cookie_value(consent(statistics=YES), SECRET)
    assert from_cookie(value, SECRET, NOW - AHEAD) is not None
    assert from_cookie(value, SECRET, NOW - AHEAD - timedelta(seconds=1)) is None


def test_an_account_with_an_unknown_category_has_no_answers() -> None:
    text = body(consent(statistics=YES))
    assert from_body(text) is not None
    assert from_body(text.replace("statistics", "astrology")) is None and from_body(None) is None


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-11-23", "2027-05-23"),
        ("2026-08-31", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2026-03-01", "2026-09-01"),
    ],
)
def test_r12_an_answer_holds_for_six_months_to_the_hour(day: str, end: str) -> None:
    choice = Choice(Answer.REFUSED, datetime.fromisoformat(f"{day}T10:30+00:00"))
    assert ends(choice) == datetime.fromisoformat(f"{end}T10:30+00:00")


@given(moments)
def test_six_months_are_never_longer_than_the_cookie_may_live(moment: datetime) -> None:
    choice = Choice(Answer.GRANTED, moment)
    assert ends(choice) - choice.at <= timedelta(seconds=HALF_A_YEAR)


def test_r9_r13_each_answer_has_a_date_of_its_own() -> None:
    before = still_holding(replace(consent(1, statistics=YES), revision=1), BOTH, NOW)
    later = NOW + timedelta(days=100)
    after = Consent("0" * 32, 2, answered(before, [MARKETING], [], later), later)
    assert after.choices == {STATISTICS: YES, MARKETING: Choice(Answer.REFUSED, later)}
    assert from_body(body(after)) == after and ends_last(after) == ends(after.choices[MARKETING])
    assert [each.category for each in standing(BOTH, [after], ends(YES)).asked] == [STATISTICS]


def test_r13_only_what_changed_is_asked_again_and_a_refusal_is_not() -> None:
    found = standing(BOTH, [consent(1, statistics=NO)], NOW)
    assert found.asked == (LETTERS,) and found.changed == {MARKETING} and not found.consented
    changed = replace(PURPOSES[0], revision=3)
    found = standing((changed, LETTERS), [consent(2, statistics=YES, marketing=NO)], NOW)
    assert found.asked == (changed,) and found.changed == {STATISTICS} and not found.consented


def test_a_visitor_is_asked_for_everything_and_nothing_has_changed() -> None:
    found = standing(BOTH, [None, None], NOW)
    assert found.asked == BOTH and not found.changed and not found.consented


@pytest.mark.parametrize(
    ("cookie", "account", "signal", "holds"),
    [
        (YES, None, False, True),
        (None, YES, False, True),
        (YES, NO, False, False),
        (NO, YES, False, False),
        (YES, YES, True, False),
        (OVER, None, True, True),
        (OVER, YES, True, True),
        (OVER, NO, True, False),
        (OVER, None, False, True),
        (None, None, True, False),
    ],
)
def test_r14_r15_the_most_protective_wins(
    cookie: Choice | None, account: Choice | None, signal: bool, holds: bool
) -> None:
    known = [None if choice is None else consent(statistics=choice) for choice in (cookie, account)]
    found = standing(PURPOSES, known, NOW, signal=signal)
    assert (STATISTICS in found.consented) is holds and not found.asked


def test_an_objection_goes_before_every_yes_and_nobody_is_asked_then() -> None:
    found = standing(PURPOSES, [consent(statistics=OVER)], NOW, objected=frozenset({STATISTICS}))
    assert not found.consented and not found.asked


def test_r20_nothing_is_offered_unless_a_setting_says_so(tmp_path: object) -> None:
    settings = Settings(data_dir=tmp_path)  # type: ignore[arg-type]
    assert offered(settings) == () and revision_of(()) == 0
    asking = replace(settings, statistics=True)
    assert offered(asking) == PURPOSES and asking.has_optional


def test_every_purpose_is_switched_by_a_setting_and_every_optional_cookie_has_its_purpose() -> None:
    assert all(purpose.setting in Settings.__dataclass_fields__ for purpose in PURPOSES)
    optional = {cookie.category for cookie in DECLARED} - {Category.ESSENTIAL}
    assert optional == {purpose.category for purpose in PURPOSES}
