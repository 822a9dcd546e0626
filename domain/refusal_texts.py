"""The one table of refusal sentences: code -> English text, shown through gettext.

A sentence says what is wrong and how to mend it. `%(name)s` stands for a parameter of the refusal.
"""

from __future__ import annotations

from collections.abc import Callable

from domain.marking import N_
from domain.refusals import Refusal

TEXTS: dict[str, str] = {
    # The company that sends the invoice
    "company.name_missing": N_("Your company has no name yet. Add it in the company settings."),
    "company.organisation_number_missing": N_(
        "Your organisation number is missing. An invoice must show it, so add it in the company settings."
    ),
    "company.organisation_number_invalid": N_(
        "Your organisation number is not right. Check the nine digits in the company settings."
    ),
    "company.vat_number_missing": N_(
        "Your company is registered for VAT, but the VAT number is missing. Add it in the company settings."
    ),
    "company.address_missing": N_(
        "Your address is missing. A company in Foretaksregisteret must show its business address on every invoice."
    ),
    "company.address_advised": N_("Your invoice shows no address. Customers often need it, so consider adding it."),
    "company.bank_account_missing": N_(
        "No bank account is given, so your customer will not know where to pay. Add it in the company settings."
    ),
    # The customer
    "customer.missing": N_("Choose who the invoice is for."),
    "customer.name_missing": N_("The customer has no name. Add it to the customer."),
    "customer.address_or_number_missing": N_(
        "The customer needs an address or an organisation number. The law asks for one of them on an invoice."
    ),
    "customer.number_missing_for_reverse_charge": N_(
        "With reverse charge the invoice must show the customer's organisation number. Add it to the customer."
    ),
    "customer.vat_number_missing_for_eu_goods": N_(
        "Goods go to another EU country without VAT only with the customer's VAT number. Add it to the customer."
    ),
    "customer.email_missing": N_("The customer has no e-mail address, so the invoice can not be sent by e-mail."),
    "customer.email_invalid": N_(
        "The customer's e-mail address is not right. Write one address, such as post@example.no."
    ),
    # The invoice
    "invoice.no_lines": N_("The invoice is empty. Add at least one line."),
    "invoice.currency_unknown": N_("%(currency)s is not a currency we can invoice in. Choose another one."),
    "invoice.currency_too_fine": N_(
        "%(currency)s has three decimals, and e-invoices have room for two (EN 16931). Choose another currency."
    ),
    "invoice.language_unknown": N_("Choose the language of the invoice from the list."),
    "invoice.issue_date_is_not_today": N_("An invoice is dated the day it is issued. Leave the date empty."),
    "invoice.due_missing": N_("When must the invoice be paid? Give a due date or a number of days."),
    "invoice.due_days_out_of_range": N_("The number of days until payment must be from 0 to %(most)s."),
    "invoice.due_before_issue": N_("The due date has passed already. Choose today or a later day."),
    "invoice.discount_out_of_range": N_(
        "The discount must be from 0 to 100 percent, or an amount that is not negative."
    ),
    "invoice.delivery_date_missing": N_("When was it delivered? The law asks for a delivery date or period."),
    "invoice.delivery_ends_before_it_begins": N_("The delivery period ends before it begins. Swap the two dates."),
    "invoice.delivery_place_missing": N_("Where was it delivered? Give a place, or add an address to the customer."),
    "invoice.delivery_in_the_future": N_(
        "The delivery date is in the future. As a rule an invoice is sent after delivery; only some trades, such as "
        "subscriptions and rent, may invoice in advance."
    ),
    "invoice.delivery_long_ago": N_(
        "The delivery was more than a month ago. As a rule an invoice must be sent within one month."
    ),
    "invoice.rate_changes_within": N_(
        "The VAT rate changed within this period. All of it gets the rate of its last day: make an invoice for each side."
    ),
    "invoice.total_negative": N_("The total is below zero. To give money back, make a credit note instead."),
    "invoice.total_zero": N_("The total is zero. Is that what you want?"),
    "invoice.amount_too_large": N_("The amount is too large for one invoice. Check quantities and prices."),
    "invoice.exchange_rate_missing": N_(
        "VAT must also be stated in Norwegian kroner. Give the exchange rate: how many kroner is one %(currency)s?"
    ),
    "invoice.exchange_rate_out_of_range": N_("The exchange rate must be above zero. Check it."),
    "invoice.issued_is_kept": N_(
        "Invoice %(number)s is issued, and the accounting law keeps it until %(until)s. To take it back, make a credit "
        "note."
    ),
    "invoice.issued_is_held": N_(
        "Invoice %(number)s is kept by the accounting law until %(until)s, and by an order to keep it: %(basis)s. "
        "To take it back, make a credit note."
    ),
    "customer.held": N_(
        "An order to keep stands on this customer (%(basis)s, until %(until)s), so nothing was deleted. Lift the order "
        "first, or refuse with that as the reason."
    ),
    "hold.backwards": N_("The period ends before it begins. Check the two days."),
    "hold.past": N_("That day is past. Give a later one, or leave it empty."),
    "invoice.too_many_lines": N_("An invoice has room for %(most)s lines. Put some together, or make two invoices."),
    "charge.percent_or_amount": N_("Give the charge as a percent or as an amount, not both."),
    "discount.percent_or_amount": N_("Give the discount as a percent or as an amount, not both."),
    # One line of it
    "line.description_missing": N_("Line %(line)s says nothing about what was delivered. Write a description."),
    "line.quantity_zero": N_("Line %(line)s has quantity zero. Give a quantity, or remove the line."),
    "line.quantity_does_not_fit": N_("The quantity on line %(line)s is too large or has more than four decimals."),
    "line.price_does_not_fit": N_("The price on line %(line)s is too large or has more than four decimals."),
    "line.unit_unknown": N_("Choose a unit from the list for line %(line)s."),
    "line.discount_out_of_range": N_("The discount on line %(line)s must be from 0 to 100 percent."),
    "line.treatment_unknown": N_("Choose how VAT is charged on line %(line)s."),
    "line.vat_but_not_registered": N_(
        "Line %(line)s has a VAT treatment for registered companies, but yours is not registered for VAT. "
        "Choose no VAT, or say in the company settings that you are registered."
    ),
    "line.outside_but_registered": N_(
        "Line %(line)s says that your company is not registered for VAT, but it is. Choose another VAT treatment."
    ),
    "line.treatment_elsewhere": N_(
        "Line %(line)s has a VAT treatment that sellers in your country do not have. Choose another one."
    ),
    "currency.no_rate": N_("There is no exchange rate for this currency on that day. Type the rate yourself."),
    "line.rate_unknown": N_("We do not know this VAT rate for your country. Choose another one on line %(line)s."),
    # Sending and printing
    "email.invalid": N_("This is not a valid e-mail address. Write one address, such as post@example.no."),
    "delivery.too_many": N_("This invoice has been sent many times today. Try again tomorrow."),
    "delivery.too_many_today": N_(
        "Your company has sent %(most)s e-mails in 24 hours, which is the most we allow. Nothing is lost: the invoice "
        "can be sent tomorrow, and “Issue only” issues it today."
    ),
    "glyph.missing": N_("These characters can not be printed in the PDF: %(char)s. Write it in another way."),
    # VAT, numbers that identify, KID
    "vat.unknown_treatment": N_("Choose one of the VAT treatments in the list."),
    "vat.unknown_rate": N_("We do not know this VAT rate for this country and day. Choose another one."),
    "organisation_number.invalid": N_("This is not a valid organisation number. Check the digits."),
    "vat_number.invalid": N_("This is not a valid VAT number. Check the digits."),
    "bank_account.invalid": N_("This is not a valid account number. Use eleven digits, or an IBAN."),
    "bic.invalid": N_("This is not a valid BIC. It has 8 or 11 letters and digits."),
    "kid.does_not_fit": N_(
        "The invoice number does not fit in your KID. Choose a longer KID in the company settings."
    ),
    # Typed numbers and dates
    "number.empty": N_("Write a number."),
    "number.unreadable": N_("We can not read this as a number. Write it like 1,234.50."),
    "number.too_many_decimals": N_("This number has too many decimals."),
    "number.too_long": N_("This number is too large."),
    "date.empty": N_("Choose a date."),
    "date.unreadable": N_("We can not read this as a date. Write it like 22/11/2026."),
    "date.out_of_range": N_("This date is too far away. Check the year."),
    # Payments
    "payment.amount_not_positive": N_("The amount must be above zero."),
    "payment.amount_too_large": N_("The amount is too large. Check it."),
    "payment.too_many_decimals": N_("The amount has more decimals than %(currency)s has."),
    "payment.in_the_future": N_("The payment date is in the future. Choose today or an earlier day."),
    "payment.long_before_invoice": N_("The payment is more than a year older than the invoice. Check the year."),
    "payment.invoice_is_draft": N_("This invoice is still a draft. Issue it before you register a payment."),
    "payment.is_a_reversal": N_("This entry already takes back a payment, so it can not be taken back itself."),
    "payment.credit_is_used": N_(
        "The customer's credit from this payment is already used, so it can not be taken back."
    ),
    # Credit notes
    "credit.nothing_left": N_("All of this invoice is credited already."),
    "credit.nothing_chosen": N_("Choose what to credit: a quantity or an amount of at least one line."),
    "credit.quantity_more_than_left": N_(
        "That is more than is left of line %(line)s. Choose from zero to what is left."
    ),
    "credit.amount_more_than_left": N_(
        "That is more than is left of line %(line)s. Choose from zero to what is left."
    ),
    "credit.charge_more_than_left": N_("That is more than is left of the charge. Choose from zero to what is left."),
    "credit.more_than_left": N_(
        "This comes to more than is left of the invoice. Credit less, or the deductions too."
    ),
    "credit.total_negative": N_(
        "This comes to less than zero. Credit the lines that the deductions belong to as well."
    ),
    "credit.line_unknown": N_("A line is not on this invoice. Open the page anew."),
    "credit.of_draft": N_("This invoice is still a draft. Change or delete it; there is nothing to credit yet."),
    "credit.of_credit_note": N_("This is a credit note itself. Make a new invoice to charge the amount again."),
    "credit.changed_meanwhile": N_("Somebody has credited this invoice a moment ago. Look at what is left now."),
    "payment.of_credit_note": N_("Nothing is paid on a credit note. Register the payment on the invoice."),
    "payment.is_a_credit_note": N_("This entry comes from a credit note, which is kept. It can not be taken back."),
    "payment.credit_too_small": N_("That is more than the customer has to their credit in %(currency)s."),
    "payment.more_than_open": N_("That is more than is left to pay. Choose no more than that."),
    # Any form
    "field.required": N_("Fill in this field."),
    "choice.unknown": N_("Choose one from the list."),
    "text.too_long": N_("This is too long. Use at most %(longest)s characters."),
    "text.control_characters": N_("This text has invisible characters that can not be saved. Type it again."),
    "number.out_of_range": N_("The number must be from %(low)s to %(high)s."),
    # Passwords
    "password.too_short": N_("Use at least %(least)s characters. A few words in a row are easy to remember."),
    "password.too_long": N_("Use at most %(most)s characters."),
    "password.unreadable": N_("This password has a character that can not be saved. Choose other characters."),
    "password.repetitive": N_("This password repeats itself, so it is easy to guess. Choose another one."),
    "password.sequence": N_("This password follows the alphabet or the keyboard, so it is easy to guess."),
    "password.common": N_("Many people use this password, so it is easy to guess. Choose another one."),
    "password.context": N_("This password is made from your name, your company or our name. Choose another one."),
    # For a code that nobody has written a sentence for: vague, but never a broken page.
    "unknown": N_("This is not right yet. Check it and try again."),
}


def sentence(refusal: Refusal, gettext: Callable[[str], str]) -> str:
    """The sentence of `refusal` in the language that `gettext` speaks."""
    return gettext(TEXTS.get(refusal.code, TEXTS["unknown"])) % refusal.params
