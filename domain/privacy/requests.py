"""Requests about personal data: what may be asked, how a request moves, and by when it is answered (GDPR Art. 12).

One month from receipt, two more where a request is complex and the person hears of it inside the first month
(Art. 12(3)). A refusal says why, and that one may complain (Art. 12(4)). All of it is free (Art. 12(5)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain import request_refusals  # noqa: F401 - puts the sentences into the table
from domain.dates import add_months
from domain.holidays import working_day
from domain.refusals import Refusal, Refused

# Requests to SmartFaktura are counted in the days of Norway; those to a business in the days of its own zone.
ZONE = "Europe/Oslo"
# So many days left: the queue is red, and a letter reminds.
SHORT_OF_TIME = 5
ALERTS = (7, 3, 1, 0)
LONGEST_TEXT = 4000


class Kind(StrEnum):
    """The right that is exercised, by its article."""

    ACCESS = "access"  # Art. 15
    PORTABILITY = "portability"  # Art. 20
    CORRECTION = "correction"  # Art. 16
    DELETION = "deletion"  # Art. 17
    RESTRICTION = "restriction"  # Art. 18
    OBJECTION = "objection"  # Art. 21
    CONSENT = "consent"  # Art. 7(3), withdrawal
    OTHER = "other"


class State(StrEnum):
    """How far a request is. The first five are open."""

    RECEIVED = "received"
    IDENTITY_PENDING = "identity_pending"
    VERIFIED = "verified"
    IN_PROGRESS = "in_progress"
    EXTENDED = "extended"
    FULFILLED = "fulfilled"
    PARTLY_FULFILLED = "partly_fulfilled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


# What a customer may propose to correct, in the order of the form: columns of `customer`. And the kinds of letters.
CORRECTABLE = ("name", "address_line1", "postcode", "city", "email", "phone")
LETTERS = frozenset({"received", "extended", "decided", "confirm", "new", "alert"})


class Identity(StrEnum):
    """How it is known who asks. No copies of identity papers, ever (EDPB 01/2022, paragraphs 69-79)."""

    UNPROVEN = "unproven"
    SIGNED_IN = "signed_in"
    CODE = "code"  # a code to the address that stands on the invoice
    LINK = "link"  # a link to the address that was given
    OPERATOR = "operator"  # somebody looked at it, such as at the sender of an e-mail


class Channel(StrEnum):
    """The way by which it came."""

    APP = "app"
    HOSTED = "hosted"
    FORM = "form"
    MAIL = "mail"


class Decision(StrEnum):
    """How a request ends."""

    FULFILLED = "fulfilled"
    PARTLY_FULFILLED = "partly_fulfilled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def needs_reasons(self) -> bool:
        """Who does not get all of what they asked for is told why (Art. 12(4))."""
        return self in (Decision.PARTLY_FULFILLED, Decision.REFUSED)


OPEN = (State.RECEIVED, State.IDENTITY_PENDING, State.VERIFIED, State.IN_PROGRESS, State.EXTENDED)
CLOSED = tuple(state for state in State if state not in OPEN)
_ENDS = frozenset(CLOSED)
_NEXT: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.IDENTITY_PENDING, State.VERIFIED, State.IN_PROGRESS, State.EXTENDED}) | _ENDS,
    # Nobody gets anything before it is clear who asks.
    State.IDENTITY_PENDING: frozenset({State.VERIFIED, State.REFUSED, State.WITHDRAWN}),
    State.VERIFIED: frozenset({State.IN_PROGRESS, State.EXTENDED}) | _ENDS,
    State.IN_PROGRESS: frozenset({State.EXTENDED}) | _ENDS,
    State.EXTENDED: frozenset({State.VERIFIED}) | _ENDS,
    **dict.fromkeys(CLOSED, frozenset()),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of one request. `received_on` is a day in the zone of whoever answers; `extended_until` is None until
    the time was extended, `closed_on` until it was closed."""

    received_on: date
    due_on: date
    extended_until: date | None = None
    closed_on: date | None = None

    @property
    def ends_on(self) -> date:
        """The last day for an answer, whole."""
        return self.extended_until or self.due_on

    def days_left(self, today: date) -> int:
        """Days until the last day: 0 on that day itself, below 0 when it is late."""
        return (self.ends_on - today).days

    def is_short(self, today: date) -> bool:
        """Is it time to hurry?"""
        return self.closed_on is None and self.days_left(today) <= SHORT_OF_TIME


def may_become(now: State, then: State) -> bool:
    """May a request go from `now` to `then`? What is closed stays closed."""
    return then in _NEXT[now]


def due_day(received_on: date, months: int = 1, country: str = "NO") -> date:
    """The last day for an answer: the same date `months` later, or the last of a shorter month; on a Saturday, Sunday or
    public holiday of `country` the next working day (Reg. 1182/71 Art. 3(2)(c) and 3(4)). 2027-08-31 gives 2027-09-30."""
    return working_day(add_months(received_on, months), country)


def extended_day(clock: Clock, today: date, reason: str, country: str = "NO") -> date:
    """The last day after an extension: three months from receipt, as `due_day`.

    Raises Refused when it is extended or closed already, when the first month is over, or without a reason
    (Art. 12(3)).
    """
    refusals = []
    if clock.closed_on is not None:
        refusals.append(Refusal("request.closed"))
    elif clock.extended_until is not None:
        refusals.append(Refusal("request.extended_already"))
    elif today > clock.due_on:
        refusals.append(Refusal("request.too_late_to_extend"))
    if not reason.strip():
        refusals.append(Refusal("request.reason_missing", "reason"))
    if refusals:
        raise Refused(*refusals)
    return due_day(clock.received_on, 3, country)


def check_decision(state: State, decision: Decision, reasons: str) -> None:
    """Raises Refused when the request can not end so: closed already, nobody knows who asks, or no reasons given."""
    if decision.needs_reasons and not reasons.strip():
        raise Refused(Refusal("request.reasons_missing", "reasons"))
    if state in CLOSED:
        raise Refused(Refusal("request.closed"))
    if not may_become(state, State(decision)):
        raise Refused(Refusal("request.identity_pending"))


def alert_due(days_left: int, alerted: int | None) -> int | None:
    """Which reminder is due with so many days left: 7, 3, 1 or 0; None when none is, or when that one went out.

    `alerted` is the last one sent. Days on which no machine ran are not caught up one by one: only the newest counts.
    """
    step = next((step for step in sorted(ALERTS) if days_left <= step), None)
    return step if step is not None and (alerted is None or step < alerted) else None


def reference_of(year: int, number: int) -> str:
    """DSR-2026-000123: how both sides call the request."""
    return f"DSR-{year:04d}-{number:06d}"
