"""What the Norwegian register of companies (Enhetsregisteret) tells of one, read from its answer.

Source: Brønnøysundregistrene, open data of Enhetsregisteret, `GET enheter/{organisasjonsnummer}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LONGEST = 200
# State, counties, municipalities, what belongs to them and what they own together: buyers under the regulation on
# e-invoices in public procurement (FOR-2019-04-01-444).
PUBLIC_FORMS = frozenset({"STAT", "FYLK", "KOMM", "ORGL", "ADOS", "KF", "FKF", "IKS"})


def is_public(form: str, name: str) -> bool:
    """Is it a public body? By its form in the register, or while nobody fetched that, by the name of a municipality or
    county."""
    return form in PUBLIC_FORMS if form else name.casefold().endswith("kommune")


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A company as the register has it. The address is the postal one where there is one, else where it is run from.

    `is_closing`: bankrupt or being wound up. `is_deleted`: gone from the register.
    """

    organisation_number: str
    name: str
    form: str = ""
    vat_registered: bool = False
    foretaksregisteret: bool = False
    is_closing: bool = False
    is_deleted: bool = False
    address_lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    country: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Lookup:
    """`known` is False when the register could not be asked; then `entry` says nothing. A known number without an entry
    is not in the register."""

    known: bool
    entry: RegisterEntry | None = None


UNKNOWN = Lookup(known=False)


def read_entry(content: Any, organisation_number: str) -> RegisterEntry:
    """The entry in the decoded JSON of an answer. Raises ValueError for anything but the entry that was asked for."""
    if not isinstance(content, dict) or content.get("organisasjonsnummer") != organisation_number:
        raise ValueError("not the entry that was asked for")
    address = _dict(content, "postadresse") or _dict(content, "forretningsadresse")
    closing = ("konkurs", "underAvvikling", "underTvangsavviklingEllerTvangsopplosning")
    return RegisterEntry(
        organisation_number=organisation_number,
        name=_text(content, "navn"),
        form=_text(_dict(content, "organisasjonsform"), "kode"),
        vat_registered=content.get("registrertIMvaregisteret") is True,
        foretaksregisteret=content.get("registrertIForetaksregisteret") is True,
        is_closing=any(content.get(name) is True for name in closing),
        is_deleted=bool(_text(content, "slettedato")),
        address_lines=_lines(address),
        postcode=_text(address, "postnummer"),
        city=_text(address, "poststed"),
        country=_text(address, "landkode"),
        email=_text(content, "epostadresse"),
    )


def _dict(content: dict[str, Any], name: str) -> dict[str, Any]:
    value = content.get(name)
    return value if isinstance(value, dict) else {}


def _text(content: dict[str, Any], name: str) -> str:
    value = content.get(name)
    return _plain(value) if isinstance(value, str) else ""


def _lines(address: dict[str, Any]) -> tuple[str, ...]:
    lines = address.get("adresse")
    texts = [_plain(line) for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
    return tuple(text for text in texts[:4] if text)


def _plain(text: str) -> str:
    """One line without control characters, of a bearable length."""
    return "".join(" " if not mark.isprintable() else mark for mark in text[: 2 * LONGEST]).strip()[:LONGEST]
