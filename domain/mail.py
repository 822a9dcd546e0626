"""What may stand in the head of an e-mail: one address, one line of plain words, one file name.

People type these, so each of them is an attempt to smuggle a header in until shown otherwise (check S-23). Python's own
`email` package has let line breaks through more than once; nothing reaches it before it has been through here.
"""

from __future__ import annotations

import re
import unicodedata

from domain.refusals import Invalid
from domain.words import normalise

LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1.3
LONGEST_LOCAL_PART = 64
LONGEST_WORDS = 120
LONGEST_FILE_NAME = 80
LONGEST_GREETING = 60

_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_SPACES = re.compile(r"\s+")
_BEGINS_AN_ADDRESS = re.compile(r"(\w*:)?//+")
_LOOKS_LIKE_AN_ADDRESS = re.compile(r"[/@:]|\.\w{2,}|\bwww\b", re.IGNORECASE)
_NOT_IN_A_FILE_NAME = re.compile(r"[^\w.-]+")


def one_address(text: str) -> str:
    """The one address in `text`, ready for an envelope: its domain in lower case and in ASCII (RFC 5891).

    Raises Invalid with `email.invalid` for anything else: several addresses, a display name, quotes, comments, line
    breaks, letters outside ASCII before the @ (few servers take those).
    """
    local, at, host = text.strip().rpartition("@")
    try:
        domain = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise Invalid("email.invalid") from None
    labels = domain.split(".")
    fits = len(local) <= LONGEST_LOCAL_PART and len(local) + 1 + len(domain) <= LONGEST_ADDRESS
    # An encoded word would be decoded by the library on the way, whatever it holds.
    plain = bool(at) and _LOCAL_PART.fullmatch(local) is not None and "=?" not in local
    if not (fits and plain and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)):
        raise Invalid("email.invalid")
    return f"{local}@{domain}"


def header_words(text: str) -> str:
    """`text` as one harmless line of at most 120 characters: no controls, no encoded words, no live web address."""
    visible = "".join(" " if _is_unseen(letter) else letter for letter in text)
    line = _SPACES.sub(" ", visible).strip()
    # Mail readers make links of whatever looks like one; the only links in our mail are our own (check P-06).
    line = _BEGINS_AN_ADDRESS.sub("", line).replace("=?", "= ?")
    return line[:LONGEST_WORDS].rstrip()


def greeting_name(text: str) -> str:
    """A person's name to begin a letter with, or nothing when it looks like an address to visit: whoever signs up with
    somebody else's e-mail address shall not choose what that person is told."""
    name = header_words(text)[:LONGEST_GREETING]
    return "" if _LOOKS_LIKE_AN_ADDRESS.search(name) else name


def file_name(*parts: str, suffix: str) -> str:
    """A file name from words, such as `Faktura-1042-Blåtind-AS.pdf`: letters, digits, hyphens, dots."""
    words = (_NOT_IN_A_FILE_NAME.sub("-", unicodedata.normalize("NFC", header_words(part))) for part in parts)
    stem = "-".join(word.strip("-.") for word in words if word.strip("-."))
    return f"{stem[:LONGEST_FILE_NAME].rstrip('-.') or 'document'}.{suffix}"


def ascii_file_name(name: str) -> str:
    """The same for programs that know ASCII only: `Faktura-1042-Blatind-AS.pdf`. Letters without a likeness go."""
    plain = (letter if letter.isascii() else _likeness(letter) for letter in name)
    return re.sub(r"-{2,}", "-", "".join(plain)) or "document"


def _likeness(letter: str) -> str:
    like = normalise(letter)
    return (like.upper() if letter.isupper() else like) if like.isascii() else ""


def _is_unseen(letter: str) -> bool:
    """Controls, line and paragraph separators, marks that turn the direction of writing, halves of surrogate pairs.
    Not the joiners that Persian words and some emoji need."""
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") and letter not in "\u200c\u200d"
