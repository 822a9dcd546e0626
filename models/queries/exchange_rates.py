"""Published exchange rates: the one that holds on a day."""

from __future__ import annotations

from datetime import date

from domain.exchange_rates import LONGEST_PAUSE
from domain.kroner import Rate
from models.unit_of_work import Work


async def rate_on(work: Work, currency: str, day: date) -> Rate | None:
    """NOK for one unit of `currency`, of `day` or the banking day before it; None when none is known.

    Norges Bank goes before the ECB where both published for that day.
    """
    row = await work.connection.fetchrow(_RATE, currency, day, day - LONGEST_PAUSE)
    return None if row is None else Rate(row["nok"], row["source"], row["day"])


_RATE = """
select nok, source, day from exchange_rate where currency = $1 and day between $3 and $2
order by day desc, source desc limit 1
"""
