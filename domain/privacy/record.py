"""The record of processing activities (GDPR Art. 30), made from the data map and the settings.

The controller's record has the fields of Art. 30(1), the processor's those of Art. 30(2). The texts are msgids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from domain.marking import N_
from domain.privacy.classification import Basis, Category, Purpose, Retention
from domain.privacy.recipients import Recipient, recipients_of, serving
from domain.privacy.register import Activity, Register, Subject
from domain.privacy.retention import rule_of
from domain.privacy.words import BASES, CATEGORIES, PURPOSES, SUBJECTS, column_words
from domain.settings import Settings

Words = Callable[[str], str]

# Technical and organisational measures (Art. 32), each of them in the software.
MEASURES = (
    N_("HTTPS only, with strict transport security"),
    N_("Passwords as argon2id hashes, sessions and links as SHA-256 only"),
    N_("Walls between companies in the database itself (row-level security)"),
    N_("Roles within a company; every page and form is behind one of them"),
    N_("An append-only, hash-chained audit trail without personal data"),
    N_("Logs without names, addresses and tokens"),
    N_("Documents stored by their hash and checked when read"),
)
TRANSFERS = N_("None that the software makes by itself")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the controller's record."""

    activity: Activity
    recipients: tuple[Recipient, ...]


# Only where a setting switches it on, and of those alone who said yes. The date of the last visit lies in their browser;
# what is kept are sums that name nobody, so no column of the data map stands for it.
STATISTICS = Activity(
    Purpose.IMPROVEMENT,
    Basis.CONSENT,
    (Subject.VISITOR,),
    (Category.USAGE,),
    ("date of the last visit", "page that was opened"),
    (Retention.COUNTS,),
)


def controller_record(register: Register, settings: Settings) -> tuple[Entry, ...]:
    """What SmartFaktura does on its own behalf, purpose by purpose."""
    everybody = recipients_of(settings)
    activities = (*register.activities(), *((STATISTICS,) if settings.statistics else ()))
    return tuple(Entry(activity, serving(everybody, activity.purpose)) for activity in activities)


# What is done for the companies, on their instruction (Art. 30(2)(b)).
PROCESSOR_CATEGORIES = (
    N_("Keeping their register of customers"),
    N_("Making, numbering and keeping their invoices"),
    N_("Sending their invoices by e-mail and showing them to their customers"),
    N_("Keeping account of payments"),
)


def controller_rows(register: Register, settings: Settings, words: Words) -> Iterator[dict[str, str]]:
    """The controller's record as a table, in the words of a language. Its keys are the same in every language."""
    operator = settings.operator
    for entry in controller_record(register, settings):
        activity = entry.activity
        yield {
            "controller": f"{operator.legal_name}, {operator.organisation_number}, {operator.address}",
            "contact": operator.privacy_email,
            "purpose": words(PURPOSES[activity.purpose]),
            "legal_basis": words(BASES[activity.basis]),
            "data_subjects": "; ".join(words(SUBJECTS[subject]) for subject in activity.subjects),
            "categories": "; ".join(words(CATEGORIES[category]) for category in activity.categories),
            "data": ", ".join(words(column_words(column)) for column in activity.columns),
            "recipients": "; ".join(words(recipient.name) for recipient in entry.recipients),
            "transfers": words(TRANSFERS),
            "deletion": "; ".join(words(rule_of(retention).period) for retention in activity.retentions),
            "measures": "; ".join(words(measure) for measure in MEASURES),
        }


def processor_row(company: str, number: str, contact: str, settings: Settings, words: Words) -> dict[str, str]:
    """The processor's record has one line for each company on whose behalf we work."""
    operator = settings.operator
    return {
        "processor": f"{operator.legal_name}, {operator.organisation_number}, {operator.address}",
        "processor_contact": operator.privacy_email,
        "controller": ", ".join(part for part in (company, number) if part),
        "controller_contact": contact,
        "categories_of_processing": "; ".join(words(category) for category in PROCESSOR_CATEGORIES),
        "sub_processors": "; ".join(
            words(recipient.name) for recipient in recipients_of(settings) if recipient.kind == "processor"
        ),
        "transfers": words(TRANSFERS),
        "measures": "; ".join(words(measure) for measure in MEASURES),
    }


def document(rows: list[dict[str, str]], article: str, made_on: str, policy: str) -> dict[str, Any]:
    """The record as data, for machines."""
    return {"article": article, "made_on": made_on, "policy_version": policy, "activities": rows}


# The balancing tests behind legitimate interests (Art. 6(1)(f)): necessity, expectation, effect, and the way out.
BALANCING: dict[tuple[Purpose, Basis], str] = {
    (Purpose.SECURITY, Basis.INTEREST): N_(
        "Without a log of sign-ins and limits on guessing, accounts would be taken over. You expect it of an app that "
        "holds your accounts. Only the network and the kind of browser are kept, for 30 days to 12 months, you see all "
        "of it on your account page, and nothing else is done with it. You may object at any time."
    ),
}
