"""What people typed, and what was wrong with it: kept together, so that nothing typed is ever lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from litestar.datastructures import UploadFile

from domain.reading import Unreadable, read_date, read_decimal
from domain.refusals import Refusal
from routes.pages import AnyRequest

T = TypeVar("T")
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class FormData:
    """The fields of a form as they came: each name with all its values, in order."""

    fields: Mapping[str, list[str]]

    def get(self, name: str, default: str = "") -> str:
        values = self.fields.get(name)
        return values[-1] if values else default

    def all(self, name: str) -> list[str]:
        return self.fields.get(name, [])

    def __contains__(self, name: str) -> bool:
        return name in self.fields


async def read_form(request: AnyRequest) -> FormData:
    """The form without its files. A NUL can not be stored, so it becomes the replacement character and is then seen."""
    fields: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if not isinstance(value, UploadFile):
            fields.setdefault(name, []).append(str(value).replace("\0", "\ufffd"))
    return FormData(fields)


@dataclass(slots=True)
class Form:
    """Values as typed and refusals by field; `""` holds those that belong to the whole form."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[Refusal]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.errors

    def refuse(self, name: str, code: str, **params: str) -> None:
        self.errors.setdefault(name, []).append(Refusal(code, name or None, params))

    def add(self, refusal: Refusal) -> None:
        self.errors.setdefault(refusal.field or "", []).append(refusal)


class Reader:
    """Reads fields one by one into a Form: every fault is noted, reading goes on."""

    def __init__(self, data: FormData, language: str) -> None:
        self.data = data
        self.language = language
        self.form = Form()

    def text(self, name: str, *, longest: int, required: bool = False, lines: bool = False) -> str:
        """Text without surrounding space; in a single line unless `lines`."""
        raw = self.data.get(name)
        value = raw.replace("\r\n", "\n").strip()
        self.form.values[name] = value if lines else raw.strip()
        if (_CONTROLS if lines else _CONTROLS_AND_BREAKS).search(value):
            self.form.refuse(name, "text.control_characters")
        elif len(value) > longest:
            self.form.refuse(name, "text.too_long", longest=str(longest))
        elif required and not value:
            self.form.refuse(name, "field.required")
        return value

    def choice(self, name: str, choices: Mapping[str, object] | tuple[str, ...], default: str = "") -> str:
        value = self.data.get(name, default).strip()
        self.form.values[name] = value[:200]
        if value not in choices:
            self.form.refuse(name, "choice.unknown")
        return value

    def flag(self, name: str) -> bool:
        value = self.data.get(name) in ("on", "1", "true", "yes")
        self.form.values[name] = "on" if value else ""
        return value

    def decimal(
        self,
        name: str,
        *,
        places: int,
        required: bool = False,
        low: Decimal | None = None,
        high: Decimal | None = None,
    ) -> Decimal | None:
        value = self._read(name, lambda text: read_decimal(text, places, language=self.language), required)
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            self.form.refuse(name, "number.out_of_range", low=str(low), high=str(high))
            return None
        return value

    def day(self, name: str, *, required: bool = False) -> date | None:
        return self._read(name, lambda text: read_date(text, self.language), required)

    def integer(self, name: str, *, low: int, high: int, required: bool = False) -> int | None:
        value = self.decimal(name, places=0, required=required, low=Decimal(low), high=Decimal(high))
        return None if value is None else int(value)

    def checked(self, name: str, value: str, check: Callable[[str], T]) -> T | None:
        """Run a domain check that raises ValueError with a `code`."""
        try:
            return check(value)
        except ValueError as problem:
            self.form.refuse(name, getattr(problem, "code", "choice.unknown"))
            return None

    def _read(self, name: str, read: Callable[[str], T], required: bool) -> T | None:
        text = self.data.get(name).strip()
        self.form.values[name] = text[:LONGEST]
        if not text:
            if required:
                self.form.refuse(name, "field.required")
            return None
        try:
            return read(text)
        except Unreadable as problem:
            self.form.refuse(name, problem.code)
            return None


# C0 and C1 controls and lone surrogates, and what stands for a NUL; line breaks and tabs where there is a single line.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_CONTROLS_AND_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
