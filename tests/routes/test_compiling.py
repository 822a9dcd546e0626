from __future__ import annotations

import pytest
from jinja2 import DictLoader, StrictUndefined
from markupsafe import Markup

from routes.compiling import CompilingEnvironment
from routes.templates import environment_for

FILES = {
    "page.html": '{% from "alone.html" import icon with context %}{% from "asks.html" import field with context %}'
    '{{ icon("x") }} {{ field() }} {% for row in rows %}{% include "row.html" %}{% endfor %}',
    "row.html": '{% from "alone.html" import icon with context %}{{ icon(row) }}',
    "alone.html": '{% macro icon(name) %}{{ _("Icon") }} {{ name }} {{ static("i.svg") }}{% endmacro %}',
    "asks.html": "{% macro field() %}{{ token }}{% endmacro %}",
    "nested.html": '{% from "asks.html" import field with context %}{% macro twice() %}{{ field() }}{% endmacro %}',
    "words.html": '{{ _("100 %% of <b>") }}|{{ _("%(n)s of <b>", n=n) }}|{{ ngettext("one", "%(num)s", 3) }}',
    "same.html": '<p>{{ _("Icon") }}</p>{% include "footer.html" %}',
    "footer.html": '<link href="{{ static("i.css") }}">{{ counted() }}',
    "badge.html": "{% macro badge(word) %}<b>{{ word }}{{ counted() }}</b>{% endmacro %}",
    "badges.html": '{% from "badge.html" import badge with context %}{{ badge(one) }}{{ badge(other) }}',
    "outer.html": '{% set word = "outer" %}{% for n in (1, 2) %}{% include "inner.html" %}{% endfor %}{{ word }}',
    "inner.html": '{{ n }}{{ loop.index }}{{ word }} {% set word = "inner" %}{{ word }} {{ token }} ',
    "tree.html": '<{{ tree[0] }}{% for tree in tree[1:] %}{% include "tree.html" %}{% endfor %}>',
    "typed.html": "{{ value }} {% for one in [value] %}{{ one }}{% endfor %}",
    "time.html": "{% macro at(moment) %}{{ moment|time }}{% endmacro %}",
}


def environment(asked: list[str]) -> CompilingEnvironment:
    def translate(text: str) -> str:
        asked.append(text)
        return {"Icon": "Ikon", "100 %% of <b>": "100 %% av <b>", "%(n)s of <b>": "%(n)s av <b>"}.get(text, text)

    env = CompilingEnvironment(
        translate, loader=DictLoader(FILES), autoescape=True, undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    env.filters["time"] = str
    env.globals["static"] = lambda path: f"/static/{path}"
    env.install_gettext_callables(translate, lambda one, many, n: many, newstyle=True)  # type: ignore[attr-defined]
    return env


def test_words_are_looked_up_once() -> None:
    asked: list[str] = []
    template = environment(asked).get_template("page.html")
    shown = template.render(token="t", rows=[1, 2])
    assert shown == "Ikon x /static/i.svg t Ikon 1 /static/i.svgIkon 2 /static/i.svg"
    asked.clear()
    assert template.render(token="t", rows=[1, 2]) == shown
    assert asked == []


def test_translations_are_markup_and_what_goes_into_them_is_not() -> None:
    words = environment([]).get_template("words.html")
    assert words.render(n="<i>") == "100 % av <b>|&lt;i&gt; av <b>|3"


def test_macros_that_ask_their_page_get_it() -> None:
    page = environment([]).get_template("page.html")
    assert page.render(token="one", rows=[]) != page.render(token="two", rows=[])


def counting(env: CompilingEnvironment) -> list[str]:
    """Each time something is drawn that asks to be counted."""
    calls: list[str] = []

    def counted() -> str:
        calls.append("drawn")
        return ""

    env.globals["counted"] = counted
    return calls


def test_a_part_that_is_the_same_on_every_page_is_drawn_once() -> None:
    env = environment([])
    calls = counting(env)
    page = env.get_template("same.html")
    assert page.render() == page.render() == '<p>Ikon</p><link href="/static/i.css">'
    assert len(calls) == 1


def test_what_a_macro_makes_of_a_word_is_remembered() -> None:
    env = environment([])
    calls = counting(env)
    page = env.get_template("badges.html")
    assert page.render(one="a", other="a") == "<b>a</b><b>a</b>"
    assert len(calls) == 1


def test_a_part_sees_what_its_page_knows_and_changes_nothing_of_it() -> None:
    shown = environment([]).get_template("outer.html").render(token="t")
    assert shown == "11outer inner t 22outer inner t outer"


def test_a_part_that_includes_itself_is_drawn_to_its_end() -> None:
    assert environment([]).get_template("tree.html").render(tree=("a", ("b", ("c",)), ("d",))) == "<a<b<c>><d>>"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("<b>", "&lt;b&gt;"),
        (Markup("<b>"), "<b>"),
        (None, "None"),
        (["<"], "[&#39;&lt;&#39;]"),
        (b"<", "b&#39;&lt;&#39;"),
    ],
)
def test_what_is_put_into_a_page_is_escaped_unless_it_is_safe(value: object, shown: str) -> None:
    assert environment([]).get_template("typed.html").render(value=value) == f"{shown} {shown}"


def test_a_word_that_is_safe_is_not_taken_for_the_same_word_typed_by_somebody() -> None:
    page = environment([]).get_template("badges.html")
    page.environment.globals["counted"] = lambda: ""
    assert page.render(one=Markup("<i>"), other="<i>") == "<b><i></b><b>&lt;i&gt;</b>"


@pytest.mark.parametrize("value", [1, None, ["a"], {"a": 1}])
def test_a_macro_takes_more_than_words(value: object) -> None:
    page = environment([]).get_template("badges.html")
    page.environment.globals["counted"] = lambda: ""
    assert str(value).replace("'", "&#39;") in page.render(one=value, other="a")


@pytest.mark.parametrize(
    ("name", "alone"), [("alone.html", True), ("asks.html", False), ("nested.html", False), ("time.html", False)]
)
def test_a_file_stands_alone_when_nothing_in_it_asks_the_page(name: str, alone: bool) -> None:
    assert environment([]).stands_alone(name) is alone


def test_every_template_compiles_in_every_language() -> None:
    for language in ("nb", "en"):
        env = environment_for(language)
        for name in env.list_templates(extensions=["html"]):
            if not name.startswith(("emails/", "documents/")):
                env.get_template(name)
