"""Fetching the exchange rates of the day from the central banks that are switched on."""

from __future__ import annotations

from actions.clock import now
from actions.exchange_rates import keep
from actions.instance import settings
from tasks.gateways.exchange_rates import EcbRates, NorgesBankRates


async def import_rates() -> int:
    """The newest rates of each bank; says how many are new. A bank that gives no clear answer is asked tomorrow."""
    registers = settings().registers
    found = (
        await EcbRates(registers.ecb_url).latest(),
        await NorgesBankRates(registers.norges_bank_url).on(now().date()),
    )
    return sum([await keep(rates) for rates in found if rates is not None])
