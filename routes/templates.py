"""The Jinja environment: strict, escaping, and the only place that turns values into the reader's words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from domain.identifiers import format_account, format_orgnr
from domain.money import decimals
from domain.reading import show_date
from domain.refusal_texts import sentence
from domain.refusals import Refusal
from domain.units import UNITS
from routes.i18n import LANGUAGES, translator

ROOT = Path(__file__).resolve().parent.parent
# No-break and thin spaces as Norwegian writes them; the minus sign, not the hyphen.
LOCALES = {"nb": "nb_NO", "en": "en_GB"}


def _locale(context: Context) -> str:
    return LOCALES.get(context.get("language", "en"), "en_GB")


@cache
def _pattern(places: int, extra: int = 0) -> str:
    return "#,##0" + ("." + "0" * places + "#" * extra if places or extra else "")


@pass_context
def money(context: Context, value: Decimal, currency: str = "NOK") -> str:
    """An amount with the decimals of its currency, without the code: `1 234,50`."""
    return _spell(format_decimal(value, _pattern(decimals(currency)), locale=_locale(context)))


@pass_context
def quantity(context: Context, value: Decimal) -> str:
    """As many decimals as there are, at most four."""
    return _spell(format_decimal(value, _pattern(0, 4), locale=_locale(context)))


@pass_context
def price(context: Context, value: Decimal, currency: str = "NOK") -> str:
    """A unit price: at least the decimals of the currency, at most four."""
    places = decimals(currency)
    return _spell(format_decimal(value, _pattern(places, 4 - places), locale=_locale(context)))


@pass_context
def count(context: Context, value: int) -> str:
    return format_decimal(value, "#,##0", locale=_locale(context))


@pass_context
def percent(context: Context, value: Decimal) -> str:
    text = _spell(format_decimal(value, _pattern(0, 2), locale=_locale(context)))
    return f"{text}\u00a0%" if context.get("language") == "nb" else f"{text}%"


def _spell(text: str) -> str:
    return text.replace("-", "\u2212")


@pass_context
def day(context: Context, value: date | None) -> str:
    """A date as the reader's language writes it: `22.11.2026`, `22 Nov 2026`."""
    if value is None:
        return ""
    if context.get("language") == "nb":
        return f"{value:%d.%m.%Y}"
    return format_date(value, "d MMM y", locale=_locale(context))


@pass_context
def moment(context: Context, value: datetime | None) -> str:
    """An instant in the company's time zone."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(context.get("time_zone") or "Europe/Oslo"))
    form = "dd.MM.y HH:mm" if context.get("language") == "nb" else "d MMM y HH:mm"
    return format_datetime(local, form, locale=_locale(context))


@pass_context
def clock_time(context: Context, value: datetime) -> str:
    """The time of day in the company's time zone."""
    return f"{value.astimezone(ZoneInfo(context.get('time_zone') or 'Europe/Oslo')):%H:%M}"


@pass_context
def typed_date(context: Context, value: date | None) -> str:
    """A date as it is typed into a field."""
    return "" if value is None else show_date(value, context.get("language", "en"))


def unit_name(code: str, language: str) -> str:
    """The short name of a unit, or its code when it is none of ours."""
    unit = UNITS.get(code)
    return unit.short.get(language, unit.short["en"]) if unit else code


def field_address(field: str, customer_id: str = "") -> str:
    """Where a fault is mended: a field of this page, the company's settings or the customer."""
    if field.startswith("company."):
        return f"/company#f-{field.removeprefix('company.').replace('_', '-')}"
    if field.startswith("customer.") and customer_id:
        return f"/customers/{customer_id}/edit#f-{field.removeprefix('customer.').replace('_', '-')}"
    name = "customer" if field.startswith("customer") else field
    return f"#f-{name.replace('.', '-').replace('_', '-')}" if name else "#main"


@pass_context
def month(context: Context, value: date) -> str:
    """A short name of the month: `nov.`"""
    return format_date(value, "LLL", locale=_locale(context))


@pass_context
def month_and_year(context: Context, value: date) -> str:
    return format_date(value, "LLLL y", locale=_locale(context))


@pass_context
def long_date(context: Context, value: date) -> str:
    """`Mandag 23. november`."""
    text = format_date(
        value, "EEEE d. MMMM" if context.get("language") == "nb" else "EEEE d MMMM", locale=_locale(context)
    )
    return text[:1].upper() + text[1:]


@pass_context
def sentence_filter(context: Context, refusal: Refusal) -> str:
    """The words of a refusal, in the reader's language."""
    return sentence(refusal, translator(context.get("language", "en")).gettext)


@cache
def static_url(path: str) -> str:
    """The address of a static file with its content's hash, so that browsers may keep it for ever."""
    digest = hashlib.sha256((ROOT / "static" / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


def make_environment() -> Environment:
    """The environment without a language; `environment_for` gives one for each."""
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    filters: dict[str, Callable[..., Any]] = {
        "money": money,
        "amount": money,
        "quantity": quantity,
        "price": price,
        "percent": percent,
        "date": day,
        "datetime": moment,
        "month": month,
        "month_and_year": month_and_year,
        "long_date": long_date,
        "time": clock_time,
        "count": count,
        "typed_date": typed_date,
        "unit": unit_name,
        "field_address": field_address,
        "organisation_number": format_orgnr,
        "account": format_account,
        "sentence": sentence_filter,
    }
    env.filters.update(filters)
    env.globals["static"] = static_url
    env.globals["languages"] = LANGUAGES
    return env


@cache
def environment_for(language: str) -> Environment:
    """One environment a language: its templates are compiled once with that language's gettext."""
    env = make_environment()
    words = translator(language)
    # For macros that are imported without the page's context.
    env.globals["language"] = language
    env.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return env
