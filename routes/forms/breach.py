"""The forms of the register of breaches. Times are Norwegian, as the browser's own field for them writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from actions.breach_letters import Audience
from actions.clock import now
from domain import breach_refusals
from domain.privacy.breach_texts import LANGUAGES, TO_FILL_IN, Model
from domain.privacy.breaches import CATEGORIES, DECISIONS, KINDS, Breach, Decision, faults
from routes.forms.base import Form, FormData, Reader

__all__ = ["breach_refusals", "fresh", "parse", "parse_letter", "parse_notice", "parse_window", "show", "show_notice"]
HOME = ZoneInfo("Europe/Oslo")
TEXTS = ("facts", "effects", "measures", "risk", "reasons", "delay_reasons", "lessons")
MOMENTS = (
    "became_aware_at", "occurred_from", "occurred_to", "authority_notified_at", "people_notified_at",
    "companies_notified_at",
)  # fmt: skip
LONGEST = 10_000
MOST = 1_000_000_000
E = TypeVar("E", bound=StrEnum)


def parse(data: FormData, language: str) -> tuple[Form, Breach | None]:
    """What was typed, and the entry it makes; None when something must be mended. All faults at once."""
    reader = Reader(data, language)
    texts = {name: reader.text(name, longest=LONGEST, lines=True, required=name == "facts") for name in TEXTS}
    moments = {name: _moment(reader, name) for name in MOMENTS}
    if not moments["became_aware_at"] and "became_aware_at" not in reader.form.errors:
        reader.form.refuse("became_aware_at", "field.required")
    decision = reader.choice("decision", tuple(DECISIONS), Decision.UNDECIDED)
    people = reader.integer("people", low=0, high=MOST)
    records = reader.integer("records", low=0, high=MOST)
    kinds, categories = _ticked(reader, "kinds", KINDS), _ticked(reader, "categories", CATEGORIES)
    aware = moments.pop("became_aware_at")
    if aware is None or decision not in tuple(DECISIONS):
        return reader.form, None
    known: dict[str, Any] = {**texts, **moments, "people": people, "records": records}
    breach = Breach(aware, decision=Decision(decision), kinds=kinds, categories=categories, **known)
    for refusal in faults(breach, now()):
        if refusal.field not in reader.form.errors:
            reader.form.add(refusal)
    return reader.form, breach if reader.form.ok else None


def show(breach: Breach) -> Form:
    """The form of what is known now, for the next entry."""
    values = {name: getattr(breach, name) for name in TEXTS}
    values |= {name: shown(getattr(breach, name)) for name in MOMENTS}
    values |= {name: "" if (n := getattr(breach, name)) is None else str(n) for name in ("people", "records")}
    values |= {f"kinds.{kind}": "on" for kind in breach.kinds}
    values |= {f"categories.{category.name}": "on" for category in breach.categories}
    return Form({**values, "decision": breach.decision})


def shown(moment: datetime | None) -> str:
    """A moment as a field of the type datetime-local has it."""
    return "" if moment is None else moment.astimezone(HOME).strftime("%Y-%m-%dT%H:%M")


def fresh() -> Form:
    """The form of a breach that somebody has become aware of just now."""
    return Form({"became_aware_at": shown(now()), "decision": Decision.UNDECIDED})


def _moment(reader: Reader, name: str) -> datetime | None:
    text = reader.data.get(name).strip()
    reader.form.values[name] = text[:40]
    if not text:
        return None
    if not re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d)?", text, re.ASCII):
        reader.form.refuse(name, "moment.unreadable")
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=HOME).astimezone(UTC)
    except ValueError:
        reader.form.refuse(name, "moment.unreadable")
        return None


def _ticked(reader: Reader, name: str, choices: Mapping[E, str] | tuple[E, ...]) -> tuple[E, ...]:
    """Boxes named `kinds.<kind>`; what is no choice of ours is not looked at."""
    return tuple(
        choice for choice in choices if reader.flag(f"{name}.{choice.name if name == 'categories' else choice}")
    )


def parse_notice(data: FormData, language: str) -> tuple[Form, dict[str, Model], list[str]]:
    """A notice to companies in both languages, and the organisation numbers it is for: none for all companies."""
    reader = Reader(data, language)
    texts = {
        tongue: Model(
            reader.text(f"subject_{tongue}", longest=150, required=True),
            reader.text(f"text_{tongue}", longest=LONGEST, lines=True, required=True),
        )
        for tongue in LANGUAGES
    }
    for tongue, model in texts.items():
        if TO_FILL_IN in model.text and f"text_{tongue}" not in reader.form.errors:
            reader.form.refuse(f"text_{tongue}", "notice.unfilled")
    audience = reader.choice("audience", ("all", "some"), "")
    typed = reader.text("numbers", longest=LONGEST, lines=True)
    numbers = [number for part in re.split(r"[,;\n]", typed) if (number := "".join(part.split()))]
    if audience == "some" and not numbers:
        reader.form.refuse("numbers", "notice.nobody_chosen")
    return reader.form, texts, numbers if audience == "some" else []


def parse_letter(data: FormData, language: str) -> tuple[Form, dict[str, Model], Audience | None]:
    """A letter to the people, in both languages, and whom it is for."""
    form, texts, numbers = parse_notice(data, language)
    reader = Reader(data, language)
    existed_at = _moment(reader, "existed_at")
    form.values |= reader.form.values
    for name, refusals in reader.form.errors.items():
        for refusal in refusals:
            form.refuse(name, refusal.code)
    if existed_at is None and "existed_at" not in form.errors:
        form.refuse("existed_at", "field.required")
    return form, texts, Audience(existed_at, numbers) if existed_at is not None and form.ok else None


def show_notice(texts: Mapping[str, Model]) -> Form:
    values = {f"subject_{tongue}": model.subject for tongue, model in texts.items()}
    return Form({**values, **{f"text_{tongue}": model.text for tongue, model in texts.items()}, "audience": "all"})


def parse_window(data: FormData) -> tuple[Form, tuple[datetime, datetime] | None]:
    """From when to when something may have been seen; both are needed."""
    reader = Reader(data, "en")
    begins, ends = _moment(reader, "begins"), _moment(reader, "ends")
    return reader.form, (begins, ends) if begins and ends and begins <= ends else None
