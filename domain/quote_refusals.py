"""The sentences for what is refused about quotes, added to the one table of them."""

from __future__ import annotations

from domain.marking import N_
from domain.refusal_texts import TEXTS

QUOTE_TEXTS: dict[str, str] = {
    "quote.no_lines": N_("The quote has no lines yet. Add what you offer."),
    "quote.total_negative": N_("The total is negative. A quote says what the customer is to pay."),
    "quote.end_missing": N_("Say until when the quote stands."),
    "quote.end_past": N_("This day has passed. Choose one that is still to come."),
    "quote.expired": N_("This quote has expired. Ask the sender for a new one."),
    "quote.withdrawn": N_("The sender has withdrawn this quote."),
    "quote.answered": N_("This quote has been answered already."),
    "quote.name_missing": N_("Write your name, so that the sender knows who answered."),
    "quote.sent_is_kept": N_("A quote that was sent can not be deleted. You can withdraw it."),
    "quote.not_withdrawn": N_("Only a quote that waits for its answer can be withdrawn."),
    "quote.not_sent": N_("Only a quote that waits for its answer can be sent again."),
    "quote.not_invoiced_draft": N_("Send the quote first, or make the invoice at once."),
    "quote.not_invoiced_declined": N_("The customer declined this quote. Copy it to make a new one."),
    "quote.not_invoiced_withdrawn": N_("This quote was withdrawn. Copy it to make a new one."),
    "quote.invoiced_already": N_("There is an invoice of this quote already. Say that you want another one."),
}
TEXTS.update(QUOTE_TEXTS)
