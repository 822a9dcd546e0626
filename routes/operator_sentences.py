"""What the operator's desks say: after something was done, and as the names of fields."""

from __future__ import annotations

from domain.marking import N_
from routes.flash import SENTENCES, Flash

BREACH_SAVED = "breach-saved"
COMPANIES_TOLD = "companies-told"
PEOPLE_TOLD = "people-told"

SENTENCES.update(
    {
        BREACH_SAVED: Flash("done", N_("It is written down.")),
        COMPANIES_TOLD: Flash("done", N_("The notice is on its way to the companies.")),
        PEOPLE_TOLD: Flash("done", N_("The letter is on its way to the people.")),
    }
)

BREACH_FIELDS: dict[str, str] = {
    "became_aware_at": N_("When you became aware of it"),
    "facts": N_("What happened"),
    "decision": N_("Decision"),
    "kinds": N_("What kind of breach"),
    "occurred_from": N_("It began"),
    "occurred_to": N_("It ended"),
    "categories": N_("Which data"),
    "people": N_("About how many people"),
    "records": N_("About how many records"),
    "effects": N_("What it may lead to"),
    "measures": N_("What was done, and will be"),
    "risk": N_("How great the risk is for people, and why"),
    "reasons": N_("Reasons for the decision"),
    "authority_notified_at": N_("The authority was notified"),
    "delay_reasons": N_("Reasons for the delay"),
    "people_notified_at": N_("The people were told (Art. 34)"),
    "companies_notified_at": N_("The companies were told (Art. 33(2))"),
    "lessons": N_("What was learnt"),
}
