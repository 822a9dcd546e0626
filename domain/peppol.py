"""Addresses on the Peppol network: where the network's own directory keeps a participant, and what it may receive.

Policy for use of Identifiers 4.4.0 (policy 7), Service Metadata Publishing 1.4.0.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from enum import Enum
from urllib.parse import quote, unquote

from domain.einvoice.document import PEPPOL

SCHEME = "iso6523-actorid-upis"
PRODUCTION_ZONE = "participant.sml.prod.tech.peppol.org"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_DOCUMENTS = {kind: f"busdox-docid-qns::{_UBL}:{kind}-2::{kind}##{PEPPOL}::2.1" for kind in ("Invoice", "CreditNote")}


class Presence(Enum):
    """Does the receiver take e-invoices? Only a clear no is ABSENT; whatever went wrong is UNKNOWN."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


def directory_name(recipient: str, zone: str) -> str:
    """The DNS name of `recipient` (0192:974760673): its hash, which does not depend on case."""
    digest = hashlib.sha256(recipient.lower().encode()).digest()
    return f"{b32encode(digest).decode().rstrip('=').lower()}.{SCHEME}.{zone}"


def service_group_path(recipient: str) -> str:
    """Where the participant's own directory lists what it takes."""
    return "/" + quote(f"{SCHEME}::{recipient.lower()}", safe="")


def takes(addresses: list[str], is_credit_note: bool) -> bool:
    """Is our kind of document among the addresses of the list?"""
    wanted = _DOCUMENTS["CreditNote" if is_credit_note else "Invoice"]
    return any(unquote(address).endswith(wanted) for address in addresses)
