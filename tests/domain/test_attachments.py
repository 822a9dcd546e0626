from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attachments import (
    CSV,
    ENDINGS,
    JPEG,
    MOST_BYTES,
    MOST_FILES,
    MOST_TOGETHER,
    ODS,
    PDF,
    PNG,
    XLSX,
    clean_name,
    faults_of,
    has_macros,
    too_much,
    type_of,
)
from domain.received import SAFE_TYPES
from tests.attaching import CSV_FILE, ODS_FILE, PDF_FILE, XLSX_FILE


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (PDF_FILE, "x.exe", PDF), (b"\x89PNG\r\n\x1a\n...", "x", PNG), (b"\xff\xd8\xff\xe0", "x.pdf", JPEG),
        (CSV_FILE, "timer.CSV", CSV), (XLSX_FILE, "x.csv", XLSX), (ODS_FILE, "x", ODS),
    ],
)  # fmt: skip
def test_what_a_file_is_its_content_says(content: bytes, name: str, mime: str) -> None:
    """S-18"""
    assert type_of(name, content) == mime and faults_of(name, content) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("faktura.pdf", b"<html><script>alert(1)</script>"),
        ("half.pdf", b"%PDF-1.7\n1 0 obj"),
        ("polyglot.pdf", b"<script>//%PDF-1.7\n</script>%%EOF"),
        ("page.csv", b"  <svg onload=alert(1)>"),
        ("page.csv", b"\xef\xbb\xbf<!doctype html>"),
        ("script.csv", b"#!/bin/sh\nrm -rf /"),
        ("binary.csv", b"a;b\x00c"),
        ("noter.txt", CSV_FILE),
        ("word.xlsx", XLSX_FILE.replace(b"xl/workbook.xml", b"word/documentx")),
        ("text.ods", ODS_FILE.replace(b"opendocument.spreadsheet", b"opendocument.text.......")),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("program.png", b"MZ\x90\x00"),
        ("picture.webp", b"RIFF\x00\x00\x00\x00WEBP"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_whatever_it_is_called_anything_else_is_refused(name: str, content: bytes) -> None:
    assert [fault.code for fault in faults_of(name, content)] == ["attachment.not_allowed"]


def test_empty_large_and_programmed_files_are_refused_each_with_its_own_reason() -> None:
    large = PDF_FILE + b" " * MOST_BYTES + b"%%EOF"
    for content, code in ((b"", "empty"), (large, "too_large"), (XLSX_FILE + b"xl/vbaProject.bin", "macros")):
        (fault,) = faults_of("timer.xlsx", content)
        assert (fault.code, fault.params["name"]) == (f"attachment.{code}", "timer.xlsx")
    assert has_macros(ODS_FILE + b"Basic/script-lc.xml") and not has_macros(PDF_FILE + b"vbaProject.bin")


def test_five_files_and_seven_megabytes_are_the_most() -> None:
    assert too_much([1] * MOST_FILES) == [] and too_much([MOST_BYTES, MOST_TOGETHER - MOST_BYTES]) == []
    assert [fault.code for fault in too_much([1] * (MOST_FILES + 1))] == ["attachment.too_many"]
    assert [fault.code for fault in too_much([MOST_BYTES, MOST_BYTES])] == ["attachment.too_much"]


def test_the_types_are_those_of_en_16931() -> None:
    assert set(ENDINGS) == set(SAFE_TYPES)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Timeliste uke 47 – Åse.xlsx", "Timeliste-uke-47-Åse.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Kari\\timer.pdf", "timer.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("a\r\nContent-Type: text-html.pdf", "aContent-Type-text-html.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("時間表.pdf", "document.pdf"),
        ("", "document.pdf"),
    ],
)
def test_a_name_becomes_letters_figures_and_the_ending_of_its_type(name: str, clean: str) -> None:
    """S-18: no way to another folder, no line of a head, no letter that is not printed on the invoice."""
    assert clean_name(name, PDF) == clean


def test_two_files_never_have_one_name_for_programs() -> None:
    assert clean_name("ase.pdf", PDF, ["Åse.pdf"]) == "ase-2.pdf"


@given(st.text(max_size=300), st.binary(max_size=200))
def test_nothing_that_a_browser_can_send_breaks_it(name: str, content: bytes) -> None:
    made = clean_name(name, PDF)
    assert made.endswith(".pdf") and "/" not in made and len(made) <= 100 and made.isprintable()
    faults_of(name, content)
