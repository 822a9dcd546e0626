"""Every setting of the app, read once at start from the environment.

All mistakes are reported together (`SettingsError.problems`), so that an operator mends them in one go.
A secret may also be given as a file: `SMARTFAKTURA_X_FILE` names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
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


class SettingsError(Exception):
    """The settings can not be used; `problems` holds one sentence for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Operator:
    """Who runs this installation: the controller named in the privacy policy."""

    name: str = "SmartFaktura"
    legal_name: str = "Zemichael SmartInvoice"
    organisation_number: str = "936587720"
    address: str = "Follesevegen 103, 5303 Steinsland, Norway"
    privacy_email: str = "info@smartfaktura.tech"


@dataclass(frozen=True)
class Registers:
    """Where public registers and rates are asked: the base of each address, or `None` to ask none.

    Registers are asked only when a person presses a button. The rates come by the clock, so they must be switched on.
    """

    brreg_url: str | None = "https://data.brreg.no/enhetsregisteret/api"
    vies_url: str | None = "https://ec.europa.eu/taxation_customs/vies/rest-api"
    ecb_url: str | None = None
    norges_bank_url: str | None = None


# What the word `on` stands for.
OFFICIAL = Registers(
    ecb_url="https://www.ecb.europa.eu/stats/eurofxref", norges_bank_url="https://data.norges-bank.no/api/data"
)


@dataclass(frozen=True)
class Settings:
    """What the app was told. Paths are absolute; `None` means the embedded default."""

    data_dir: Path
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    database_url: str | None = field(default=None, repr=False)
    migration_database_url: str | None = field(default=None, repr=False)
    storage_url: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "faktura@localhost"
    access_point_url: str | None = field(default=None, repr=False)
    access_point_key: str | None = field(default=None, repr=False)
    peppol_zone: str | None = None
    mail_in: Path | None = None
    mail_in_address: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    old_secret_keys: tuple[str, ...] = field(default=(), repr=False)  # sign nothing any more; what they signed holds
    workers: int = 1
    pdf_workers: int = 1
    daily_emails: int = 500  # of one company in 24 hours, so that a stolen account is no use for spam
    trusted_proxies: tuple[str, ...] = ()
    test_clock: datetime | None = None
    operator: Operator = field(default_factory=Operator)
    operators: tuple[str, ...] = ()  # whose accounts may open /operator, as addresses are compared
    registers: Registers = field(default_factory=Registers)
    vat_rates: vat_rates_file.Rates = field(default_factory=dict, hash=False)
    statistics: bool = False  # usage statistics as an optional purpose, for which visitors are asked
    processors: tuple[processors_file.ProcessorDetails, ...] = ()
    einvoice_rules: Path | None = None  # a folder of compiled Schematron (*.xsl, *.xslt), run beside EN 16931

    @property
    def is_loopback(self) -> bool:
        """Is the app only for this machine? Then plain http is fine and the mailbox page may be shown."""
        return (urlsplit(self.public_url).hostname or "") in LOOPBACK_HOSTS

    def is_operated_by(self, email: str) -> bool:
        """Does the account with this (confirmed) address belong to who runs the installation?"""
        return email_key(email) in self.operators

    @property
    def uses_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def has_optional(self) -> bool:
        """Is there anything that visitors are asked for? The field of each purpose of domain.consent is named here."""
        return self.statistics

    @property
    def shows_mailbox(self) -> bool:
        """Embedded mail on loopback: messages are files, and a page shows them."""
        return self.smtp_url is None and self.is_loopback

    @property
    def mail_in_folder(self) -> Path:
        """Where e-mails to the inbox are put as files."""
        return self.mail_in or self.data_dir / "mail-in"

    @property
    def host(self) -> str:
        """The only `Host` header that is answered, port included where the address has one."""
        return urlsplit(self.public_url).netloc


def from_env(env: Mapping[str, str], checkout: Path, read: Callable[[Path], str] = Path.read_text) -> Settings:
    """Read the settings from `env`. Raises SettingsError with every mistake at once."""
    problems: list[str] = []
    values = _values(env, read, problems)
    port = _integer(values, "PORT", 8000, 1, 65535, problems)
    settings = Settings(
        data_dir=Path(values.get("DATA_DIR") or checkout / "data").expanduser().absolute(),
        port=port,
        public_url=_public_url(values, port, problems),
        database_url=_url(values, "DATABASE_URL", ("postgres", "postgresql"), problems),
        migration_database_url=_url(values, "MIGRATION_DATABASE_URL", ("postgres", "postgresql"), problems),
        storage_url=_url(values, "STORAGE_URL", ("file", "s3", "gs", "az", "abfs", "memory"), problems),
        smtp_url=_url(values, "SMTP_URL", ("smtp", "smtps"), problems),
        mail_from=values.get("MAIL_FROM", "faktura@localhost"),
        access_point_url=_register(values, "ACCESS_POINT_URL", None, None, problems),
        access_point_key=values.get("ACCESS_POINT_KEY"),
        peppol_zone=_peppol_zone(values, problems),
        mail_in=Path(values["MAIL_IN"]).expanduser().absolute() if "MAIL_IN" in values else None,
        mail_in_address=_mail_in_address(values, problems),
        secret_key=_secret(values, problems),
        old_secret_keys=_old_secrets(values, problems),
        workers=_integer(values, "WORKERS", 1, 1, 64, problems),
        pdf_workers=_integer(values, "PDF_WORKERS", 1, 1, 64, problems),
        daily_emails=_integer(values, "DAILY_EMAILS", 500, 1, 1_000_000, problems),
        trusted_proxies=_proxies(values, problems),
        test_clock=_test_clock(values, problems),
        operator=_operator(values),
        operators=_operators(values, problems),
        registers=_registers(values, problems),
        vat_rates=_vat_rates(values, checkout, read, problems),
        statistics=_switch(values, "STATISTICS", problems),
        processors=_processors(values, checkout, read, problems),
        einvoice_rules=_einvoice_rules(values, checkout, problems),
    )
    _check_mail(settings, problems)
    _check_together(settings, problems)
    if problems:
        raise SettingsError(problems)
    return settings


def _values(env: Mapping[str, str], read: Callable[[Path], str], problems: list[str]) -> dict[str, str]:
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


def _integer(values: dict[str, str], name: str, default: int, low: int, high: int, problems: list[str]) -> int:
    text = values.get(name, str(default))
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    problems.append(f"{PREFIX}{name} must be a whole number from {low} to {high}.")
    return default


def _switch(values: dict[str, str], name: str, problems: list[str]) -> bool:
    text = values.get(name, "off")
    if text not in ("on", "off"):
        problems.append(f"{PREFIX}{name} must be the word on or off.")
    return text == "on"


def _url(values: dict[str, str], name: str, schemes: tuple[str, ...], problems: list[str]) -> str | None:
    text = values.get(name)
    if text is None or urlsplit(text).scheme in schemes:
        return text
    problems.append(f"{PREFIX}{name} must be an address that begins with {', '.join(s + '://' for s in schemes)}.")
    return None


def _public_url(values: dict[str, str], port: int, problems: list[str]) -> str:
    default = f"http://127.0.0.1:{port}"
    text = values.get("PUBLIC_URL", default).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        problems.append(f"{PREFIX}PUBLIC_URL must look like https://faktura.example.no, without a path.")
        return default
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        problems.append(f"{PREFIX}PUBLIC_URL must begin with https:// unless the app is only for this machine.")
    return text


def _secret(values: dict[str, str], problems: list[str]) -> str | None:
    text = values.get("SECRET_KEY")
    if text is not None and len(text) < 32:
        problems.append(f"{PREFIX}SECRET_KEY must have at least 32 characters.")
    return text


def _old_secrets(values: dict[str, str], problems: list[str]) -> tuple[str, ...]:
    texts = tuple(filter(None, (text.strip() for text in values.get("OLD_SECRET_KEYS", "").split(","))))
    if any(len(text) < 32 for text in texts):
        problems.append(f"{PREFIX}OLD_SECRET_KEYS must be keys of at least 32 characters, by commas.")
    return texts


def _peppol_zone(values: dict[str, str], problems: list[str]) -> str | None:
    """The directory of the Peppol network in DNS: off, on for the real one, or another zone."""
    text = values.get("PEPPOL_ZONE", "off")
    if text in ("off", "on"):
        return PRODUCTION_ZONE if text == "on" else None
    if re.fullmatch(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", text):
        return text
    problems.append(f"{PREFIX}PEPPOL_ZONE must be a domain, or the word on or off.")
    return None


def _mail_in_address(values: dict[str, str], problems: list[str]) -> str | None:
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


def _test_clock(values: dict[str, str], problems: list[str]) -> datetime | None:
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


def _proxies(values: dict[str, str], problems: list[str]) -> tuple[str, ...]:
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


def _operator(values: dict[str, str]) -> Operator:
    default = Operator()
    return Operator(
        name=values.get("OPERATOR_NAME", default.name),
        legal_name=values.get("OPERATOR_LEGAL_NAME", default.legal_name),
        organisation_number=values.get("OPERATOR_ORGANISATION_NUMBER", default.organisation_number),
        address=values.get("OPERATOR_ADDRESS", default.address),
        privacy_email=values.get("OPERATOR_PRIVACY_EMAIL", default.privacy_email),
    )


def _operators(values: dict[str, str], problems: list[str]) -> tuple[str, ...]:
    """Addresses of accounts, by commas, as they are compared."""
    try:
        given = [one_address(part) for part in values.get("OPERATORS", "").split(",") if part.strip()]
    except Invalid:
        problems.append(f"{PREFIX}OPERATORS must list the e-mail addresses of accounts, by commas.")
        return ()
    return tuple(dict.fromkeys(email_key(address) for address in given))


def _registers(values: dict[str, str], problems: list[str]) -> Registers:
    return Registers(
        **{
            name: _register(values, name.upper(), getattr(Registers, name), getattr(OFFICIAL, name), problems)
            for name in ("brreg_url", "vies_url", "ecb_url", "norges_bank_url")
        }
    )


def _register(
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


def _vat_rates(
    values: dict[str, str], checkout: Path, read: Callable[[Path], str], problems: list[str]
) -> vat_rates_file.Rates:
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


def _processors(
    values: dict[str, str], checkout: Path, read: Callable[[Path], str], problems: list[str]
) -> tuple[processors_file.ProcessorDetails, ...]:
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


def _einvoice_rules(values: dict[str, str], checkout: Path, problems: list[str]) -> Path | None:
    """Whether the rules can be used is found out by compiling them, which the validator does when it starts."""
    text = values.get("EINVOICE_RULES")
    if text is None:
        return None
    folder = (checkout / text).expanduser().absolute()
    if not any(folder.glob("*.xsl*")):
        problems.append(f"{PREFIX}EINVOICE_RULES must name a folder with rules in it, files named *.xsl or *.xslt.")
    return folder


def _check_mail(settings: Settings, problems: list[str]) -> None:
    """An address that no mail server, or a sender that no letter can have."""
    if settings.smtp_url is None:
        return
    try:
        parts = urlsplit(settings.smtp_url)
        has_server = bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_server = False
    if not has_server:
        problems.append(f"{PREFIX}SMTP_URL must look like smtp://user:password@mail.example.no:587.")
    try:
        one_address(parseaddr(settings.mail_from)[1])
    except Invalid:
        problems.append(f"{PREFIX}MAIL_FROM must be the address that the mail server lets us send from.")


def _check_together(settings: Settings, problems: list[str]) -> None:
    if settings.test_clock is not None and not settings.is_loopback:
        problems.append(f"{PREFIX}TEST_CLOCK is only for tests: it is refused unless PUBLIC_URL is on this machine.")
    if (settings.access_point_url is None) != (settings.access_point_key is None):
        problems.append(f"{PREFIX}ACCESS_POINT_URL and {PREFIX}ACCESS_POINT_KEY belong together.")
    if settings.old_secret_keys and settings.secret_key is None:
        problems.append(f"{PREFIX}OLD_SECRET_KEYS are those from before {PREFIX}SECRET_KEY, which is missing.")
    if settings.database_url is not None and settings.secret_key is None and not settings.is_loopback:
        problems.append(f"{PREFIX}SECRET_KEY is needed when several processes share one database.")
