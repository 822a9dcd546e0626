"""The editor's form: from what is typed to a Draft, and from a Draft back to what is shown.

Lines are named `lines.<position>.<field>` in the order they stand, so a fault in a line has the same name as its field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from uuid import UUID

from domain.draft import Draft, DraftLine
from domain.languages import LANGUAGES
from domain.money import CURRENCIES, decimals, is_too_fine
from domain.reading import show_date, show_decimal
from domain.refusals import Refusal
from domain.totals import Charge, Discount
from domain.units import DEFAULT_UNIT, UNITS
from domain.vat import TREATMENTS
from models.ids import new_id
from routes.faults import place_on_page, placed
from routes.forms import new_customer
from routes.forms.base import Form, FormData, Reader

MOST_LINES = 500
CHECKS = ("send", "only")
LINE_FIELDS = (
    "id", "product_id", "description", "quantity", "unit", "unit_price", "discount_percent", "treatment", "charge",
    "charge_text",
)  # fmt: skip
# A line that has none of these was never written in.
_TELLING = ("description", "unit_price", "product_id", "charge", "charge_text")
_LINE = re.compile(r"lines\.(\d{1,4})\.(\w+)")
_MOST = Decimal(10) ** 10
_LINE_DEFAULTS = {"unit": DEFAULT_UNIT, "treatment": "standard"}


@dataclass(slots=True)
class EditorForm(Form):
    """The editor as typed: what it knew of the draft, and the line values in order.

    `checked` is set once somebody wanted to issue ("send" or "only") and was told what is missing: from then on every
    save tells what is still missing. `newcomer`: the fields of a customer who is made here, while they are open.
    """

    version: int = 0
    editor: UUID = field(default_factory=new_id)
    lines: list[dict[str, str]] = field(default_factory=list)
    checked: str = ""
    newcomer: Form | None = None

    def add(self, refusal: Refusal) -> None:
        """Note a refusal of the rules beside the field that mends it, those of this page first.

        The rules count the lines of the draft, which leaves out the empty ones of the form.
        """
        refusal = placed(refusal, [row for row, line in enumerate(self.lines) if not is_blank(line)])
        super(EditorForm, self).add(refusal)
        self.errors = dict(sorted(self.errors.items(), key=lambda item: place_on_page(item[0])))


def read(data: FormData, invoice_id: UUID, language: str) -> tuple[EditorForm, Draft | None]:
    """What was typed, and the draft it makes; None when a field can not be read. All faults at once."""
    reader = _EditorReader(_renumbered(data), language)
    draft = Draft(
        id=invoice_id,
        customer_id=reader.id("customer_id"),
        currency=reader.currency(),
        language=reader.choice("language", LANGUAGES, "nb"),
        prices_include_vat=reader.flag("prices_include_vat"),
        delivery_from=reader.day("delivery_from"),
        delivery_to=reader.day("delivery_to"),
        delivery_place=reader.text("delivery_place", longest=200),
        due_days=reader.integer("due_days", low=0, high=3650),
        due_on=reader.day("due_on"),
        valid_until=reader.day("valid_until"),
        your_reference=reader.text("your_reference", longest=100),
        our_reference=reader.text("our_reference", longest=100),
        order_number=reader.text("order_number", longest=100),
        project_reference=reader.text("project_reference", longest=100),
        contract_reference=reader.text("contract_reference", longest=100),
        accounting_reference=reader.text("accounting_reference", longest=100),
        note=reader.text("note", longest=4000, lines=True),
        exchange_rate=reader.decimal("exchange_rate", places=8, low=Decimal("0.00000001"), high=Decimal(10) ** 7),
        discount=reader.discount(),
        charge=reader.charge(),
        lines=tuple(reader.lines()),
    )
    reader.text("customer", longest=200)
    form = EditorForm(reader.form.values, reader.form.errors)
    form.version, form.editor = editing_in(data)
    form.lines = _line_values(reader.data)
    form.checked = data.get("checked") if data.get("checked") in CHECKS else ""
    form.newcomer = new_customer.typed(data)
    return form, draft if form.ok else None


def show(draft: Draft, customer_name: str, version: int, editor: UUID, language: str) -> EditorForm:
    """The form for a stored draft, in the reader's way of writing numbers and dates."""
    number, day = writers(language)
    values = {
        "customer_id": str(draft.customer_id or ""),
        "customer": customer_name,
        "currency": draft.currency,
        "language": draft.language,
        "prices_include_vat": "on" if draft.prices_include_vat else "",
        "delivery_from": day(draft.delivery_from),
        "delivery_to": day(draft.delivery_to),
        "delivery_place": draft.delivery_place,
        "due_days": "" if draft.due_days is None else str(draft.due_days),
        "due_on": day(draft.due_on),
        "valid_until": day(draft.valid_until),
        "your_reference": draft.your_reference,
        "our_reference": draft.our_reference,
        "order_number": draft.order_number,
        "project_reference": draft.project_reference,
        "contract_reference": draft.contract_reference,
        "accounting_reference": draft.accounting_reference,
        "note": draft.note,
        "exchange_rate": number(draft.exchange_rate, 0, 8),
        "discount_percent": number(draft.discount.percent, 0, 2) if draft.discount else "",
        "discount_amount": number(draft.discount.amount, decimals(draft.currency), 2) if draft.discount else "",
        "charge_percent": number(draft.charge.percent, 0, 2) if draft.charge else "",
        "charge_amount": number(draft.charge.amount, decimals(draft.currency), 2) if draft.charge else "",
        "charge_text": draft.charge.text if draft.charge else "",
    }
    form = EditorForm(values, version=version, editor=editor)
    places = decimals(draft.currency)
    form.lines = [_shown_line(line, places, number) for line in draft.lines] or [blank_line(draft.lines)]
    return form


def blank_line(after: tuple[DraftLine, ...] | list[dict[str, str]], treatment: str = "") -> dict[str, str]:
    """A new line; unit and VAT treatment as in the line before, since invoices tend to go on as they began."""
    last = after[-1] if after else None
    before = {"unit": last.unit, "treatment": last.treatment} if isinstance(last, DraftLine) else last or {}
    return {
        "id": str(new_id()),
        "product_id": "",
        "description": "",
        "quantity": "1",
        "unit": before.get("unit", DEFAULT_UNIT),
        "unit_price": "",
        "discount_percent": "",
        "treatment": before.get("treatment") or treatment,
        "charge": "",
        "charge_text": "",
    }


def is_blank(line: Mapping[str, str]) -> bool:
    """A line that nobody has written anything in yet: shown, but not part of the draft. One is what it begins with."""
    return line["quantity"].strip() in ("", "1") and not any(line[name].strip() for name in _TELLING)


def as_data(form: EditorForm) -> FormData:
    """The form as if it had been posted: what it is after a line came, went or moved."""
    fields = {name: [value] for name, value in form.values.items() if not _LINE.fullmatch(name)}
    for index, line in enumerate(form.lines):
        fields |= {f"lines.{index}.{name}": [value] for name, value in line.items()}
    if form.newcomer is not None:
        fields |= {name: [value] for name, value in form.newcomer.values.items()}
    state = {"version": str(form.version), "editor": str(form.editor), "checked": form.checked}
    return FormData({**fields, **{name: [value] for name, value in state.items()}})


class _EditorReader(Reader):
    def id(self, name: str) -> UUID | None:
        text = self.data.get(name).strip()
        self.form.values[name] = text[:36]
        return self.checked(name, text, UUID) if text else None

    def currency(self) -> str:
        typed = self.data.get("currency", "NOK").strip()
        if not is_too_fine(typed):
            return self.choice("currency", CURRENCIES, "NOK")
        self.form.values["currency"] = typed
        self.form.refuse("currency", "invoice.currency_too_fine", currency=typed)
        return typed

    def discount(self) -> Discount | None:
        percent = self.decimal("discount_percent", places=2, low=Decimal(0), high=Decimal(100))
        amount = self.decimal("discount_amount", places=2, low=Decimal(0), high=_MOST)
        if percent is not None and amount is not None:
            self.form.refuse("discount_amount", "discount.percent_or_amount")
            return None
        return Discount(percent, amount) if percent or amount else None

    def charge(self) -> Charge | None:
        percent = self.decimal("charge_percent", places=2, low=Decimal(0), high=Decimal(100))
        amount = self.decimal("charge_amount", places=2, low=Decimal(0), high=_MOST)
        text = self.text("charge_text", longest=100)
        if percent is not None and amount is not None:
            self.form.refuse("charge_amount", "charge.percent_or_amount")
            return None
        return Charge(percent, amount, text) if percent or amount or text else None

    def lines(self) -> Iterator[DraftLine]:
        lines = _count(self.data)
        if lines > MOST_LINES:
            self.form.refuse("lines", "invoice.too_many_lines", most=str(MOST_LINES))
            return
        for index in range(lines):
            if not is_blank({name: self.data.get(f"lines.{index}.{name}") for name in (*_TELLING, "quantity")}):
                yield self._line(f"lines.{index}.")

    def _line(self, at: str) -> DraftLine:
        return DraftLine(
            id=self.id(at + "id") or new_id(),
            description=self.text(at + "description", longest=1000, lines=True),
            quantity=self._number(at + "quantity", 4, default=Decimal(1)),
            unit=self.choice(at + "unit", UNITS, DEFAULT_UNIT),
            unit_price=self._number(at + "unit_price", 4, default=Decimal(0)),
            discount_percent=self.decimal(at + "discount_percent", places=2, low=Decimal(0), high=Decimal(100))
            or Decimal(0),
            treatment=self.choice(at + "treatment", TREATMENTS, "standard"),
            product_id=self.id(at + "product_id"),
            charge=self.decimal(at + "charge", places=2, low=Decimal(0), high=_MOST) or Decimal(0),
            charge_text=self.text(at + "charge_text", longest=100),
        )

    def _number(self, name: str, places: int, default: Decimal) -> Decimal:
        value = self.decimal(name, places=places, low=-_MOST, high=_MOST)
        return default if value is None else value


def _renumbered(data: FormData) -> FormData:
    """The same fields with the lines counted from 0 without gaps, in the order of their numbers."""
    matches = {name: match for name in data.fields if (match := _LINE.fullmatch(name))}
    found = sorted({int(match[1]) for match in matches.values()})
    place = {old: new for new, old in enumerate(found)}
    fields = {}
    for name, values in data.fields.items():
        match = matches.get(name)
        fields[f"lines.{place[int(match[1])]}.{match[2]}" if match else name] = values
    ids: set[str] = set()
    for index in range(len(found)):
        fields.setdefault(f"lines.{index}.description", [""])
        # No one types an id: what is none, or stands twice, is a new line.
        line_id = _valid_id(fields.get(f"lines.{index}.id", [""])[-1])
        line_id = line_id if line_id and line_id not in ids else str(new_id())
        ids.add(line_id)
        fields[f"lines.{index}.id"] = [line_id]
    return FormData(fields)


def _count(data: FormData) -> int:
    """How many lines a renumbered form has."""
    return next(n for n in count() if f"lines.{n}.description" not in data.fields)


def _line_values(data: FormData) -> list[dict[str, str]]:
    """The lines as typed, for showing them again. A line without a valid id gets one."""
    lines = []
    for index in range(min(_count(data), MOST_LINES)):
        at = f"lines.{index}."
        line = {name: data.get(at + name, _LINE_DEFAULTS.get(name, ""))[:2000] for name in LINE_FIELDS}
        lines.append(line)
    return lines or [blank_line([])]


def _valid_id(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None


def editing_in(data: FormData) -> tuple[int, UUID]:
    """The version that a form was opened with, and which open editor it is of."""
    version = data.get("overwrite") or data.get("version", "0")
    editor = _valid_id(data.get("editor"))
    in_range = version.isascii() and version.isdigit() and len(version) < 10
    return int(version) if in_range else 0, UUID(editor) if editor else new_id()


def writers(
    language: str,
) -> tuple[Callable[[Decimal | None, int, int], str], Callable[[date | None], str]]:
    """How numbers and days are written in `language`, and nothing as nothing."""

    def number(value: Decimal | None, least: int, most: int) -> str:
        return "" if value is None else show_decimal(value, language, least, most)

    def day(value: date | None) -> str:
        return "" if value is None else show_date(value, language)

    return number, day


def _shown_line(line: DraftLine, places: int, number: Callable[[Decimal, int, int], str]) -> dict[str, str]:
    return {
        "id": str(line.id),
        "product_id": str(line.product_id or ""),
        "description": line.description,
        "quantity": number(line.quantity, 0, 4),
        "unit": line.unit,
        "unit_price": number(line.unit_price, places, 4),
        "discount_percent": number(line.discount_percent, 0, 2) if line.discount_percent else "",
        "treatment": line.treatment,
        "charge": number(line.charge, places, 2) if line.charge else "",
        "charge_text": line.charge_text,
    }
