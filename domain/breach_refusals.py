"""The sentences for what the register of breaches refuses, added to the one table of them."""

from __future__ import annotations

from domain.marking import N_
from domain.refusal_texts import TEXTS

BREACH_TEXTS: dict[str, str] = {
    "breach.aware_in_future": N_("This is in the future. Write when you became aware of the breach."),
    "breach.ends_before_it_began": N_("It can not have ended before it began."),
    "breach.reasons_missing": N_(
        "Not notifying needs its reasons: why is the breach unlikely to be a risk for anybody (Art. 33(1))?"
    ),
    "breach.notified_undecided": N_("The authority has been told, so the decision is to notify it."),
    "breach.delay_reasons_missing": N_(
        "More than 72 hours have passed since you became aware of it. Write the reasons for the delay (Art. 33(1))."
    ),
    "breach.told_out_of_time": N_("This must lie between the moment you became aware of the breach and now."),
    "breach.written_meanwhile": N_(
        "Somebody else wrote an update after you opened this page. Your words are still here: look at the newest "
        "update, then save again."
    ),
    "moment.unreadable": N_("Write a date and a time, such as 2026-11-23T14:30."),
    "notice.unfilled": N_(
        "Write what is to stand where … is, or take those lines out. Then it can go to the companies."
    ),
    "notice.nobody_chosen": N_("Write the organisation numbers, or choose all companies."),
}
TEXTS.update(BREACH_TEXTS)
