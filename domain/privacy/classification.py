"""What a column is, in the words of the privacy policy: declared where the column is born.

Export, erasure, retention and the record of processing (GDPR Art. 30) are all read from these classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """Which kind of data (policy section 2)."""

    TECHNICAL = "technical"  # keys, counters, states: says nothing of a person by itself
    ACCOUNT = "account"
    BUSINESS = "business"
    CUSTOMER = "customer"
    INVOICE = "invoice"
    USAGE = "usage"
    SECRET = "secret"


class Purpose(StrEnum):
    """Why it is kept (policy section 4)."""

    SERVICE = "provide the invoicing service"
    VAT = "calculate VAT correctly"
    ACCOUNTING = "comply with accounting and tax regulations"
    EMAIL = "send invoices by email"
    SECURITY = "maintain secure system operations"
    IMPROVEMENT = "improve platform functionality"


class Basis(StrEnum):
    """On which ground (policy section 3, GDPR Art. 6(1))."""

    CONTRACT = "contract, Art. 6(1)(b)"
    LAW = "legal obligation, Art. 6(1)(c)"
    INTEREST = "legitimate interest, Art. 6(1)(f)"
    CONSENT = "consent, Art. 6(1)(a)"


class Retention(StrEnum):
    """For how long: the class of the retention schedule."""

    ACCOUNT = "account"  # until the account is closed and the cooling-off is over
    ACCOUNTING = "accounting"  # five years after the accounting year, bokføringsloven § 13
    CUSTOMER = "customer"  # while in use; unused ones 24 months after the last activity
    DRAFT = "draft"  # 24 months after the last change
    SESSION = "session"  # thirty days after the last use
    SECURITY = "security log"  # twelve months
    SHORT = "short"  # seven days after it is done
    EXPORT = "copies of data"  # the file three days, the note of it twelve months
    CORRECTION = "corrections"  # 24 months after they were made
    REQUEST = "requests"  # three years after they are closed; then only what counts is left
    CONSENT = "proof of consent"  # two years after the answer has lapsed
    COUNTS = "usage counts"  # twenty-five months
    REGISTER = "registers the law asks for"  # as long as the service is run


class Erase(StrEnum):
    """What erasure does to it."""

    DELETE = "delete"
    PSEUDONYMISE = "pseudonymise"
    HOLD = "hold"  # kept, restricted, until the accounting law lets it go
    KEEP = "keep"  # not personal


class Export(StrEnum):
    """Is it part of a person's copy of the data?"""

    YES = "yes"
    MASKED = "masked"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Classification:
    """One column's place in the data map."""

    category: Category
    purpose: Purpose
    basis: Basis
    retention: Retention
    erase: Erase
    export: Export


KEY = Classification(Category.TECHNICAL, Purpose.SERVICE, Basis.CONTRACT, Retention.ACCOUNT, Erase.KEEP, Export.YES)
STATE = KEY
ACCOUNT = Classification(
    Category.ACCOUNT, Purpose.SERVICE, Basis.CONTRACT, Retention.ACCOUNT, Erase.DELETE, Export.YES
)
# By these a person or company would be known: a pseudonym takes their place, so that what must stay still has an author.
ACCOUNT_NAME = Classification(
    Category.ACCOUNT, Purpose.SERVICE, Basis.CONTRACT, Retention.ACCOUNT, Erase.PSEUDONYMISE, Export.YES
)
BUSINESS_NAME = Classification(
    Category.BUSINESS, Purpose.SERVICE, Basis.CONTRACT, Retention.ACCOUNT, Erase.PSEUDONYMISE, Export.YES
)
BUSINESS = Classification(
    Category.BUSINESS, Purpose.SERVICE, Basis.CONTRACT, Retention.ACCOUNT, Erase.DELETE, Export.YES
)
CUSTOMER = Classification(
    Category.CUSTOMER, Purpose.SERVICE, Basis.CONTRACT, Retention.CUSTOMER, Erase.DELETE, Export.YES
)
DRAFT = Classification(Category.INVOICE, Purpose.SERVICE, Basis.CONTRACT, Retention.DRAFT, Erase.DELETE, Export.YES)
ACCOUNTING = Classification(
    Category.INVOICE, Purpose.ACCOUNTING, Basis.LAW, Retention.ACCOUNTING, Erase.HOLD, Export.YES
)
VAT = Classification(Category.INVOICE, Purpose.VAT, Basis.LAW, Retention.ACCOUNTING, Erase.HOLD, Export.YES)
DELIVERY = Classification(
    Category.CUSTOMER, Purpose.EMAIL, Basis.CONTRACT, Retention.ACCOUNTING, Erase.DELETE, Export.YES
)
SECURITY = Classification(
    Category.USAGE, Purpose.SECURITY, Basis.INTEREST, Retention.SECURITY, Erase.DELETE, Export.YES
)
SESSION = Classification(
    Category.USAGE, Purpose.SECURITY, Basis.INTEREST, Retention.SESSION, Erase.DELETE, Export.YES
)
SECRET = Classification(Category.SECRET, Purpose.SECURITY, Basis.INTEREST, Retention.ACCOUNT, Erase.DELETE, Export.NO)
SHORT = Classification(Category.ACCOUNT, Purpose.EMAIL, Basis.CONTRACT, Retention.SHORT, Erase.DELETE, Export.YES)
# Whom a company asks to join, kept only until that is settled.
INVITATION = Classification(
    Category.ACCOUNT, Purpose.SERVICE, Basis.CONTRACT, Retention.SHORT, Erase.DELETE, Export.YES
)
EXPORT = Classification(Category.ACCOUNT, Purpose.SERVICE, Basis.LAW, Retention.EXPORT, Erase.DELETE, Export.YES)
CUSTOMER_COPY = Classification(
    Category.CUSTOMER, Purpose.SERVICE, Basis.LAW, Retention.EXPORT, Erase.DELETE, Export.YES
)
REQUEST = Classification(Category.ACCOUNT, Purpose.SERVICE, Basis.LAW, Retention.REQUEST, Erase.DELETE, Export.YES)
# That somebody asked, and how it ended, must be shown for three years, also after their account is gone: without who it
# was, and under a reference that nobody knows.
REQUEST_NAME = Classification(
    Category.ACCOUNT, Purpose.SERVICE, Basis.LAW, Retention.REQUEST, Erase.PSEUDONYMISE, Export.YES
)
REQUEST_STATE = Classification(
    Category.ACCOUNT, Purpose.SERVICE, Basis.LAW, Retention.REQUEST, Erase.KEEP, Export.YES
)
CUSTOMER_REQUEST = Classification(
    Category.CUSTOMER, Purpose.SERVICE, Basis.LAW, Retention.REQUEST, Erase.DELETE, Export.YES
)
INDEX = Classification(Category.INVOICE, Purpose.SERVICE, Basis.CONTRACT, Retention.ACCOUNTING, Erase.HOLD, Export.NO)
# The words by which things are found: nobody looks for anything in a company that is closed.
WORDS = Classification(
    Category.INVOICE, Purpose.SERVICE, Basis.CONTRACT, Retention.ACCOUNTING, Erase.DELETE, Export.NO
)
# Of the service, not of anybody: breaches (Art. 33(5)), notices, processors. Names nobody.
REGISTER = Classification(Category.TECHNICAL, Purpose.SECURITY, Basis.LAW, Retention.REGISTER, Erase.KEEP, Export.NO)
AUDIT = Classification(Category.TECHNICAL, Purpose.SECURITY, Basis.LAW, Retention.ACCOUNTING, Erase.KEEP, Export.YES)
# What somebody asked for by right of the GDPR, and what became of it: kept to show that it was heard (Art. 5(2)).
CUSTOMER_RIGHT = Classification(
    Category.CUSTOMER, Purpose.SERVICE, Basis.LAW, Retention.CUSTOMER, Erase.DELETE, Export.YES
)
HOLDER_RIGHT = Classification(
    Category.ACCOUNT, Purpose.SERVICE, Basis.LAW, Retention.ACCOUNT, Erase.DELETE, Export.YES
)
# What stood there before it was corrected: to show what was put right, and to tell those who got it (Art. 5(2), 16, 19).
CORRECTION = Classification(
    Category.CUSTOMER, Purpose.SERVICE, Basis.LAW, Retention.CORRECTION, Erase.DELETE, Export.YES
)
OWN_CORRECTION = Classification(
    Category.ACCOUNT, Purpose.SERVICE, Basis.LAW, Retention.CORRECTION, Erase.DELETE, Export.YES
)
# Whoever asks for consent must be able to show it (Art. 7(1)). Once the account is gone the row names nobody.
PROOF = Classification(Category.USAGE, Purpose.SERVICE, Basis.LAW, Retention.CONSENT, Erase.KEEP, Export.YES)
PROOF_KEY = Classification(Category.TECHNICAL, Purpose.SERVICE, Basis.LAW, Retention.CONSENT, Erase.KEEP, Export.YES)
COUNTS = Classification(
    Category.TECHNICAL, Purpose.IMPROVEMENT, Basis.CONSENT, Retention.COUNTS, Erase.KEEP, Export.NO
)
