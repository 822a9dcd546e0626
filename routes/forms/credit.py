"""What to credit, as typed: for each line a number of units or an amount off its price, and why."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from actions.credits import Crediting
from domain.credit import Left, LineLeft, Wanted, everything
from domain.money import ZERO, decimals
from domain.reading import show_decimal
from domain.refusals import Refusal
from models.ids import id_in_or_new, new_id
from routes.forms.base import Form, FormData, Reader

LONGEST_REASON = 1000
LARGEST = Decimal("1e12")


def whole(left: Left, seen: Decimal, language: str) -> Form:
    """The form as it is most often sent: all that is left."""
    places = decimals(left.invoice.currency)
    values = {"note_id": str(new_id()), "draft_id": str(new_id()), "seen": str(seen)}
    for line in left.lines:
        values[f"{_name(line)}.quantity"] = show_decimal(line.quantity, language, 0, 4)
    if left.charge:
        values["charge"] = show_decimal(left.charge, language, places, places)
    return Form(values)


def parse(data: FormData, left: Left, language: str) -> tuple[Form, Crediting | None]:
    """What is asked for, or every fault of it. The button `correct` takes all that is left and asks for a new draft."""
    reader = Reader(data, language)
    lines = {line.id: want for line in left.lines if not line.is_nothing for want in _wanted(reader, line, left)}
    charge = reader.decimal("charge", places=decimals(left.invoice.currency), low=-LARGEST, high=LARGEST)
    reason = reader.text("reason", longest=LONGEST_REASON, lines=True)
    form = reader.form
    correct = "correct" in data
    for name in ("note_id", "draft_id", "seen"):
        form.values[name] = data.get(name)[:40]
    if not form.ok:
        return form, None
    return form, Crediting(
        id=id_in_or_new(data.get("note_id")),
        lines=everything(left) if correct else lines,
        charge=left.charge if correct else charge or ZERO,
        reason=reason,
        seen=_seen(data.get("seen")),
        correction_id=id_in_or_new(data.get("draft_id")) if correct else None,
    )


def as_data(form: Form) -> FormData:
    """The form as if it had been sent."""
    return FormData({name: [value] for name, value in form.values.items() if name != "correct" or value})


def refuse(form: Form, refusals: Iterable[Refusal], left: Left) -> Form:
    """The form with what the rules say; what belongs to a field that the page does not have stands above it, and leads
    to the field that has it."""
    fields = {
        f"{_name(line)}.{part}" for line in left.lines if not line.is_nothing for part in ("quantity", "amount")
    }
    for refusal in refusals:
        known = refusal.field in fields or refusal.field in ("charge", "reason")
        form.errors.setdefault((refusal.field or "") if known else "", []).append(refusal)
    return form


def _wanted(reader: Reader, line: LineLeft, left: Left) -> list[Wanted]:
    """An amount goes before a quantity, as the page says."""
    amount = reader.decimal(
        f"{_name(line)}.amount", places=decimals(left.invoice.currency), low=-LARGEST, high=LARGEST
    )
    quantity = reader.decimal(f"{_name(line)}.quantity", places=4, low=-LARGEST, high=LARGEST)
    if amount is not None:
        return [Wanted(amount=amount)]
    return [] if quantity is None else [Wanted(quantity=quantity)]


def _name(line: LineLeft) -> str:
    return f"lines.{line.line.position - 1}"


def _seen(text: str) -> Decimal | None:
    """What was credited when the form was shown; a form without it does not ask."""
    try:
        seen = Decimal(text[:20])
    except InvalidOperation:
        return None
    return seen if seen.is_finite() else None
