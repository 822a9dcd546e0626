"""Values as the readers of one language write them.

A page shows hundreds of them, so none asks CLDR anew: numbers come from domain.reading, names of months are fetched
once. A test holds them to what Babel gives.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_month_names
from jinja2 import pass_context
from jinja2.runtime import Context

from domain.identifiers import format_account, format_orgnr
from domain.languages import language as writing_of
from domain.money import decimals
from domain.privacy.retention import KEPT
from domain.reading import MINUS, show_date, show_decimal, show_percent
from domain.refusal_texts import sentence
from domain.refusals import Refusal
from domain.units import unit_name
from routes.faults import shown_as
from routes.i18n import translator

HOME_ZONE = "Europe/Oslo"


class Filters:
    """The filters of the templates in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = writing_of(language).tag.replace("-", "_")
        self._month_names = get_month_names("abbreviated", locale=self._locale)
        # The dates of a list are few and come again and again.
        self._day = lru_cache(maxsize=1000)(self._spell_day)

    def by_name(self) -> dict[str, Callable[..., Any]]:
        return {
            "money": self.money,
            "amount": self.money,
            "quantity": self.quantity,
            "unrounded": self.unrounded,
            "price": self.price,
            "exchange_rate": self.exchange_rate,
            "percent": self.percent,
            "count": self.count,
            "date": self.day,
            "typed_date": self.typed_date,
            "datetime": self.moment,
            "day_of": self.day_of,
            "time": clock_time,
            "month": self.month,
            "month_and_year": self.month_and_year,
            "long_date": self.long_date,
            "unit": unit_name,
            "field_address": field_address,
            "organisation_number": format_orgnr,
            "account": format_account,
            "sentence": self.sentence,
            "kept": last_day,
        }

    def money(self, value: Decimal | int, currency: str = "NOK") -> str:
        """An amount with the decimals of its currency, without the code: `1 234,50`."""
        places = decimals(currency)
        return self._number(value, places, places)

    def quantity(self, value: Decimal | int) -> str:
        """As many decimals as there are, at most four."""
        return self._number(value, 0, 4)

    def unrounded(self, value: Decimal) -> str:
        """An amount before it is rounded: with six decimals none of 11.11 % looks like half of the smallest unit."""
        return self._number(value, 0, 6)

    def price(self, value: Decimal | int, currency: str = "NOK") -> str:
        """A unit price: at least the decimals of the currency, at most four."""
        return self._number(value, decimals(currency), 4)

    def exchange_rate(self, value: Decimal) -> str:
        """What one unit of a currency costs: at least four decimals, at most eight."""
        return self._number(value, 4, 8)

    def percent(self, value: Decimal | int) -> str:
        """`12,5 %`, `12.5%`"""
        return show_percent(Decimal(value), self.language).replace("-", MINUS)

    def count(self, value: int) -> str:
        """A whole number with its thousands apart."""
        return self._number(value, 0, 0)

    def _number(self, value: Decimal | int, least: int, most: int) -> str:
        """With the minus sign, not the hyphen."""
        return show_decimal(Decimal(value), self.language, least, most).replace("-", MINUS)

    def day(self, value: date | None) -> str:
        """A date as the reader's language writes it: `22.11.2026`, `22 Nov 2026`."""
        return "" if value is None else self._day(value)

    def _spell_day(self, value: date) -> str:
        if self.language != "en":
            return show_date(value, self.language)
        return f"{value.day} {self._month_names[value.month]} {value.year}"

    def typed_date(self, value: date | None) -> str:
        """A date as it is typed into a field."""
        return "" if value is None else show_date(value, self.language)

    @pass_context
    def moment(self, context: Context, value: datetime | None) -> str:
        """An instant in the company's time zone."""
        if value is None:
            return ""
        local = _local(context, value)
        return f"{self.day(local.date())} {local.hour:02d}:{local.minute:02d}"

    @pass_context
    def day_of(self, context: Context, value: datetime | None) -> str:
        """The date of an instant in the company's time zone."""
        return "" if value is None else self.day(_local(context, value).date())

    def month(self, value: date) -> str:
        """A short name of the month: `nov`"""
        return _formatted(value.replace(day=1), "LLL", self._locale)

    def month_and_year(self, value: date) -> str:
        return _formatted(value.replace(day=1), "LLLL y", self._locale)

    def long_date(self, value: date) -> str:
        """`Mandag 23. november`."""
        text = _formatted(value, "EEEE d. MMMM" if self.language == "nb" else "EEEE d MMMM", self._locale)
        return text[:1].upper() + text[1:]

    def sentence(self, refusal: Refusal) -> str:
        """The words of a refusal, in the reader's language."""
        return sentence(refusal, translator(self.language).gettext)


@pass_context
def clock_time(context: Context, value: datetime) -> str:
    """The time of day in the company's time zone."""
    local = _local(context, value)
    return f"{local.hour:02d}:{local.minute:02d}"


def last_day(changed_at: datetime, rule: str) -> date:
    """Until when something is kept that ends by the calendar: a customer nobody uses, a draft, an agreement."""
    return (changed_at + KEPT[rule]).date()


def field_address(field: str, customer_id: str = "") -> str:
    """Where a fault is mended: a field of this page, the company's settings or the customer."""
    field = shown_as(field)
    if field.startswith("company."):
        return f"/company#f-{field.removeprefix('company.').replace('_', '-')}"
    if field.startswith("customer.") and customer_id:
        return f"/customers/{customer_id}/edit#f-{field.removeprefix('customer.').replace('_', '-')}"
    name = "customer" if field.startswith("customer") else field
    return f"#f-{name.replace('.', '-').replace('_', '-')}" if name else "#main"


@lru_cache(maxsize=512)
def _formatted(value: date, form: str, locale: str) -> str:
    return format_date(value, form, locale=locale)


def _local(context: Context, value: datetime) -> datetime:
    return value.astimezone(ZoneInfo(context.get("time_zone") or HOME_ZONE))
