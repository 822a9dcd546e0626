"""Renders the gallery with the real templates, the Norwegian catalogue and filters as the app has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from routes.templates import csrf_field
from tests.templates.gallery.sample import PAGES, Actor, Flash

ROOT = Path(__file__).resolve().parents[3]
GALLERY = Path(__file__).parent


def catalogue(language: str) -> Catalog | None:
    path = ROOT / "locale" / language / "frame.po"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file)


def environment(language: str = "nb") -> Environment:
    env = Environment(
        loader=FileSystemLoader([ROOT / "templates", GALLERY]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = catalogue(language)

    def translate(text: str) -> str:
        message = words.get(text) if words else None
        return str(message.string) if message and message.string else text

    def translate_many(one: str, many: str, n: int) -> str:
        return translate(one if n == 1 else many)

    env.install_gettext_callables(translate, translate_many, newstyle=True)  # type: ignore[attr-defined]
    env.globals["csrf_field"] = csrf_field
    env.globals["static"] = lambda path: f"/static/{path}?v=5f0c2a91"
    env.filters.update(
        amount=lambda value: format_decimal(value, "#,##0.00", locale=language),
        money=lambda value, currency="NOK": format_decimal(value, "#,##0.00", locale=language),
        quantity=lambda value: format_decimal(value, "#,##0.####", locale=language),
        percent=lambda value: f"{format_decimal(value, '#,##0.##', locale=language)} %",
        date=lambda value: format_date(value, "dd.MM.y" if language == "nb" else "d MMM y", locale=language),
        datetime=lambda value: format_datetime(value, "dd.MM.y HH:mm", locale=language),
        month=lambda value: format_date(value, "LLLL y", locale=language),
        sentence=str,
    )
    return env


def context(page: str, language: str = "nb") -> dict[str, object]:
    sample: Mapping[str, object] = PAGES[page]
    return {
        "layout": "layouts/page.html",
        "actor": Actor(),
        "csrf_token": "b9c1f0e2d3a4958677685940312213",
        "language": language,
        "path": "/",
        "settings_public": {"operator_name": "SmartFaktura AS"},
        "flash": None,
        "today": date(2026, 11, 23),
        **sample,
    }


def render(page: str, language: str = "nb") -> str:
    values = context(page, language)
    return environment(language).get_template(str(values.get("template", f"{page}.html"))).render(values)


__all__ = ["PAGES", "ROOT", "Actor", "Decimal", "Flash", "context", "datetime", "environment", "render"]
