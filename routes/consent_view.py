"""What a page shows of the visitor's choices: the banner, the line about the browser's signal, the way back."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from actions.consents import purposes
from domain.consent import Purpose, Standing
from routes.actor import Connection
from routes.consent_texts import Asked, banner

CHOOSING = "/cookies"


@dataclass(frozen=True, slots=True)
class ConsentView:
    """For the layouts. `back` is the page to return to after an answer; `has_receipt`: there was an answer before."""

    standing: Standing
    banner: Asked | None
    back: str
    has_receipt: bool

    @property
    def signal(self) -> bool:
        return self.standing.signal

    @property
    def is_granted(self) -> bool:
        return bool(self.standing.consented)

    @property
    def words(self) -> Markup:
        """Written by our own templates, which escape."""
        return words_of(self.banner)

    @property
    def answers(self) -> list[tuple[Purpose, str]]:
        """Each purpose with how it stands: granted, objected, asked or off."""
        return [(purpose, self._state(purpose)) for purpose in purposes()]

    def _state(self, purpose: Purpose) -> str:
        if purpose.category in self.standing.consented:
            return "granted"
        if purpose.category in self.standing.objected:
            return "objected"
        return "asked" if purpose in self.standing.asked else "off"


def words_of(asked: Asked | None) -> Markup:
    """The text as it is kept, for a page."""
    return Markup(asked.shown.html) if asked else Markup()  # noqa: S704


def standing_of(connection: Connection) -> Standing | None:
    """What holds for this request; None where nothing is optional, or where nothing is asked."""
    found: Standing | None = connection.scope.get("state", {}).get("consent")
    return found


def consent_view(connection: Connection, language: str) -> ConsentView | None:
    """None where nothing is optional: then no page says anything of it."""
    found = standing_of(connection)
    if found is None:
        return None
    path = connection.scope["path"]
    asked = None if path == CHOOSING else banner(found, language)
    answered = any(connection.scope["state"]["answers"])
    return ConsentView(found, asked, _address(connection), answered)


def _address(connection: Connection) -> str:
    """As the browser asked for it. A page that answers a form can not be asked for again."""
    scope = connection.scope
    if scope.get("method") != "GET":
        return "/"
    query = scope["query_string"].decode("latin-1")
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    return f"{path}?{query}" if query else path
