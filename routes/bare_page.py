"""What is said without asking who somebody is: no frame, no account, no database."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection

from domain.marking import N_
from routes.actor import Connection
from routes.flash import Flash
from routes.i18n import language_of, translator
from routes.pages import wants_fragment
from routes.templates import environment_for

RETRY_SECONDS = 10
BESIDE_THE_FORM = {"HX-Retarget": "#flash", "HX-Reswap": "innerHTML"}

# What is said beside a form that stays as it is, when htmx sent it and the answer can not be a page.
SENTENCES: dict[int | str, str] = {
    400: N_("Something in the address or the form was not as expected. Go back, check what you wrote and try again."),
    403: N_("Your role in this company does not include this. Somebody who administers the company can change it."),
    404: N_("There is nothing here"),
    405: N_("This address can not do that. Open the page from the menu and try again; nothing was changed."),
    409: N_(
        "This was changed in another window while you were looking at it. Nothing was overwritten: open it again to "
        "see how it stands now."
    ),
    413: N_("That is too much to send at once. Choose something smaller and try again."),
    415: N_("We can not read this kind of content. Use the form on the page; nothing was saved."),
    423: N_(
        "It belongs to something that is issued or closed, and stays as it is. A credit note or a new document is the "
        "way on."
    ),
    429: N_("There were many attempts in a short time. Wait a minute and try again."),
    "restored": N_(
        "SmartFaktura is being put back from a backup, and nothing was saved just now. Leave this page open and try "
        "again in a minute."
    ),
}


def bare_answer(scope: Any, status: int, name: str = "") -> tuple[bytes, dict[str, str]]:
    """What to say, and how to place it, when something is refused before anybody is asked who it is."""
    connection: Connection = ASGIConnection(scope)
    told = SENTENCES.get(name or status)
    if scope["method"] in ("GET", "HEAD") or not wants_fragment(connection.headers) or told is None:
        return bare_page(scope, status, name), {}
    language = language_of(connection)
    flash = Flash("problem", translator(language).gettext(told))
    template = environment_for(language).get_template("shared/_flash.html")
    return template.render(flash=flash, csrf_token="", language=language).encode(), BESIDE_THE_FORM


def bare_page(scope: Any, status: int, name: str = "") -> bytes:
    """The page without frame, account or database."""
    connection: Connection = ASGIConnection(scope)
    language = language_of(connection)
    template = environment_for(language).select_template([f"errors/{name or status}.html", "errors/400.html"])
    text: str = template.render(layout="layouts/bare.html", language=language, reference=reference_of(scope))
    return text.encode()


def reference_of(scope: Any) -> str:
    """What somebody may tell us of this request, and the log knows."""
    return str(scope.get("state", {}).get("request_id", ""))
