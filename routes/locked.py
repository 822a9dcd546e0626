"""423: what is restricted is only kept. The page says which rule it is, and what can be done."""

from __future__ import annotations

from typing import Any

from actions.outcomes import Locked
from domain import restriction_refusals
from domain.privacy.restriction import RULES, Scope, exception_for
from routes.actor import actor_of
from routes.flash import Flash
from routes.i18n import language_of, translator
from routes.pages import Answer, AnyRequest, fragments, page, wants_fragment

__all__ = ["locked", "restriction_refusals"]
PLACES = {Scope.CUSTOMER: "/customers", Scope.INVOICE: "/invoices"}


def locked(request: AnyRequest, error: Locked) -> Answer:
    """The page for it; beside a form that htmx sent, the sentence alone."""
    what, rule = error.what, RULES[error.operation]
    place = PLACES.get(what.scope)
    context: dict[str, Any] = {
        "what": what,
        "rule": rule,
        "place": f"{place}/{what.subject_id}/restriction" if place and actor_of(request) else "",
        "is_exceptional": exception_for(error.operation) is not None,
        "time_zone": "Europe/Oslo",
    }
    if request.method not in ("GET", "HEAD") and wants_fragment(request.headers):
        return _beside_the_form(request, rule.why)
    return page(request, "restrictions/locked.html", status=423, **context)


def _beside_the_form(request: AnyRequest, why: str) -> Answer:
    flash = Flash("problem", translator(language_of(request)).gettext(why))
    answer = fragments(request, "shared/_flash.html", status=423, flash=flash)
    answer.headers.update({"HX-Retarget": "#flash", "HX-Reswap": "innerHTML"})
    return answer
