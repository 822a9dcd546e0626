"""Was this form meant? Two answers must agree: where it came from, and a token that only a page of this session holds.

The third layer is the cookie's SameSite=Lax. Litestar's own protection signs a token without binding it to a session
and sets a cookie for every visitor.
"""

from __future__ import annotations

from litestar.exceptions import PermissionDeniedException

from actions.instance import settings
from actions.sessions import is_csrf_token
from routes.middleware.same_origin import SAFE_METHODS, is_same_origin
from routes.pages import AnyRequest

HEADER = "x-csrf-token"
FIELD = "_csrf_token"


class NotMeant(PermissionDeniedException):
    """A form from another site, or from a page of an earlier session."""


async def check_token(request: AnyRequest) -> None:
    """Run before every handler; refuses with 403. A visitor has no session to misuse: there the origin is enough."""
    if request.method in SAFE_METHODS:
        return
    if not is_same_origin(request.scope, settings()):
        raise NotMeant("from another site")
    secret = request.scope.get("state", {}).get("csrf_secret")
    if secret is not None and not is_csrf_token(await _sent(request), secret):
        raise NotMeant("not from a page of this session")


async def _sent(request: AnyRequest) -> str:
    """The token of the header, which htmx sends, else of the form."""
    if token := request.headers.get(HEADER):
        return token
    token = (await request.form()).get(FIELD)
    return token if isinstance(token, str) else ""
