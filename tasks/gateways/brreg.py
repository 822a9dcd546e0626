"""The Norwegian register of companies: `GET {base}/enheter/{organisation number}`, open to all and without a key."""

from __future__ import annotations

import json

from domain.register_entry import UNKNOWN, Lookup, read_entry
from tasks.gateways.asking import PATIENCE, Unanswered, ask
from tasks.gateways.kept import Kept

FRESH = 24 * 3600.0


class Brreg:
    """Asks the register at `base` (settings.registers.brreg_url); `None` never asks and never knows."""

    def __init__(self, base: str | None, *, patience: float = PATIENCE) -> None:
        self._base, self._patience = base, patience
        self._kept: Kept[Lookup] = Kept(FRESH)

    @property
    def is_on(self) -> bool:
        """Is there a register to ask?"""
        return self._base is not None

    async def find(self, organisation_number: str) -> Lookup:
        """The company with this number (nine digits, checked by domain.identifiers). Never raises."""
        if self._base is None:
            return UNKNOWN
        kept = self._kept.get(organisation_number)
        if kept is not None:
            return kept
        try:
            url = f"{self._base}/enheter/{organisation_number}"
            status, body = await ask("GET", url, patience=self._patience)
            found = _read(status, body, organisation_number)
        except (Unanswered, ValueError, RecursionError):
            return UNKNOWN
        return self._kept.put(organisation_number, found)


def _read(status: int, body: bytes, organisation_number: str) -> Lookup:
    # 404: never given out; 410: removed for legal reasons. Everything else says nothing.
    if status in (404, 410):
        return Lookup(known=True)
    if status != 200:
        raise Unanswered(str(status))
    return Lookup(known=True, entry=read_entry(json.loads(body), organisation_number))
