"""What was corrected, in the reader's words: names of fields, and values as the forms show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from babel.dates import get_month_names

from domain.company import ACCENTS, FORMS
from domain.countries import country_name
from domain.identifiers import format_orgnr
from domain.languages import LANGUAGES
from domain.marking import N_
from routes.forms import customer as customer_form
from routes.i18n import Translator

LABELS: Mapping[str, str] = {
    **customer_form.LABELS,
    "kind": N_("Business or private person"),
    "organisation_form": N_("Form of organisation"),
    "form": N_("Form of organisation"),
    "vat_registered": N_("Registered for VAT"),
    "foretaksregisteret": N_("Show «Foretaksregisteret»"),
    "legal_addition": N_("What the law adds"),
    "bank_account": N_("Bank account"),
    "iban": N_("IBAN"),
    "bic": N_("BIC of the bank"),
    "accent": N_("Colour"),
    "kid_length": N_("KID"),
    "yearly_numbers": N_("A new series of numbers each year"),
    "first_number": N_("First number"),
    "accounting_year_ends": N_("The accounting year ends with"),
    "own_credit_numbers": N_("Credit notes in a series of their own"),
}
_WAYS = {
    "best": N_("The best way: e-invoice where it works, else e-mail"),
    "email": N_("Always by e-mail"),
    "print": N_("On paper: I print and post it myself"),
}
_YES_NO = {"true": N_("Yes"), "false": N_("No")}
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "kind": customer_form.KIND_WORDS,
    "delivery": _WAYS,
    "form": FORMS,
    "accent": ACCENTS,
    "language": {code: language.name for code, language in LANGUAGES.items()},
    **dict.fromkeys(("vat_registered", "foretaksregisteret", "yearly_numbers", "own_credit_numbers"), _YES_NO),
}


def label(field: str, words: Translator) -> str:
    """The name of a field; of one that is not known, as in a copy from elsewhere, the column's own."""
    return words.gettext(LABELS[field]) if field in LABELS else field.replace("_", " ")


def spoken(field: str, value: str, words: Translator) -> str:
    """A value as it was kept, in words; what is none of the app's values is shown as it is."""
    if not value:
        return ""
    if field in _CHOICES:
        return words.gettext(_CHOICES[field].get(value, value))
    return _SPOKEN[field](value, words) if field in _SPOKEN else value


def _days(value: str, words: Translator) -> str:
    return words.ngettext("%(num)s day", "%(num)s days", int(value)) % {"num": value} if _is_small(value) else value


def _digits(value: str, words: Translator) -> str:
    if value == "0":
        return words.gettext(N_("No KID"))
    return words.gettext(N_("%(n)s digits")) % {"n": value}


def _month(value: str, words: Translator) -> str:
    names = get_month_names("wide", context="stand-alone", locale=words.language)
    return str(names[int(value)]) if _is_small(value) and int(value) in names else value


def _is_small(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 6


def _country(value: str, words: Translator) -> str:
    return country_name(value, words.language)


_SPOKEN: Mapping[str, Callable[[str, Translator], str]] = {
    "country": _country,
    "delivery_country": _country,
    "organisation_number": lambda value, _: format_orgnr(value),
    "due_days": _days,
    "kid_length": _digits,
    "accounting_year_ends": _month,
}
