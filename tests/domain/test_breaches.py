from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.privacy.breach_texts import AUTHORITY, COMPANIES, PEOPLE, Model
from domain.privacy.breaches import Breach, Decision, faults

T = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
BREACH = Breach(T, "A laptop was lost.")


def codes(breach: Breach, at: datetime = T) -> set[str]:
    return {refusal.code for refusal in faults(breach, at)}


def test_p45_the_clock_runs_72_hours_from_awareness_over_the_weekend() -> None:
    assert BREACH.due_at == datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    assert BREACH.hours_left(T) == 72 and BREACH.hours_left(T + timedelta(minutes=1)) == 71
    assert BREACH.hours_left(BREACH.due_at) == 0 and BREACH.hours_left(BREACH.due_at + timedelta(hours=5)) == -5


@given(st.integers(-(10**6), 10**6))
def test_p45_the_hours_left_never_flatter(seconds: int) -> None:
    left = BREACH.hours_left(BREACH.due_at - timedelta(seconds=seconds))
    assert left * 3600 <= seconds if seconds >= 0 else -left * 3600 <= -seconds


def test_p45_not_to_notify_needs_its_reasons() -> None:
    silent = replace(BREACH, decision=Decision.NOT_NOTIFY)
    assert codes(silent) == {"breach.reasons_missing"}
    assert codes(replace(silent, reasons="The disk was encrypted.")) == set()


def test_p45_after_72_hours_the_reasons_for_the_delay_are_needed() -> None:
    late = BREACH.due_at + timedelta(seconds=1)
    assert codes(BREACH, BREACH.due_at) == set()
    assert codes(BREACH, late) == {"breach.delay_reasons_missing"}
    assert codes(replace(BREACH, delay_reasons="We had to find out what was on it."), late) == set()


def test_p45_who_notified_in_time_owes_no_reasons_for_a_delay_later() -> None:
    told = replace(BREACH, decision=Decision.NOTIFY, authority_notified_at=T + timedelta(hours=71))
    assert codes(told, T + timedelta(days=30)) == set()
    late = replace(told, authority_notified_at=T + timedelta(hours=73))
    assert codes(late, T + timedelta(days=30)) == {"breach.delay_reasons_missing"}


def test_the_clock_stops_when_the_authority_knows_or_need_not() -> None:
    assert BREACH.is_open
    assert not replace(BREACH, decision=Decision.NOT_NOTIFY, reasons="None").is_open
    assert not replace(BREACH, decision=Decision.NOTIFY, authority_notified_at=T).is_open


def test_all_faults_are_told_at_once() -> None:
    wrong = Breach(
        T + timedelta(days=1), "x", decision=Decision.NOT_NOTIFY, occurred_from=T, occurred_to=T - timedelta(days=1),
        authority_notified_at=T, people_notified_at=T, companies_notified_at=T,
    )  # fmt: skip
    assert codes(wrong) == {
        "breach.aware_in_future", "breach.ends_before_it_began", "breach.reasons_missing",
        "breach.notified_undecided", "breach.told_out_of_time",
    }  # fmt: skip


@pytest.mark.parametrize("texts", [AUTHORITY, COMPANIES, PEOPLE])
def test_the_texts_to_begin_with_are_there_in_both_languages_and_name_whom_to_ask(texts: dict[str, Model]) -> None:
    assert set(texts) == {"nb", "en"}
    for model in texts.values():
        filled = model.filled("B-2026-001", "Firma, 936587720", "post@example.no")
        assert "B-2026-001" in filled.subject and "post@example.no" in filled.text and "{" not in filled.text
