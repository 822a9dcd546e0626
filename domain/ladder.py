"""How an invoice reaches its customer: the best way first, and the next one when it does not work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

Rung = Literal["einvoice", "email", "print"]
# What a customer may want: the best way there is, e-mail rather than an e-invoice, or paper.
WISHES = ("best", "email", "print")
# So long nobody sends again what the access point has taken and says no more of.
SILENCE = timedelta(days=1)


def first_rung(wish: str, *, is_business: bool, has_address: bool, has_network: bool) -> Rung:
    """Where the ladder begins. `has_address`: the customer has an address on the e-invoice network, as far as its
    numbers say; `has_network`: this installation has an access point. What the network does not take goes on by e-mail;
    below that there is only paper."""
    if wish == "print":
        return "print"
    if wish == "best" and is_business and has_address and has_network:
        return "einvoice"
    return "email"


def is_under_way(state: str, handed_over_at: datetime | None, moment: datetime) -> bool:
    """Is an e-invoice in this state of its transmission still expected to arrive? Then it is not sent again."""
    return state == "queued" or (
        state == "handed_over" and handed_over_at is not None and moment - handed_over_at < SILENCE
    )
