"""What a company's customers see is said in every language of documents."""

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po
from jinja2 import meta

from domain.languages import LANGUAGES
from domain.privacy.request_words import KINDS
from domain.refusal_texts import TEXTS
from routes.i18n import Translator
from routes.templates import HOSTED, environment_for
from tests.templates.test_translations import ROOT, messages_of

# Files that serve the company's own pages too, and what they say on those for customers.
SHARED = {"ui/badge.html", "ui/form.html", "invoices/_words.html"}
FOR_CUSTOMERS = {
    "Unpaid", "Partly paid", "Partly credited", "Paid", "Overdue", "Credited", "VAT %(rate)s", "No VAT", "Reverse charge",
    "Exempt from VAT", "Export", "Goods to EU business", "Zero-rated",
    "Waiting for an answer", "Accepted", "Declined", "Expired", "Withdrawn", "Invoiced",
    "Received", "Being worked on", "Takes longer", "Done", "Partly done", *KINDS.values(),
}  # fmt: skip
REFUSALS = (
    "quote.expired", "quote.withdrawn", "quote.answered", "quote.name_missing", "text.too_long", "email.invalid",
    "field.required", "choice.unknown", "request.code_wrong", "request.nothing_proposed",
)  # fmt: skip
IN_CODE = {"Code to scan with the app of your bank", "Invoice %(number)s", *(TEXTS[code] for code in REFUSALS)}


def files() -> set[str]:
    """The pages with all they include and import, and the frame around them."""
    waiting, found = {*HOSTED, "layouts/public.html"}, set()
    while waiting:
        name = waiting.pop()
        found.add(name)
        tree = environment_for("en").parse((ROOT / "templates" / name).read_text())
        waiting |= {each for each in meta.find_referenced_templates(tree) if each} - found
    return found


def texts() -> set[str]:
    messages = (
        {message for name in files() - SHARED for message in messages_of(ROOT / "templates" / name)}
        | IN_CODE
        | FOR_CUSTOMERS
    )
    return {text for message in messages for text in ([message] if isinstance(message, str) else message[:1])}


def said_in(language: str) -> set[str]:
    """What stands in the files of the language itself: a page in Nynorsk does not change to Bokmål half-way."""
    found = set()
    for path in (ROOT / "locale" / language).glob("*.po"):
        with path.open("rb") as file:
            found |= {m.id if isinstance(m.id, str) else m.id[0] for m in read_po(file, locale=language) if m.string}
    return found


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_no_language_lacks_a_word(language: str) -> None:
    known = said_in(language)
    lacking = texts() - known
    assert not lacking, f"say in locale/{language}/hosted.po: {sorted(lacking)}"


def test_nynorsk_falls_back_on_bokmal() -> None:
    assert Translator("nn").gettext("Paid") == "Betalt"
    assert Translator("nn").gettext("Issue and send") == Translator("nb").gettext("Issue and send")


def test_the_footer_s_own_files_are_looked_at_too() -> None:
    assert {"shared/_footer.html", "invoices/_paper.html", "ui/badge.html"} <= files()
