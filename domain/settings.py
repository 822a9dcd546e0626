"""Every setting of the app, read once at start from the environment.

All mistakes are reported together (`SettingsError.problems`), so that an operator mends them in one go.
A secret may also be given as a file: `SMARTFAKTURA_X_FILE` names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from domain import processors_file, vat_rates_file
from domain.accounts import email_key
from domain.mail import one_address
from domain.refusals import Invalid
from domain.setting_values import (
    LOOPBACK_HOSTS,
    PREFIX,
    address,
    einvoice_rules,
    integer,
    mail_in_address,
    old_secret_keys,
    operators,
    peppol_zone,
    processors,
    public_url,
    register_address,
    secret_key,
    switch,
    test_clock,
    trusted_proxies,
    values_in,
    vat_rates,
)


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
    values = values_in(env, read, problems)
    port = integer(values, "PORT", 8000, 1, 65535, problems)
    settings = Settings(
        data_dir=Path(values.get("DATA_DIR") or checkout / "data").expanduser().absolute(),
        port=port,
        public_url=public_url(values, port, problems),
        database_url=address(values, "DATABASE_URL", ("postgres", "postgresql"), problems),
        migration_database_url=address(values, "MIGRATION_DATABASE_URL", ("postgres", "postgresql"), problems),
        storage_url=address(values, "STORAGE_URL", ("file", "s3", "gs", "az", "abfs", "memory"), problems),
        smtp_url=address(values, "SMTP_URL", ("smtp", "smtps"), problems),
        mail_from=values.get("MAIL_FROM", "faktura@localhost"),
        access_point_url=register_address(values, "ACCESS_POINT_URL", None, None, problems),
        access_point_key=values.get("ACCESS_POINT_KEY"),
        peppol_zone=peppol_zone(values, problems),
        mail_in=Path(values["MAIL_IN"]).expanduser().absolute() if "MAIL_IN" in values else None,
        mail_in_address=mail_in_address(values, problems),
        secret_key=secret_key(values, problems),
        old_secret_keys=old_secret_keys(values, problems),
        workers=integer(values, "WORKERS", 1, 1, 64, problems),
        pdf_workers=integer(values, "PDF_WORKERS", 1, 1, 64, problems),
        daily_emails=integer(values, "DAILY_EMAILS", 500, 1, 1_000_000, problems),
        trusted_proxies=trusted_proxies(values, problems),
        test_clock=test_clock(values, problems),
        operator=_operator(values),
        operators=operators(values, problems),
        registers=_registers(values, problems),
        vat_rates=vat_rates(values, checkout, read, problems),
        statistics=switch(values, "STATISTICS", problems),
        processors=processors(values, checkout, read, problems),
        einvoice_rules=einvoice_rules(values, checkout, problems),
    )
    _check_mail(settings, problems)
    _check_together(settings, problems)
    if problems:
        raise SettingsError(problems)
    return settings


def _operator(values: dict[str, str]) -> Operator:
    default = Operator()
    return Operator(
        name=values.get("OPERATOR_NAME", default.name),
        legal_name=values.get("OPERATOR_LEGAL_NAME", default.legal_name),
        organisation_number=values.get("OPERATOR_ORGANISATION_NUMBER", default.organisation_number),
        address=values.get("OPERATOR_ADDRESS", default.address),
        privacy_email=values.get("OPERATOR_PRIVACY_EMAIL", default.privacy_email),
    )


def _registers(values: dict[str, str], problems: list[str]) -> Registers:
    return Registers(
        **{
            name: register_address(values, name.upper(), getattr(Registers, name), getattr(OFFICIAL, name), problems)
            for name in ("brreg_url", "vies_url", "ecb_url", "norges_bank_url")
        }
    )


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
