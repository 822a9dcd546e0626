"""The Jinja environment: strict, escaping, one for each language."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from threading import Event

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from domain import languages
from routes.compiled import CompiledPages
from routes.compiling import CompilingEnvironment
from routes.filters import Filters
from routes.i18n import LANGUAGES, translator

ROOT = Path(__file__).resolve().parent.parent

# What a company's customers see, so in the languages of documents.
hosted_languages = {*LANGUAGES}
HOSTED = (
    "hosted/show.html",
    "hosted/objection.html",
    "hosted/quote.html",
    "hosted/privacy.html",
    "hosted/privacy_mine.html",
    "invoices/explanation.html",
)


@cache
def static_url(path: str) -> str:
    """The address of a static file with its content's hash, so that browsers may keep it for ever."""
    digest = hashlib.sha256((ROOT / "static" / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


@pass_context
def csrf_field(page: Context) -> Markup:
    """The hidden field of a form that changes something; nothing for a visitor, who has no session to bind it to."""
    token = page["csrf_token"]
    return Markup(f'<input type="hidden" name="_csrf_token" value="{escape(token)}">') if token else Markup()  # noqa: S704


@cache
def environment_for(language: str) -> Environment:
    """The templates in one language, each compiled when it is first used."""
    words = translator(language)
    env = CompilingEnvironment(
        words.gettext,
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=CompiledPages(language),
    )
    env.filters.update(Filters(language).by_name())
    env.globals["static"] = static_url
    env.globals["languages"] = LANGUAGES
    env.globals["document_languages"] = {each.code: words.gettext(each.name) for each in languages.LANGUAGES.values()}
    env.globals["csrf_field"] = csrf_field
    env.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return env


def compile_all(stopping: Event) -> None:
    """Compile every page in every language, so that no visitor waits for it. In a thread: it takes a second or two."""
    for language in LANGUAGES:
        env = environment_for(language)
        for name in env.list_templates(filter_func=_is_for_the_web):
            if stopping.is_set():
                return
            env.get_template(name)


def compile_hosted(language: str) -> None:
    """Compile what customers see in another language of documents, when the first of them comes. In a thread too."""
    for name in HOSTED:
        environment_for(language).get_template(name)
    hosted_languages.add(language)


def _is_for_the_web(name: str) -> bool:
    """Letters, documents and copies of data have environments of their own."""
    return name.endswith(".html") and not name.startswith(("emails/", "documents/", "exports/"))
