"""The fonts in the project, and the one that a system may have."""

from __future__ import annotations

import io

import pytest
from fontTools.ttLib import TTFont

from domain.glyphs import missing
from tasks.gateways.pdf_coverage import DISPLAY, FACES, FONT_DIR, SystemFont, coverages, system_font
from tasks.gateways.pdf_fonts import east_asian, register, subset, width

SAID = "日本語の請求書 中文发票 한국어 송장"
needs_system_font = pytest.mark.skipif(system_font() is None, reason="this system has no east Asian font")


def test_each_font_comes_with_its_licence() -> None:
    for face in (*FACES, DISPLAY):
        family = "Inter" if face.regular.startswith("Inter") else "Noto"
        assert "SIL OPEN FONT LICENSE Version 1.1" in (FONT_DIR / f"OFL-{family}.txt").read_text()
        assert (FONT_DIR / f"{face.bold}.ttf").is_file()


@pytest.mark.parametrize(
    "said",
    [
        "Ærlig Bjørnø på Åsgårdstrand, ß ð þ ł č ħ ő ş €",
        "Ремонт квартиры № 5, Київ, Ђорђе",
        "Επισκευή ηλεκτρικών συσκευών",
        "فاتورة رقم ١٢٣، المبلغ: گچپژ",
        "חשבונית מס׳",
        "Հաշիվ",
        "ინვოისი",
        "½ ² ³ – — … “” „ « » § ° × ÷ ± ≤ ≥ → ✓ •",
    ],
)
def test_the_project_has_letters_for(said: str) -> None:
    assert missing(said, FACES) == []


@pytest.mark.parametrize("said", ["🎉", "नमस्ते", "สวัสดี", "\ue000"])
def test_what_can_not_be_drawn_well_is_missing(said: str) -> None:
    assert missing(said, coverages())


def test_the_bold_and_the_display_font_draw_what_the_regular_one_draws() -> None:
    for face in FACES:
        bold = TTFont(FONT_DIR / f"{face.bold}.ttf").getBestCmap()
        assert face.codes <= frozenset(bold)
    assert frozenset(TTFont(FONT_DIR / f"{DISPLAY.regular}.ttf").getBestCmap()) >= FACES[0].codes


def test_figures_are_all_equally_wide() -> None:
    register()
    assert len({round(width(figure, 9), 6) for figure in "0123456789"}) == 1
    assert len({round(width(figure, 9, bold=True), 6) for figure in "0123456789"}) == 1


def test_every_font_is_as_tall_as_the_first() -> None:
    heights = set()
    for face in FACES:
        font = TTFont(FONT_DIR / f"{face.regular}.ttf")
        heights.add(round((font["hhea"].ascent - font["hhea"].descent) / font["head"].unitsPerEm, 2))
    assert len(heights) == 1


def test_a_mixed_text_is_as_wide_as_its_runs() -> None:
    register()
    assert width("Til محمد", 9) == pytest.approx(width("Til ", 9) + width("محمد", 9))


@needs_system_font
def test_a_font_of_the_system_draws_east_asian_text() -> None:
    assert missing(SAID, FACES)
    assert missing(SAID, coverages()) == []
    assert set(east_asian(["Ærlig", SAID])) == set(SAID.replace(" ", ""))


@needs_system_font
def test_its_subset_is_small_true_type_and_always_the_same() -> None:
    system = system_font()
    assert isinstance(system, SystemFont)
    data = subset(system, "東京都東京", "Name")
    assert data == subset(system, "東京都", "Name")
    font = TTFont(io.BytesIO(data))
    assert "glyf" in font
    assert set(font.getBestCmap()) == set(map(ord, "東京都"))
    assert len(data) < 10_000


def test_a_subset_of_a_true_type_font_has_its_composed_letters_whole() -> None:
    font = TTFont(io.BytesIO(subset(SystemFont(FONT_DIR / "Inter-Regular.ttf"), "Åé", "Name")))
    names = font.getBestCmap()
    assert font["glyf"][names[ord("Å")]].numberOfContours > 2
    assert font["hmtx"][names[ord("é")]][0] > 0


@needs_system_font
def test_the_system_font_is_not_asked_for_emoji() -> None:
    assert missing("☃🎉", coverages()) == ["🎉"] or missing("☃🎉", coverages()) == ["☃", "🎉"]
