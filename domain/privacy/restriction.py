"""Restriction of processing (GDPR Art. 18, recital 67): what may still be done with data that is only kept.

One table answers for every path of the app. A restriction is held by technical means and shown in words; what the law
asks all the same (Art. 18(2)) goes by an exception with its ground and reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.marking import N_
from domain.refusals import Refusal

LONGEST_REASON = 2000


class Scope(StrEnum):
    """What is restricted."""

    CUSTOMER = "customer"
    INVOICE = "invoice"  # one issued document
    COMPANY = "company"


class Ground(StrEnum):
    """Why a person may ask for it: the letters of Art. 18(1)."""

    ACCURACY = "a"
    UNLAWFUL = "b"
    CLAIM = "c"
    OBJECTION = "d"


GROUNDS: Mapping[Ground, str] = {
    Ground.ACCURACY: N_("The data may be wrong, and that is being checked"),
    Ground.UNLAWFUL: N_("The processing was not lawful, but the data shall not be deleted"),
    Ground.CLAIM: N_("We no longer need the data, but the person does, for a legal claim"),
    Ground.OBJECTION: N_("The person has objected, and it is not decided yet whose interest weighs more"),
}


class Operation(StrEnum):
    """What the app does with a customer's data or with a document."""

    STORE = "store"
    OWN_COPY = "own_copy"
    HOSTED_PAGE = "hosted_page"
    PAYMENT = "payment"
    REPORT = "report"
    LIST = "list"
    SUGGEST = "suggest"
    EXPORT = "export"
    EDIT = "edit"
    RECTIFY = "rectify"
    ARCHIVE = "archive"
    DELETE = "delete"
    RETENTION = "retention"
    DRAFT = "draft"
    INVOICE = "invoice"
    QUOTE = "quote"
    PLAN = "plan"
    LOOK_UP = "look_up"
    SEND = "send"
    CREDIT = "credit"


class Answer(StrEnum):
    """May it be done while the data is restricted?"""

    YES = "yes"
    WITH_REASON = "reason"  # yes, and why is written down
    EXCEPTION = "exception"  # no, unless somebody makes an exception with its ground
    NO = "no"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: the answer, where it comes from, and the sentence for who meets it (a msgid)."""

    answer: Answer
    source: str
    why: str


_KEPT = N_("Data that is restricted is kept safe and unchanged.")
_NOT_SHOWN = N_("Data that is restricted does not appear in lists, searches and downloads.")
_NOT_CHANGED = N_("Data that is restricted is not changed, unless a mistake in it is mended.")
_NOT_DELETED = N_("Data that is restricted is not deleted: the person may need it.")
_NOT_USED = N_("Data that is restricted is not used for new documents.")
_LAW_ASKS = N_("The accounting law asks for it.")

RULES: Mapping[Operation, Rule] = {
    Operation.STORE: Rule(Answer.YES, "GDPR Art. 18(2)", _KEPT),
    # Backups are storage; a restored one brings the restriction back with the data.
    Operation.OWN_COPY: Rule(Answer.YES, "GDPR Art. 15", N_("The person's own access is never restricted.")),
    Operation.HOSTED_PAGE: Rule(Answer.YES, "GDPR Art. 15", N_("The person's own access is never restricted.")),
    # Money that came is booked when it came (bokføringsloven §§ 4 and 7): a duty, and nothing new is said of anybody.
    Operation.PAYMENT: Rule(Answer.YES, "bokføringsloven §§ 4, 7", _LAW_ASKS),
    # Sums name nobody, and a VAT return without one of its invoices would be false.
    Operation.REPORT: Rule(Answer.YES, "bokføringsforskriften § 3-1", _LAW_ASKS),
    Operation.LIST: Rule(Answer.NO, "GDPR recital 67", _NOT_SHOWN),
    Operation.SUGGEST: Rule(Answer.NO, "GDPR recital 67", _NOT_SHOWN),
    Operation.EXPORT: Rule(Answer.NO, "GDPR recital 67", _NOT_SHOWN),
    Operation.EDIT: Rule(Answer.NO, "GDPR recital 67", _NOT_CHANGED),
    # What resolves the dispute about what is right (Art. 16, 18(1)(a)).
    Operation.RECTIFY: Rule(Answer.WITH_REASON, "GDPR Art. 16", _NOT_CHANGED),
    Operation.ARCHIVE: Rule(Answer.NO, "GDPR recital 67", _NOT_CHANGED),
    # Also on grounds a and d: what is disputed is what must not vanish. Who wants it gone may ask for that (Art. 17).
    Operation.DELETE: Rule(Answer.NO, "GDPR Art. 18(1)(b), (c)", _NOT_DELETED),
    Operation.RETENTION: Rule(Answer.NO, "GDPR Art. 18(1)(b), (c)", _NOT_DELETED),
    # A draft is made for the sake of its issue, so it follows the exception for that.
    Operation.DRAFT: Rule(Answer.EXCEPTION, "GDPR Art. 18(2)", _NOT_USED),
    # What was delivered must be invoiced within a month (bokføringsforskriften § 5-2-2).
    Operation.INVOICE: Rule(Answer.EXCEPTION, "GDPR Art. 18(2)", _NOT_USED),
    Operation.CREDIT: Rule(Answer.EXCEPTION, "GDPR Art. 18(2)", _NOT_USED),
    # Nobody is obliged to make an offer, nor to invoice by a machine.
    Operation.QUOTE: Rule(Answer.NO, "GDPR Art. 18(2)", _NOT_USED),
    Operation.PLAN: Rule(Answer.NO, "GDPR Art. 18(2)", _NOT_USED),
    Operation.LOOK_UP: Rule(
        Answer.NO, "GDPR Art. 18(2)", N_("Data that is restricted is not sent to registers.")
    ),
    Operation.SEND: Rule(
        Answer.EXCEPTION, "GDPR Art. 18(2)", N_("Nothing is sent while the data is restricted.")
    ),
}  # fmt: skip


class ExceptionGround(StrEnum):
    """Why something may be done all the same (Art. 18(2))."""

    CLAIM = "claim"
    PROTECTION = "protection"
    DUTY = "duty"
    CONSENT = "consent"


EXCEPTION_GROUNDS: Mapping[ExceptionGround, str] = {
    ExceptionGround.DUTY: N_("The law obliges us to, for example to credit a wrong invoice"),
    ExceptionGround.CLAIM: N_("To make, exercise or defend a legal claim"),
    ExceptionGround.PROTECTION: N_("To protect the rights of another person"),
    ExceptionGround.CONSENT: N_("The person agrees to it"),
}
# What an exception can be made for, in the order in which it is offered.
EXCEPTIONS: Mapping[Operation, str] = {
    Operation.CREDIT: N_("Issue one credit note and send it"),
    Operation.INVOICE: N_("Write and issue one invoice and send it"),
    Operation.SEND: N_("Send one document again"),
}
# An exception is for what is at hand; one that nobody used is over after a day.
EXCEPTION_HOURS = 24
# A document is issued long ago: it is never drafted, but it can be credited or sent.
DOCUMENT_EXCEPTIONS = (Operation.CREDIT, Operation.SEND)


def exception_for(operation: Operation) -> Operation | None:
    """The exception that lets it happen; None when nothing does."""
    if RULES[operation].answer is not Answer.EXCEPTION:
        return None
    return Operation.INVOICE if operation is Operation.DRAFT else operation


def restriction_faults(ground: str, requested_by: str) -> list[Refusal]:
    """What is wrong with the wish to restrict."""
    faults = []
    if ground not in tuple(Ground):
        faults.append(Refusal("restriction.ground_missing", "ground"))
    if not requested_by.strip():
        faults.append(Refusal("restriction.requester_missing", "requested_by"))
    return faults


def exception_faults(operation: str, ground: str, reason: str, offered: tuple[Operation, ...]) -> list[Refusal]:
    """What is wrong with the wish for an exception: each needs an operation that knows one, a ground and a reason."""
    faults = []
    if operation not in offered:
        faults.append(Refusal("restriction.operation_missing", "operation"))
    if ground not in tuple(ExceptionGround):
        faults.append(Refusal("restriction.exception_ground_missing", "exception_ground"))
    if not reason.strip():
        faults.append(Refusal("restriction.reason_missing", "exception_reason"))
    return faults
