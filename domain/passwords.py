"""Which passwords are refused (NIST SP 800-63B-4, 3.1.1.2): length and guessability, no composition rules.

A password is taken exactly as it was received: not trimmed, not normalised. Every code point counts as one character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from domain.refusals import Refusal

SHORTEST, LONGEST = 10, 128
PRODUCT = "smartfaktura"
# With the context words taken away, this much must be left to guess.
LEAST_BESIDE_CONTEXT = 8
SHORTEST_CONTEXT_WORD = 4
# Signs put into a common password do not make it another one.
MOST_SIGNS = 3

_SIGNS = re.compile(r"[\W_]")
_SIGNS_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_KEYBOARD_ROWS = ("qwertyuiopå", "asdfghjkløæ", "zxcvbnm", "1234567890", "§1234567890+", '!"#¤%&/()=?', "!@#$%^&*()")


def problems(password: str, context_words: Iterable[str] = ()) -> tuple[Refusal, ...]:
    """Why `password` is refused; empty when it is good.

    `context_words` are names that others know: the person's name and e-mail, the company. Codes, all on the field
    `password`: `password.too_short`, `.too_long`, `.unreadable`, `.repetitive`, `.sequence`, `.common`, `.context`.
    """
    code = _problem(password, context_words)
    if code is None:
        return ()
    limits = {"least": str(SHORTEST), "most": str(LONGEST)}
    return (Refusal(code, "password", limits),)


def _problem(password: str, context_words: Iterable[str]) -> str | None:
    if len(password) < SHORTEST:
        return "password.too_short"
    if len(password) > LONGEST:
        return "password.too_long"
    if not _is_encodable(password):
        return "password.unreadable"
    folded = password.casefold()
    if _is_repetitive(folded):
        return "password.repetitive"
    if _is_sequence(folded):
        return "password.sequence"
    if _is_common(folded):
        return "password.common"
    return "password.context" if _leans_on(folded, context_words) else None


def _is_encodable(password: str) -> bool:
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_repetitive(folded: str) -> bool:
    """One to four characters over and over ("aaaaaaaaaa", "abc1abc1abc1"), the last time perhaps cut short."""
    return any(folded == (folded[:width] * len(folded))[: len(folded)] for width in range(1, 5))


def _is_sequence(folded: str) -> bool:
    """Runs along the alphabet, the digits or a keyboard row make up most of it."""
    breaks = sum(not _are_neighbours(first, second) for first, second in pairwise(folded))
    return breaks * 4 <= len(folded)


def _are_neighbours(first: str, second: str) -> bool:
    pair = first + second
    return abs(ord(first) - ord(second)) <= 1 or any(pair in row or pair[::-1] in row for row in _KEYBOARD_ROWS)


def _is_common(folded: str) -> bool:
    """On the list, or two entries of it put together ("password" + "123456"), with or without a few signs between or
    around them ("sommer-2026!")."""
    trimmed, bare = _SIGNS_AROUND.sub("", folded), _SIGNS.sub("", folded)
    if _is_listed(folded) or (len(folded) - len(trimmed) <= MOST_SIGNS and _is_listed(trimmed)):
        return True
    return len(folded) - len(bare) <= MOST_SIGNS and _is_listed(bare)


def _is_listed(text: str) -> bool:
    common = _common_passwords()
    return text in common or any(text[:i] in common and text[i:] in common for i in range(1, len(text)))


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    text = files("domain.facts").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def _leans_on(folded: str, context_words: Iterable[str]) -> bool:
    rest = folded
    for word in _context(context_words):
        rest = rest.replace(word, "")
    return rest != folded and len(rest) < LEAST_BESIDE_CONTEXT


def _context(context_words: Iterable[str]) -> list[str]:
    """The words to look for, the longest first: every part, and the parts written together."""
    found = {PRODUCT}
    for text in context_words:
        parts = re.findall(r"[^\W_]+", text.casefold())
        found.update([*parts, "".join(parts), text.casefold()])
    return sorted((word for word in found if len(word) >= SHORTEST_CONTEXT_WORD), key=len, reverse=True)
