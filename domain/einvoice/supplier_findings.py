"""What the rules say of a supplier's e-invoice, in sentences for whoever received it. They can not mend it, so each says
what is wrong; what to do about it is always the same: ask the supplier.

A rule that is too rare for a sentence of ours is told in its own English words, which its publisher wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.einvoice.supplier_texts import BY_BEGINNING, BY_CATEGORY, BY_RULE, CATEGORIES, OTHER

MOST_TEXT = 400


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence and all the rules that say it. `sentence` and `vat`, the kind of VAT that it is about, are texts to be
    translated; `text` is in English, and empty where the sentence says it all."""

    sentence: str
    rules: tuple[str, ...]
    is_warning: bool
    vat: str = ""
    text: str = ""


def in_sentences(findings: Iterable[Sequence[str]]) -> tuple[Said, ...]:
    """`findings` as they were stored (rule, weight, and perhaps its own words), those that stop an e-invoice first.
    Rules that say the same are one sentence."""
    said: dict[tuple[bool, str, str, str], list[str]] = {}
    for rule, weight, *words in findings:
        sentence, vat, needs_text = _sentence(rule)
        text = words[0] if words and needs_text else ""
        said.setdefault((weight == "warning", sentence, vat, text), []).append(rule)
    found = (
        Said(sentence, tuple(rules), is_warning, vat, text)
        for (is_warning, sentence, vat, text), rules in said.items()
    )
    return tuple(sorted(found, key=lambda one: one.is_warning))


def own_words(rule: str, text: str) -> str:
    """The words of a rule that are kept for showing: none where there is a sentence of ours, nor of the schema, whose
    words quote the document."""
    needs_text = _sentence(rule)[2]
    return text.removeprefix(f"[{rule}]").lstrip("- ")[:MOST_TEXT] if needs_text and rule != "XSD" else ""


def _sentence(rule: str) -> tuple[str, str, bool]:
    """The sentence of `rule`, the kind of VAT in it, and whether the rule's own words must follow."""
    if rule in BY_RULE:
        return BY_RULE[rule], "", False
    family, _, number = rule.removeprefix("BR-").partition("-")
    if rule.startswith("BR-") and family in CATEGORIES and number in BY_CATEGORY:
        return BY_CATEGORY[number], CATEGORIES[family], False
    for beginning, sentence in BY_BEGINNING.items():
        if rule.startswith(beginning):
            return sentence, "", False
    return OTHER, "", True
