"""The sentences for what requests about personal data refuse, added to the one table of them."""

from __future__ import annotations

from domain.marking import N_
from domain.refusal_texts import TEXTS

REQUEST_TEXTS: dict[str, str] = {
    "request.closed": N_("This request is answered already."),
    "request.extended_already": N_("The time was extended once already, and the law allows no more."),
    "request.too_late_to_extend": N_(
        "The first month is over, so the time can no longer be extended. Answer as soon as you can."
    ),
    "request.reason_missing": N_("Say why it takes longer. The reason stands in the letter."),
    "request.reasons_missing": N_("Say why. Whoever asked must be told the reasons."),
    "request.no_customer": N_("The customer is no longer in your register, so there is nothing to change."),
    "request.no_account": N_("There is no account with this address any more, so there is nothing to restrict."),
    "request.nothing_proposed": N_("Nothing is changed yet. Write what is right in the field that is wrong."),
    "request.code_wrong": N_("This code is not right, or its time is over. Try again, or ask for a new one."),
    "request.time_invalid": N_("Write the time as hours and minutes, such as 09:30."),
    "request.time_to_come": N_("This time is still to come. Write when the letter came."),
    "request.identity_pending": N_("Nobody has shown yet that the address is theirs, so there is nobody to answer."),
}

TEXTS.update(REQUEST_TEXTS)
