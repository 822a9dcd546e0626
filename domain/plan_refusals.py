"""The sentences for what is refused about recurring invoices, added to the one table of them."""

from __future__ import annotations

from domain.marking import N_
from domain.refusal_texts import TEXTS

PLAN_TEXTS: dict[str, str] = {
    "plan.every_out_of_range": N_("Choose a number from 1 to %(most)s."),
    "plan.ends_before_it_begins": N_("This is before the first invoice."),
    "plan.two_ends": N_("Choose a last day or a number of invoices, not both."),
    "plan.begins_too_late": N_("This day is too far away. Choose one in this century."),
    "plan.begins_in_the_past": N_("This day has passed. The first invoice falls today or later."),
    "plan.stopped": N_("This plan has ended. Make a new one to go on."),
    "plan.no_customer": N_("Choose who the invoices are for before the plan starts."),
    "plan.no_lines": N_("There is nothing to invoice yet. Add a line before the plan starts."),
    "plan.customer_archived": N_("The customer is archived. Take the customer back, or stop the plan."),
    "plan.two_rises": N_("Let prices rise by a percentage or by an amount, not both."),
    "plan.rise_without_day": N_("Say from which day prices rise."),
    "plan.rise_without_size": N_("Say by how much prices rise."),
    "plan.nothing_due": N_("Nothing is due any more. Somebody else answered already."),
}
TEXTS.update(PLAN_TEXTS)
