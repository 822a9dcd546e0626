"""An invoice as strings, each figure as it was stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.party import Party
from domain.totals import Discount
from tasks.gateways.pdf_document import DocumentView, Look
from tasks.gateways.pdf_render import render_document
from tasks.gateways.pdf_view import view_of
from tests.domain.einvoice.documents import issued
from tests.domain.sample import BUYER, SELLER
from tests.tasks.gateways.pdf_documents import invoice, text, with_descriptions


def test_figures_are_written_as_the_reader_of_the_language_writes_them() -> None:
    issued = invoice()
    norwegian = view_of(issued)
    english = view_of(replace(issued, language="en"))
    assert norwegian.lines[1].price == "2\u00a0340,00"
    assert english.lines[1].price == "2,340.00"
    assert (norwegian.lines[1].rate, english.lines[1].rate) == ("12\u00a0%", "12%")
    assert norwegian.due_on == "06.12.2026"
    assert english.due_on == "6 Dec 2026"


def test_nothing_is_calculated_again_not_even_a_wrong_sum() -> None:
    issued = invoice()
    odd = replace(
        issued, totals=replace(issued.totals, net=Decimal("1.23"), vat=Decimal("4.56"), gross=Decimal("9999.99"))
    )
    view = view_of(odd)
    assert (view.net, view.vat, view.gross) == ("1,23", "4,56", "9\u00a0999,99")


def test_a_quantity_and_a_price_show_the_decimals_they_have() -> None:
    issued = invoice(1)
    (line,) = issued.lines
    shown = view_of(
        replace(issued, lines=(replace(line, quantity=Decimal("1.2500"), unit_price=Decimal("0.1234")),))
    ).lines[0]
    assert (shown.quantity, shown.price) == ("1,25", "0,1234")


def test_yen_have_no_decimals() -> None:
    issued = invoice(1)
    yen = replace(issued, currency="JPY", totals=replace(issued.totals, gross=Decimal(1781)))
    assert view_of(yen).gross == "1\u00a0781"


def test_the_country_stands_only_where_the_invoice_crosses_a_border() -> None:
    assert "Norge" not in view_of(invoice()).buyer.address
    abroad = invoice(buyer=Party(name="Kunde", city="Hamburg", country="DE", vat_number="DE136695976"))
    view = view_of(abroad)
    assert view.buyer.address[-1] == "Tyskland"
    assert view.seller.address[-1] == "Norge"
    assert view.buyer.number == "DE136695976"


def test_the_seller_is_named_as_the_law_asks() -> None:
    seller = view_of(invoice()).seller
    assert (seller.number, seller.vat_registered, seller.foretaksregisteret) == ("936 587 720", True, True)


def test_a_delivery_of_one_day_is_a_day_and_a_longer_one_a_period() -> None:
    day = invoice(delivery_from=date(2026, 11, 1), delivery_to=date(2026, 11, 1))
    assert view_of(day).delivered == "01.11.2026"
    period = invoice(delivery_from=date(2026, 11, 1), delivery_to=date(2026, 11, 20))
    assert view_of(period).delivered == "01.11.2026–20.11.2026"
    assert view_of(invoice(delivery_from=None)).delivered == ""


def test_a_seller_who_charges_no_vat_has_no_rates() -> None:
    issued = invoice(1)
    outside = replace(issued, lines=tuple(replace(line, category="O", rate=Decimal(0)) for line in issued.lines))
    assert view_of(outside).lines[0].rate == ""


def test_a_discount_is_shown_with_the_sum_before_it_and_otherwise_left_out() -> None:
    issued = invoice()
    assert view_of(issued).discount == view_of(issued).line_sum == ""
    totals = replace(issued.totals, line_sum=Decimal(1000), discount=Decimal(100))
    view = view_of(replace(issued, totals=totals, discount=Discount(amount=Decimal(100))))
    assert (view.line_sum, view.discount) == ("1\u00a0000,00", "−100,00")


def test_a_draft_has_no_number_and_no_kid() -> None:
    view = view_of(invoice(), is_draft=True)
    assert view.is_draft
    assert (view.number, view.kid) == ("", "")


def test_lines_of_a_text_stay_apart_and_what_can_not_be_printed_is_left_out() -> None:
    view = view_of(with_descriptions("En\r\nto\x00\u202e tre", note="  a\n\nb "))
    assert view.lines[0].description == ("En", "to tre")
    assert view.note == ("a", "", "b")


CRAFTED = ["red", "#FFF", "#12345", "#1234567", "#12345g", "#123456;}", "url(x)", "#123456\n", "#１２３４５６"]


@pytest.mark.parametrize("accent", CRAFTED)
def test_a_stored_accent_that_is_no_colour_gives_way_to_the_usual_one(accent: str) -> None:
    assert view_of(invoice(), Look(accent=accent)).accent == "#1f5c66"


@pytest.mark.parametrize("accent", [*CRAFTED, "#ABCDEF", ""])
def test_nothing_but_a_colour_reaches_the_style_sheet(accent: str) -> None:
    view = view_of(invoice(), Look())
    with pytest.raises(ValueError, match="accent"):
        replace(view, accent=accent)


def test_an_accent_in_capitals_is_the_same_colour() -> None:
    assert view_of(invoice(), Look(accent="#31548C")).accent == "#31548c"


def test_without_an_accent_the_document_has_the_usual_one() -> None:
    assert view_of(invoice(), Look(accent="")).accent == "#1f5c66"


def test_a_view_survives_the_way_to_the_worker() -> None:
    view = view_of(
        with_descriptions("Ærlig\nBjørnø", "東京", buyer=BUYER, seller=SELLER), Look("#000000", b"\x89PNG")
    )
    assert DocumentView.from_bytes(view.to_bytes()) == view


def test_the_exchange_rate_says_who_published_it_and_for_which_day_or_that_the_seller_typed_it() -> None:
    typed = issued(currency="EUR", exchange_rate=Decimal("11.4837"))
    published = replace(typed, rate_source="Norges Bank", rate_on=date(2026, 11, 20))
    assert view_of(typed).rate_source == ""
    assert view_of(published).rate_source == "Norges Bank, 20.11.2026"
    assert "Valutakurs 11,4837 (Norges Bank, 20.11.2026)" in text(render_document(view_of(published)))
    assert "Kurs wymiany 11,4837 (podany przez sprzedawcę)" in text(
        render_document(view_of(replace(typed, language="pl")))
    )
