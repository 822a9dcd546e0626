"""VIES, the EU's register of VAT numbers: `POST {base}/check-vat-number`. It knows the 27 member states and Northern
Ireland (XI), not Norway, Great Britain or Switzerland.

Member states' own registers are often away for a while: that is "unknown", never "invalid".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.vat_proposal import VatNumber
from tasks.gateways.asking import PATIENCE, Unanswered, ask
from tasks.gateways.kept import Kept

FRESH = 24 * 3600.0
_CLEAR = {"VALID": True, "INVALID": False}


@dataclass(frozen=True, slots=True)
class Checked:
    """What VIES said of a number. `asked_at` and `consultation_number` are evidence worth keeping; the latter comes only
    when the asker's own EU VAT number was told. `name` and `address` are "" where the state does not give them."""

    vat_number: str
    status: VatNumber
    asked_at: datetime | None = None
    name: str = ""
    address: str = ""
    consultation_number: str = ""


class Vies:
    """Asks VIES at `base` (settings.registers.vies_url); `None` never asks. `requester` is the asker's own EU VAT
    number with its prefix, or ""."""

    def __init__(self, base: str | None, *, requester: str = "", patience: float = PATIENCE) -> None:
        self._base, self._requester, self._patience = base, requester, patience
        self._kept: Kept[Checked] = Kept(FRESH)

    async def check(self, vat_number: str) -> Checked:
        """Is this number (with its prefix, as domain.identifiers.vat_number gives it) in use? Never raises."""
        unknown = Checked(vat_number, VatNumber.UNCHECKED)
        if self._base is None:
            return unknown
        kept = self._kept.get(vat_number)
        if kept is not None:
            return kept
        try:
            url = f"{self._base}/check-vat-number"
            status, body = await ask("POST", url, json=self._question(vat_number), patience=self._patience)
            return self._kept.put(vat_number, _read(status, body, vat_number))
        except (Unanswered, ValueError, RecursionError):
            return unknown

    def _question(self, vat_number: str) -> dict[str, str]:
        question = {"countryCode": vat_number[:2], "vatNumber": vat_number[2:]}
        if self._requester:
            question |= {"requesterMemberStateCode": self._requester[:2], "requesterNumber": self._requester[2:]}
        return question


def _read(status: int, body: bytes, vat_number: str) -> Checked:
    content = json.loads(body)
    if status != 200 or not isinstance(content, dict):
        raise Unanswered(str(status))
    # Some errors come with status 200 and `valid: false`, told apart by userError or actionSucceed only.
    valid = content.get("valid")
    told = _CLEAR.get(content.get("userError", "VALID" if valid is True else "INVALID"))
    if valid is not told or content.get("actionSucceed") is False:
        raise Unanswered("no clear answer")
    return Checked(
        vat_number,
        VatNumber.VALID if valid else VatNumber.INVALID,
        datetime.now(UTC),
        _text(content.get("name")),
        _text(content.get("address")),
        _text(content.get("requestIdentifier")),
    )


def _text(value: Any) -> str:
    """States that keep names to themselves answer with three dashes."""
    text = " ".join(value[:400].split()) if isinstance(value, str) else ""
    return "" if text == "---" else text
