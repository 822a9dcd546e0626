"""The data-processing agreements of a company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.unit_of_work import Work, reading


@dataclass(frozen=True, slots=True)
class SignedAgreement:
    """Who accepted which version, as they were then. `sha256` is None until its PDF is drawn."""

    id: UUID
    version: str
    language: str
    fingerprint: bytes
    company: str
    organisation_number: str
    signer: str
    signed_at: datetime
    sha256: bytes | None


@dataclass(frozen=True, slots=True)
class Party:
    """The company as a controller in the processor's record."""

    name: str
    organisation_number: str
    email: str
    signed: list[SignedAgreement]  # newest first


async def agreement_page(organisation_id: UUID) -> Party:
    """The company and all that it has accepted, in one statement."""
    async with reading(organisation_id) as work:
        rows = await work.connection.fetch(_PAGE, organisation_id)
    own = rows[0]
    signed = [_signed(row) for row in rows if row["id"] is not None]
    return Party(own["name"], own["own_number"], own["email"], signed)


async def agreement_of(organisation_id: UUID, version: str) -> SignedAgreement | None:
    """The company's acceptance of this version, or None."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(f"{_SELECT} and version = $2", organisation_id, version)
    return None if row is None else _signed(row)


async def agreement_in(work: Work, agreement_id: UUID) -> SignedAgreement | None:
    """One of them, inside an open unit of work."""
    row = await work.connection.fetchrow(f"{_SELECT} and id = $2", work.organisation_id, agreement_id)
    return None if row is None else _signed(row)


def _signed(row: Any) -> SignedAgreement:
    return SignedAgreement(**{name: row[name] for name in SignedAgreement.__slots__})


_COLUMNS = "id, version, language, fingerprint, company, organisation_number, signer, signed_at, sha256"
_SELECT = f"select {_COLUMNS} from agreement where organisation_id = $1"  # noqa: S608 - names of columns
_PAGE = f"""
select o.name, o.organisation_number as own_number, o.email, {", ".join(f"a.{name}" for name in _COLUMNS.split(", "))}
from organisation o left join agreement a on a.organisation_id = o.id
where o.id = $1 order by a.version desc
"""  # noqa: S608 - names of columns
