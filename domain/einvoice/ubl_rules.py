"""Our own rules about how an e-invoice is written in UBL: those of Peppol that the words alone (`rules`) can not break.

They say nothing of a document that does not claim to follow Peppol.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml import etree
from lxml.etree import _Element as Element

from domain.einvoice.document import PEPPOL, PEPPOL_PROCESS
from domain.einvoice.findings import Finding, finding
from domain.money import CURRENCIES

_URN = "urn:oasis:names:specification:ubl:schema:xsd:"
_CAC, _CBC = f"{{{_URN}CommonAggregateComponents-2}}", f"{{{_URN}CommonBasicComponents-2}}"
# Since 3.0.21 these and no others.
_PROCESSES = frozenset({
    PEPPOL_PROCESS, "urn:peppol:france:billing:regulated", "urn:peppol:france:billing:non-regulated",
    "urn:peppol:bis:billing_with_response",
})  # fmt: skip
_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_DATES = ("IssueDate", "DueDate", "TaxPointDate", "StartDate", "EndDate", "ActualDeliveryDate", "PaymentDueDate")
_INVOICES = frozenset((
    "71", "80", "82", "84", "102", "218", "219", "326", "331", "380", "382", "383", "384", "386", "388", "393",
    "395", "553", "575", "623", "780", "817", "870", "875", "876", "877",
))  # fmt: skip
_CREDIT_NOTES = frozenset({"81", "83", "381", "396", "532"})
_PROJECT = "50"
_DIRECT_DEBIT = frozenset({"49", "59"})


def parsed(xml: bytes) -> Element:
    """The root of a document that we wrote ourselves; what others wrote is read with more care elsewhere."""
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))


def findings(root: Element) -> tuple[Finding, ...]:
    """Every rule of Peppol's that the writing of `root` breaks, each once."""
    if "peppol" not in _text(root, f"{_CBC}CustomizationID"):
        return ()
    broken = (*_head(root), *_amounts(root), *_parts(root))
    return tuple(finding(f"PEPPOL-EN16931-{rule}") for rule in dict.fromkeys(broken))


def _head(root: Element) -> Iterator[str]:
    process = _text(root, f"{_CBC}ProfileID")
    if not process:
        yield "R001"
    elif process not in _PROCESSES:
        yield "R007"
    if not _text(root, f"{_CBC}CustomizationID").startswith(PEPPOL):
        yield "R004"
    if len(root.findall(f"{_CBC}Note")) > 1:
        yield "R002"
    if any(len(one) == 0 and not (one.text or "").strip() for one in root.iter("*")):
        yield "R008"
    if root.tag.endswith("}Invoice") and _text(root, f"{_CBC}InvoiceTypeCode") not in _INVOICES:
        yield "P0100"
    if root.tag.endswith("}CreditNote") and _text(root, f"{_CBC}CreditNoteTypeCode") not in _CREDIT_NOTES:
        yield "P0101"
    if any(not _DATE.fullmatch(one.text or "") for name in _DATES for one in root.iter(_CBC + name)):
        yield "F001"


def _amounts(root: Element) -> Iterator[str]:
    currency = _text(root, f"{_CBC}DocumentCurrencyCode")
    vat_currency = _text(root, f"{_CBC}TaxCurrencyCode")
    totals = root.findall(f"{_CAC}TaxTotal")
    of_vat_currency = [one for one in totals if one.find(f"{_CAC}TaxSubtotal") is None]
    excused = {one.find(f"{_CBC}TaxAmount") for one in of_vat_currency} if vat_currency else set()
    amounts = [one for one in root.iter("*") if one.get("currencyID") is not None]
    if any(one.get("currencyID") != currency for one in amounts if one not in excused):
        yield "R051"
    if not {currency, vat_currency or currency, *(one.get("currencyID") for one in amounts)} <= set(CURRENCIES):
        yield "CL007"
    if len(totals) - len(of_vat_currency) != 1:
        yield "R053"
    if len(of_vat_currency) != (1 if vat_currency else 0):
        yield "R054"


def _parts(root: Element) -> Iterator[str]:
    prices = {one for price in root.iter(f"{_CAC}Price") for one in price.findall(f"{_CAC}AllowanceCharge")}
    for part in root.iter(f"{_CAC}AllowanceCharge"):
        indicator = _text(part, f"{_CBC}ChargeIndicator")
        if indicator not in ("true", "false"):
            yield "R043"
        if part in prices and indicator == "true":
            yield "R044"
    for price in root.iter(f"{_CAC}Price"):
        yield from _price(price)
    kinds = [_text(one, f"{_CBC}DocumentTypeCode") for one in root.findall(f"{_CAC}AdditionalDocumentReference")]
    if root.tag.endswith("}CreditNote") and kinds.count(_PROJECT) > 1:
        yield "R080"
    for means in root.iter(f"{_CAC}PaymentMeans"):
        is_debit = _text(means, f"{_CBC}PaymentMeansCode") in _DIRECT_DEBIT
        if is_debit and not _text(means, f"{_CAC}PaymentMandate/{_CBC}ID"):
            yield "R061"


def _price(price: Element) -> Iterator[str]:
    base = price.find(f"{_CBC}BaseQuantity")
    if base is not None and not (_number(base.text) or Decimal(0)) > 0:
        yield "R121"
    discount = price.find(f"{_CAC}AllowanceCharge")
    gross = _number(_text(discount, f"{_CBC}BaseAmount")) if discount is not None else None
    if discount is not None and gross is not None:
        amount = _number(_text(discount, f"{_CBC}Amount"))
        if amount is None or _number(_text(price, f"{_CBC}PriceAmount")) != gross - amount:
            yield "R046"


def _text(parent: Element, path: str) -> str:
    return (parent.findtext(path) or "").strip()


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text or "")
    except InvalidOperation:
        return None
