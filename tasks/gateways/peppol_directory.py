"""Who can be reached over Peppol: the network's directory (SML) in DNS tells who publishes for a participant (in Norway
ELMA), and the publisher (SMP) over HTTPS which documents it takes.

"Unknown" is never "absent": the first changes nothing, only the second sends an invoice another way.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml import etree

from domain.peppol import Presence, directory_name, service_group_path, takes
from domain.setting_values import LOOPBACK_HOSTS
from tasks.gateways import naptr
from tasks.gateways.asking import Unanswered, ask
from tasks.gateways.einvoice_parsing import Unsafe, parse
from tasks.gateways.kept import Kept

PATIENCE = 5.0
FRESH = 24 * 3600.0
ABSENT_FRESH = 3600.0  # who is not there today may be there after lunch
_SERVICE = "meta:smp"
_WHOLE_NAME = re.compile(r"!\^?\.\*\$?!(https?://[^!\s]+)!", re.IGNORECASE)


class PeppolDirectory:
    """Asks the directory `zone`; None never asks. `server` is the name server, the machine's own unless given."""

    def __init__(self, zone: str | None, server: naptr.Server | None = None, patience: float = PATIENCE) -> None:
        self._zone = zone
        self._server = server or naptr.system_server()
        self._patience = patience
        self._kept: Kept[Presence] = Kept(FRESH)
        self._kept_absent: Kept[Presence] = Kept(ABSENT_FRESH)

    async def find(self, recipient: str, is_credit_note: bool = False) -> Presence:
        """Does `recipient` (0192:974760673) take our kind of document? Never raises."""
        if self._zone is None or self._server is None:
            return Presence.UNKNOWN
        key = f"{recipient} {is_credit_note}"
        known = self._kept.get(key) or self._kept_absent.get(key)
        if known is not None:
            return known
        try:
            found = await self._asked(recipient, is_credit_note)
        except (naptr.NoAnswer, Unanswered, Unsafe):
            return Presence.UNKNOWN
        if found is Presence.UNKNOWN:
            return found
        return (self._kept if found is Presence.PRESENT else self._kept_absent).put(key, found)

    async def _asked(self, recipient: str, is_credit_note: bool) -> Presence:
        assert self._zone is not None and self._server is not None
        records = await naptr.ask(self._server, directory_name(recipient, self._zone), self._patience)
        if not records:
            return Presence.ABSENT
        publisher = _publisher(records)
        if publisher is None:
            return Presence.UNKNOWN
        status, body = await ask(
            "GET", publisher + service_group_path(recipient), accept="application/xml", patience=self._patience
        )
        if status == 404:
            return Presence.ABSENT
        if status != 200:
            return Presence.UNKNOWN
        return Presence.PRESENT if takes(_references(parse(body)), is_credit_note) else Presence.ABSENT


def _publisher(records: list[naptr.Record]) -> str | None:
    """The address of the publisher; only https, as the network asks for since SMP 1.4.0 (plain on this machine)."""
    for record in records:
        found = _WHOLE_NAME.fullmatch(record.regexp)
        if record.flags.lower() == "u" and record.service.lower() == _SERVICE and found:
            parts = urlsplit(found[1])
            if parts.scheme == "https" or parts.hostname in LOOPBACK_HOSTS:
                return found[1].rstrip("/")
    return None


def _references(root: etree._Element) -> list[str]:
    """Where each document type is described, which names the type."""
    return [element.get("href", "") for element in root.iter("{*}ServiceMetadataReference")]
