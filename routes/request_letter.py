"""What is decided about a request, and the letter that says so: shown before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from actions.request_letters import Answerer, Letter, preview
from domain.privacy.requests import LONGEST_TEXT, Clock, extended_day
from domain.refusals import Refused
from models.queries.requests import RequestView
from routes.forms.base import Form, FormData, Reader
from routes.templates import environment_for

# What may be pressed, and the state it leads to.
DECISIONS = {"accept": "fulfilled", "partly": "partly_fulfilled", "decline": "refused", "extend": "extended"}


@dataclass(frozen=True, slots=True)
class Decided:
    """What was pressed, the words for the letter, and the ground of a restriction."""

    name: str
    text: str
    ground: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as its reader will see it; `body` is escaped."""

    subject: str
    body: Markup


def read_decision(data: FormData, language: str, one: RequestView) -> tuple[Form, Decided | None]:
    """What somebody decided. Everything but a plain yes says why."""
    reader = Reader(data, language)
    name = reader.choice("decision", DECISIONS)
    text = reader.text("text", longest=LONGEST_TEXT, lines=True)
    ground = reader.text("ground", longest=1)
    form = reader.form
    if name in ("partly", "decline") and not text:
        form.refuse("text", "request.reasons_missing")
    elif name == "extend" and "text" not in form.errors:
        try:
            extended_day(one.clock, one.today, text)
        except Refused as refused:
            for refusal in refused.refusals:
                form.refuse("text" if refusal.field else "", refusal.code)
    return form, Decided(name, text, ground) if form.ok else None


def letter_of(one: RequestView, decided: Decided, controller: Answerer, language: str) -> Shown:
    """The letter that this decision sends, in the language of who asked."""
    extends = decided.name == "extend"
    row: dict[str, Any] = {
        "received_at": one.received_at,
        "due_on": one.clock.due_on,
        "extended_until": _until(one.clock, one.today, decided.text) if extends else one.clock.extended_until,
        "reference": one.reference,
        "kind": one.kind,
        "identity": one.identity,
        "extension_reason": decided.text if extends else one.extension_reason,
        "state": DECISIONS[decided.name],
        "reasons": "" if extends else decided.text,
    }
    words = preview(row, Letter.EXTENDED if extends else Letter.DECIDED, controller, language)
    written = environment_for(language).get_template("emails/request.txt").make_module(words)
    return Shown(str(Markup(written.subject).unescape()), Markup(str(written).strip()))  # type: ignore[attr-defined]  # noqa: S704 - escaped by the environment


def _until(clock: Clock, today: date, reason: str) -> date:
    return extended_day(clock, today, reason)
