"""Every part of a page stands on its own, and what an answer replaces is there to be replaced."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from routes.templates import ROOT, environment_for
from tests.templates.samples import BASE, EDITOR, FAULTY
from tests.templates.views import VIEWS

FOLDERS = ("home", "hosted", "invoices", "payments", "quotes", "search")
# The page that each list of changes answers.
ANSWERED = {
    "invoices/conflict.changes.html": "invoices/edit.html",
    "invoices/files.changes.html": "invoices/edit.html",
    "invoices/lines.changes.html": "invoices/edit.html",
    "invoices/list.changes.html": "invoices/index.html",
    "invoices/more.changes.html": "invoices/index.html",
    "invoices/not_saved.changes.html": "invoices/edit.html",
    "invoices/saved.changes.html": "invoices/edit.html",
    "payments/more.changes.html": "payments/index.html",
    "quotes/list.changes.html": "quotes/index.html",
    "quotes/more.changes.html": "quotes/index.html",
}
TARGET = re.compile(r'<hx-partial hx-target="#([^"]+)"(?: hx-swap="(\w+)")?>(.*?)</hx-partial>', re.DOTALL)


VOID = frozenset(
    {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "use", "rect", "path"}
)


class Elements(HTMLParser):
    """Every element outside of <template>: its tag, its attributes, and how deep it stands."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], int]] = []
        self.words_outside = ""
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "template" not in self._open:
            self.found.append((tag, {name: value or "" for name, value in attrs}, len(self._open)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if not self._open:
            self.words_outside += data.strip()

    def all(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes, _ in self.found if attribute in attributes]


def rendered(name: str, language: str = "nb", **changes: Any) -> str:
    context = {**BASE, "language": language, **VIEWS[name], **changes}
    return environment_for(language).get_template(name).render(context)


def test_every_template_of_these_folders_has_a_view() -> None:
    files = {str(p.relative_to(ROOT / "templates")) for f in FOLDERS for p in (ROOT / "templates" / f).glob("*.html")}
    assert set(VIEWS) == files
    assert set(ANSWERED) == {name for name in files if name.endswith(".changes.html")}


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_template_renders_from_its_view_alone(name: str, language: str) -> None:
    rendered(name, language)


@pytest.mark.parametrize("name", sorted(name for name in VIEWS if "/_" in name and name != "invoices/_words.html"))
def test_a_partial_says_what_it_takes(name: str) -> None:
    first = (ROOT / "templates" / name).read_text().splitlines()[0]
    assert first.startswith("{#")


@pytest.mark.parametrize("name", sorted(ANSWERED))
def test_every_target_of_an_answer_is_in_the_page_that_it_answers(name: str) -> None:
    ids = Elements(rendered(ANSWERED[name])).all("id")
    changes = TARGET.findall(rendered(name))
    assert changes
    assert [target for target, _, _ in changes if ids.count(target) != 1] == []


@pytest.mark.parametrize("name", sorted(ANSWERED))
def test_what_replaces_a_part_is_one_element_with_the_same_id(name: str) -> None:
    """So that the next answer finds it again."""
    for target, swap, content in TARGET.findall(rendered(name)):
        if swap == "outerHTML":
            part = Elements(content)
            assert [attributes.get("id") for _, attributes, depth in part.found if depth == 0] == [target]
            assert part.words_outside == ""


@pytest.mark.parametrize("name", sorted(name for name in VIEWS if "/_" not in name and "changes" not in name))
def test_the_ids_of_a_page_are_unique_and_every_reference_finds_one(name: str) -> None:
    page = Elements(rendered(name))
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    named = [word for name in ("aria-describedby", "aria-labelledby", "aria-controls") for word in page.all(name)]
    assert {word for words in [*named, *page.all("for")] for word in words.split()} <= set(ids)


def test_each_fault_of_the_editor_stands_beside_its_field_and_leads_to_it() -> None:
    text = rendered("invoices/edit.html", form=FAULTY)
    page = Elements(text)
    links = Elements(text[text.index('<div id="faults"') : text.index('<div id="conflict"')]).all("href")
    assert [link for link in links if not link.startswith("#")] == ["/company#f-organisation-number"]
    assert {link[1:] for link in links if link.startswith("#")} <= set(page.all("id"))
    assert {"f-customer-error", "f-lines-1-description-error", "f-lines-error"} <= set(page.all("id"))
    assert [attributes["id"] for _, attributes, _ in page.found if "autofocus" in attributes] == ["f-customer"]


def test_the_lines_of_the_editor_have_the_names_that_its_form_reads() -> None:
    names = Elements(rendered("invoices/edit.html")).all("name")
    assert {name for name in names if name.startswith("lines.0.")} == {
        f"lines.0.{name}" for name in EDITOR["form"].lines[0]
    }
