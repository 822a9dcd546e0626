"""Organisation, VAT and bank account numbers: read as people type them, checked, and shown as they are written.

All readers give the bare form that is stored, and raise Invalid with the code of the refusal.
"""

from __future__ import annotations

import re

from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban
from stdnum.ch import uid as swiss_uid
from stdnum.dk import cvr
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fi import ytunnus
from stdnum.gb import vat as british_vat
from stdnum.no import iban as norwegian_iban_check
from stdnum.no import kontonr, orgnr
from stdnum.se import orgnr as swedish_orgnr

from domain.countries import EU_MEMBERSHIP, vat_country
from domain.refusals import Invalid

_SEPARATORS = re.compile(r"[\s.\-–/_]+")
# All that any of these numbers is made of; + and * stand in old Irish VAT numbers.
_POSSIBLE = re.compile(r"[A-Z0-9+*]{2,34}")
_PLAIN = re.compile(r"[A-Z0-9]{2,20}")
_NATIONAL = {"NO": orgnr, "SE": swedish_orgnr, "DK": cvr, "FI": ytunnus}
_SWISS_SUFFIX = re.compile(r"(MWST|TVA|IVA|TPV)$")


def organisation_number(text: str, country: str) -> str:
    """The number in the national register: for Norway nine digits with a MOD11 check; NO before and MVA after are
    taken off. Checked for the Nordic countries, elsewhere only tidied. Refuses `organisation_number.invalid`."""
    number = _bare(text, "organisation_number.invalid")
    if country == "NO":
        number = number.removeprefix("NO").removesuffix("MVA")
    checker = _NATIONAL.get(country)
    if checker is None:
        return _plain(number, "organisation_number.invalid")
    try:
        return str(checker.validate(number))
    except ValidationError as error:
        raise Invalid("organisation_number.invalid") from error


def vat_number(text: str, country: str) -> str:
    """The VAT number with its prefix: NO936587720MVA, DE136695976, CHE100155212MWST. Greece has EL, Northern Ireland XI.

    The prefix may be left out, and that of Greece be typed as GR; numbers of Monaco are French. Check digits are checked
    for Norway, the EU, Great Britain and Switzerland; elsewhere the number is only tidied. Whether it is in use only a
    register can say. Refuses `vat_number.invalid`.
    """
    number, country = _bare(text, "vat_number.invalid"), vat_country(country)
    try:
        if country == "NO":
            return f"NO{orgnr.validate(number.removeprefix('NO').removesuffix('MVA'))}MVA"
        if country in ("CH", "LI"):
            return _swiss(number)
        if country == "GB":
            return _british(number)
        if country in EU_MEMBERSHIP:
            return str(eu_vat.validate(_with_prefix(number, country)))
    except ValidationError as error:
        raise Invalid("vat_number.invalid") from error
    return _plain(number, "vat_number.invalid")


def numbers_in(text: str, country: str) -> tuple[str, str] | None:
    """Organisation number and VAT number out of one VAT number with its prefix; None when `text` is none whose check
    digits are known. Abroad many type it where an organisation number is asked for. Norway's is never meant: there both
    are the same nine digits."""
    if country not in EU_MEMBERSHIP and country not in ("GB", "CH", "LI"):
        return None
    try:
        number = vat_number(text, country)
        if _bare(text, "vat_number.invalid")[:2] != number[:2]:
            return None
    except Invalid:
        return None
    digits = number[2:]
    return {"SE": digits[:10], "DK": digits, "FI": digits}.get(country, ""), number


def _british(number: str) -> str:
    if number.startswith("XI"):
        return f"XI{british_vat.validate(number[2:])}"
    return f"GB{british_vat.validate(number.removeprefix('GB'))}"


def _swiss(number: str) -> str:
    match = _SWISS_SUFFIX.search(number)
    suffix = match.group() if match else "MWST"
    return f"{swiss_uid.validate(number.removesuffix(suffix))}{suffix}"


def _with_prefix(number: str, country: str) -> str:
    prefix = "EL" if country == "GR" else country
    return number if number.startswith(prefix) else prefix + number.removeprefix(country)


def bank_account(text: str) -> str:
    """A Norwegian account (eleven digits, MOD11) or an IBAN, without spaces and dots. Refuses `bank_account.invalid`."""
    number = _bare(text, "bank_account.invalid")
    try:
        if number.isdigit():
            return _norwegian_account(number)
        if number.startswith("NO"):
            return str(norwegian_iban_check.validate(number))
        return str(stdnum_iban.validate(number))
    except ValidationError as error:
        raise Invalid("bank_account.invalid") from error


def _norwegian_account(number: str) -> str:
    # The library also takes the postal giro's old seven digits, with another check; no bank has them any more.
    if len(number) != 11 or number.startswith("0000"):
        raise Invalid("bank_account.invalid")
    return str(kontonr.validate(number))


def bic(text: str) -> str:
    """A bank's BIC, 8 or 11 characters. Refuses `bic.invalid`."""
    try:
        return str(stdnum_bic.validate(_bare(text, "bic.invalid")))
    except ValidationError as error:
        raise Invalid("bic.invalid") from error


def iban_of(account: str) -> str:
    """The IBAN of a Norwegian account as `bank_account` gave it; an IBAN is given back as it is."""
    return str(kontonr.to_iban(account)) if account.isdigit() else account


def format_orgnr(number: str) -> str:
    """936587720 as "936 587 720"; other forms unchanged."""
    if len(number) == 9 and number.isdigit():
        return f"{number[:3]} {number[3:6]} {number[6:]}"
    return number


def format_account(account: str) -> str:
    """86011117947 as "8601 11 17947", an IBAN in groups of four."""
    if len(account) == 11 and account.isdigit():
        return f"{account[:4]} {account[4:6]} {account[6:]}"
    return " ".join(account[i : i + 4] for i in range(0, len(account), 4))


def _bare(text: str, code: str) -> str:
    bare = _SEPARATORS.sub("", text).upper()
    if not _POSSIBLE.fullmatch(bare):
        raise Invalid(code)
    return bare


def _plain(number: str, code: str) -> str:
    if not _PLAIN.fullmatch(number):
        raise Invalid(code)
    return number
