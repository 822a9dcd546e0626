from __future__ import annotations

from tasks.gateways.kept import Kept


def test_an_answer_is_kept_until_its_time_is_over() -> None:
    now = [0.0]
    kept: Kept[str] = Kept(10, clock=lambda: now[0])
    assert kept.put("a", "answer") == "answer"
    now[0] = 9.9
    assert kept.get("a") == "answer" and kept.get("b") is None
    now[0] = 10.0
    assert kept.get("a") is None


def test_the_oldest_answer_goes_when_there_are_too_many() -> None:
    kept: Kept[int] = Kept(10, most=2, clock=lambda: 0.0)
    for number, key in enumerate("abac"):
        kept.put(key, number)
    assert [kept.get(key) for key in "abc"] == [2, None, 3]
