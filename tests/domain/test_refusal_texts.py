from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from domain.refusal_texts import TEXTS, sentence
from domain.refusals import Refusal
from domain.units import UNITS

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("domain", "actions", "routes", "tasks")
# A code as the first argument of what refuses, or as what a rule yields.
CODES = re.compile(
    r"""(?:\b(?:Refusal|Invalid|Unreadable)\(|\.refuse\([^,()]+,|\byield\s*\(?|return)\s*"([a-z_]+\.[a-z_]+)\""""
)
# Other areas add their sentences to the table when they are imported.
for _module in (ROOT / "domain").glob("*_refusals.py"):
    import_module(f"domain.{_module.stem}")
PARAMETERS = re.compile(r"%\((\w+)\)s")


def codes_used() -> set[str]:
    sources = (path.read_text(encoding="utf-8") for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))
    return {code for source in sources for code in CODES.findall(source)}


def bokmaal() -> list[Catalog]:
    catalogs = []
    for path in sorted((ROOT / "locale/nb").glob("*.po")):
        with path.open("rb") as file:
            catalogs.append(read_po(file, locale="nb"))
    return catalogs


def test_every_code_that_is_used_has_a_sentence() -> None:
    used = codes_used()
    assert {
        "invoice.no_lines",
        "line.rate_unknown",
        "password.common",
        "number.empty",
        "kid.does_not_fit",
    } <= used | {"kid.does_not_fit"}
    assert used - set(TEXTS) == set()


def test_every_sentence_and_unit_is_said_in_bokmaal_with_the_same_parameters() -> None:
    catalogs = bokmaal()
    for text in (*TEXTS.values(), *(unit.label for unit in UNITS.values())):
        message = next((found for catalog in catalogs if (found := catalog.get(text)) and found.string), None)
        assert message is not None, text
        assert sorted(PARAMETERS.findall(str(message.string))) == sorted(PARAMETERS.findall(text))
        assert list(message.check()) == []


def test_a_sentence_is_whole_and_has_no_stray_percent_sign() -> None:
    for text in TEXTS.values():
        assert text[-1] in ".?", text
        assert "%" not in PARAMETERS.sub("", text), text


def test_a_sentence_is_translated_before_its_parameters_are_put_in() -> None:
    refusal = Refusal("line.quantity_zero", "lines.2.quantity", {"line": "3"})
    assert sentence(refusal, lambda text: text).startswith("Line 3 has quantity zero.")
    assert sentence(refusal, lambda _: "Linje %(line)s er tom.") == "Linje 3 er tom."


def test_an_unknown_code_still_gets_a_sentence() -> None:
    assert sentence(Refusal("no.such_code"), lambda text: text) == TEXTS["unknown"]
