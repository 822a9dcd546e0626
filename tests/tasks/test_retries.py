from __future__ import annotations

from datetime import timedelta

from tasks.retries import A_DAY, AN_HOUR, SPREAD, pause


def test_pauses_grow_and_end_after_about_a_day() -> None:
    assert list(A_DAY) == sorted(A_DAY)
    assert timedelta(hours=22) < sum(A_DAY, timedelta()) < timedelta(hours=26)
    assert sum(AN_HOUR, timedelta()) < timedelta(hours=2)


def test_each_pause_is_spread_around_its_length() -> None:
    for failures, length in enumerate(A_DAY):
        pauses = {pause(A_DAY, failures) for _ in range(50)}
        assert len(pauses) > 10
        assert all(p is not None and (1 - SPREAD) * length <= p <= (1 + SPREAD) * length for p in pauses)


def test_after_the_last_pause_it_is_given_up() -> None:
    assert pause(A_DAY, len(A_DAY)) is None
    assert pause((), 0) is None
