"""Pages in the frame for visitors: they look the same to somebody who is signed in."""

from __future__ import annotations

from typing import Any

from routes.actor import actor_of
from routes.flash import Flash
from routes.pages import Answer, AnyRequest, page, wants_fragment


def public_page(
    request: AnyRequest, template: str, *, status: int = 200, flash: Flash | None = None, **context: Any
) -> Answer:
    """`page` without the rail."""
    if not wants_fragment(request.headers):
        context["layout"] = "layouts/public.html"
    return page(request, template, status=status, flash=flash, **context)


def cacheable(request: AnyRequest, answer: Answer) -> Answer:
    """Let caches keep what is the same for every visitor for five minutes; a signed-in page is never kept."""
    if actor_of(request) is None and answer.status_code in (None, 200):
        answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
