"""The address at which a company gets its suppliers' e-mails: `inn+<token>@faktura.example.no`.

The token names the company and proves itself, so a company is never guessed from anything else an e-mail says. A
company has one address at a time: each renewal is a turn of its own, and the proof of another turn proves nothing.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import b32decode, b32encode
from dataclasses import dataclass
from uuid import UUID

_PROOF = 8  # bytes: a wrong guess is one in 2^64


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says: for which company it is, and the proof, which is still to be tried."""

    organisation_id: UUID
    proof: bytes

    def holds(self, secret: bytes, turn: int) -> bool:
        """Is it the company's address of that turn?"""
        return hmac.compare_digest(self.proof, _proof(secret, self.organisation_id, turn))


def address_for(base: str, secret: bytes, organisation_id: UUID, turn: int = 0) -> str:
    """`base` with the company's token in it. `secret` is the installation's key for this purpose alone; `turn` counts
    how often the address was renewed."""
    local, _, host = base.rpartition("@")
    token = b32encode(organisation_id.bytes + _proof(secret, organisation_id, turn)).decode().rstrip("=").lower()
    return f"{local}+{token}@{host}"


def claim_of(address: str) -> Claim | None:
    """What the token in `address` says; None for an address without one."""
    token = address.rpartition("@")[0].rpartition("+")[2].upper()
    try:
        raw = b32decode(token + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 16 + _PROOF:
        return None
    return Claim(UUID(bytes=raw[:16]), raw[16:])


def _proof(secret: bytes, organisation_id: UUID, turn: int) -> bytes:
    said = organisation_id.bytes + (turn.to_bytes(4, "big") if turn else b"")
    return hmac.digest(secret, said, hashlib.sha256)[:_PROOF]
