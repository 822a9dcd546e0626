"""Under which country's laws a company stands."""

from __future__ import annotations

from uuid import UUID

from models.unit_of_work import Work, reading


async def country_of(organisation_id: UUID) -> tuple[str, int]:
    """The country of the company (ISO 3166-1) and the month with which its accounting year ends."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(
            "select country, accounting_year_ends from organisation where id = $1", organisation_id
        )
    return row["country"], row["accounting_year_ends"]


async def country_of_person(person_id: UUID) -> str | None:
    """The country of the company this person has, of several the first; None for who has none."""
    async with reading(None) as work:
        return await country_within(work, person_id)


async def country_within(work: Work, person_id: UUID) -> str | None:
    """The same in a transaction that is open: row-level security shows a person's companies to that person alone."""
    await work.connection.execute("select set_config('app.person_id', $1, true)", str(person_id))
    country: str | None = await work.connection.fetchval(_OF_PERSON, person_id)
    return country


_OF_PERSON = """
select o.country from membership m join organisation o on o.id = m.organisation_id
where m.person_id = $1 order by m.organisation_id limit 1
"""
