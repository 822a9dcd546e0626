from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.credit import Credit, Left, Wanted, credit, everything, left_of
from domain.einvoice import reading, rules
from domain.invoice import Credited, Draft, DraftLine, Issued, document_of, issue, numbered
from domain.kroner import GroupInKroner
from domain.money import smallest
from domain.refusals import Refused
from domain.totals import Charge, Discount, VatGroup
from tests.domain.sample import ACCOUNT, BUYER, SELLER, TODAY, draft, line

D = Decimal


def invoice(*lines: DraftLine, **values: Any) -> Issued:
    return issue(draft(*lines, **values), SELLER, BUYER, TODAY, 7, 2026, "", ACCOUNT)


def plain(number: int, price: str, quantity: str = "1", **values: Any) -> DraftLine:
    return line(number, quantity=D(quantity), unit_price=D(price), **values)


def note_of(original: Issued, made: Credit, number: int = 8) -> Issued:
    """The credit note as it is stored and read back."""
    lines = tuple(
        DraftLine(
            id=UUID(int=number * 1000 + i),
            description=one.source.description,
            quantity=one.total.line.quantity,
            unit=one.unit,
            unit_price=one.total.line.unit_price,
            discount_percent=one.total.line.discount_percent,
            treatment=one.source.treatment,
            charge=one.total.line.charge,
            charge_text=one.source.charge_text,
            credits_line_id=one.source.id,
            credits_quantity=one.taken,
        )
        for i, one in enumerate(made.lines)
    )
    words = Draft(
        id=UUID(int=number), currency=original.currency, prices_include_vat=original.prices_include_vat,
        delivery_from=original.delivery_from, lines=lines, discount=made.discount, charge=made.charge,
        kind="credit_note", credits=UUID(int=99),
    )  # fmt: skip
    document = document_of(words, made.totals, SELLER, BUYER, TODAY, TODAY)
    credits = Credited(original.number, original.issued_on)
    document = replace(document, exchange_rate=original.exchange_rate, vat_nok=made.vat_nok, kroner=made.kroner)
    document = replace(document, credits=credits)
    return numbered(document, str(number), 0, number)


def credited(original: Issued, *steps: Mapping[int, Wanted]) -> list[Issued]:
    """The credit notes for each step; the lines by their number in the invoice, from 1."""
    notes: list[Issued] = []
    for step in steps:
        wanted = {UUID(int=number): want for number, want in step.items()}
        notes.append(note_of(original, credit(left_of(original, notes), wanted), 8 + len(notes)))
    return notes


def units(quantity: str) -> Wanted:
    return Wanted(quantity=D(quantity))


def off(amount: str) -> Wanted:
    return Wanted(amount=D(amount))


def code_of(left: Left, wanted: Mapping[UUID, Wanted], charge: str = "0") -> str:
    with pytest.raises(Refused) as refused:
        credit(left, wanted, D(charge))
    return refused.value.refusals[0].code


def test_three_lines_credited_one_by_one_give_the_invoice_to_the_cent() -> None:
    """Trap 4"""
    original = invoice(*(plain(n, "99.99") for n in (1, 2, 3)))
    notes = credited(original, *({n: units("1")} for n in (1, 2, 3)))
    assert [str(note.totals.gross) for note in notes] == ["124.99", "124.99", "124.98"]
    left = left_of(original, notes)
    assert left.gross == 0 and left.is_nothing
    assert code_of(left, {UUID(int=1): units("1")}) == "credit.nothing_left"


def test_a_credit_note_of_everything_is_the_invoice_figure_for_figure() -> None:
    original = invoice(
        plain(1, "12.345", "7", discount_percent=D(3), charge=D("4.10"), charge_text="Emballasje"),
        plain(2, "99", treatment="middle"),
        discount=Discount(percent=D("7.5")),
        charge=Charge(amount=D("49"), text="Frakt"),
    )
    left = left_of(original, [])
    made = credit(left, everything(left), left.charge)
    assert made.totals == original.totals and made.takes_the_rest
    assert (made.discount, made.charge) == (original.discount, original.charge)


def test_part_of_the_quantity_is_said_at_the_price_and_discount_of_the_line() -> None:
    original = invoice(plain(1, "90", "7.5", discount_percent=D(10)))
    (note,) = credited(original, {1: units("2.5")})
    (one,) = note.lines
    assert (one.quantity, one.unit, one.unit_price, one.discount_percent) == (D("2.5"), "HUR", D(90), D(10))
    assert one.net == D("202.50") and one.credits_quantity == D("2.5")


def test_an_amount_off_the_price_leaves_the_quantity_to_be_credited() -> None:
    original = invoice(plain(1, "100", "2"))
    notes = credited(original, {1: off("30")})
    (one,) = notes[0].lines
    assert (one.quantity, one.unit, one.unit_price, one.net) == (D(1), "C62", D("30"), D("30"))
    left = left_of(original, notes).lines[0]
    assert (left.quantity, left.amount) == (D(2), D("170.00"))
    assert credited(original, {1: off("30")}, {1: units("1")})[1].totals.net == D("85.00")


def test_the_whole_amount_of_a_line_is_the_whole_line() -> None:
    original = invoice(plain(1, "100", "2"), plain(2, "50"))
    left = left_of(original, credited(original, {1: off("200")}))
    assert left.lines[0].is_nothing and not left.lines[1].is_nothing


@pytest.mark.parametrize(
    ("want", "code"),
    [
        (units("2.01"), "credit.quantity_more_than_left"),
        (units("-1"), "credit.quantity_more_than_left"),
        (off("200.01"), "credit.amount_more_than_left"),
        (off("-0.01"), "credit.amount_more_than_left"),
        (off("NaN"), "credit.amount_more_than_left"),
        (units("Infinity"), "credit.quantity_more_than_left"),
        (off("0.001"), "payment.too_many_decimals"),
        (units("0.00001"), "number.too_many_decimals"),
        (units("0"), "credit.nothing_chosen"),
        (off("0"), "credit.nothing_chosen"),
        (Wanted(), "credit.nothing_chosen"),
    ],
)
def test_more_than_is_left_is_refused(want: Wanted, code: str) -> None:
    assert code_of(left_of(invoice(plain(1, "100", "2")), []), {UUID(int=1): want}) == code


def test_a_line_of_another_invoice_is_refused() -> None:
    assert code_of(left_of(invoice(plain(1, "100")), []), {UUID(int=77): units("1")}) == "credit.line_unknown"


def test_lines_below_zero_never_let_more_be_credited_than_the_invoice() -> None:
    original = invoice(plain(1, "100"), plain(2, "20", "-1"))
    left = left_of(original, [])
    assert code_of(left, {UUID(int=1): units("1")}) == "credit.more_than_left"
    assert code_of(left, {UUID(int=2): units("-1")}) == "credit.total_negative"
    assert credit(left, everything(left)).totals.gross == D("100.00")


def test_the_document_s_charge_is_credited_by_its_own_amount() -> None:
    original = invoice(plain(1, "100"), plain(2, "100"), charge=Charge(amount=D("50"), text="Frakt"))
    left = left_of(original, [])
    without = credit(left, {UUID(int=1): units("1")})
    assert (without.totals.net, without.charge) == (D("100.00"), None)
    only = credit(left, {}, D("20"))
    assert (only.totals.net, only.charge) == (D("20.00"), Charge(amount=D("20"), text="Frakt"))
    assert [one.source.description for one in only.lines] == ["Frakt"]
    assert code_of(left, {}, "50.01") == "credit.charge_more_than_left"
    assert code_of(left, {}, "-1") == "credit.charge_more_than_left"


def test_the_discount_of_the_document_follows_its_lines() -> None:
    """Trap 3 and 4 together"""
    original = invoice(
        plain(1, "333.33"), plain(2, "666.67", treatment="middle"), discount=Discount(amount=D("100.00"))
    )
    notes = credited(original, {1: units("1")}, {2: units("1")})
    assert [str(note.totals.discount) for note in notes] == ["33.33", "66.67"]
    assert [str(note.totals.gross) for note in notes] == ["375.00", "690.00"]


def test_three_inclusive_prices_credited_one_by_one_give_their_sum() -> None:
    """Trap 2 and 4 together"""
    original = invoice(*(plain(n, "33.33") for n in (1, 2, 3)), prices_include_vat=True)
    notes = credited(original, *({n: units("1")} for n in (1, 2, 3)))
    assert [str(note.totals.gross) for note in notes] == ["33.33", "33.33", "33.33"]
    assert sum(note.totals.vat for note in notes) == D("20.00")


def test_the_vat_in_kroner_is_that_of_the_invoice_at_its_own_rate() -> None:
    """Trap 5"""
    original = invoice(plain(1, "333.33", "3"), currency="EUR", exchange_rate=D("11.4837"))
    notes = credited(original, *({1: units("1")} for _ in range(3)))
    assert sum(note.vat_nok or 0 for note in notes) == original.vat_nok
    assert all(note.exchange_rate == D("11.4837") for note in notes)


TREATMENTS = st.sampled_from(["standard", "middle", "low", "zero"])


@st.composite
def invoices(draw: st.DrawFn) -> Issued:
    currency = draw(st.sampled_from(["NOK", "EUR", "JPY"]))
    lines = [
        plain(
            number,
            str(draw(st.decimals("0", "3000", places=draw(st.integers(0, 4))))),
            str(draw(st.decimals("0.01", "40", places=2))),
            treatment=draw(TREATMENTS),
            discount_percent=draw(st.sampled_from([D(0), D(0), D("12.5"), D(100)])),
            charge=draw(st.sampled_from([D(0), D(0), D("12")])),
        )
        for number in range(1, draw(st.integers(1, 5)) + 1)
    ]
    if draw(st.booleans()):
        lines.append(plain(len(lines) + 1, "0.5", "-1", treatment=lines[0].treatment))
    whole = st.one_of(st.none(), st.builds(lambda p: {"percent": p}, st.decimals("1", "60", places=1)))
    discount, charge = draw(whole), draw(st.one_of(whole, st.builds(lambda a: {"amount": a}, st.just(D(49)))))
    made = draft(
        *lines,
        currency=currency,
        exchange_rate=D("11.4837") if currency != "NOK" else None,
        prices_include_vat=draw(st.booleans()),
        discount=Discount(**discount) if discount else None,
        charge=Charge(**charge, text="Frakt") if charge else None,
    )
    try:
        return issue(made, SELLER, BUYER, TODAY, 7, 2026, "", ACCOUNT)
    except Refused:  # a line below zero may bring the total there
        return issue(replace(made, lines=made.lines[:-1]), SELLER, BUYER, TODAY, 7, 2026, "", ACCOUNT)


def a_piece(data: st.DataObject, left: Left) -> tuple[dict[UUID, Wanted], D]:
    cent = smallest(left.invoice.currency)
    wanted = {}
    for one in left.lines:
        share = D(data.draw(st.sampled_from(["0", "0.1", "0.33", "0.5", "1"])))
        if data.draw(st.booleans()):
            wanted[one.id] = Wanted(quantity=(one.quantity * share).quantize(D("0.0001")))
        else:
            wanted[one.id] = Wanted(amount=(one.amount * share).quantize(cent))
    charge = (left.charge * D(data.draw(st.sampled_from(["0", "0.4", "1"])))).quantize(cent)
    return wanted, charge


def summed_up(notes: list[Issued], group: VatGroup) -> GroupInKroner:
    """What the credit notes say of one VAT group in NOK."""
    told = [
        nok
        for note in notes
        for one, nok in zip(note.groups, note.groups_in_kroner, strict=True)
        if (one.category, one.rate) == (group.category, group.rate)
    ]
    return GroupInKroner(sum((nok.base for nok in told), D(0)), sum((nok.vat for nok in told), D(0)))


def test_each_rate_is_given_back_in_kroner_to_the_ore_whatever_comes_first() -> None:
    """Two rates whose VAT was rounded together on the invoice: 0.11 x 11.4837 is 1.263, twice that 2.53."""
    original = invoice(
        plain(1, "0.44"), plain(2, "0.73", treatment="middle"), currency="EUR", exchange_rate=D("11.4837")
    )
    assert [str(one.vat) for one in original.groups_in_kroner] == ["1.27", "1.26"]
    for steps in (({1: units("1")}, {2: units("1")}), ({2: units("1")}, {1: units("1")})):
        notes = credited(original, *steps)
        for group, nok in zip(original.groups, original.groups_in_kroner, strict=True):
            assert summed_up(notes, group) == nok
        for note in notes:
            assert sum((one.vat for one in note.groups_in_kroner), D(0)) == note.vat_nok


@given(original=invoices(), data=st.data())
def test_whatever_the_pieces_they_and_the_rest_are_the_invoice(original: Issued, data: st.DataObject) -> None:
    notes: list[Issued] = []
    for number in range(data.draw(st.integers(0, 4))):
        left = left_of(original, notes)
        try:
            made = credit(left, *a_piece(data, left))
        except Refused:
            continue
        notes.append(note_of(original, made, 8 + number))
    left = left_of(original, notes)
    if not left.is_nothing:
        notes.append(note_of(original, credit(left, everything(left), left.charge), 50))
    assert left_of(original, notes).is_nothing
    for name in ("net", "vat", "gross", "shown_line_sum", "shown_discount", "shown_charge"):
        assert sum((getattr(note.totals, name) for note in notes), D(0)) == getattr(original.totals, name), name
    assert sum((note.vat_nok or D(0) for note in notes), D(0)) == (original.vat_nok or 0)
    for group, nok in zip(original.groups, original.groups_in_kroner or [None] * len(original.groups), strict=True):
        assert nok is None or nok == summed_up(notes, group)
        of_group = [
            one for note in notes for one in note.groups if (one.category, one.rate) == (group.category, group.rate)
        ]
        assert sum((one.base for one in of_group), D(0)) == group.base
        assert sum((one.vat for one in of_group), D(0)) == group.vat
        assert all(one.discount >= 0 and one.charge >= 0 for one in of_group)


@given(original=invoices(), data=st.data())
def test_every_piece_is_a_document_that_adds_up(original: Issued, data: st.DataObject) -> None:
    """As the e-invoice's own rules judge it, with no slack but the one unit of the standard (BR-CO-17)."""
    notes: list[Issued] = []
    for number in range(3):
        left = left_of(original, notes)
        try:
            made = credit(left, *a_piece(data, left))
        except Refused:
            continue
        notes.append(note_of(original, made, 8 + number))
        found = [one.rule for one in rules.findings(reading.document_of(notes[-1]))]
        sums = [rule for rule in found if rule.startswith(("BR-CO", "PEPPOL-EN16931-R12", "BR-27", "BR-16"))]
        assert not sums, (sums, made)
