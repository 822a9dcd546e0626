"""A breach of personal data: what is known of it, the 72 hours, and what may not be left out (GDPR Art. 33 and 34)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from domain.marking import N_
from domain.privacy.classification import Category
from domain.refusals import Refusal

TO_NOTIFY = timedelta(hours=72)


class Kind(StrEnum):
    """What was broken (EDPB Guidelines 9/2022)."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


class Decision(StrEnum):
    """Is the authority told (GDPR Art. 33)?"""

    UNDECIDED = "undecided"
    NOTIFY = "notify"
    NOT_NOTIFY = "not_notify"


KINDS: dict[Kind, str] = {
    Kind.CONFIDENTIALITY: N_("Somebody saw what was not theirs (confidentiality)"),
    Kind.INTEGRITY: N_("Something was changed (integrity)"),
    Kind.AVAILABILITY: N_("Something was lost or out of reach (availability)"),
}
DECISIONS: dict[Decision, str] = {
    Decision.UNDECIDED: N_("Not decided yet"),
    Decision.NOTIFY: N_("The authority is notified"),
    Decision.NOT_NOTIFY: N_("The authority is not notified"),
}
# Keys and states are about nobody.
CATEGORIES = tuple(category for category in Category if category is not Category.TECHNICAL)


@dataclass(frozen=True, slots=True)
class Breach:
    """Everything that Art. 33(3) and (5) ask for, as far as it is known. Instants have a zone."""

    became_aware_at: datetime
    facts: str
    decision: Decision = Decision.UNDECIDED
    kinds: tuple[Kind, ...] = ()
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    categories: tuple[Category, ...] = ()
    people: int | None = None
    records: int | None = None
    effects: str = ""
    measures: str = ""
    risk: str = ""
    reasons: str = ""
    authority_notified_at: datetime | None = None
    delay_reasons: str = ""
    people_notified_at: datetime | None = None
    companies_notified_at: datetime | None = None
    lessons: str = ""

    @property
    def due_at(self) -> datetime:
        """Until when the authority must know: 72 hours after becoming aware of it, weekends included."""
        return self.became_aware_at + TO_NOTIFY

    @property
    def is_open(self) -> bool:
        """Does the clock still run? Until the authority knows, or it is decided that it need not."""
        return self.authority_notified_at is None and self.decision is not Decision.NOT_NOTIFY

    def hours_left(self, now: datetime) -> int:
        """Whole hours until the authority must know; below zero the hours since."""
        seconds = (self.due_at - now).total_seconds()
        return int(seconds // 3600) if seconds >= 0 else -int(-seconds // 3600)

    def is_late(self, now: datetime) -> bool:
        """Was, or will, the authority be told after the 72 hours?"""
        return self.decision is not Decision.NOT_NOTIFY and (self.authority_notified_at or now) > self.due_at


# So many hours are left: a letter reminds who runs the installation; 0 is when they are over.
ALERTS = (24, 6, 0)


def alert_due(breach: Breach, now: datetime) -> int | None:
    """The step of ALERTS that is reached; None while there is time, and once nobody waits any more."""
    left = breach.due_at - now
    reached = [step for step in ALERTS if left <= timedelta(hours=step)]
    return min(reached) if reached and breach.is_open else None


FIELDS = tuple(field.name for field in fields(Breach))


def faults(breach: Breach, now: datetime) -> list[Refusal]:
    """What the entry may not leave out or say, all at once."""
    found = []
    if breach.became_aware_at > now:
        found.append(Refusal("breach.aware_in_future", "became_aware_at"))
    if breach.occurred_from and breach.occurred_to and breach.occurred_to < breach.occurred_from:
        found.append(Refusal("breach.ends_before_it_began", "occurred_to"))
    if breach.decision is Decision.NOT_NOTIFY and not breach.reasons:
        found.append(Refusal("breach.reasons_missing", "reasons"))
    if breach.decision is not Decision.NOTIFY and breach.authority_notified_at:
        found.append(Refusal("breach.notified_undecided", "decision"))
    if breach.is_late(now) and not breach.delay_reasons:
        found.append(Refusal("breach.delay_reasons_missing", "delay_reasons"))
    told = ("authority_notified_at", "people_notified_at", "companies_notified_at")
    for name in told:
        at = getattr(breach, name)
        if at is not None and not breach.became_aware_at <= at <= now:
            found.append(Refusal("breach.told_out_of_time", name))
    return found
