"""Every form, driven with whatever can be typed: it is read, or each fault is named; it never breaks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.reading import show_decimal
from models.ids import new_id
from routes.forms import account, customer, product
from routes.forms import invoice as editor
from routes.forms.base import FormData
from routes.payments import parse as parse_payment

NUMBERS = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.from_regex(r"-?[0-9 .,\u00a0']{0,24}", fullmatch=True),
    st.integers().map(str),
)
DATES = st.one_of(st.dates().map(str), st.from_regex(r"[0-9]{0,4}[./-][0-9]{0,3}[./-][0-9]{0,5}", fullmatch=True))
ODD = st.sampled_from(
    ["", "\0", "\ufffd", "😀", "\u202eabc", "NO", "on", "standard", "HUR", "x" * 30_000, "=1+1", "\r\n"]
)
TYPED = st.one_of(st.text(), NUMBERS, DATES, ODD, st.uuids().map(str))

EDITOR = (
    "version", "editor", "customer", "customer_id", "currency", "language", "prices_include_vat", "due_days", "due_on",
    "delivery_from", "delivery_to", "delivery_place", "your_reference", "our_reference", "order_number", "note",
    "project_reference", "contract_reference", "accounting_reference",
    "discount_percent", "discount_amount", "charge_percent", "charge_amount", "charge_text", "exchange_rate", "overwrite",
    *(f"lines.{n}.{name}" for n in (0, 1, 7) for name in editor.LINE_FIELDS),
)  # fmt: skip
FORMS: dict[str, tuple[Any, str]] = {
    "customer": (
        customer.parse,
        "name kind organisation_number vat_number address_line1 postcode city country email phone language currency "
        "due_days reference notes delivery_country",
    ),
    "product": (product.parse, "name unit unit_price currency vat_treatment"),
    "sign-up": (account.parse_sign_up, "name email password"),
    "payment": (parse_payment, "amount paid_on note payment_id"),
}


def typed(names: tuple[str, ...] | list[str]) -> st.SearchStrategy[FormData]:
    fields = st.dictionaries(st.sampled_from(list(names)), st.lists(TYPED, min_size=1, max_size=2))
    return fields.map(FormData)


@pytest.mark.parametrize("name", FORMS)
@given(data=st.data(), language=st.sampled_from(["nb", "en"]))
@settings(max_examples=80)
def test_a_form_is_read_or_its_faults_are_named(name: str, data: st.DataObject, language: str) -> None:
    parse, fields = FORMS[name]
    form, command = parse(data.draw(typed(fields.split())), language)
    assert (command is None) == bool(form.errors)


@given(data=typed(EDITOR), language=st.sampled_from(["nb", "en"]))
@settings(max_examples=150)
def test_the_editor_reads_a_draft_or_names_every_fault_and_keeps_the_lines(data: FormData, language: str) -> None:
    form, draft = editor.read(data, new_id(), language)
    assert (draft is None) == bool(form.errors)
    sent = {name.split(".")[1] for name in data.fields if name.startswith("lines.")}
    assert len(form.lines) == max(1, len(sent))
    assert all(UUID(line["id"]) for line in form.lines)
    # What was typed comes back, and reading it once more gives the same.
    again, same = editor.read(editor.as_data(form), new_id(), language)
    assert (same is None) == (draft is None)
    assert set(again.errors) == set(form.errors)


@given(
    price=st.decimals(min_value=-(10**9), max_value=10**9, places=4),
    quantity=st.decimals(min_value=-(10**6), max_value=10**6, places=4),
    language=st.sampled_from(["nb", "en"]),
)
def test_numbers_written_as_the_reader_writes_them_come_in_unchanged(
    price: Decimal, quantity: Decimal, language: str
) -> None:
    fields = {
        "currency": ["NOK"], "language": ["nb"], "lines.0.description": ["x"], "lines.0.unit": ["HUR"],
        "lines.0.treatment": ["standard"], "lines.0.unit_price": [show_decimal(price, language, 2, 4)],
        "lines.0.quantity": [show_decimal(quantity, language, 0, 4)],
    }  # fmt: skip
    _, draft = editor.read(FormData(fields), new_id(), language)
    assert draft is not None
    assert (draft.lines[0].unit_price, draft.lines[0].quantity) == (price, quantity)
    shown = editor.show(draft, "", 1, new_id(), language)
    assert editor.read(editor.as_data(shown), draft.id, language)[1] == draft
