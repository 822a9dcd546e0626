"""The secret address of an invoice's hosted page.

The token is 256 bits of HMAC over the invoice and a version: nobody can guess it, any process of the app can make it
again without it being stored, and a revoked one is followed by the next version. The database holds its SHA-256 only.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from uuid import UUID

PATH = "/i/"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def token_for(secret: bytes, organisation_id: UUID, invoice_id: UUID, version: int = 0) -> str:
    """43 characters of URL-safe base64. `secret` is the installation's key for this purpose alone."""
    subject = organisation_id.bytes + invoice_id.bytes + version.to_bytes(4, "big")
    return urlsafe_b64encode(hmac.digest(secret, subject, hashlib.sha256)).rstrip(b"=").decode()


def living_token(
    keys: Sequence[bytes], organisation_id: UUID, invoice_id: UUID, made: Sequence[tuple[bytes, bool]]
) -> str | None:
    """The token that opens the invoice now; None when every one was revoked and the next is not made yet.

    `made` are the stored hashes of the invoice's tokens, each with whether it still opens; `keys` those that may have
    made them, the present one first.
    """
    living = {digest for digest, opens in made if opens}
    tokens = (token_for(key, organisation_id, invoice_id, version) for key in keys for version in range(len(made)))
    return next((token for token in tokens if token_hash(token) in living), None)


def token_hash(token: str) -> bytes | None:
    """The SHA-256 to look a token up by; None for what can not be a token."""
    return hashlib.sha256(token.encode()).digest() if _TOKEN.fullmatch(token) else None


def address(public_url: str, token: str) -> str:
    """`https://faktura.example.no/i/<token>`"""
    return f"{public_url}{PATH}{token}"
