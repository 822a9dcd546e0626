"""The form of a plan's rhythm: from what is typed to its terms, and back."""

from __future__ import annotations

from datetime import date

from actions.plans import Terms
from domain import plan_refusals
from domain.reading import show_date
from domain.recurring import MOST_EVERY, UNITS, Rhythm
from models.queries.plans import StoredPlan
from routes.forms.base import Form, FormData, Reader

__all__ = ["parse", "plan_refusals", "show"]
MODES = ("draft", "issue")


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
    if not reader.form.ok or every is None or first_on is None:
        return reader.form, None
    return reader.form, Terms(Rhythm(unit, every, first_on, ends_on, times, in_arrears), mode == "issue")


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
            "in_arrears": "on" if row["in_arrears"] else "",
            "mode": "issue" if row["is_automatic"] else "draft",
        }
    )
