"""Under which country's laws a company stands."""

from __future__ import annotations

from uuid import UUID

from models.unit_of_work import reading


async def country_of(organisation_id: UUID) -> tuple[str, int]:
    """The country of the company (ISO 3166-1) and the month with which its accounting year ends."""
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(
            "select country, accounting_year_ends from organisation where id = $1", organisation_id
        )
    return row["country"], row["accounting_year_ends"]
