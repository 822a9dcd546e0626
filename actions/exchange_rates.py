"""Exchange rates that a bank published, kept for every company."""

from __future__ import annotations

from actions.clock import now
from domain.exchange_rates import DailyRates
from domain.money import CURRENCIES
from domain.refusals import Invalid
from models.unit_of_work import unit_of_work


async def keep(rates: DailyRates) -> int:
    """Keep what each currency cost in NOK that day; says how many are new. Keeping the same day again changes nothing:
    a rate that documents were issued with stays as it was."""
    known = []
    for currency in rates.worth.keys() & set(CURRENCIES) - {"NOK"}:
        try:
            known.append((currency, rates.rate(currency, "NOK")))
        except Invalid:
            continue
    worth = sorted((currency, nok) for currency, nok in known if nok > 0)
    async with unit_of_work(None) as work:
        rows = await work.connection.fetch(
            _KEEP, [currency for currency, _ in worth], rates.day, rates.source, [nok for _, nok in worth], now()
        )
    return len(rows)


_KEEP = """
insert into exchange_rate (currency, day, source, nok, fetched_at)
select currency, $2, $3, nok, $5 from unnest($1::text[], $4::numeric[]) as given (currency, nok)
on conflict do nothing returning currency
"""
