"""Which characters a document can print (docs: "never printed as a box")."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.glyphs import clean, is_right_to_left, missing, runs, unprintable
from domain.refusals import Refusal
from domain.totals import Charge
from tests.domain.sample import BUYER, SELLER, draft, line

LATIN = frozenset(range(0x20, 0x250)) | {0x301}
ARABIC = frozenset({*range(0x600, 0x700), 0x20, 0x200C})
BOTH = (LATIN, ARABIC)


def test_text_that_every_font_has_is_one_run() -> None:
    assert runs("Ærlig Bjørnø", BOTH) == [(0, "Ærlig Bjørnø")]


def test_each_script_goes_to_the_first_font_that_has_it() -> None:
    assert runs("Til محمد, Oslo", BOTH) == [(0, "Til "), (1, "محمد"), (0, ", Oslo")]


def test_a_space_between_words_of_one_script_does_not_cut_them() -> None:
    assert runs("شركة النور", BOTH) == [(1, "شركة النور")]


def test_a_combining_mark_stays_with_its_letter() -> None:
    assert runs("x\u0301", (frozenset({0x301}) | LATIN, ARABIC)) == [(0, "x\u0301")]


def test_no_text_has_no_runs() -> None:
    assert runs("", BOTH) == []


@given(st.text())
def test_runs_put_together_are_the_text(text: str) -> None:
    assert "".join(run for _, run in runs(text, BOTH)) == text


@given(st.text())
def test_what_is_not_missing_lies_in_runs_that_their_font_can_draw(text: str) -> None:
    printed = clean(text)
    if missing(text, BOTH):
        return
    for font, run in runs(printed, BOTH):
        assert all(char.isspace() or char == "\u200c" or ord(char) in BOTH[font] for char in run)


def test_characters_without_a_shape_are_missing_each_once_in_their_order() -> None:
    assert missing("a🎉b☃🎉", BOTH) == ["🎉", "☃"]


def test_controls_and_direction_marks_need_no_shape_because_they_are_not_printed() -> None:
    assert missing("a\x00\u202eb\u200bc\ufeff\u00ad\n", BOTH) == []
    assert clean("a\x00\u202eb\u200bc\ufeff\u00ad") == "abc"


def test_a_letter_and_its_mark_become_one() -> None:
    assert clean("A\u030angstro\u0308m") == "Ångström"


def test_every_kind_of_line_end_is_a_newline_and_every_kind_of_space_a_space() -> None:
    assert clean("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
    assert clean("1\u202f000\u00a0kr\u2003og\tmer") == "1\u00a0000\u00a0kr og mer"


def test_a_picture_selector_leaves_the_plain_character() -> None:
    assert clean("\u2713\ufe0f") == "\u2713"


def test_the_non_joiner_stays_between_arabic_letters_and_nowhere_else() -> None:
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert clean("a\u200cb\u200c") == "ab"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_the_first_letter_decides_the_direction() -> None:
    assert is_right_to_left("42 فاتورة")
    assert is_right_to_left("(שלום) test")
    assert not is_right_to_left("Faktura فاتورة")
    assert not is_right_to_left("42")
    assert not is_right_to_left("")


def test_an_emoji_is_refused_with_its_field() -> None:
    document = draft(line(), line(description="Kake 🎂 og kaffe ☕"), note="Takk 🙏")
    assert unprintable(document, SELLER, BUYER, BOTH) == (
        Refusal("glyph.missing", "lines.1.description", {"char": "🎂 ☕"}),
        Refusal("glyph.missing", "note", {"char": "🙏"}),
    )


def test_what_charges_are_for_is_looked_at_too() -> None:
    document = replace(draft(line(charge_text="Frakt 🚚")), charge=Charge(amount=Decimal(99), text="Gebyr ☃"))
    fields = [refusal.field for refusal in unprintable(document, SELLER, BUYER, BOTH)]
    assert fields == ["lines.0.charge_text", "charge_text"]


def test_the_parties_are_looked_at_too() -> None:
    seller = replace(SELLER, name="Firma ☃")
    buyer = replace(BUYER, address_lines=("Gate ☃",))
    fields = [refusal.field for refusal in unprintable(draft(), seller, buyer, BOTH)]
    assert fields == ["company.name", "customer.address"]


def test_a_draft_without_a_customer_can_be_looked_at() -> None:
    assert unprintable(draft(), SELLER, None, BOTH) == ()


def test_at_most_five_characters_are_named() -> None:
    (refusal,) = unprintable(draft(note="①②③④⑤⑥⑦"), SELLER, BUYER, BOTH)
    assert refusal.params["char"] == "① ② ③ ④ ⑤"
