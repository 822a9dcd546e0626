from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.passwords import problems

KARI = ("Kari Nordmann", "kari.n@fjordbygg.no", "Fjordbygg AS")


def code(password: str, *context: str) -> str | None:
    found = problems(password, context)
    return found[0].code if found else None


@pytest.mark.parametrize(
    "password",
    [
        "hvit elg drikker kaffe",
        "x7!kQ9zLm2",
        "😀🎉🐙🌍🚀🔑🍕🎸🐧🦊",
        "kjøttkaker i brun saus",
        "Kari liker å gå på ski i Jotunheimen",
        "  mellomrom i begge ender  ",
        "Пароль из восьми слов",
        "k9F#" + "wq8ZpL2v" * 7 + "rT1x",
        "tre fire sykler fløy forbi " * 4 + "og så hjem igjen",
    ],
)
def test_a_password_that_is_hard_to_guess_is_taken(password: str) -> None:
    assert problems(password, KARI) == ()


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("", "password.too_short"),
        ("kort ord!", "password.too_short"),
        ("ab" * 64 + "x", "password.too_long"),
        ("noe med \ud800 i", "password.unreadable"),
        ("aaaaaaaaaa", "password.repetitive"),
        ("😀" * 10, "password.repetitive"),
        ("abc1abc1abc1", "password.repetitive"),
        ("xyxyxyxyxyx", "password.repetitive"),
        ("1234567890", "password.sequence"),
        ("0123456789", "password.sequence"),
        ("9876543210", "password.sequence"),
        ("abcdefghijkl", "password.sequence"),
        ("qwertyuiop123", "password.sequence"),
        ("asdfghjkløæ", "password.sequence"),
        ("password123456", "password.common"),
        ("Password123456", "password.common"),
        ("passord1234567", "password.common"),
        ("P@ssword2025!", "password.common"),
        ("Sommer2026!!", "password.common"),
        ("sommer-2026", "password.common"),
        ("iloveyou2024", "password.common"),
        ("1q2w3e4r5t6y", "password.common"),
        ("correcthorse", "password.common"),
        ("kaffekopphytte", "password.common"),
        ("kari.nordmann", "password.common"),
        ("Fjordbygg12!", "password.context"),
        ("fjordbyggas1", "password.context"),
        ("SmartFaktura1!", "password.context"),
        ("smartfaktura", "password.context"),
        ("kari.n@fjordbygg.no", "password.context"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str, expected: str) -> None:
    assert code(password, *KARI) == expected


def test_ten_characters_are_enough_and_128_are_not_too_many() -> None:
    long_one = "".join(chr(0x4E00 + i * 7) for i in range(128))
    assert code("x7!kQ9zLm") == "password.too_short"
    assert code("x7!kQ9zLm2") is None
    assert code(long_one) is None


def test_the_refusal_names_the_field_and_the_limits() -> None:
    (refusal,) = problems("kort")
    assert refusal.field == "password"
    assert refusal.params == {"least": "10", "most": "128"}


def test_a_password_is_not_changed_before_it_is_judged() -> None:
    assert code("e\u0301" * 2 + "x7kQ9z") is None
    assert code(" " * 10) == "password.repetitive"


def test_the_list_of_common_passwords_is_sorted_lower_cased_and_long() -> None:
    lines = files("domain.facts").joinpath("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(lines))
    assert all(line == line.casefold() and line.strip() == line for line in lines)
    assert len(lines) > 3000


@given(st.text(max_size=140), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_judged_and_never_breaks(password: str, context: list[str]) -> None:
    found = problems(password, context)
    assert len(found) <= 1
    assert (len(password) < 10) <= bool(found)
