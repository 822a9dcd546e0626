"""VIES, the EU's register of VAT numbers: `POST {base}/check-vat-number`. It knows the 27 member states and Northern
Ireland (XI), not Norway, Great Britain or Switzerland.

Member states' own registers are often away for a while: that is "unknown", never "invalid".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from domain.vat_check import VatCheck
from domain.vat_proposal import VatNumber
from tasks.gateways.asking import PATIENCE, Unanswered, ask
from tasks.gateways.kept import Kept

FRESH = 24 * 3600.0
_CLEAR = {"VALID": True, "INVALID": False}


class Vies:
    """Asks VIES at `base` (settings.registers.vies_url); `None` never asks."""

    def __init__(self, base: str | None, *, patience: float = PATIENCE) -> None:
        self._base, self._patience = base, patience
        self._kept: Kept[VatCheck] = Kept(FRESH)

    @property
    def is_on(self) -> bool:
        """Is there a register to ask?"""
        return self._base is not None

    async def check(self, vat_number: str, requester: str = "") -> VatCheck:
        """Is this number (with its prefix, as domain.identifiers.vat_number gives it) in use? Never raises. `requester`
        is the asker's own EU VAT number with its prefix, or ""."""
        unknown = VatCheck(vat_number, VatNumber.UNCHECKED)
        if self._base is None:
            return unknown
        key = f"{requester} {vat_number}"
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        try:
            url = f"{self._base}/check-vat-number"
            status, body = await ask("POST", url, json=_question(vat_number, requester), patience=self._patience)
            return self._kept.put(key, _read(status, body, vat_number))
        except (Unanswered, ValueError, RecursionError):
            return unknown


def _question(vat_number: str, requester: str) -> dict[str, str]:
    question = {"countryCode": vat_number[:2], "vatNumber": vat_number[2:]}
    if requester:
        question |= {"requesterMemberStateCode": requester[:2], "requesterNumber": requester[2:]}
    return question


def _read(status: int, body: bytes, vat_number: str) -> VatCheck:
    content = json.loads(body)
    if status != 200 or not isinstance(content, dict):
        raise Unanswered(str(status))
    # Some errors come with status 200 and `valid: false`, told apart by userError or actionSucceed only.
    valid = content.get("valid")
    told = _CLEAR.get(content.get("userError", "VALID" if valid is True else "INVALID"))
    if valid is not told or content.get("actionSucceed") is False:
        raise Unanswered("no clear answer")
    return VatCheck(
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
