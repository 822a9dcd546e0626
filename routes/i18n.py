"""The words of the reader's language: gettext catalogs in `locale/<language>/<area>.po`, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from litestar.datastructures import Headers

from domain.languages import LANGUAGES as DOCUMENT_LANGUAGES
from routes.actor import Connection, actor_of

LOCALE = Path(__file__).resolve().parent.parent / "locale"
LANGUAGES = ("nb", "en")
_DOCUMENT = "document_language"


class Translator:
    """gettext over the merged catalogs of one language; English is the language of the source."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._singular: dict[str, str] = {}
        self._plural: dict[str, tuple[str, ...]] = {}
        # Nynorsk falls back on Bokmål, which its readers know.
        for folder in ("nb", "nn") if language == "nn" else (language,):
            for path in sorted((LOCALE / folder).glob("*.po")):
                self._read(path)

    def gettext(self, message: str) -> str:
        return self._singular.get(message, message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        forms = self._plural.get(one, (one, many))
        return forms[0] if count == 1 else forms[-1]

    def _read(self, path: Path) -> None:
        with path.open("rb") as file:
            for message in read_po(file, locale=self.language):
                self._add(message.id, message.string)

    def _add(self, source: Any, words: Any) -> None:
        """A plural has a tuple on both sides. What is not translated stays in English."""
        if isinstance(source, tuple | list):
            if all(words):
                self._plural[source[0]] = tuple(words)
        elif source and words:
            self._singular[source] = words


@cache
def translator(language: str) -> Translator:
    return Translator(language)


def language_of(connection: Connection) -> str:
    """That of the document shown to its customer, else the account's, else the one clicked in the footer, else the
    browser's. What the customer asked for in the address, or clicked, goes before the document's."""
    document: str | None = connection.scope.get("state", {}).get(_DOCUMENT)
    if document is not None:
        return asked_in_address(connection) or _clicked(connection) or document
    actor = actor_of(connection)
    if actor is not None:
        return actor.language
    return _clicked(connection) or preferred(connection.headers)


def asked_in_address(connection: Connection) -> str:
    """The language of documents that the address asks for, or "". Nothing of it is kept."""
    asked = connection.query_params.get("language", "")
    return asked if asked in DOCUMENT_LANGUAGES else ""


def answer_in(connection: Connection, language: str) -> None:
    """Answer this request in the language of the document that it shows."""
    connection.scope.setdefault("state", {})[_DOCUMENT] = language


def _clicked(connection: Connection) -> str | None:
    """The language chosen in the footer. The cookie's name carries a prefix on https; both are in the registry."""
    chosen = connection.cookies.get("__Host-sf_lang") or connection.cookies.get("sf_lang")
    return chosen if chosen in LANGUAGES else None


def preferred(headers: Headers) -> str:
    """Bokmål for those whose browser asks for any Norwegian before English, English for the rest."""
    wanted = sorted(_weighted(headers.get("accept-language", "")[:200]), key=lambda pair: -pair[1])
    for tag, _ in wanted:
        if tag.split("-")[0] in ("nb", "no", "nn"):
            return "nb"
        if tag.split("-")[0] == "en":
            return "en"
    return "en"


def _weighted(header: str) -> list[tuple[str, float]]:
    pairs = []
    for part in header.lower().split(","):
        tag, _, weight = part.partition(";q=")
        try:
            pairs.append((tag.strip(), float(weight or 1)))
        except ValueError:
            continue
    return pairs
