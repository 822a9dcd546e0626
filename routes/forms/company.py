"""The company's form: a short one to begin with, all of it later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from babel.dates import get_month_names

from domain import account_refusals, company, identifiers, kid
from domain.company import ACCENTS, FORMS, Company
from domain.countries import COUNTRIES, country_choices
from domain.languages import LANGUAGES
from domain.mail import one_address
from domain.marking import N_
from domain.money import CURRENCIES
from routes.forms.base import Form, FormData, Reader
from routes.i18n import translator

__all__ = ["account_refusals", "company_choices", "new_form", "parse_new_company", "parse_settings", "settings_form"]

MOST_DUE_DAYS = 365
OWN_ACCENT = "own"
KID_CHOICES = ("0", *(str(length) for length in kid.CHOSEN_LENGTHS))
NUMBERING = ("continuous", "yearly")
CREDIT_NUMBERS = ("same", "own")
MONTHS = tuple(str(month) for month in range(1, 13))
# As the fields stand on the page, so that the first fault said is the first one seen.
ORDER = (
    "", "name", "form", "organisation_number", "vat_registered", "address_line1", "address_line2", "postcode", "city",
    "country", "foretaksregisteret", "legal_addition", "email", "phone", "bank_account", "bic", "due_days",
    "kid_length", "language", "currency", "numbering", "first_number", "credit_numbers", "accounting_year_ends",
    "accent", "own_accent",
)  # fmt: skip
COMMON_CURRENCIES = ("NOK", "EUR", "SEK", "DKK", "GBP", "USD")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form's lists offer: pairs of a value and its words."""

    forms: Pairs
    countries: Pairs
    currencies: Pairs
    accents: Pairs
    kid_lengths: Pairs
    months: Pairs


@lru_cache
def company_choices(language: str) -> Choices:
    """The lists in the reader's language, the likeliest choices first."""
    say = translator(language).gettext
    month_names = get_month_names("wide", context="stand-alone", locale=language)
    common = tuple(code for code in COMMON_CURRENCIES if code in CURRENCIES)
    currencies = (*common, *(code for code in CURRENCIES if code not in common))
    return Choices(
        forms=tuple((form, say(words)) for form, words in FORMS.items()),
        countries=country_choices(language),
        currencies=tuple((code, code) for code in currencies),
        accents=tuple((colour, say(words)) for colour, words in ACCENTS.items()),
        kid_lengths=(("0", say(N_("No KID"))), *((n, say(N_("%(n)s digits")) % {"n": n}) for n in KID_CHOICES[1:])),
        months=tuple((month, month_names[int(month)]) for month in MONTHS),
    )


def new_form(email: str) -> Form:
    """The first company's form before anything is typed: most people here are Norwegian and alone."""
    return Form({"form": "ENK", "country": "NO", "email": email, "vat_registered": ""})


def parse_new_company(data: FormData, language: str) -> tuple[Form, Company | None]:
    """The essentials; the rest is what most companies choose."""
    reader = Reader(data, language)
    basics = _read_basics(reader)
    made = replace(
        basics,
        foretaksregisteret=company.shows_register(basics.form, basics.country),
        language="nb" if basics.country == "NO" else "en",
        currency=company.usual_currency(basics.country),
    )
    return _checked(reader, made)


def parse_settings(
    data: FormData, language: str, stored: Company, numbers_in_use: bool
) -> tuple[Form, Company | None]:
    """All of it. `stored` keeps what can no longer be changed once `numbers_in_use`."""
    reader = Reader(data, language)
    basics = _read_basics(reader)
    first = stored.first_number
    if not numbers_in_use:
        first = reader.integer("first_number", low=1, high=10**company.LONGEST_COUNTER - 1, required=True) or 1
    made = replace(
        basics,
        foretaksregisteret=reader.flag("foretaksregisteret"),
        legal_addition=reader.text("legal_addition", longest=200),
        phone=reader.text("phone", longest=40),
        bic=_read_bic(reader),
        due_days=reader.integer("due_days", low=0, high=MOST_DUE_DAYS, required=True) or 0,
        language=reader.choice("language", LANGUAGES),
        currency=reader.choice("currency", CURRENCIES),
        accent=_read_accent(reader),
        kid_length=_read_kid_length(reader),
        yearly_numbers=reader.choice("numbering", NUMBERING) == "yearly",
        first_number=first,
        accounting_year_ends=_read_year_end(reader),
        own_credit_numbers=reader.choice("credit_numbers", CREDIT_NUMBERS, "same") == "own",
    )
    return _checked(reader, made)


def _read_year_end(reader: Reader) -> int:
    month = reader.choice("accounting_year_ends", MONTHS, default="12")
    return int(month) if month in MONTHS else 12


def _checked(reader: Reader, made: Company) -> tuple[Form, Company | None]:
    for refusal in company.faults_of(made):
        if refusal.field not in reader.form.errors:
            reader.form.add(refusal)
    reader.form.errors = dict(sorted(reader.form.errors.items(), key=lambda error: ORDER.index(error[0])))
    return reader.form, made if reader.form.ok else None


def _read_basics(reader: Reader) -> Company:
    country = reader.choice("country", COUNTRIES)
    vat_registered = reader.flag("vat_registered")
    bank_account, iban = _read_account(reader)
    return Company(
        name=reader.text("name", longest=200, required=True),
        form=reader.choice("form", FORMS),
        organisation_number=_read_number(reader, country, vat_registered),
        vat_registered=vat_registered,
        foretaksregisteret=False,
        address_line1=reader.text("address_line1", longest=200),
        address_line2=reader.text("address_line2", longest=200),
        postcode=reader.text("postcode", longest=20),
        city=reader.text("city", longest=100),
        country=country,
        email=_read_email(reader),
        phone="",
        bank_account=bank_account,
        iban=iban,
        bic="",
        due_days=14,
        language="nb",
        currency="NOK",
        accent=next(iter(ACCENTS)),
        kid_length=0,
        yearly_numbers=False,
        first_number=1,
    )


def _read_number(reader: Reader, country: str, vat_registered: bool) -> str:
    """The national number; abroad, for a company registered for VAT, the VAT number, which is what is printed there."""
    typed = reader.text("organisation_number", longest=40)
    check = identifiers.vat_number if vat_registered and country != "NO" else identifiers.organisation_number
    return (typed and reader.checked("organisation_number", typed, lambda text: check(text, country))) or ""


def _read_account(reader: Reader) -> tuple[str, str]:
    """(Norwegian account, IBAN). Each Norwegian account has an IBAN, which foreign customers need."""
    typed = reader.text("bank_account", longest=60)
    account = (typed and reader.checked("bank_account", typed, identifiers.bank_account)) or ""
    if account.isdigit():
        return account, identifiers.iban_of(account)
    return (account[4:], account) if account.startswith("NO") else ("", account)


def _read_bic(reader: Reader) -> str:
    typed = reader.text("bic", longest=20)
    return (typed and reader.checked("bic", typed, identifiers.bic)) or ""


def _read_email(reader: Reader) -> str:
    typed = reader.text("email", longest=254)
    return (typed and reader.checked("email", typed, one_address)) or ""


def _read_accent(reader: Reader) -> str:
    chosen = reader.choice("accent", (*ACCENTS, OWN_ACCENT))
    typed = reader.text("own_accent", longest=20)
    if chosen != OWN_ACCENT:
        return chosen
    return reader.checked("own_accent", typed, company.accent) or ""


def _read_kid_length(reader: Reader) -> int:
    chosen = reader.choice("kid_length", KID_CHOICES)
    return int(chosen) if chosen in KID_CHOICES else 0


def settings_form(stored: Company) -> Form:
    """The form as it is saved now, each value as its reader would type it."""
    own = stored.accent not in ACCENTS
    account = identifiers.format_account(stored.bank_account or stored.iban)
    return Form(
        {
            "name": stored.name,
            "form": stored.form,
            "organisation_number": identifiers.format_orgnr(stored.organisation_number),
            "vat_registered": "on" if stored.vat_registered else "",
            "foretaksregisteret": "on" if stored.foretaksregisteret else "",
            "legal_addition": stored.legal_addition,
            "address_line1": stored.address_line1,
            "address_line2": stored.address_line2,
            "postcode": stored.postcode,
            "city": stored.city,
            "country": stored.country,
            "email": stored.email,
            "phone": stored.phone,
            "bank_account": account,
            "bic": stored.bic,
            "due_days": str(stored.due_days),
            "language": stored.language,
            "currency": stored.currency,
            "accent": OWN_ACCENT if own else stored.accent,
            "own_accent": stored.accent if own else "",
            "kid_length": str(stored.kid_length),
            "numbering": "yearly" if stored.yearly_numbers else "continuous",
            "first_number": str(stored.first_number),
            "credit_numbers": "own" if stored.own_credit_numbers else "same",
            "accounting_year_ends": str(stored.accounting_year_ends),
        }
    )
