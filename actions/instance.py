"""What this process was started with: the settings and the keys derived from its one secret."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import lru_cache

from domain import vat
from domain.settings import Settings
from models import unit_of_work

_settings: Settings | None = None
_secrets: tuple[bytes, ...] = ()  # the present one first


def begin(settings: Settings) -> None:
    """Remember the settings for the life of the process. Called once, by the web app, the worker or a test."""
    global _settings, _secrets
    _settings = settings
    vat.use_rates(settings.vat_rates)
    stopped = settings.test_clock
    unit_of_work.audit_clock = (lambda: stopped) if stopped else None
    present = settings.secret_key or _stored_secret(settings)
    _secrets = tuple(text.encode() for text in (present, *settings.old_secret_keys))


def settings() -> Settings:
    """The settings of this process; an assertion when it was never told."""
    assert _settings is not None, "the process has no settings yet"
    return _settings


def secret_for(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose only, so that a leak of one tells nothing of the others. What is made is made
    with this one."""
    return secrets_for(purpose)[0]


def secrets_for(purpose: str) -> tuple[bytes, ...]:
    """The keys that may have made what comes back: the present one, then those it took the place of (S-51)."""
    assert _secrets, "the process has no secret yet"
    return _derived(_secrets, purpose)


@lru_cache(maxsize=100)
def _derived(present_first: tuple[bytes, ...], purpose: str) -> tuple[bytes, ...]:
    return tuple(hmac.digest(secret, b"smartfaktura:" + purpose.encode(), hashlib.sha256) for secret in present_first)


def _stored_secret(settings: Settings) -> str:
    """The secret of an embedded installation: made once in the data folder, readable by its owner only."""
    path = settings.data_dir / "secret-key"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()
