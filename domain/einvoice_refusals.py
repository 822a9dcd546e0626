"""Sentences for what keeps an invoice from being an e-invoice. `domain.einvoice.findings` has the rule of each."""

from __future__ import annotations

from domain.marking import N_
from domain.refusal_texts import TEXTS

EINVOICE_TEXTS: dict[str, str] = {
    "einvoice.reference_missing": N_(
        "Over Peppol your customer's reference or order number must be on the invoice. Ask the customer, and add one."
    ),
    "einvoice.reference_not_given": N_(
        "The customer's reference is not filled in. Large and public buyers send such invoices back, so ask for it."
    ),
    "einvoice.reference_not_given_public": N_(
        "This customer is a public body, and its reference is not filled in. Public bodies refuse such invoices: ask who "
        "ordered."
    ),
    "einvoice.reference_was_missing": N_(
        "It went without the customer's reference, so a large or public buyer may send it back. Ask for it, and add it "
        "to the customer: the next one has it."
    ),
    "einvoice.buyer_address_was_missing": N_(
        "The customer could not be reached with e-invoices. Add the customer's organisation number for the next one."
    ),
    "einvoice.vat_currency": N_(
        "VAT in Norwegian kroner is stated twice. Leave out the exchange rate when the invoice is in kroner."
    ),
    "einvoice.buyer_address_missing": N_(
        "The customer can not be reached with e-invoices yet. Add the customer's organisation number."
    ),
    "einvoice.seller_address_missing": N_(
        "Your company can not be reached with e-invoices yet. Add your organisation number in the company settings."
    ),
    "einvoice.percent_and_amount": N_(
        "The percent and the amount of a discount or charge do not agree. Type it again."
    ),
    "einvoice.vat_signs": N_(
        "The VAT in Norwegian kroner and in the currency of the invoice do not agree. Check the exchange rate."
    ),
    "einvoice.line_sum": N_("The amount of line %(line)s is not its quantity times its price. Check the line."),
    "einvoice.exemption_code": N_(
        "The reason for not charging VAT does not fit the VAT treatment. Choose the treatment again."
    ),
    "einvoice.organisation_number": N_(
        "This organisation number is not right, so the e-invoice would not arrive. Check the nine digits."
    ),
    "einvoice.vat_number_norwegian": N_(
        "Your VAT number is not right. In Norway it is NO, the nine digits and MVA. Check it in the company settings."
    ),
    "einvoice.register_missing": N_(
        "The e-invoice does not say Foretaksregisteret. If your company is in that register, say so in "
        "the company settings."
    ),
    "einvoice.price_negative": N_("The price on line %(line)s is below zero. Use a quantity below zero instead."),
    "einvoice.vat_number_country": N_(
        "This VAT number does not begin with a country code, such as NO or DE. Check it."
    ),
    "einvoice.sums": N_(
        "The sums of the e-invoice do not add up, so it was not made. Check discounts and charges, and try again."
    ),
    "einvoice.vat_sum": N_("The VAT of the e-invoice does not fit its rate. Check the VAT treatment of the lines."),
    "einvoice.seller_number_missing": N_(
        "An e-invoice needs your organisation number or VAT number. Add it in the company settings."
    ),
    "einvoice.seller_vat_number_missing": N_(
        "An e-invoice with this VAT treatment needs your VAT number. Add it in the company settings."
    ),
    "einvoice.reason_missing": N_("The e-invoice must say why no VAT is charged. Choose the VAT treatment again."),
    "einvoice.buyer_vat_number_missing": N_(
        "For a sale to another EU country the customer's VAT number must be on the invoice. Add it to the customer."
    ),
    "einvoice.vat_number_unregistered": N_(
        "Who is not registered for VAT can not have a VAT number on an e-invoice. Check the company settings."
    ),
    "einvoice.outside_mixed": N_(
        "Lines outside VAT can not stand on an e-invoice together with other lines. Make two invoices."
    ),
    "einvoice.reason_not_allowed": N_(
        "A zero-rated e-invoice can not carry a reason. Choose the VAT treatment again."
    ),
    "einvoice.vat_in_kroner_missing": N_(
        "VAT must also be stated in Norwegian kroner on the e-invoice. Give the exchange rate."
    ),
    "einvoice.reverse_charge_words": N_(
        "With reverse charge the law wants certain words on the invoice, and they are missing. Choose "
        "the treatment again."
    ),
    "einvoice.credited_missing": N_("A credit note must say which invoice it takes back. Make it from that invoice."),
    "einvoice.kid": N_(
        "The check digit of the KID is not right, so the payment would be refused. Check the KID in the "
        "company settings."
    ),
    "einvoice.number_danish": N_("A Danish CVR number is DK and eight digits in an e-invoice. Check the number."),
    "einvoice.number_swedish": N_("A Swedish organisation number has ten digits. Check them: one is wrong."),
    "einvoice.number_italian": N_("An Italian VAT number is IT and eleven digits. Check them: one is wrong."),
    "einvoice.attachment_kind": N_(
        "A file of this kind can not go inside an e-invoice. Use PDF, PNG, JPEG, CSV, Excel or OpenDocument."
    ),
    "einvoice.address_scheme": N_(
        "E-invoices can not be sent to a number of this register. Use the customer's organisation number."
    ),
    "einvoice.number_missing": N_("An e-invoice must have a number."),
    "einvoice.currency_unknown": N_("This currency is not one of the ISO 4217 list. Choose another one."),
    "einvoice.country_unknown": N_("This country is not one of the ISO 3166 list. Choose it again."),
    "einvoice.vat_missing": N_(
        "The e-invoice does not say what VAT is calculated from. Choose the VAT treatment again."
    ),
    "einvoice.vat_base": N_(
        "What VAT is calculated from is not the sum of the lines with that rate. Check discounts and charges."
    ),
    "einvoice.delivery_country_missing": N_(
        "For a sale to another EU country the country of delivery must be on the invoice. Add it to the customer."
    ),
    "einvoice.process": N_("The e-invoice does not say rightly which Peppol process it belongs to."),
    "einvoice.customization": N_("The e-invoice does not say rightly which rules it follows."),
    "einvoice.notes": N_("An e-invoice has room for one note. Put the notes together."),
    "einvoice.empty_element": N_("The e-invoice has an empty field, which the rules do not allow."),
    "einvoice.charge_indicator": N_("The e-invoice does not say whether an amount is a discount or a charge."),
    "einvoice.price_charge": N_("A charge can not be part of a unit price in an e-invoice. Put it on the line."),
    "einvoice.price_discount": N_("A unit price of the e-invoice is not its price less its discount."),
    "einvoice.currencies_mixed": N_("An amount of the e-invoice is in another currency than the invoice."),
    "einvoice.vat_totals": N_("The e-invoice states the VAT once too often, or not often enough."),
    "einvoice.projects": N_("A credit note has room for one project. Leave one of them."),
    "einvoice.mandate_missing": N_("With direct debit the e-invoice must name the customer's mandate."),
    "einvoice.base_quantity": N_("A unit price of the e-invoice is for a quantity of zero or less."),
    "einvoice.type_code": N_("The e-invoice does not say rightly whether it is an invoice or a credit note."),
    "einvoice.date_form": N_("A date of the e-invoice is not written as year, month and day."),
    "einvoice.schema": N_("The e-invoice is not written as UBL or CII, so nobody could read it."),
    "einvoice.unavailable": N_(
        "The e-invoice could not be checked just now, so it was not made. Try again in a little while."
    ),
    "einvoice.other_rule": N_(
        "The rules for e-invoices refuse this invoice. Ask for help, and mention rule %(rule)s."
    ),
}

TEXTS.update(EINVOICE_TEXTS)
