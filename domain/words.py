"""Search words: the same folding for what is stored and for what is sought.

`Ærlig Bjørnø`, `aerlig bjorno` and `ÆRLIG BJØRNØ` are one and the same, so that nobody needs a Norwegian keyboard to
find a Norwegian customer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_WORD = 32
MOST_TERMS = 6
LONGEST_TEXT = 2000

# Letters that Unicode does not take apart by itself.
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t"}
)
_WORD = re.compile(r"[^\W_]+")


def normalise(text: str) -> str:
    """`text` without case and marks: å, ø and æ become a, o and ae."""
    # Folded twice: letters such as ℋ have a case only once they are taken apart.
    folded = unicodedata.normalize("NFKD", text[:LONGEST_TEXT].casefold()).casefold()
    bare = "".join(mark for mark in folded if not unicodedata.combining(mark))
    return unicodedata.normalize("NFKC", bare.translate(_LETTERS))


def words(text: str) -> list[str]:
    """The words to store for `text`: each once, in the order they come, cut to 32 characters."""
    return _unique(_WORD.findall(normalise(text)))


def terms(query: str) -> list[str]:
    """The words to seek, at most 6. Each is the beginning of a stored word."""
    return words(query)[:MOST_TERMS]


def prefix_end(term: str) -> str:
    """The first text after all that begin with `term`, in code point order (PostgreSQL's collation "C"): stored words
    with this prefix are `word >= term and word < prefix_end(term)`."""
    last = ord(term[-1])
    # No text holds the surrogates, so the code point after U+D7FF is U+E000.
    return term[:-1] + chr(0xE000 if last == 0xD7FF else last + 1)


def _unique(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in found))
