"""Companies: founded with their owner, and described in their settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from actions import corrections
from actions.clock import now
from actions.sessions import Place, Started, rotate
from domain.access import Role
from domain.company import Company, time_zone
from models.ids import new_id
from models.queries.companies import COLUMNS, CompanySettings, settings_in
from models.unit_of_work import Work, unit_of_work


@dataclass(frozen=True, slots=True)
class Saved:
    """The settings are saved. `fields` names what changed."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedElsewhere:
    """Somebody saved since the form was opened; nothing was overwritten. `stored` is what is saved now."""

    stored: CompanySettings


async def found(person_id: UUID, session: bytes, company: Company) -> tuple[UUID, Started]:
    """Make a company with this person as its owner and let their session act for it, all or nothing.

    The session gets a new id: its rights are others now. Numbers begin with the first invoice (actions.invoices).
    """
    organisation_id = new_id()
    async with unit_of_work(organisation_id, person_id) as work:
        await _insert(work, organisation_id, company)
        await work.connection.execute(_MEMBER, organisation_id, person_id, Role.OWNER.value, now())
        work.audit("organisation.founded", "organisation", organisation_id)
        started = await rotate(work, session, Place(organisation_id, company.name, Role.OWNER))
    return organisation_id, started


async def change(organisation_id: UUID, person_id: UUID, version: int, company: Company) -> Saved | ChangedElsewhere:
    """Save the settings when they are still the `version` that was opened.

    The first number stays as it is once an invoice is issued (bokføringsforskriften § 5-1-3: one controllable
    sequence). Invoices that are issued keep what they said.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        stored = await settings_in(work, lock=True)
        if stored.version != version:
            return ChangedElsewhere(stored)
        changes = _changes(stored, company)
        if changes:
            await _update(work, changes)
            known = asdict(stored.company)
            before = {name: known[name] for name in changes if name in known}
            await corrections.note(work, before, changes)
            work.audit("organisation.changed", "organisation", organisation_id, tuple(changes))
    return Saved(tuple(changes))


def _changes(stored: CompanySettings, company: Company) -> dict[str, Any]:
    before, after = asdict(stored.company), asdict(company)
    if stored.numbers_in_use:
        after["first_number"] = before["first_number"]
    changes = {name: value for name, value in after.items() if value != before[name]}
    if "country" in changes:
        changes["time_zone"] = time_zone(company.country)
    return changes


async def _insert(work: Work, organisation_id: UUID, company: Company) -> None:
    values = [organisation_id, now(), time_zone(company.country), *asdict(company).values()]
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    columns = ", ".join(("id", "created_at", "time_zone", *COLUMNS))
    await work.connection.execute(
        f"insert into organisation ({columns}, version) values ({places}, 1)",  # noqa: S608 - names of columns
        *values,
    )


async def _update(work: Work, changes: dict[str, Any]) -> None:
    assert set(changes) <= {*COLUMNS, "time_zone"}
    columns = ", ".join(f"{name} = ${n}" for n, name in enumerate(changes, start=2))
    await work.connection.execute(
        f"update organisation set {columns}, version = version + 1 where id = $1",  # noqa: S608 - names of columns
        work.organisation_id,
        *changes.values(),
    )


_MEMBER = "insert into membership (organisation_id, person_id, role, created_at) values ($1, $2, $3, $4)"
