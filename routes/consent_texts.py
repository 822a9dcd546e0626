"""What is asked, word by word: the banner and the panel, each kept by its hash once somebody has answered it.

A form brings back how its text was made and the hash of it. The text is made again: when the hash is the same, that is
what the visitor read; when it is not, the words have changed since, and nobody has agreed to the new ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from actions import consents
from actions.consents import Shown
from domain.consent import Purpose, Standing
from domain.cookies import DECLARED, Category
from routes.i18n import LANGUAGES
from routes.templates import environment_for

BANNER, SETTINGS = "banner", "settings"
_LIST = r"([a-z~]{0,99})"
_DESCRIPTION = re.compile(rf"(banner|settings)\.([a-z]{{2}})\.{_LIST}\.{_LIST}\.{_LIST}\.([01])")


@dataclass(frozen=True, slots=True)
class Layer:
    """What one text is made from: where, in which language, about which purposes, and what it says of each."""

    surface: str
    language: str
    asked: tuple[Category, ...]
    changed: frozenset[Category] = frozenset()
    granted: frozenset[Category] = frozenset()
    signal: bool = False

    def described(self) -> str:
        """Short enough for a hidden field."""
        lists = (self.asked, sorted(self.changed), sorted(self.granted))
        return ".".join((self.surface, self.language, *map("~".join, lists), str(int(self.signal))))


@dataclass(frozen=True, slots=True)
class Asked:
    """A layer and its text."""

    layer: Layer
    shown: Shown

    @property
    def described(self) -> str:
        return self.layer.described()

    @property
    def sha256(self) -> str:
        return self.shown.sha256.hex()


def banner(found: Standing, language: str) -> Asked | None:
    """The first thing a visitor sees when there is something to ask."""
    if not found.asked:
        return None
    asked = tuple(purpose.category for purpose in found.asked)
    return _asked(Layer(BANNER, language, asked, found.changed, frozenset(), found.signal))


def panel(found: Standing, language: str) -> Asked:
    """All purposes with the answers as they are now."""
    every = tuple(purpose.category for purpose in consents.purposes() if purpose.category not in found.objected)
    return _asked(Layer(SETTINGS, language, every, found.changed, found.consented, found.signal))


def read(description: str, sha256: str) -> Asked | None:
    """The text that was on the screen; None when it is not the one that would be shown now."""
    layer = _layer(description)
    asked = None if layer is None else _asked(layer)
    return asked if asked is not None and asked.sha256 == sha256 else None


def _layer(description: str) -> Layer | None:
    found = _DESCRIPTION.fullmatch(description)
    if found is None or found[2] not in LANGUAGES:
        return None
    try:
        asked, changed, granted = (tuple(map(Category, filter(None, found[n].split("~")))) for n in (3, 4, 5))
    except ValueError:
        return None
    offered = [purpose.category for purpose in consents.purposes()]
    if asked != tuple(each for each in offered if each in asked):
        return None
    return Layer(found[1], found[2], asked, frozenset(changed), frozenset(granted), found[6] == "1")


def _asked(layer: Layer) -> Asked:
    return Asked(layer, Shown(_html(layer, consents.purposes()), layer.language))


@lru_cache(maxsize=256)
def _html(layer: Layer, offered: tuple[Purpose, ...]) -> str:
    template = "consent/_banner.html" if layer.surface == BANNER else "consent/_panel.html"
    asked = [purpose for purpose in offered if purpose.category in layer.asked]
    cookies = {purpose: [one for one in DECLARED if one.category is purpose.category] for purpose in asked}
    return environment_for(layer.language).get_template(template).render(layer=layer, cookies=cookies)
