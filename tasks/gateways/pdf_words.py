"""The words of documents in each language, from `locale/<language>/documents.po`. English stands in the templates."""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE_DIR = Path(__file__).resolve().parents[2] / "locale"


@cache
def translations(language: str) -> NullTranslations:
    """The catalog of `language`; what it lacks, and every other language, is English."""
    path = LOCALE_DIR / language / "documents.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)
