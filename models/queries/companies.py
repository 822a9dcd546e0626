"""Companies: those of a person, and the one in whose name is worked."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from domain.access import Role
from domain.company import Company
from domain.identifiers import format_orgnr
from models.unit_of_work import Work, reading


async def inbox_turn(organisation_id: UUID) -> int | None:
    """How often the company's address for suppliers was renewed; None when there is no such company."""
    async with reading(organisation_id) as work:
        turn: int | None = await work.connection.fetchval(
            "select inbox_turn from organisation where id = $1", organisation_id
        )
    return turn


@dataclass(frozen=True, slots=True)
class CompanyLine:
    """One company in a person's list."""

    id: UUID
    name: str
    organisation_number: str
    city: str
    role: Role
    # Its deletion was asked for and begins then.
    closes_at: datetime | None = None

    @property
    def number(self) -> str:
        """The organisation number as it is written."""
        return format_orgnr(self.organisation_number)


@dataclass(frozen=True, slots=True)
class CompanySettings:
    """The company as it is saved. `numbers_in_use`: an invoice is issued, so the first number stands."""

    id: UUID
    version: int
    company: Company
    logo_sha256: bytes | None
    numbers_in_use: bool


async def companies_of(person_id: UUID) -> list[CompanyLine]:
    """The companies a person is a member of, by name; also those that are about to close."""
    async with reading(None, person_id) as work:
        rows = await work.connection.fetch(_OF_PERSON, person_id)
    return [
        CompanyLine(
            row["id"], row["name"], row["organisation_number"], row["city"], Role(row["role"]), row["closes_at"]
        )
        for row in rows
    ]


async def company_settings(organisation_id: UUID) -> CompanySettings:
    """The settings of this company."""
    async with reading(organisation_id) as work:
        return await settings_in(work)


async def settings_in(work: Work, *, lock: bool = False) -> CompanySettings:
    """The same inside a unit of work; `lock` holds the row until it ends."""
    row = await work.connection.fetchrow(_SETTINGS + ("for update of o" if lock else ""), work.organisation_id)
    return CompanySettings(
        id=row["id"],
        version=row["version"],
        company=Company(**{column: row[column] for column in COLUMNS}),
        logo_sha256=row["logo_sha256"],
        numbers_in_use=row["numbers_in_use"],
    )


async def logo_of(organisation_id: UUID) -> bytes | None:
    """The SHA-256 of the company's logo in the file store, or None."""
    async with reading(organisation_id) as work:
        sha256: bytes | None = await work.connection.fetchval(
            "select logo_sha256 from organisation where id = $1", organisation_id
        )
    return sha256


COLUMNS = tuple(field.name for field in fields(Company))
_OF_PERSON = """
select o.id, o.name, o.organisation_number, o.city, m.role, o.closes_at
from membership m join organisation o on o.id = m.organisation_id
where m.person_id = $1 order by lower(o.name), o.id
"""
_SETTINGS = f"""
select o.id, o.version, o.logo_sha256, {", ".join(f"o.{column}" for column in COLUMNS)},
       exists (select from number_series n where n.organisation_id = o.id) as numbers_in_use
from organisation o where o.id = $1
"""  # noqa: S608 - names of columns from a dataclass
