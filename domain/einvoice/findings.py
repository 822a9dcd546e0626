"""What is wrong with an e-invoice, as a sentence that a person understands, the field to mend and the rule's own id.

The sentences stand in `domain/einvoice_refusals.py`, in the table of all refusals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain import einvoice_refusals  # noqa: F401 - puts the sentences into the table
from domain.refusals import Refusal

# Rules about what the invoice says: a document that breaks one is wrong on paper too. The others are about how an
# e-invoice is written and sent, so whoever breaks them can still be sent a PDF.
_OF_THE_CONTENT = ("BR-", "NO-LAW-", "NO-KID")


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule` is the id as its publisher writes it; a finding that is not fatal stops nothing. `text` has the rule's own
    English words, where an official rule set found it."""

    rule: str
    refusal: Refusal
    is_fatal: bool = True
    text: str = ""

    @property
    def blocks(self) -> bool:
        """May the invoice not be issued at all? By the law or by EN 16931, whoever it is for and however it travels.

        What only Peppol asks for (PEPPOL-, NO-R-, an administrator's own rules) or what is wrong with the writing
        (XSD, UBL-) keeps it from being an e-invoice and stops nothing else.
        """
        return self.is_fatal and self.rule.startswith(_OF_THE_CONTENT)

    def to_json(self) -> dict[str, Any]:
        """Plain values for storing; `from_json` gives the same finding back."""
        refusal = self.refusal
        return {
            "rule": self.rule,
            "is_fatal": self.is_fatal,
            "code": refusal.code,
            "field": refusal.field,
            "params": dict(refusal.params),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Finding:
        refusal = Refusal(values["code"], values["field"], values["params"])
        return cls(values["rule"], refusal, values["is_fatal"])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the official rules say of a document. `unjudged` says in a word why they were not asked: such a document is
    never an e-invoice."""

    findings: tuple[Finding, ...] = ()
    unjudged: str = ""

    @property
    def is_valid(self) -> bool:
        return not self.unjudged and not any(finding.is_fatal for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Rule:
    """The sentence of a rule and where its fault is mended; `%d` in the field is the line, counted from 0."""

    code: str
    field: str
    is_fatal: bool = True


# By id. Those that begin with NO-LAW are Norwegian law, which no published rule set holds: the numbers after it are the
# paragraph of bokføringsforskriften.
RULES: dict[str, Rule] = {
    "PEPPOL-EN16931-R003": Rule("einvoice.reference_missing", "your_reference"),
    "PEPPOL-EN16931-R005": Rule("einvoice.vat_currency", "currency"),
    "PEPPOL-EN16931-R010": Rule("einvoice.buyer_address_missing", "customer.organisation_number"),
    "PEPPOL-EN16931-R020": Rule("einvoice.seller_address_missing", "company.organisation_number"),
    "PEPPOL-EN16931-R040": Rule("einvoice.percent_and_amount", "discount"),
    "PEPPOL-EN16931-R041": Rule("einvoice.percent_and_amount", "discount"),
    "PEPPOL-EN16931-R042": Rule("einvoice.percent_and_amount", "discount"),
    "PEPPOL-EN16931-R055": Rule("einvoice.vat_signs", "exchange_rate"),
    "PEPPOL-EN16931-R120": Rule("einvoice.line_sum", "lines.%d.unit_price"),
    "PEPPOL-EN16931-P0104": Rule("einvoice.exemption_code", "lines"),
    "PEPPOL-EN16931-P0105": Rule("einvoice.exemption_code", "lines"),
    "PEPPOL-EN16931-P0106": Rule("einvoice.exemption_code", "lines"),
    "PEPPOL-EN16931-P0107": Rule("einvoice.exemption_code", "lines"),
    "PEPPOL-EN16931-P0108": Rule("einvoice.exemption_code", "lines"),
    "PEPPOL-EN16931-P0109": Rule("einvoice.exemption_code", "lines"),
    "PEPPOL-EN16931-P0110": Rule("einvoice.exemption_code", "lines"),
    "PEPPOL-EN16931-P0111": Rule("einvoice.exemption_code", "lines"),
    "PEPPOL-EN16931-CL001": Rule("einvoice.attachment_kind", "lines"),
    "PEPPOL-EN16931-CL008": Rule("einvoice.address_scheme", "customer.organisation_number"),
    "PEPPOL-COMMON-R041": Rule("einvoice.organisation_number", "customer.organisation_number"),
    "PEPPOL-COMMON-R042": Rule("einvoice.number_danish", "customer.organisation_number"),
    "PEPPOL-COMMON-R047": Rule("einvoice.number_italian", "customer.vat_number"),
    "PEPPOL-COMMON-R049": Rule("einvoice.number_swedish", "customer.organisation_number"),
    "NO-R-001": Rule("einvoice.vat_number_norwegian", "company.vat_number"),
    "NO-R-002": Rule("einvoice.register_missing", "company.foretaksregisteret", is_fatal=False),
    "BR-02": Rule("einvoice.number_missing", "lines"),
    "BR-06": Rule("company.name_missing", "company.name"),
    "BR-07": Rule("customer.name_missing", "customer.name"),
    "BR-16": Rule("invoice.no_lines", "lines"),
    "BR-25": Rule("line.description_missing", "lines.%d.description"),
    "BR-27": Rule("einvoice.price_negative", "lines.%d.unit_price"),
    "BR-29": Rule("invoice.delivery_ends_before_it_begins", "delivery_to"),
    "BR-CL-04": Rule("einvoice.currency_unknown", "currency"),
    "BR-CL-14": Rule("einvoice.country_unknown", "customer.country"),
    "BR-CL-23": Rule("line.unit_unknown", "lines.%d.unit"),
    "BR-CO-09": Rule("einvoice.vat_number_country", "customer.vat_number"),
    "BR-CO-10": Rule("einvoice.sums", "lines"),
    "BR-CO-11": Rule("einvoice.sums", "discount"),
    "BR-CO-12": Rule("einvoice.sums", "charge"),
    "BR-CO-13": Rule("einvoice.sums", "lines"),
    "BR-CO-14": Rule("einvoice.sums", "lines"),
    "BR-CO-15": Rule("einvoice.sums", "lines"),
    "BR-CO-17": Rule("einvoice.vat_sum", "lines"),
    "BR-CO-18": Rule("einvoice.vat_missing", "lines"),
    "BR-CO-26": Rule("einvoice.seller_number_missing", "company.organisation_number"),
    "BR-S-02": Rule("einvoice.seller_vat_number_missing", "company.vat_number"),
    "BR-S-08": Rule("einvoice.vat_base", "lines"),
    "BR-AE-02": Rule("customer.number_missing_for_reverse_charge", "customer.organisation_number"),
    "BR-E-10": Rule("einvoice.reason_missing", "lines"),
    "BR-IC-02": Rule("einvoice.buyer_vat_number_missing", "customer.vat_number"),
    "BR-IC-11": Rule("invoice.delivery_date_missing", "delivery_from"),
    "BR-IC-12": Rule("einvoice.delivery_country_missing", "delivery_place"),
    "BR-O-02": Rule("einvoice.vat_number_unregistered", "company.vat_registered"),
    "BR-O-11": Rule("einvoice.outside_mixed", "lines"),
    "BR-Z-10": Rule("einvoice.reason_not_allowed", "lines"),
    "NO-LAW-5-1-1-4": Rule("invoice.delivery_date_missing", "delivery_from"),
    "NO-LAW-5-1-1-4-PLACE": Rule("invoice.delivery_place_missing", "delivery_place"),
    "NO-LAW-5-1-1-5": Rule("invoice.due_missing", "due_on"),
    "NO-LAW-5-1-1-6": Rule("einvoice.vat_in_kroner_missing", "exchange_rate"),
    "NO-LAW-5-1-1-7": Rule("einvoice.reverse_charge_words", "lines"),
    "NO-LAW-5-1-2": Rule("company.organisation_number_invalid", "company.organisation_number"),
    "NO-LAW-5-1-2-BUYER": Rule("customer.address_or_number_missing", "customer.address"),
    "NO-LAW-5-2-7": Rule("einvoice.credited_missing", "credits"),
    "NO-KID": Rule("einvoice.kid", "company.kid_length"),
}

REFERENCE = "PEPPOL-EN16931-R003"

# Rules about the writing. Our own writer breaks none of them; what others wrote, or a fault of ours, may.
WRITTEN: dict[str, Rule] = {
    "PEPPOL-EN16931-R001": Rule("einvoice.process", ""),
    "PEPPOL-EN16931-R002": Rule("einvoice.notes", "note"),
    "PEPPOL-EN16931-R004": Rule("einvoice.customization", ""),
    "PEPPOL-EN16931-R007": Rule("einvoice.process", ""),
    "PEPPOL-EN16931-R008": Rule("einvoice.empty_element", ""),
    "PEPPOL-EN16931-R043": Rule("einvoice.charge_indicator", ""),
    "PEPPOL-EN16931-R044": Rule("einvoice.price_charge", ""),
    "PEPPOL-EN16931-R046": Rule("einvoice.price_discount", ""),
    "PEPPOL-EN16931-R051": Rule("einvoice.currencies_mixed", "currency"),
    "PEPPOL-EN16931-R053": Rule("einvoice.vat_totals", ""),
    "PEPPOL-EN16931-R054": Rule("einvoice.vat_totals", ""),
    "PEPPOL-EN16931-R061": Rule("einvoice.mandate_missing", ""),
    "PEPPOL-EN16931-R080": Rule("einvoice.projects", "project_reference"),
    "PEPPOL-EN16931-R121": Rule("einvoice.base_quantity", ""),
    "PEPPOL-EN16931-P0100": Rule("einvoice.type_code", ""),
    "PEPPOL-EN16931-P0101": Rule("einvoice.type_code", ""),
    "PEPPOL-EN16931-CL007": Rule("einvoice.currency_unknown", "currency"),
    "PEPPOL-EN16931-F001": Rule("einvoice.date_form", ""),
    "XSD": Rule("einvoice.schema", ""),
}


def finding(rule: str, line: int | None = None, field: str = "") -> Finding:
    """The finding of a rule of ours; `line` counts from 0."""
    known = RULES.get(rule) or WRITTEN[rule]
    place = field or (known.field if line is None else known.field % line)
    params = {"rule": rule} if line is None else {"rule": rule, "line": str(line + 1)}
    return Finding(rule, Refusal(known.code, place, params), known.is_fatal)


def no_reference(is_public: bool) -> Finding:
    """That the customer's reference is not filled in. Peppol is told that none was given (R003), so it keeps the invoice
    from nothing; public bodies refuse such an invoice all the same (FOR-2019-04-01-444 and their own terms)."""
    code = "einvoice.reference_not_given_public" if is_public else "einvoice.reference_not_given"
    return Finding(REFERENCE, Refusal(code, "your_reference"), is_fatal=False)


# Of a document that is issued, the same things are said as what to do for the next one, and where.
_AFTERWARDS = {
    "einvoice.reference_missing": ("einvoice.reference_was_missing", "customer.reference"),
    "einvoice.reference_not_given": ("einvoice.reference_was_missing", "customer.reference"),
    "einvoice.reference_not_given_public": ("einvoice.reference_was_missing", "customer.reference"),
    "einvoice.buyer_address_missing": ("einvoice.buyer_address_was_missing", "customer.organisation_number"),
}


def afterwards(found: Finding) -> Finding:
    """`found` as it is said of a document that can not be changed any more."""
    if found.refusal.code not in _AFTERWARDS:
        return found
    code, field = _AFTERWARDS[found.refusal.code]
    return replace(found, refusal=replace(found.refusal, code=code, field=field))


def foreign_finding(rule: str, is_fatal: bool, text: str = "") -> Finding:
    """The finding of a rule that an official rule set found broken: our sentence where we have one, or the rule's id."""
    known = RULES.get(rule) or WRITTEN.get(rule)
    if known is None or "%d" in known.field:
        return Finding(rule, Refusal("einvoice.other_rule", None, {"rule": rule}), is_fatal, text)
    return Finding(rule, Refusal(known.code, known.field, {"rule": rule}), is_fatal, text)
