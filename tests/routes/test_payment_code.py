from __future__ import annotations

from decimal import Decimal

import pytest
import segno

from routes.payment_code import payment_code

IBAN = "NO9386011117947"
# EPC069-12: a line for each field, a field that is not used left empty.
PAYLOAD = f"BCD\n002\n1\nSCT\n\nSelger AS\n{IBAN}\nEUR123.45\n\n\nFaktura 7"


def code(name: str = "Selger AS", amount: str = "123.45", **changes: str) -> str | None:
    given = {"iban": IBAN, "bic": "", "currency": "EUR", "text": "Faktura 7", "title": "Kode", **changes}
    return payment_code(
        name, given["iban"], given["bic"], Decimal(amount), given["currency"], given["text"], given["title"]
    )


def squares(svg: str) -> str:
    return svg.partition(' d="')[2].partition('"')[0]


def test_the_code_holds_the_lines_of_the_standard() -> None:
    drawn = code()
    expected = segno.make_qr(PAYLOAD.encode(), error="m", boost_error=False).svg_inline(border=2)
    assert drawn is not None
    assert squares(drawn) == squares(expected)


def test_it_needs_no_style_and_can_be_read_aloud() -> None:
    drawn = str(code())
    assert "style" not in drawn
    assert '<svg role="img" ' in drawn
    assert "<title>Kode</title>" in drawn


@pytest.mark.parametrize("currency", ["NOK", "SEK", "USD"])
def test_only_euros_have_one(currency: str) -> None:
    assert code(currency=currency) is None


def test_without_an_iban_there_is_none() -> None:
    assert code(iban="") is None


@pytest.mark.parametrize("amount", ["0", "-5", "1000000000"])
def test_an_amount_that_can_not_be_transferred_has_none(amount: str) -> None:
    assert code(amount=amount) is None


def test_a_name_that_is_too_long_for_the_standard_is_cut_or_has_none() -> None:
    assert code(name="A" * 200) == code(name="A" * 70)
    assert code(name="語" * 70, text="語" * 140) is None


def test_a_name_can_not_break_out_of_the_picture() -> None:
    assert "<script" not in str(code(title="</title><script>alert(1)</script>"))
