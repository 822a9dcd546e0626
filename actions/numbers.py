"""The next number of a series: one after the other, in the order they were asked for, without a gap."""

from __future__ import annotations

from models.unit_of_work import Work


async def take_number(work: Work, series: str, year: int = 0, first: int = 1) -> int:
    """The next number of the company's series (bokføringsforskriften § 5-1-3), `first` when it is the first of it.

    Who asks holds the series until the unit of work ends, and gives the number back when that fails. `year` is 0 for a
    series that goes on from year to year.
    """
    number: int = await work.connection.fetchval(_TAKE, work.organisation_id, series, year, first)
    return number


# Whoever waits for the row itself may be overtaken again and again: each new version of it has a queue of its own. The
# turns of an advisory lock are taken in the order they were asked for.
_TAKE = """
with turn as materialized (select pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2::text, $3::int)))
insert into number_series (organisation_id, series, year, last) select $1, $2, $3, $4 from turn
on conflict (organisation_id, series, year) do update set last = number_series.last + 1 returning last
"""
