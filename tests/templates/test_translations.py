"""Every text of the app in Bokmål: extracted as gettext's own tools would, looked up in the catalogs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALE = ROOT / "locale" / "nb"
# `words` is what the routes call the gettext of the reader's language.
FUNCTIONS = ("_", "N_", "gettext", "ngettext", "words")
TEMPLATE_OPTIONS = {
    "extensions": "jinja2.ext.i18n",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "newstyle_gettext": "true",
    "silent": "false",
}
SAYS = re.compile(rb"\b(?:_|N_|n?gettext|words)\(|{%-?\s*trans\b")
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?(.)")

# A message: its text, or its two texts where it counts something.
Message = str | tuple[str, str]


def messages_of(path: Path) -> Iterator[Message]:
    if not SAYS.search(path.read_bytes()):
        return  # most files say nothing, and to take them apart is slow
    with path.open("rb") as file:
        found: Iterable[tuple[Any, ...]] = (
            extract_python(file, dict.fromkeys(FUNCTIONS), [], {})
            if path.suffix == ".py"
            else babel_extract(file, FUNCTIONS, [], TEMPLATE_OPTIONS)
        )
        for _, _, message, _ in found:
            texts = [text for text in ([message] if isinstance(message, str) else message or ()) if text]
            if texts:
                yield (texts[0], texts[1]) if len(texts) > 1 else texts[0]


@cache
def sources() -> dict[Message, str]:
    """Every message and the file that says it."""
    paths = [ROOT / "app.py"]
    for folder in ("domain", "actions", "models", "routes", "tasks"):
        paths += sorted((ROOT / folder).rglob("*.py"))
    paths += sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
    return {message: str(path.relative_to(ROOT)) for path in paths for message in messages_of(path)}


@cache
def translations() -> dict[Message, dict[str, str | tuple[str, ...]]]:
    """Every message with what each catalog makes of it."""
    found: dict[Message, dict[str, str | tuple[str, ...]]] = {}
    for path in sorted(LOCALE.glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale="nb"):
                if entry.id:
                    key = (entry.id[0], entry.id[1]) if isinstance(entry.id, list | tuple) else entry.id
                    words: Any = entry.string
                    found.setdefault(key, {})[path.name] = tuple(words) if isinstance(words, list) else words
    return found


def test_the_extraction_finds_texts_of_templates_and_of_code() -> None:
    found = sources()
    assert "Issue and send" in found
    assert "The draft is saved." in found
    assert ("%(num)s invoice", "%(num)s invoices") in found
    assert len(found) > 500


def test_every_text_is_said_in_bokmal() -> None:
    known = translations()
    missing = {
        message: path
        for message, path in sources().items()
        if not any(all(words) if isinstance(words, tuple) else words for words in known.get(message, {}).values())
    }
    assert missing == {}


def test_no_two_catalogs_say_the_same_text_differently() -> None:
    disagreeing = {message: by for message, by in translations().items() if len(set(by.values())) > 1}
    assert disagreeing == {}


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    wrong = []
    for message, by_catalog in translations().items():
        wanted = {place for text in _texts(message) for place in PLACEHOLDER.findall(text)}
        for name, words in by_catalog.items():
            if any(set(PLACEHOLDER.findall(text)) - wanted for text in _texts(words)) or not wanted <= {
                place for text in _texts(words) for place in PLACEHOLDER.findall(text)
            }:
                wrong.append((name, message))
    assert wrong == []


def _texts(message: str | tuple[str, ...]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else message
