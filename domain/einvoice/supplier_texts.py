"""The sentences of `supplier_findings`: EN 16931 1.3.16 and Peppol BIS Billing 3.0.21, for the buyer.

BR-IC-12 is about one thing, BR-AE-05 and BR-E-05 about the same of two kinds of VAT: those are one sentence.
"""

from __future__ import annotations

from domain.marking import N_

_NO_AMOUNT = N_("One of its total amounts is missing.")
_LINE_AMOUNT = N_("A line lacks its number, its quantity, its unit or its amount.")
_REASON = N_("A discount or charge does not say what it is for.")
_ADJUSTMENT = N_("A discount or charge lacks its amount or its kind of VAT.")
_VAT_GROUP = N_("Its summary of VAT is not complete.")
_REPRESENTATIVE = N_("The supplier is represented by somebody for VAT, whose name, address or number is missing.")
_CURRENCY = N_("A currency is not one of the ISO 4217 list.")
_COUNTRY = N_("A country is not one of the ISO 3166 list.")
_PERIOD = N_("A period ends before it begins, or says neither when it begins nor when it ends.")
_SCHEME = N_("A number does not say, or not rightly, which register it belongs to.")
_TOTALS = N_("The sums do not add up.")
_VAT_AMOUNT = N_("An amount of VAT is not the percent of what it is calculated from.")
_PERCENT = N_("The percent and the amount of a discount or charge do not agree.")
_EXEMPTION = N_("The reason for not charging VAT does not fit the kind of VAT.")
_PROCESS = N_("It does not say rightly which Peppol process it belongs to.")
_TYPE = N_("It does not say rightly whether it is an invoice or a credit note.")
_VAT_TOTALS = N_("It states the VAT once too often, or not often enough.")
_NUMBER = N_("An organisation number or VAT number in it is not right.")
_BASE_QUANTITY = N_("A unit price is for a quantity of zero or less, or in another unit than its line.")
_ADDRESS = N_("The address of the supplier or the buyer on the e-invoice network is missing or of an unknown kind.")
_LINE_PERIOD = N_("The period of a line is outside the period of the invoice.")

_WRITING = N_("It is not written in the form of an e-invoice, so programs may not be able to read it.")

BY_RULE: dict[str, str] = {
    "XSD": _WRITING,
    "BR-01": N_("It does not say which rules it follows."),
    "BR-02": N_("It has no invoice number."),
    "BR-03": N_("It has no invoice date."),
    "BR-04": _TYPE,
    "BR-05": N_("It does not say in which currency it is."),
    "BR-06": N_("The name of the supplier is missing."),
    "BR-07": N_("The name of the buyer is missing."),
    "BR-08": N_("The address of the supplier is missing."),
    "BR-09": N_("The country of the supplier is missing."),
    "BR-10": N_("The address of the buyer is missing."),
    "BR-11": N_("The country of the buyer is missing."),
    **dict.fromkeys(("BR-12", "BR-13", "BR-14", "BR-15"), _NO_AMOUNT),
    "BR-16": N_("It has no lines."),
    "BR-17": N_("It is to be paid to somebody else than the supplier, whose name is missing."),
    **dict.fromkeys(("BR-18", "BR-19", "BR-20", "BR-56"), _REPRESENTATIVE),
    **dict.fromkeys(("BR-21", "BR-22", "BR-23", "BR-24"), _LINE_AMOUNT),
    "BR-25": N_("A line does not say what was sold."),
    "BR-26": N_("A line has no price."),
    "BR-27": N_("A price is below zero."),
    "BR-28": N_("A price is below zero."),
    **dict.fromkeys(("BR-29", "BR-30", "BR-CO-19", "BR-CO-20"), _PERIOD),
    **dict.fromkeys(("BR-31", "BR-32", "BR-36", "BR-37", "BR-41", "BR-43"), _ADJUSTMENT),
    **dict.fromkeys(("BR-33", "BR-38", "BR-42", "BR-44"), _REASON),
    **dict.fromkeys(("BR-CO-21", "BR-CO-22", "BR-CO-23", "BR-CO-24"), _REASON),
    **dict.fromkeys(("BR-45", "BR-46", "BR-47", "BR-48", "BR-CO-18"), _VAT_GROUP),
    "BR-49": N_("It does not say how it is to be paid."),
    "BR-50": N_("The account to pay to is missing."),
    "BR-61": N_("The account to pay to is missing."),
    "BR-51": N_("It shows too much of the number of a payment card."),
    "BR-52": N_("An attachment has no name."),
    "BR-53": N_("The VAT in the currency of the accounts is missing."),
    "BR-55": N_("It does not say the number of the invoice it belongs to."),
    "BR-57": N_("The country of delivery is missing."),
    **dict.fromkeys(("BR-62", "BR-63", "BR-64", "BR-65", "BR-CL-10", "BR-CL-11", "BR-CL-21", "BR-CL-25"), _SCHEME),
    **dict.fromkeys(("BR-CL-03", "BR-CL-04", "BR-CL-05", "PEPPOL-EN16931-CL007"), _CURRENCY),
    "BR-CL-01": _TYPE,
    **dict.fromkeys(("BR-CL-14", "BR-CL-15"), _COUNTRY),
    "BR-CL-16": N_("The way it is to be paid is none that the rules know."),
    **dict.fromkeys(("BR-CL-17", "BR-CL-18"), N_("A kind of VAT is none that the rules know.")),
    "BR-CL-23": N_("A unit, such as hours or pieces, is none that the rules know."),
    "BR-CO-03": N_("It says in two ways from which day VAT is owed."),
    "BR-CO-04": N_("A line does not say its kind of VAT."),
    **dict.fromkeys(
        ("BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08"),
        N_("The code and the words of a discount or charge say different things."),
    ),
    "BR-CO-09": N_("A VAT number does not begin with a country, such as NO or DE."),
    **dict.fromkeys(("BR-CO-10", "BR-CO-11", "BR-CO-12", "BR-CO-13", "BR-CO-14", "BR-CO-15"), _TOTALS),
    "BR-CO-16": N_("The amount to pay is not the total less what was paid before."),
    "BR-CO-17": _VAT_AMOUNT,
    "BR-CO-25": N_("There is something to pay, but no due date and no terms of payment."),
    "BR-CO-26": N_("The supplier has neither an organisation number nor a VAT number on it."),
    "BR-IC-11": N_("It is a sale to another EU country, and the day of delivery is missing."),
    "BR-IC-12": N_("It is a sale to another EU country, and the country of delivery is missing."),
    **dict.fromkeys(
        ("BR-O-11", "BR-O-12", "BR-O-13", "BR-O-14"), N_("It mixes what is outside VAT with what is inside.")
    ),
    "NO-R-001": N_("The Norwegian VAT number of the supplier is not right. It is nine digits and MVA."),
    "NO-R-002": N_(
        "It does not say Foretaksregisteret, as a limited company must. Nothing is wrong if the supplier is not in that "
        "register."
    ),
    "PEPPOL-EN16931-R001": _PROCESS,
    "PEPPOL-EN16931-R002": N_("It has more than one note."),
    "PEPPOL-EN16931-R003": N_("It has neither your reference nor your order number."),
    "PEPPOL-EN16931-R004": N_("It does not say rightly which rules it follows."),
    "PEPPOL-EN16931-R005": N_("It states the VAT twice in the same currency."),
    "PEPPOL-EN16931-R007": _PROCESS,
    "PEPPOL-EN16931-R008": N_("It has empty fields."),
    **dict.fromkeys(("PEPPOL-EN16931-R010", "PEPPOL-EN16931-R020", "PEPPOL-EN16931-CL008"), _ADDRESS),
    **dict.fromkeys(("PEPPOL-EN16931-R040", "PEPPOL-EN16931-R041", "PEPPOL-EN16931-R042"), _PERCENT),
    "PEPPOL-EN16931-R043": N_("It does not say whether an amount is a discount or a charge."),
    "PEPPOL-EN16931-R044": N_("A charge is hidden in a unit price."),
    "PEPPOL-EN16931-R046": N_("A unit price is not its price less its discount."),
    "PEPPOL-EN16931-R051": N_("An amount is in another currency than the invoice."),
    **dict.fromkeys(("PEPPOL-EN16931-R053", "PEPPOL-EN16931-R054"), _VAT_TOTALS),
    "PEPPOL-EN16931-R055": N_("The VAT in one currency is owed, and in the other given back."),
    "PEPPOL-EN16931-R061": N_("It is paid by direct debit, and your mandate is missing."),
    "PEPPOL-EN16931-R080": N_("It names more than one project."),
    **dict.fromkeys(("PEPPOL-EN16931-R110", "PEPPOL-EN16931-R111"), _LINE_PERIOD),
    "PEPPOL-EN16931-R120": N_("The amount of a line is not its quantity times its price."),
    **dict.fromkeys(("PEPPOL-EN16931-R121", "PEPPOL-EN16931-R130"), _BASE_QUANTITY),
    **dict.fromkeys(("PEPPOL-EN16931-P0100", "PEPPOL-EN16931-P0101"), _TYPE),
    "PEPPOL-EN16931-CL001": N_("An attachment is of a kind that can not go inside an e-invoice."),
    "PEPPOL-EN16931-F001": N_("A date is not written as year, month and day."),
}  # fmt: skip

# The kinds of VAT that have the same rules, by the letters in the middle of the rule.
CATEGORIES: dict[str, str] = {
    "S": N_("ordinary VAT"),
    "Z": N_("zero-rated VAT"),
    "E": N_("exempt from VAT"),
    "AE": N_("reverse charge"),
    "IC": N_("sale to another EU country"),
    "G": N_("export"),
    "O": N_("outside VAT"),
}
_NUMBERS = N_("The VAT number of the supplier or the buyer does not fit this kind of VAT: %(vat)s.")
_RATE = N_("A rate of VAT does not fit this kind of VAT: %(vat)s.")
BY_CATEGORY: dict[str, str] = {
    "01": N_("The summary of VAT lacks this kind of VAT, or has it more than once: %(vat)s."),
    **dict.fromkeys(("02", "03", "04"), _NUMBERS),
    **dict.fromkeys(("05", "06", "07"), _RATE),
    "08": N_("What VAT is calculated from is not the sum of the lines with this kind of VAT: %(vat)s."),
    "09": N_("The amount of VAT is not right for this kind of VAT: %(vat)s."),
    "10": N_("The reason for not charging VAT is missing, or stands where it must not: %(vat)s."),
}
BY_BEGINNING: dict[str, str] = {
    "BR-DEC-": N_("An amount has more than two decimals."),
    "BR-CL-": N_("A code in it is not on the list that the rules know."),
    "PEPPOL-COMMON-": _NUMBER,
    "PEPPOL-EN16931-P01": _EXEMPTION,
    "PEPPOL-EN16931-CL": N_("A code in it is not on the list that the rules know."),
    **dict.fromkeys(
        ("UBL-CR-", "UBL-DT-", "FX-NOT-USED"),
        N_("It says more than the rules have room for. Programs may overlook that, so read the original too."),
    ),
    **dict.fromkeys(("FX-FORM", "FX-SCH-"), _WRITING),
    "UBL-SR-": N_("It says something more than once that may be said once."),
}
OTHER = N_("It breaks a rule that we have no sentence for. In the words of the rule:")
