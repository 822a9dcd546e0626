"""The vocabulary of "no": what the rules refuse, as data.

A refusal has a code, the field it belongs to and the figures its sentence needs. The sentences stand in
`domain/refusal_texts.py`, the one table of them; a test holds that every code used has one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One expected "no". `field` is a dotted path such as `lines.2.description` (lines count from 0), or None."""

    code: str
    field: str | None = None
    params: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)


class Refused(Exception):
    """An action can not be done; `refusals` says why, all reasons at once."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(refusal.code for refusal in refusals))
        self.refusals: tuple[Refusal, ...] = refusals


class Invalid(ValueError):
    """A typed value is not what it should be. `code` is the refusal code that says so."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def at(self, field_name: str | None, **params: str) -> Refusal:
        """The same as a refusal of one field."""
        return Refusal(self.code, field_name, params)
