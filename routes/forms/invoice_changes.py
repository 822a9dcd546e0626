"""What a press of a button changes in the editor's form as it was typed: its lines, and who it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models.queries.parties import Buyer, Seller
from routes.forms.invoice import EditorForm, blank_line, writers


def with_line(form: EditorForm, treatment: str) -> EditorForm:
    """The same form with a new line at its end."""
    return replace(form, lines=[*form.lines, blank_line(form.lines, treatment)])


def without_line(form: EditorForm, line_id: str) -> EditorForm:
    """The same form without one line; the last line is emptied rather than removed."""
    left = [line for line in form.lines if line["id"] != line_id]
    return replace(form, lines=left or [blank_line(form.lines)], errors={})


def moved_line(form: EditorForm, line_id: str, by: int) -> EditorForm:
    """The same form with one line moved up (-1) or down (1)."""
    lines = list(form.lines)
    at = next((index for index, line in enumerate(lines) if line["id"] == line_id), None)
    if at is not None and 0 <= at + by < len(lines):
        lines[at], lines[at + by] = lines[at + by], lines[at]
    return replace(form, lines=lines, errors={})


def with_product(
    form: EditorForm, line_id: str, product: Mapping[str, Any], language: str, treatment: str
) -> EditorForm:
    """The same form with one line filled from a product, treated for VAT as said; its quantity stays."""
    number, _ = writers(language)
    filled = {
        "product_id": str(product["id"]),
        "description": product["name"],
        "unit": product["unit"],
        "unit_price": number(product["unit_price"], 2, 4),
        "treatment": treatment,
    }
    lines = [{**line, **filled} if line["id"] == line_id else line for line in form.lines]
    return replace(form, lines=lines, errors={})


def without_customer(form: EditorForm) -> EditorForm:
    """The same form with nobody chosen."""
    return replace(form, values={**form.values, "customer_id": "", "customer": ""}, errors={}, newcomer=None)


def for_customer(form: EditorForm, own: Seller, customer: Buyer) -> EditorForm:
    """The same form with the customer chosen; language, currency, terms and reference follow the customer."""
    chosen = {
        "customer_id": str(customer.id),
        "customer": customer.party.name,
        "language": customer.language,
        "currency": customer.currency,
        "due_days": str(own.due_days if customer.due_days is None else customer.due_days),
        "your_reference": customer.reference or form.values.get("your_reference", ""),
    }
    return replace(form, values={**form.values, **chosen}, errors={}, newcomer=None)
