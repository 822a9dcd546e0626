"""The retention schedule: for how long each class of data is kept, from when, by which law, and what happens then.

The engine deletes by these periods, and the page /privacy/retention shows the same table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.marking import N_
from domain.privacy.classification import Retention

# Those that end by the calendar. The others end with an account or with an accounting year.
PERIODS: dict[Retention, timedelta] = {
    Retention.SHORT: timedelta(days=7),
    Retention.SESSION: timedelta(days=30),
    Retention.SECURITY: timedelta(days=365),
    Retention.DRAFT: timedelta(days=730),
    Retention.CUSTOMER: timedelta(days=730),
    Retention.CORRECTION: timedelta(days=730),
    # Six months until the answer lapses, and two years more.
    Retention.CONSENT: timedelta(days=184 + 731),
    Retention.COUNTS: timedelta(days=761),
}
# A deleted draft can be taken back for so long.
DELETED_DRAFT = timedelta(days=30)
# The file of a copy of data, and the note that there was one.
EXPORT_FILE = timedelta(hours=72)
EXPORT_NOTE = timedelta(days=365)
# Who asked, what and what was answered, after a request about personal data is closed.
REQUEST_CONTENT = timedelta(days=3 * 365 + 1)
# A request of a visitor whose address nobody proved may name somebody who never asked.
UNPROVEN_REQUEST = timedelta(days=30)
# What a record's own page tells of its last day.
KEPT = {
    "customer": PERIODS[Retention.CUSTOMER],
    "draft": PERIODS[Retention.DRAFT],
    "request": REQUEST_CONTENT,
}
FINISHED_JOB = timedelta(days=7)
# An account whose address nobody proved may name somebody who never asked for it.
UNCONFIRMED_ACCOUNT = timedelta(days=7)
# Messages of the embedded mailbox, which stands in for a mail server on a machine of one's own.
KEPT_MAIL = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the schedule; the texts are msgids. `retention` is None for what is no column of the database."""

    name: str
    retention: Retention | None
    what: str
    starts: str
    period: str
    why: str
    then: str


RULES: tuple[Rule, ...] = (
    Rule(
        "accounting", Retention.ACCOUNTING,
        N_(
            "Issued invoices and credit notes with their lines, PDF and XML, quotes that were accepted, payments, "
            "numbering, VAT, the audit trail"
        ),
        N_("The end of the accounting year"), N_("As long as the accounting law asks: in Norway 5 years"),
        N_("Accounting law"), N_("Deleted, or made anonymous where a sum must stand"),
    ),
    Rule(
        "account", Retention.ACCOUNT, N_("Your name, e-mail address, password hash, companies and their settings"),
        N_("When the account is closed"), N_("14 days in which you can change your mind"),
        N_("The agreement with you ends"), N_("Deleted"),
    ),
    Rule(
        "customer", Retention.CUSTOMER, N_("The customer register: names, addresses, notes"),
        N_("The last change or invoice"), N_("As long as the customer is used; unused ones 24 months"),
        N_("No longer needed to invoice"), N_("Deleted; what stands on issued invoices follows the accounting law"),
    ),
    Rule(
        "draft", Retention.DRAFT,
        N_("Drafts that never became an invoice, quotes nobody accepted, and recurring invoices that have ended"),
        N_("The last change"),
        N_("24 months; 30 days once you delete them"), N_("No longer needed to invoice"), N_("Deleted"),
    ),
    Rule(
        "security", Retention.SECURITY, N_("Sign-ins and changes to your account, with the network and kind of browser"),
        N_("The event"), N_("12 months"), N_("Our interest in keeping accounts safe"), N_("Deleted"),
    ),
    Rule(
        "session", Retention.SESSION, N_("Browsers that are or were signed in"), N_("The last use"), N_("30 days"),
        N_("Our interest in keeping accounts safe"), N_("Deleted"),
    ),
    Rule(
        "short", Retention.SHORT, N_("Letters about your account, invitations to companies, and the links in them"),
        N_("When they are sent, answered or end"), N_("7 days"), N_("Their purpose is served"), N_("Deleted"),
    ),
    Rule(
        "export", Retention.EXPORT, N_("Copies of your data that you asked for"), N_("When they are made"),
        N_("3 days; the note that one was made 12 months"), N_("You had the time to fetch it"), N_("Deleted"),
    ),
    Rule(
        "correction", Retention.CORRECTION,
        N_("What was corrected in your account, a company or a customer: the value before and after, when and by whom"),
        N_("The correction"), N_("24 months, and no longer than what it is about"),
        N_("To show what was put right, and tell those who got the old data (GDPR Art. 5(2), 16 and 19)"), N_("Deleted"),
    ),
    Rule(
        "request", Retention.REQUEST, N_("Requests about personal data, their answers and letters"),
        N_("When they are closed"), N_("3 years; from a visitor who never proved the address 30 days"),
        N_("To show that they were answered as the law asks (GDPR Art. 5(2))"),
        N_("Content deleted; kind, dates and outcome stay for counting"),
    ),
    Rule(
        "consent", Retention.CONSENT, N_("Answers about optional cookies, as proof, without any address"),
        N_("When the answer lapses, six months after it was given"), N_("2 years"),
        N_("Whoever asks for consent must be able to show it (GDPR Art. 7(1))"), N_("Deleted"),
    ),
    Rule(
        "counts", Retention.COUNTS, N_("Counts of visits by those who said yes to it: sums that name nobody"),
        N_("The day that is counted"), N_("25 months"), N_("Enough to compare a month with the same one a year ago"),
        N_("Deleted"),
    ),
    Rule(
        "registers", Retention.REGISTER,
        N_("The register of breaches, what companies were told of them, and the log of processors: no names"),
        N_("The entry"), N_("As long as the service is run"), N_("GDPR Art. 33(5) and 28(2)"), N_("Kept"),
    ),
    Rule(
        "unconfirmed", None, N_("Accounts whose e-mail address nobody confirmed"), N_("Sign-up"), N_("7 days"),
        N_("Somebody else may have typed the address"), N_("Deleted"),
    ),
    Rule(
        "jobs", None, N_("Background jobs: ids only, no personal data"), N_("When they are done"), N_("7 days"),
        N_("Their purpose is served"), N_("Deleted"),
    ),
    Rule(
        "log", None,
        N_("The log of requests: kind of page, status, the random id of the account; no IP address, no names"),
        N_("The request"), N_("30 days, set by whoever runs the server"), N_("Our interest in a stable service"),
        N_("Deleted"),
    ),
    Rule(
        "backups", None, N_("Backups of the database and the documents"), N_("When they are made"),
        N_("35 days, set by whoever runs the server"), N_("Our interest in a stable service"), N_("Overwritten"),
    ),
)  # fmt: skip


def rule_of(retention: Retention) -> Rule:
    """The line of the schedule for a class of columns."""
    return next(rule for rule in RULES if rule.retention is retention)


# A night may take a fifth of a table, and always a thousand rows.
MOST_SHARE = 5
ALWAYS = 1000


def is_too_much(due: int, total: int) -> bool:
    """Would so many of so many rows at once be a reason to stop and ask?"""
    return due > ALWAYS and due * MOST_SHARE > total
