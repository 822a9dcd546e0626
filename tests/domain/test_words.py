from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.words import LONGEST_WORD, normalise, prefix_end, terms, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ærlig Bjørnø", "aerlig bjorno"),
        ("ÅLESUND", "alesund"),
        ("A\u030alesund", "alesund"),
        ("Café Zoë", "cafe zoe"),
        ("Straße", "strasse"),
        ("ﬁlm", "film"),
        ("Łódź", "lodz"),
        ("Ðórður Þór", "dordur thor"),
        ("İstanbul ışık", "istanbul isik"),
        ("ℋello", "hello"),
        ("Αθήνα", "αθηνα"),
        ("한국", "한국"),
    ],
)
def test_case_and_marks_do_not_matter(text: str, folded: str) -> None:
    assert normalise(text) == folded


def test_each_word_is_kept_once_in_order() -> None:
    assert words("Nordlys Design AS, nordlys@nordlys.no") == ["nordlys", "design", "as", "no"]


def test_a_long_word_is_cut() -> None:
    assert words("x" * 100) == ["x" * 32]


def test_signs_alone_are_no_words() -> None:
    assert words(" – _ . 😀 ") == []


def test_a_query_has_at_most_six_terms() -> None:
    assert terms("a b c d e f g h") == ["a", "b", "c", "d", "e", "f"]


def test_a_stored_word_is_found_by_its_beginning() -> None:
    (term,) = terms("BJØ")
    stored = ["bjork", "bjorn", "bjornstad", "bk", "bj"]
    assert [word for word in stored if term <= word < prefix_end(term)] == ["bjork", "bjorn", "bjornstad"]


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert words(normalise(text)) == words(text)
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=40))
def test_every_word_lies_within_the_range_of_each_of_its_beginnings(text: str) -> None:
    for word in words(text):
        assert len(word) <= LONGEST_WORD
        for length in range(1, len(word) + 1):
            assert word[:length] <= word < prefix_end(word[:length])


def test_the_range_jumps_over_the_surrogates() -> None:
    assert prefix_end("a\ud7ff").encode() == "a\ue000".encode()
