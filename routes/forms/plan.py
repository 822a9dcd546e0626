"""The form of a plan's rhythm: from what is typed to its terms, and back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from actions.plans import Terms
from domain import plan_refusals
from domain.reading import show_date, show_decimal
from domain.recurring import MOST_EVERY, UNITS, Rhythm, Rise
from models.queries.plans import StoredPlan
from routes.forms.base import Form, FormData, Reader

__all__ = ["parse", "plan_refusals", "show"]
MODES = ("draft", "issue")
SMALLEST_RISE, HUNDRED = Decimal("0.01"), Decimal(100)
MOST_RISE = Decimal(1_000_000)


def parse(data: FormData, language: str) -> tuple[Form, Terms | None]:
    """What was typed, and the terms it makes; None when a field can not be read. All faults at once."""
    reader = Reader(data, language)
    every = reader.integer("every", low=1, high=MOST_EVERY, required=True)
    unit = reader.choice("unit", UNITS, "month")
    first_on = reader.day("first_on", required=True)
    ends_on = reader.day("ends_on")
    times = reader.integer("times", low=1, high=1000)
    in_arrears = reader.flag("in_arrears")
    mode = reader.choice("mode", MODES, "draft")
    rise = _rise(reader)
    if not reader.form.ok or every is None or first_on is None:
        return reader.form, None
    return reader.form, Terms(Rhythm(unit, every, first_on, ends_on, times, in_arrears, rise), mode == "issue")


def _rise(reader: Reader) -> Rise | None:
    """How prices rise, or None when they do not. A day without a size, or a size without a day, is a fault."""
    percent = reader.decimal("rise_percent", places=2, low=SMALLEST_RISE, high=HUNDRED)
    amount = reader.decimal("rise_amount", places=4, low=Decimal("0.0001"), high=MOST_RISE)
    begins = reader.day("rise_from")
    typed = [name for name in ("rise_percent", "rise_amount") if reader.data.get(name).strip()]
    if len(typed) == 2:
        reader.form.refuse("rise_amount", "plan.two_rises")
    if typed and not reader.data.get("rise_from").strip():
        reader.form.refuse("rise_from", "plan.rise_without_day")
    if begins is not None and not typed:
        reader.form.refuse("rise_percent", "plan.rise_without_size")
    return Rise(begins, percent, amount) if begins is not None else None


def show(plan: StoredPlan, language: str, today: date) -> Form:
    """The form for a stored plan; a new one begins today, each month."""
    row = plan.row
    return Form(
        {
            "every": str(row["every"]),
            "unit": row["unit"],
            "first_on": show_date(row["first_on"] or today, language),
            "ends_on": show_date(row["ends_on"], language) if row["ends_on"] else "",
            "times": str(row["times"] or ""),
            "rise_from": show_date(row["rise_from"], language) if row["rise_from"] else "",
            "rise_percent": show_decimal(row["rise_percent"], language, 0, 2) if row["rise_percent"] else "",
            "rise_amount": show_decimal(row["rise_amount"], language, 2, 4) if row["rise_amount"] else "",
            "in_arrears": "on" if row["in_arrears"] else "",
            "mode": "issue" if row["is_automatic"] else "draft",
        }
    )
