"""The address at which a company gets its suppliers' e-mails: `inn+<token>@faktura.example.no`.

The token names the company and proves itself, so a company is never guessed from anything else an e-mail says.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import b32decode, b32encode
from uuid import UUID

_PROOF = 8  # bytes: a wrong guess is one in 2^64


def address_for(base: str, secret: bytes, organisation_id: UUID) -> str:
    """`base` with the company's token in it. `secret` is the installation's key for this purpose alone."""
    local, _, host = base.rpartition("@")
    token = b32encode(organisation_id.bytes + _proof(secret, organisation_id)).decode().rstrip("=").lower()
    return f"{local}+{token}@{host}"


def organisation_of(address: str, secret: bytes) -> UUID | None:
    """The company whose token stands in `address`; None for every other address."""
    token = address.rpartition("@")[0].rpartition("+")[2].upper()
    try:
        raw = b32decode(token + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 16 + _PROOF:
        return None
    organisation_id = UUID(bytes=raw[:16])
    return organisation_id if hmac.compare_digest(raw[16:], _proof(secret, organisation_id)) else None


def _proof(secret: bytes, organisation_id: UUID) -> bytes:
    return hmac.digest(secret, organisation_id.bytes, hashlib.sha256)[:_PROOF]
