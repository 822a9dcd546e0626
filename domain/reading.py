"""Numbers and dates as people type them, and as they are shown so that they can be read back.

What can be read in two ways is decided by the language: `1.234` is a thousand and more to a Norwegian reader, a little
over one to an English reader. What makes sense in no way is refused, never guessed.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from domain.languages import MINUS, NBSP
from domain.languages import language as writing_of
from domain.money import round_to
from domain.refusals import Invalid

__all__ = ["MINUS", "NBSP", "Unreadable", "read_date", "read_decimal", "show_date", "show_decimal", "show_percent"]

LONGEST_TEXT = 40
FIRST_YEAR, LAST_YEAR = 1970, 2199

# Space, no-break space, thin space, narrow no-break space, figure space.
_SPACES = re.compile("[ \N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}\N{FIGURE SPACE}]")
# Norwegian price tags: "500,-" has no øre.
_NO_ORE = re.compile(r"[,.]\s?[-–—]$")
_GROUPED = {
    separator: re.compile(rf"[0-9]{{1,3}}(?:{re.escape(separator)}[0-9]{{3}})+") for separator in (" ", ".", ",", "'")
}
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_DATE = re.compile(r"([0-9]{1,2})\s?[./-]\s?([0-9]{1,2})\s?[./-]\s?([0-9]{4}|[0-9]{2})")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


class Unreadable(Invalid):
    """A typed text is no number or no date; `code` says in what way."""


def read_decimal(text: str, max_decimals: int, max_digits: int = 14, language: str = "nb") -> Decimal:
    """The number in `text`: "1 234,50", "1.234,50", "1,234.50", "−5", "500,-".

    `max_digits` counts all digits, those after the decimal sign included, as NUMERIC(14, 2) does. `language`
    decides what a lone comma or point before three digits means. Refuses (Unreadable) `number.empty`,
    `number.unreadable`, `number.too_many_decimals`, `number.too_long`; nothing is ever rounded.
    """
    body = _SPACES.sub(" ", text.strip())
    if not body:
        raise Unreadable("number.empty")
    if len(body) > LONGEST_TEXT:
        raise Unreadable("number.too_long")
    negative, body = _sign(_NO_ORE.sub("", body))
    whole, fraction = _parts(body.replace("’", "'"), writing_of(language).decimal_sign)
    if len(fraction) > max_decimals:
        raise Unreadable("number.too_many_decimals")
    if len(whole.lstrip("0")) > max_digits - max_decimals:
        raise Unreadable("number.too_long")
    value = Decimal(f"{whole or '0'}.{fraction}" if fraction else whole)
    return -value if negative and value else value


def _sign(body: str) -> tuple[bool, str]:
    if body[:1] in ("-", MINUS, "–"):
        return True, body[1:].lstrip()
    return False, body.removeprefix("+").lstrip()


def _parts(body: str, decimal_sign: str) -> tuple[str, str]:
    """Digits before and after the decimal sign."""
    sign = _decimal_sign_in(body, decimal_sign)
    whole, _, fraction = body.rpartition(sign) if sign else (body, "", "")
    if (whole and not _is_whole(whole)) or (fraction and not _DIGITS.fullmatch(fraction)) or not whole + fraction:
        raise Unreadable("number.unreadable")
    return re.sub(r"[ .,']", "", whole), fraction


def _decimal_sign_in(body: str, decimal_sign: str) -> str:
    """Which sign is the decimal sign here: the later of two kinds; of one kind, whatever can not be grouping."""
    points, commas = body.count("."), body.count(",")
    if points and commas:
        return "." if body.rindex(".") > body.rindex(",") else ","
    if points + commas != 1:
        return ""
    lone = "." if points else ","
    # The language's own decimal sign is one; the other is one too where it can not be a thousands separator.
    return "" if lone != decimal_sign and _GROUPED[lone].fullmatch(body) and not body.startswith("0") else lone


def _is_whole(text: str) -> bool:
    return bool(_DIGITS.fullmatch(text)) or any(pattern.fullmatch(text) for pattern in _GROUPED.values())


def show_decimal(value: Decimal, language: str, min_decimals: int = 2, max_decimals: int = 2) -> str:
    """`value` as its reader writes it: "1 234,50" with no-break spaces in nb, "1,234.50" in en, "1.234,50" in de.

    At least `min_decimals` are shown, and more up to `max_decimals` when they are not zero. `read_decimal` reads it back.
    """
    writing = writing_of(language)
    rounded = round_to(value, max_decimals)
    whole, _, fraction = f"{abs(rounded):,f}".partition(".")
    if max_decimals > min_decimals:
        fraction = fraction.rstrip("0").ljust(min_decimals, "0")
    whole = whole.replace(",", writing.grouping)
    shown = f"{whole}{writing.decimal_sign}{fraction}" if fraction else whole
    return writing.minus + shown if rounded < 0 else shown


def show_percent(value: Decimal, language: str) -> str:
    """A percent with at most two decimals: "12,5 %" with a no-break space in nb, "12.5%" in en."""
    return show_decimal(value, language, 0, 2) + writing_of(language).percent


def read_date(text: str, language: str = "nb") -> date:
    """The day in `text`: "22.11.2026", "2026-11-22", "22/11/2026", "22.11.26". The day comes before the month in every
    language offered. Refuses (Unreadable) `date.empty`, `date.unreadable`, `date.out_of_range`."""
    body = text.strip()
    if not body:
        raise Unreadable("date.empty")
    if match := _ISO_DATE.fullmatch(body):
        year, month, day = match.groups()
    elif match := _DATE.fullmatch(body):
        day, month, year = match.groups()
    else:
        raise Unreadable("date.unreadable")
    return _date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))


def _date(year: int, month: int, day: int) -> date:
    try:
        read = date(year, month, day)
    except ValueError as error:
        raise Unreadable("date.unreadable") from error
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable("date.out_of_range")
    return read


def show_date(day: date, language: str) -> str:
    """`day` as its reader types it: "22.11.2026" in nb, "22/11/2026" in en, "2026-11-22" in sv. `read_date` reads it
    back."""
    return writing_of(language).date.format(d=day.day, m=day.month, y=day.year)
