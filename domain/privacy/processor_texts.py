"""What companies are told of a new processor (GDPR Art. 28(2)), in Bokmål and English."""

from __future__ import annotations

from domain.privacy.breach_texts import Model
from domain.privacy.recipients import Recipient
from domain.processors_file import ProcessorDetails
from domain.reading import show_date

_COMING = {
    "nb": (
        "En ny databehandler fra {day}: {name}",
        "Fra {day} tar vi i bruk en ny databehandler.\n\nHvem: {who}\n\nHva den gjør: {service}\n\nHva den får: {data}"
        "\n\nHvor: {place}\n\nDette er et varsel etter artikkel 28 nr. 2 i personvernforordningen. Har du innvendinger, "
        "skriver du til {contact} før den dagen.\n\nListen over alle står på {address}.",
    ),
    "en": (
        "A new processor from {day}: {name}",
        "From {day} we use a new processor.\n\nWho: {who}\n\nWhat it does: {service}\n\nWhat it gets: {data}\n\nWhere: "
        "{place}\n\nThis is a notice under Article 28(2) of the GDPR. If you object, write to {contact} before that "
        "day.\n\nThe list of all of them is at {address}.",
    ),
}
_NEW = {
    "nb": (
        "En ny databehandler: {name}",
        "Vi har tatt i bruk en ny databehandler.\n\nHvem: {who}\n\nHva den gjør: {service}\n\nHva den får: {data}\n\n"
        "Hvor: {place}\n\nDette er et varsel etter artikkel 28 nr. 2 i personvernforordningen. Har du innvendinger, "
        "skriver du til {contact}.\n\nListen over alle står på {address}.",
    ),
    "en": (
        "A new processor: {name}",
        "We have begun to use a new processor.\n\nWho: {who}\n\nWhat it does: {service}\n\nWhat it gets: {data}\n\n"
        "Where: {place}\n\nThis is a notice under Article 28(2) of the GDPR. If you object, write to {contact}.\n\nThe "
        "list of all of them is at {address}.",
    ),
}
# What the list of processors says, as its page says it.
BOKMAAL = {
    "Delivers our e-mails": "Leverer e-postene våre",
    "The address, the text of the e-mail and the invoice attached to it": (
        "Adressen, teksten i e-posten og fakturaen som er lagt ved"
    ),
    "Hands e-invoices to the Peppol network": "Leverer e-fakturaer til Peppol-nettet",
    "The e-invoice and the customer's number": "E-fakturaen og kundens nummer",
    "Keeps the database": "Oppbevarer databasen",
    "Everything in the data map": "Alt i datakartet",
    "Keeps documents and pictures": "Oppbevarer dokumenter og bilder",
    "The PDF and XML of invoices, logos, copies of data": "PDF og XML av fakturaer, logoer og kopier av data",
}
_UNSAID = {"nb": "ikke oppgitt", "en": "not stated"}


def notice_of(details: ProcessorDetails, recipient: Recipient | None, contact: str, address: str) -> dict[str, Model]:
    """The notice in both languages. A `recipient` is in use; without one the processor is announced."""
    found = {}
    for tongue, (subject, text) in (_NEW if recipient else _COMING).items():
        known = {
            "name": details.name,
            "day": show_date(details.starts_on, tongue) if details.starts_on else "",
            "who": f"{details.company} ({details.name})" if details.company else details.name,
            "service": details.service or _said(recipient.service if recipient else "", tongue),
            "data": details.data or _said(recipient.data if recipient else "", tongue),
            "place": ", ".join(filter(None, (details.country, details.safeguard))) or _UNSAID[tongue],
            "contact": contact,
            "address": address,
        }
        found[tongue] = Model(subject.format(**known)[:150], text.format(**known))
    return found


def _said(text: str, tongue: str) -> str:
    return (BOKMAAL.get(text, text) if tongue == "nb" else text) or _UNSAID[tongue]
