"""Writing down what a correction changed, in the transaction that makes it: who, when, from what, to what (GDPR Art. 16).

Only columns of personal and business data come here, never a secret: passwords and tokens have no way to this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from actions.clock import now
from models.ids import new_id
from models.unit_of_work import Work


async def note(
    work: Work,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    customer_id: UUID | None = None,
    reference: str = "",
) -> None:
    """Keep what stood in the columns of `before`, beside what stands there from now on. Without a customer they are the
    company's own; `reference` is that of the customer's request it was done for."""
    changes = _changes(before, after)
    if changes:
        names, old, new = zip(*changes, strict=True)
        await work.connection.execute(
            _NOTE, work.organisation_id, customer_id, work.person_id, reference, now(), [new_id() for _ in names],
            names, old, new,
        )  # fmt: skip


async def note_own(work: Work, person_id: UUID, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """The same of a person's own account."""
    changes = _changes(before, after)
    if changes:
        names, old, new = zip(*changes, strict=True)
        await work.connection.execute(_NOTE_OWN, person_id, now(), [new_id() for _ in names], names, old, new)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    pairs = ((name, as_text(value), as_text(after[name])) for name, value in before.items())
    return [(name, old, new) for name, old, new in pairs if old != new]


def as_text(value: Any) -> str:
    """A value as it is kept: "" for nothing, true and false as in JSON, and otherwise as it is stored."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


_NOTE = """
insert into correction (organisation_id, customer_id, corrected_by, reference, corrected_at,
    id, field, old_value, new_value)
select $1, $2, $3, $4, $5, one.* from unnest($6::uuid[], $7::text[], $8::text[], $9::text[]) one
"""
_NOTE_OWN = """
insert into account_correction (person_id, corrected_at, id, field, old_value, new_value)
select $1, $2, one.* from unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) one
"""
