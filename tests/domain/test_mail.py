"""Addresses, header words and file names: S-23, nothing that people type reaches the head of a letter as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.mail import ascii_file_name, file_name, greeting_name, header_words, one_address
from domain.refusals import Invalid


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("post@nordlys.no", "post@nordlys.no"),
        ("  Post.Mottak+faktura@Nordlys.NO ", "Post.Mottak+faktura@nordlys.no"),
        ("post@blåtind.no", "post@xn--bltind-jua.no"),
        ("o'neill@example.co.uk", "o'neill@example.co.uk"),
    ],
)
def test_one_plain_address_is_taken_and_its_domain_written_for_the_wire(typed: str, address: str) -> None:
    assert one_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nordlys.no",
        "@nordlys.no",
        "post@",
        "post@localhost",
        "post@nordlys..no",
        "post@-nordlys.no",
        "a@b.no, c@d.no",
        "a@b.no;c@d.no",
        "a@b.no c@d.no",
        "Post <post@nordlys.no>",
        '"post mottak"@nordlys.no',
        "post(comment)@nordlys.no",
        "post@nordlys.no\r\nBcc: x@evil.test",
        "post\n@nordlys.no",
        "post@nordlys.no\0",
        '"a"@b.test>\r\nTo: x',
        "=?UTF-8?Q?=0ABcc:x@evil.test?=",
        "=?utf-8?q?post?=@nordlys.no",
        "på@nordlys.no",
        "a" * 65 + "@nordlys.no",
        "a@" + ".".join(["b" * 60] * 5) + ".no",
        "post\u2028@nordlys.no",
        "post@nord\u202elys.no",
    ],
)
def test_s23_anything_but_one_plain_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        one_address(typed)
    assert refusal.value.code == "email.invalid"


@given(st.text(max_size=300))
def test_s23_whatever_is_taken_as_an_address_has_nothing_a_header_or_envelope_could_trip_over(typed: str) -> None:
    try:
        address = one_address(typed)
    except Invalid:
        return
    assert address.isascii()
    assert address.isprintable()
    assert len(address) <= 254
    assert not set(address) & set(' ,;<>()[]\\":')


@given(st.text(max_size=400))
def test_s23_header_words_are_one_visible_line_without_encoded_words(text: str) -> None:
    words = header_words(text)
    assert len(words) <= 120
    assert words.splitlines() in ([words], [])
    assert "=?" not in words
    assert "//" not in words
    assert words == words.strip()


def test_s23_a_smuggled_header_becomes_part_of_the_words() -> None:
    assert header_words("a\r\nBcc: x@evil.test") == "a Bcc: x@evil.test"
    assert header_words("=?UTF-8?Q?=0ABcc:x@evil.test?=") == "= ?UTF-8?Q?=0ABcc:x@evil.test?="


def test_p06_a_web_address_in_a_name_is_no_link() -> None:
    assert header_words("Gratis på http://evil.test") == "Gratis på evil.test"


@pytest.mark.parametrize("name", ["Kari Nordmann", "Åse-Marie O'Neill", "김철수", "J. R. Larsen"])
def test_a_person_is_greeted_by_name(name: str) -> None:
    assert greeting_name(name) == name


@pytest.mark.parametrize("name", ["evil.test", "Win at www evil", "http://evil.test", "a/b", "kari@evil.test", "x:y"])
def test_a_name_that_looks_like_an_address_is_left_out(name: str) -> None:
    assert greeting_name(name) == ""


def test_a_file_is_named_by_its_words() -> None:
    assert file_name("Faktura", "1042", "Blåtind & Sønn AS", suffix="pdf") == "Faktura-1042-Blåtind-Sønn-AS.pdf"
    assert ascii_file_name("Faktura-1042-Blåtind-Sønn-AS.pdf") == "Faktura-1042-Blatind-Sonn-AS.pdf"
    assert ascii_file_name("Faktura-7-ØKO-田中.pdf") == "Faktura-7-OKO-.pdf"


@given(st.lists(st.text(max_size=80), max_size=4))
def test_s23_a_file_name_never_leaves_its_folder_nor_its_header(parts: list[str]) -> None:
    name = file_name(*parts, suffix="pdf")
    assert name.endswith(".pdf")
    assert not name.startswith(".")
    assert not set(name) & set('/\\"\r\n\0;<>:')
    assert ascii_file_name(name).isascii()
