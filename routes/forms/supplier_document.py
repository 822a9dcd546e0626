"""What a person says about a document from a supplier."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from actions.supplier_documents import Details
from domain import received_refusals
from domain.money import decimals
from domain.reading import show_date, show_decimal
from routes.forms.base import Form, FormData, Reader

__all__ = ["details_form", "parse_details", "parse_payment", "payment_form", "received_refusals"]
_MOST = Decimal("1e12")


def details_form(row: Mapping[str, Any], language: str) -> Form:
    """The form as the document stands."""

    def day(value: date | None) -> str:
        return "" if value is None else show_date(value, language)

    places = decimals(row["currency"])
    return Form(
        {
            "seller_name": row["seller_name"],
            "number": row["number"],
            "issued_on": day(row["issued_on"]),
            "amount": "" if row["amount"] is None else show_decimal(row["amount"], language, places, places),
            "currency": row["currency"],
            "due_on": day(row["due_on"]),
            "note": row["note"],
        }
    )


def parse_details(data: FormData, language: str) -> tuple[Form, Details | None]:
    """The details as typed, or every fault of them."""
    reader = Reader(data, language)
    seller_name = reader.text("seller_name", longest=200)
    number = reader.text("number", longest=100)
    issued_on = reader.day("issued_on")
    amount = reader.decimal("amount", places=3, low=Decimal(0), high=_MOST)
    due_on = reader.day("due_on")
    note = reader.text("note", longest=2000, lines=True)
    currency = reader.text("currency", longest=3).upper() or "NOK"
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        reader.form.refuse("currency", "choice.unknown")
    if not reader.form.ok:
        return reader.form, None
    return reader.form, Details(due_on, note, seller_name, number, issued_on, currency, amount)


def payment_form(today: date, language: str) -> Form:
    return Form({"paid_on": show_date(today, language)})


def parse_payment(data: FormData, language: str) -> tuple[Form, date | None]:
    """The day of payment as typed, or its fault."""
    reader = Reader(data, language)
    return reader.form, reader.day("paid_on", required=True)
