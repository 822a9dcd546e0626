"""Objection (GDPR Art. 21): to which of our interests, and what it does at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.marking import N_
from domain.refusals import Refusal


class Interest(StrEnum):
    """What we do on the ground of a legitimate interest (policy section 3), and what would be marketing."""

    SECURITY = "security"
    FRAUD = "fraud"
    IMPROVEMENT = "improvement"
    NEWS = "news"


class State(StrEnum):
    """How an objection stands. UPHELD: it stops. ASSESSING: weighed, the part that can rest does. REFUSED: we have
    compelling grounds. WITHDRAWN: its holder took it back."""

    UPHELD = "upheld"
    ASSESSING = "assessing"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Processing:
    """One interest in words (msgids): what it is, why, and what an objection does. `is_absolute`: nothing is weighed,
    it stops at once (Art. 21(2)-(3); for improvement by our policy)."""

    name: str
    what: str
    effect: str
    is_absolute: bool


INTERESTS: Mapping[Interest, Processing] = {
    Interest.IMPROVEMENT: Processing(
        N_("Improving SmartFaktura"),
        N_("Counting which parts of the app are used, if whoever runs it has switched that on."),
        N_("It stops at once and for good, on every device."),
        is_absolute=True,
    ),
    Interest.NEWS: Processing(
        N_("Letters that you do not need"),
        N_("Word of changes that alter nothing for you, and news. We send none today, and no advertising."),
        N_("It stops at once. Letters about your account and about changes that matter to you still come."),
        is_absolute=True,
    ),
    Interest.SECURITY: Processing(
        N_("Keeping your account safe"),
        N_("A log of sign-ins and changes to your account, with the network and the kind of browser, for 12 months."),
        N_("We weigh it within a month. Until then network and browser are left out of new entries."),
        is_absolute=False,
    ),
    Interest.FRAUD: Processing(
        N_("Preventing fraud"),
        N_("Counting tries to sign in, so that nobody can guess passwords. Nobody gets a score."),
        N_("We weigh it within a month and tell you what we decide, with our reasons."),
        is_absolute=False,
    ),
}


def state_after(interest: Interest) -> State:
    """How an objection stands once it is raised."""
    return State.UPHELD if INTERESTS[interest].is_absolute else State.ASSESSING


class CustomerPurpose(StrEnum):
    """What a customer of a company can object to. The invoice itself, and notices that the law asks for, still come."""

    REMINDERS = "reminders"
    OFFERS = "offers"


CUSTOMER_PURPOSES: Mapping[CustomerPurpose, str] = {
    CustomerPurpose.REMINDERS: N_("Reminders of invoices they have got already"),
    CustomerPurpose.OFFERS: N_("Quotes and offers by e-mail"),
}


def objects(objects_to: str, purpose: CustomerPurpose) -> bool:
    """Does the customer not want it? `objects_to` is as it stands on the customer."""
    return purpose.value in objects_to.split()


def customer_faults(objects_to: str, purpose: CustomerPurpose, field: str) -> list[Refusal]:
    """The refusal of what the customer does not want, beside `field`; none when they said nothing."""
    if not objects(objects_to, purpose):
        return []
    codes = {
        CustomerPurpose.REMINDERS: Refusal("objection.reminders", field),
        CustomerPurpose.OFFERS: Refusal("objection.offers", field),
    }
    return [codes[purpose]]
