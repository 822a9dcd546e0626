"""Queue the letter about a breach for the people whom it concerns."""

from __future__ import annotations

from uuid import UUID

from actions import breach_letters
from tasks.handlers.handler import Payload
from tasks.handlers.tell_companies import TellCompanies


class TellPeople(TellCompanies):
    """{id}"""

    async def run(self, payload: Payload) -> None:
        await breach_letters.tell(UUID(payload["id"]))
