"""The sentences for what is refused about restrictions and objections, added to the one table of them."""

from __future__ import annotations

from domain.marking import N_
from domain.refusal_texts import TEXTS

RESTRICTION_TEXTS: dict[str, str] = {
    "restriction.ground_missing": N_("Choose why the processing is restricted."),
    "restriction.requester_missing": N_("Write who asked for it, for example the customer's name."),
    "restriction.of_draft": N_("A draft is not restricted: change it or delete it."),
    "restriction.operation_missing": N_("Choose what must be done all the same."),
    "restriction.exception_ground_missing": N_("Choose what gives you the right to it."),
    "restriction.reason_missing": N_("Write why, in a sentence or two. The customer can read it."),
    "restriction.not_told": N_(
        "Nobody has told the customer yet, and that comes first (GDPR Art. 18(3)). There is no e-mail address here, so "
        "write how and when you told them."
    ),
    "objection.decision_missing": N_("Write the decision and its grounds: the person reads them."),
    "objection.reminders": N_(
        "The customer does not want reminders, and this invoice was sent before. Send it only if the law asks for the "
        "letter or the customer asks for it, and tick the box that says so."
    ),
    "objection.offers": N_(
        "The customer does not want offers by e-mail. When they ask for this one, change that on the customer's page."
    ),
}
TEXTS.update(RESTRICTION_TEXTS)
