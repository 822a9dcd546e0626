"""From a template to an answer: the only code that knows about htmx headers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from litestar import Request, Response
from litestar.enums import MediaType

from actions.instance import settings
from domain.policy import unread
from routes.actor import actor_of
from routes.consent_view import consent_view
from routes.flash import SENTENCES, Flash
from routes.i18n import answer_in, language_of, translator
from routes.templates import compile_hosted, environment_for, hosted_languages

AnyRequest = Request[Any, Any, Any]
Answer = Response[bytes]

# What the answer depends on, so that a cache never gives a fragment to who wanted a page.
VARY = "HX-Request, HX-Request-Type, Accept-Language, Cookie"


async def speak(request: AnyRequest, language: str) -> None:
    """Answer this request in the language of the document that it shows, or in the one that its reader asked for.
    The first time it takes a moment."""
    answer_in(request, language)
    language = language_of(request)
    if language not in hosted_languages:
        await asyncio.to_thread(compile_hosted, language)


def wants_fragment(headers: Mapping[str, str]) -> bool:
    """Is this htmx asking for a part of the page? A restored history entry always needs the whole."""
    if "hx-history-restore-request" in headers or headers.get("hx-request") != "true":
        return False
    return headers.get("hx-request-type") == "partial"


def page(
    request: AnyRequest, template: str, *, status: int = 200, flash: Flash | None = None, **context: Any
) -> Answer:
    """The page, whole or as a fragment with its title and main part. `flash` is shown at its top."""
    fragment = wants_fragment(request.headers)
    layout = "layouts/fragment.html" if fragment else "layouts/page.html"
    shown = flash or SENTENCES.get(request.query_params.get("done", ""))
    return _answer(request, template, status, {"layout": layout, "flash": _in_words(request, shown), **context})


def fragments(request: AnyRequest, template: str, *, status: int = 200, **context: Any) -> Answer:
    """The changed parts only: a partial, or a list of them."""
    return _answer(request, template, status, {"flash": None, **context})


def _in_words(request: AnyRequest, flash: Flash | None) -> Flash | None:
    """The sentence in the reader's language. Here, not in the template: a text from a variable is not marked as safe."""
    if flash is None:
        return None
    words = translator(language_of(request)).gettext
    return replace(flash, text=words(flash.text), undo_label=words(flash.undo_label) if flash.undo_label else None)


def see_other(request: AnyRequest, path: str, done: str | None = None) -> Answer:
    """Go on to `path` after a form; `done` is a code of routes.flash. htmx is told to load the page."""
    if done is not None:
        assert done in SENTENCES, done
        path = f"{path}{'&' if '?' in path else '?'}done={done}"
    if request.headers.get("hx-request") == "true":
        return Response(b"", status_code=200, headers={"HX-Redirect": path, "Vary": VARY})
    return Response(b"", status_code=303, headers={"Location": path, "Vary": VARY})


def render(request: AnyRequest, template: str, context: Mapping[str, Any]) -> str:
    """The template in the reader's language with what every template may use."""
    language = language_of(request)
    actor = actor_of(request)
    return (
        environment_for(language)
        .get_template(template)
        .render(
            {
                "actor": actor,
                "company": None,
                "consent": consent_view(request, language),
                "csrf_token": actor.csrf_token if actor else "",
                "language": language,
                "path": request.scope["path"],
                "operator": settings().operator,
                "unread": unread(actor.policies_read_until) if actor else (),
                "shows_mailbox": settings().shows_mailbox,
                "time_zone": "Europe/Oslo",
                **context,
            }
        )
    )


def _answer(request: AnyRequest, template: str, status: int, context: Mapping[str, Any]) -> Answer:
    headers = {"Vary": VARY}
    if actor_of(request) is not None:
        headers["Cache-Control"] = "no-store"
    body = render(request, template, context).encode()
    return Response(body, status_code=status, media_type=MediaType.HTML, headers=headers)
