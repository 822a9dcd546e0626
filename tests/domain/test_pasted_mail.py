"""An e-mail pasted into a form: sender, time and text (P-39)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.privacy.pasted_mail import read_pasted

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_p39_sender_and_time_are_read_from_the_head() -> None:
    head = "From: Kari Nordmann <Kari@Example.NO>\nDate: Fri, 20 Nov 2026 09:30:00 +0100\nSubject: Innsyn\n"
    text = f"{head}\nHei,\n\nHva vet dere?"
    found = read_pasted(text, NOW)
    assert found.sender == "Kari@example.no"
    assert found.received_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert found.text == "Hei,\n\nHva vet dere?"


def test_of_a_letter_in_parts_the_plain_text_counts() -> None:
    text = (
        "From: a@b.no\nDate: Fri, 20 Nov 2026 09:30:00 -0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="x"\n\n--x\nContent-Type: text/plain; charset=utf-8\n\nSlett meg\n'
        "--x\nContent-Type: text/html\n\n<p>Slett meg</p>\n--x--\n"
    )
    found = read_pasted(text, NOW)
    assert (found.text, found.sender) == ("Slett meg", "a@b.no")


@pytest.mark.parametrize("said", ["", "i går", "Fri, 20 Nov 2027 09:30:00 +0100", "Fri, 99 Nov 2026 09:30:00 +0100"])
def test_a_date_that_is_none_or_still_to_come_is_none(said: str) -> None:
    assert read_pasted(f"From: a@b.no\nDate: {said}\n\nHei", NOW).received_at is None


@pytest.mark.parametrize(
    "text", ["Hei, jeg vil vite hva dere har om meg.", "NB: slett meg\n\nKari", "Fra: Kari\n\nHei"]
)
def test_without_a_head_all_of_it_is_text(text: str) -> None:
    found = read_pasted(text, NOW)
    assert (found.sender, found.received_at, found.text) == ("", None, text)


@given(st.text(max_size=300))
def test_whatever_is_pasted_it_is_read_and_never_later_than_now(text: str) -> None:
    found = read_pasted(text, NOW)
    assert found.received_at is None or found.received_at <= NOW
