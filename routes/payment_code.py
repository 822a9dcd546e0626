"""The square code that a bank's app reads to fill in a transfer: EPC069-12, for euros to an IBAN only."""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup
from segno.helpers import make_epc_qr

# What EPC069-12 takes: 70 characters of name, 140 of text, amounts of 0.01 to 999 999 999.99.
LONGEST_NAME, LONGEST_TEXT = 70, 140
LEAST, MOST = Decimal("0.01"), Decimal("999999999.99")


def payment_code(
    name: str, iban: str, bic: str, amount: Decimal, currency: str, text: str, title: str
) -> Markup | None:
    """The code as an SVG picture without styles, read aloud as `title`; None where the standard has none.

    A transfer in kroner has no public code: the KID and the account with their copy buttons serve there.
    """
    if currency != "EUR" or not iban or not LEAST <= amount <= MOST:
        return None
    try:
        code = make_epc_qr(
            name=name[:LONGEST_NAME], iban=iban, bic=bic or None, amount=amount, text=text[:LONGEST_TEXT], encoding=1
        )
    except ValueError:
        return None  # more than the standard's 331 bytes, in a script whose letters take several
    picture = code.svg_inline(svgclass="qr", lineclass=None, omitsize=True, border=2, title=title)
    return Markup(picture.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 - made here, of squares only
