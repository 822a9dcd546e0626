"""Was this form meant? Two answers must agree: where it came from, and a token that only a page of this session holds.

The third layer is the cookie's SameSite=Lax. Litestar's own protection signs a token without binding it to a session
and sets a cookie for every visitor.
"""

from __future__ import annotations

import re
from typing import cast

from actions.instance import settings
from actions.sessions import is_csrf_token
from routes.middleware.same_origin import SAFE_METHODS, is_same_origin
from routes.middleware.types import Scope
from routes.pages import Answer, AnyRequest, fragments, wants_fragment
from routes.public_page import public_page

HEADER = "x-csrf-token"
FIELD = "_csrf_token"
_ONE_CLICK = re.compile(r"/[iq]/[A-Za-z0-9_-]{43}/objection")


async def check_token(request: AnyRequest) -> Answer | None:
    """Run before every handler. An answer, with status 403, takes the handler's place; None lets it run.

    A visitor has no session to misuse: there the origin is enough.
    """
    if request.method in SAFE_METHODS or _is_one_click(request):
        return None
    if not is_same_origin(cast(Scope, request.scope), settings()):
        return _not_meant(request)
    secret = request.scope.get("state", {}).get("csrf_secret")
    if secret is not None and not is_csrf_token(await _sent(request), secret):
        return _not_meant(request)
    return None


def _is_one_click(request: AnyRequest) -> bool:
    """A mail program says no to more letters (RFC 8058). It comes from no page, so it names none, as every browser does;
    the secret in the address is the proof, and no session counts."""
    names_a_page = "origin" in request.headers or "sec-fetch-site" in request.headers
    return not names_a_page and _ONE_CLICK.fullmatch(request.scope["path"]) is not None


async def _sent(request: AnyRequest) -> str:
    """The token of the header, which htmx sends, else of the form."""
    if token := request.headers.get(HEADER):
        return token
    token = (await request.form()).get(FIELD)
    return token if isinstance(token, str) else ""


def _not_meant(request: AnyRequest) -> Answer:
    """From another site; or, which happens to honest people, from a page opened for another company or session."""
    if not wants_fragment(request.headers):
        return public_page(request, "sign_in/not_meant.html", status=403)
    answer = fragments(request, "sign_in/_not_meant.html", status=403)
    answer.headers.update({"HX-Retarget": "#flash", "HX-Reswap": "innerHTML"})
    return answer
