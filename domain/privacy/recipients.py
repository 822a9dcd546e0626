"""Who receives personal data: read from the settings, so that the list can not forget a server that is in use (P-44).

Whoever works for us (a processor, GDPR Art. 28) is told from whom is asked for public facts and from whom the law sends
data to. With the embedded defaults there is no processor: everything stays on the operator's own machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from domain.marking import N_
from domain.privacy.classification import Purpose
from domain.setting_values import LOOPBACK_HOSTS
from domain.settings import Settings


class Kind(StrEnum):
    """As what somebody receives personal data; only a PROCESSOR acts on our behalf (GDPR Art. 28)."""

    PROCESSOR = "processor"
    REGISTER = "public register"
    BANK = "central bank"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Recipient:
    """`name` is a host, or a msgid; `service` and `data` are msgids; `country` is ISO 3166-1, empty where the settings
    can not know it."""

    kind: Kind
    name: str
    service: str
    data: str
    purposes: frozenset[Purpose]
    country: str = ""


_STORES = {"s3": "Amazon S3", "gs": "Google Cloud Storage", "az": "Azure Blob Storage", "abfs": "Azure Blob Storage"}
_AUTHORITIES = (
    Recipient(
        Kind.AUTHORITY,
        N_("Tax and accounting authorities"),
        N_("Control, where the law demands it"),
        N_("What stands in the accounts of the company that is asked"),
        frozenset({Purpose.ACCOUNTING, Purpose.VAT}),
    ),
)


def recipients_of(settings: Settings) -> tuple[Recipient, ...]:
    """All of them, processors first."""
    return (*_processors(settings), *_registers(settings), *_banks(settings), *_AUTHORITIES)


def processors_of(settings: Settings) -> tuple[Recipient, ...]:
    """Those who work for us and need an agreement."""
    return tuple(_processors(settings))


def serving(recipients: tuple[Recipient, ...], purpose: Purpose) -> tuple[Recipient, ...]:
    """Those of them who get data for this purpose."""
    return tuple(recipient for recipient in recipients if purpose in recipient.purposes)


def _processors(settings: Settings) -> list[Recipient]:
    found = []
    if host := _elsewhere(settings.smtp_url):
        found.append(
            Recipient(
                Kind.PROCESSOR,
                host,
                N_("Delivers our e-mails"),
                N_("The address, the text of the e-mail and the invoice attached to it"),
                frozenset({Purpose.EMAIL}),
            )
        )
    if host := _elsewhere(settings.access_point_url):
        found.append(
            Recipient(
                Kind.PROCESSOR,
                host,
                N_("Hands e-invoices to the Peppol network"),
                N_("The e-invoice and the customer's number"),
                frozenset({Purpose.SERVICE, Purpose.ACCOUNTING}),
            )
        )
    if host := _elsewhere(settings.database_url):
        found.append(
            Recipient(Kind.PROCESSOR, host, N_("Keeps the database"), N_("Everything in the data map"), _ALL)
        )
    if place := _store(settings.storage_url):
        found.append(
            Recipient(
                Kind.PROCESSOR,
                place,
                N_("Keeps documents and pictures"),
                N_("The PDF and XML of invoices, logos, copies of data"),
                frozenset({Purpose.ACCOUNTING, Purpose.SERVICE}),
            )
        )
    return found


def _registers(settings: Settings) -> list[Recipient]:
    told = settings.registers
    asked = (
        (
            told.brreg_url,
            N_("The Norwegian register of business enterprises"),
            N_("Names and addresses of companies"),
            "NO",
        ),
        (told.vies_url, N_("VIES, the European Commission"), N_("Whether a VAT number is valid"), "BE"),
        (settings.peppol_zone, N_("Peppol's directory"), N_("Whether a customer takes e-invoices"), ""),
    )
    return [
        Recipient(
            Kind.REGISTER,
            name,
            service,
            N_("The number or name of the company that is looked up"),
            frozenset({Purpose.SERVICE, Purpose.VAT}),
            country,
        )
        for url, name, service, country in asked
        if url is not None
    ]


def _banks(settings: Settings) -> list[Recipient]:
    """Who is asked for exchange rates. They serve no purpose of the data map: nothing about anybody reaches them."""
    told = settings.registers
    asked = ((told.norges_bank_url, "Norges Bank", "NO"), (told.ecb_url, N_("The European Central Bank"), "DE"))
    service, data = N_("The exchange rates of each day"), N_("Nothing about anybody: only which day is asked for")
    return [
        Recipient(Kind.BANK, name, service, data, frozenset(), country)
        for url, name, country in asked if url is not None
    ]  # fmt: skip


_ALL = frozenset(Purpose)


def _elsewhere(url: str | None) -> str:
    """The host of an address that is not this machine; empty for none. PostgreSQL's may stand behind the question mark,
    where one that begins with a slash is a socket of this machine."""
    parts = urlsplit(url or "")
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    return "" if host in LOOPBACK_HOSTS or host.startswith("/") else host


def _store(url: str | None) -> str:
    parts = urlsplit(url or "")
    return f"{_STORES[parts.scheme]} ({parts.netloc})" if parts.scheme in _STORES else ""
