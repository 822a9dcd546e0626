"""Each value of the settings, read from its text; what can not be used becomes a sentence among the `problems`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from domain import processors_file, vat_rates_file
from domain.accounts import email_key
from domain.mail import one_address
from domain.peppol import PRODUCTION_ZONE
from domain.refusals import Invalid

PREFIX = "SMARTFAKTURA_"
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


def values_in(env: Mapping[str, str], read: Callable[[Path], str], problems: list[str]) -> dict[str, str]:
    """The settings without their prefix; where `X_FILE` names a file, what stands in it."""
    values = {
        key.removeprefix(PREFIX): value.strip()
        for key, value in env.items()
        if key.startswith(PREFIX) and not key.endswith("_FILE") and value.strip()
    }
    for key, path in env.items():
        if key.startswith(PREFIX) and key.endswith("_FILE"):
            try:
                values[key.removeprefix(PREFIX).removesuffix("_FILE")] = read(Path(path)).strip()
            except OSError as error:
                problems.append(f"{key} names a file that can not be read ({error.strerror}).")
    return values


def integer(values: dict[str, str], name: str, default: int, low: int, high: int, problems: list[str]) -> int:
    """A whole number from `low` to `high`."""
    text = values.get(name, str(default))
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    problems.append(f"{PREFIX}{name} must be a whole number from {low} to {high}.")
    return default


def switch(values: dict[str, str], name: str, problems: list[str]) -> bool:
    """The word on or off."""
    text = values.get(name, "off")
    if text not in ("on", "off"):
        problems.append(f"{PREFIX}{name} must be the word on or off.")
    return text == "on"


def address(values: dict[str, str], name: str, schemes: tuple[str, ...], problems: list[str]) -> str | None:
    """An address of one of the `schemes`, or None where there is none."""
    text = values.get(name)
    if text is None or urlsplit(text).scheme in schemes:
        return text
    problems.append(f"{PREFIX}{name} must be an address that begins with {', '.join(s + '://' for s in schemes)}.")
    return None


def public_url(values: dict[str, str], port: int, problems: list[str]) -> str:
    """The one address of the app, without a slash at its end; https unless it is this machine."""
    default = f"http://127.0.0.1:{port}"
    text = values.get("PUBLIC_URL", default).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        problems.append(f"{PREFIX}PUBLIC_URL must look like https://faktura.example.no, without a path.")
        return default
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        problems.append(f"{PREFIX}PUBLIC_URL must begin with https:// unless the app is only for this machine.")
    return text


def secret_key(values: dict[str, str], problems: list[str]) -> str | None:
    """At least 32 characters, or None where a key is made and kept."""
    text = values.get("SECRET_KEY")
    if text is not None and len(text) < 32:
        problems.append(f"{PREFIX}SECRET_KEY must have at least 32 characters.")
    return text


def old_secret_keys(values: dict[str, str], problems: list[str]) -> tuple[str, ...]:
    """Keys from before the present one, by commas."""
    texts = tuple(filter(None, (text.strip() for text in values.get("OLD_SECRET_KEYS", "").split(","))))
    if any(len(text) < 32 for text in texts):
        problems.append(f"{PREFIX}OLD_SECRET_KEYS must be keys of at least 32 characters, by commas.")
    return texts


def peppol_zone(values: dict[str, str], problems: list[str]) -> str | None:
    """The directory of the Peppol network in DNS: off, on for the real one, or another zone."""
    text = values.get("PEPPOL_ZONE", "off")
    if text in ("off", "on"):
        return PRODUCTION_ZONE if text == "on" else None
    if re.fullmatch(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", text):
        return text
    problems.append(f"{PREFIX}PEPPOL_ZONE must be a domain, or the word on or off.")
    return None


def mail_in_address(values: dict[str, str], problems: list[str]) -> str | None:
    """The address before each company's own part is put in, which takes 40 of the 64 characters before the @."""
    text = values.get("MAIL_IN_ADDRESS")
    if text is None:
        return None
    try:
        address = one_address(text)
    except Invalid:
        address = ""
    if not address or "+" in address or len(address.partition("@")[0]) > 24:
        problems.append(f"{PREFIX}MAIL_IN_ADDRESS must be one short address without a plus, such as inn@example.no.")
        return None
    return address


def test_clock(values: dict[str, str], problems: list[str]) -> datetime | None:
    """An instant with its zone."""
    text = values.get("TEST_CLOCK")
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        problems.append(f"{PREFIX}TEST_CLOCK must be an instant with a zone, such as 2027-01-01T00:30:00+01:00.")
        return None
    return instant


def trusted_proxies(values: dict[str, str], problems: list[str]) -> tuple[str, ...]:
    """Addresses and networks whose word on the client's address is taken; `unix` for a socket."""
    given = tuple(filter(None, (part.strip() for part in values.get("TRUSTED_PROXIES", "").split(","))))
    for part in given:
        try:
            if part != "unix":
                ip_network(part)
        except ValueError:
            problems.append(f"{PREFIX}TRUSTED_PROXIES must list addresses, networks or the word unix, by commas.")
            return ()
    return given


def operators(values: dict[str, str], problems: list[str]) -> tuple[str, ...]:
    """Addresses of accounts, by commas, as they are compared."""
    try:
        given = [one_address(part) for part in values.get("OPERATORS", "").split(",") if part.strip()]
    except Invalid:
        problems.append(f"{PREFIX}OPERATORS must list the e-mail addresses of accounts, by commas.")
        return ()
    return tuple(dict.fromkeys(email_key(address) for address in given))


def register_address(
    values: dict[str, str], name: str, default: str | None, official: str | None, problems: list[str]
) -> str | None:
    """A base address without its last slash; `None` for the word off. Plain http only on this machine."""
    text = values.get(name)
    words = {None: default, "off": None, "on": official}
    if text in words:
        return words[text]
    assert text is not None
    parts = urlsplit(text)
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS)):
        return text.rstrip("/")
    problems.append(f"{PREFIX}{name} must be an address that begins with https://, or the word on or off.")
    return default


def vat_rates(
    values: dict[str, str], checkout: Path, read: Callable[[Path], str], problems: list[str]
) -> vat_rates_file.Rates:
    """The rates of the file that is named; `domain/vat_rates_file.py` says how it is written."""
    path = values.get("VAT_RATES")
    if path is None:
        return {}
    try:
        return vat_rates_file.read(read(checkout / path))
    except OSError as error:
        problems.append(f"{PREFIX}VAT_RATES names a file that can not be read ({error.strerror}).")
    except UnicodeDecodeError:
        problems.append(f"{PREFIX}VAT_RATES names a file that is not text in UTF-8.")
    except vat_rates_file.Unreadable as error:
        problems.append(f"{PREFIX}VAT_RATES names a file that can not be used: {error}.")
    return {}


def processors(
    values: dict[str, str], checkout: Path, read: Callable[[Path], str], problems: list[str]
) -> tuple[processors_file.ProcessorDetails, ...]:
    """Those of the file that is named; `domain/processors_file.py` says how it is written."""
    path = values.get("PROCESSORS")
    if path is None:
        return ()
    try:
        return processors_file.read(read(checkout / path))
    except (OSError, UnicodeDecodeError):
        problems.append(f"{PREFIX}PROCESSORS names a file that can not be read as text in UTF-8.")
    except processors_file.Unreadable as error:
        problems.append(f"{PREFIX}PROCESSORS names a file that can not be used: {error}.")
    return ()


def einvoice_rules(values: dict[str, str], checkout: Path, problems: list[str]) -> Path | None:
    """Whether the rules can be used is found out by compiling them, which the validator does when it starts."""
    text = values.get("EINVOICE_RULES")
    if text is None:
        return None
    folder = (checkout / text).expanduser().absolute()
    if not any(folder.glob("*.xsl*")):
        problems.append(f"{PREFIX}EINVOICE_RULES must name a folder with rules in it, files named *.xsl or *.xslt.")
    return folder
