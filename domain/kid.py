"""KID, the payment reference of Norwegian bank agreements: digits with a check character at the right end.

A bank agreement fixes length and modulus, so a KID is padded with zeros to that length. It is text: its leading zeros
are part of it. MOD11 gives `-` as check character where the remainder is 10; the banks accept it as the last character.
"""

from __future__ import annotations

from typing import Literal

from domain.refusals import Invalid

Modulus = Literal[10, 11]

SHORTEST, LONGEST = 2, 25
# What a company may choose: the clearing's manual (Mastercard Payment Services 6.5) wants three digits and a check.
CHOSEN_LENGTHS = range(4, LONGEST + 1)

COUNTER_DIGITS = 6
NUMBER_DIGITS = 10
LARGEST_COUNTER = 10**9 - 1


class KidDoesNotFit(Invalid):
    """The number has more digits than the agreed length leaves room for."""

    def __init__(self) -> None:
        super().__init__("kid.does_not_fit")


def make(base_digits: str, length: int, modulus: Modulus = 10) -> str:
    """`base_digits` padded with zeros and given its check character, `length` characters in all.

    Raises KidDoesNotFit when it does not fit.
    """
    if not _is_digits(base_digits):
        raise ValueError("the base of a KID is digits only")
    if not SHORTEST <= length <= LONGEST or len(base_digits) >= length:
        raise KidDoesNotFit
    base = base_digits.zfill(length - 1)
    return base + _check(base, modulus)


def is_valid(kid: str, modulus: Modulus = 10) -> bool:
    """Is `kid` 2 to 25 characters with the right check character?"""
    return SHORTEST <= len(kid) <= LONGEST and _is_digits(kid[:-1]) and kid[-1] == _check(kid[:-1], modulus)


def invoice_kid(customer_or_zero: int, number: int, length: int, modulus: Modulus = 10) -> str:
    """The KID of an invoice. `number` is `int(base_for(...))`, unique in the company by itself.

    With a customer number before it, the invoice's part has a fixed width, so that customer 1 with invoice 23 and
    customer 12 with invoice 3 never meet. Raises KidDoesNotFit.
    """
    if not 0 <= number < 10**NUMBER_DIGITS or customer_or_zero < 0:
        raise KidDoesNotFit
    return make(str(customer_or_zero * 10**NUMBER_DIGITS + number), length, modulus)


def base_for(year: int, counter: int) -> str:
    """Digits that no other invoice of the company has: the counter, or year and counter in a yearly series.

    `year` is the series year, 0 for a continuous series: a company that changes from one to the other never gets the
    same digits twice. Raises KidDoesNotFit beyond a million invoices a year or a milliard in all.
    """
    if not 0 < counter <= (LARGEST_COUNTER if year == 0 else 10**COUNTER_DIGITS - 1):
        raise KidDoesNotFit
    return str(year * 10**COUNTER_DIGITS + counter)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _check(base: str, modulus: Modulus) -> str:
    return _mod10(base) if modulus == 10 else _mod11(base)


def _mod10(base: str) -> str:
    """Luhn: the digits times 2, 1, 2, 1 from the right; the digits of the products are added."""
    total = 0
    for i, digit in enumerate(reversed(base)):
        product = int(digit) * (2 if i % 2 == 0 else 1)
        total += product // 10 + product % 10
    return str(-total % 10)


def _mod11(base: str) -> str:
    """Weights 2 to 7 from the right, over and over."""
    total = sum(int(digit) * (2 + i % 6) for i, digit in enumerate(reversed(base)))
    check = -total % 11
    return "-" if check == 10 else str(check)
