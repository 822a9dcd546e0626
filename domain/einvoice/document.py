"""The words of EN 16931: what an e-invoice says, whatever its syntax. BT and BG numbers are the standard's.

`ubl` and `cii` write it, `rules` judges it, `reading.document_of` makes it from an issued invoice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

EN_16931 = "urn:cen.eu:en16931:2017"
PEPPOL = f"{EN_16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PEPPOL_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
FORETAKSREGISTERET = "Foretaksregisteret"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number and the scheme it belongs to: ISO 6523 for a register, the EAS list for an electronic address."""

    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """`country` is ISO 3166 alpha-2; it is the only part that must be there (BR-9, BR-11)."""

    street: str = ""
    additional: str = ""
    city: str = ""
    postcode: str = ""
    country: str = "NO"


@dataclass(frozen=True, slots=True)
class EParty:
    """Seller (BG-4) or buyer (BG-7). `vat_id` has its prefix (BT-31, BT-48), `tax_registration` is BT-32,
    `legal_addition` BT-33."""

    name: str
    address: Address
    endpoint: Identifier | None = None
    legal_id: Identifier | None = None
    vat_id: str = ""
    tax_registration: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    legal_addition: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance or a charge, on a line or on the document (BG-20, BG-21, BG-27, BG-28); `amount` without VAT.

    `base` and `percent` are both there or neither (R041, R042). Category and rate count on the document only.
    """

    is_charge: bool
    amount: Decimal
    reason: str
    reason_code: str = ""
    base: Decimal | None = None
    percent: Decimal | None = None
    category: str = ""
    rate: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class ELine:
    """A line (BG-25). `quantity` x `price`, rounded, and its adjustments are `net` to the smallest unit (R120)."""

    number: str
    name: str
    description: str
    quantity: Decimal
    unit: str
    price: Decimal
    net: Decimal
    category: str
    rate: Decimal
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class EGroup:
    """The VAT breakdown (BG-23) of one category and rate; a reason where no VAT is charged (BT-120, BT-121)."""

    category: str
    rate: Decimal
    base: Decimal
    vat: Decimal
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes inside (BG-24); without content, one that is only named there (BT-122)."""

    filename: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class EDocument:
    """One invoice or credit note. Every amount is positive on a credit note too, and has the currency's decimals."""

    is_credit_note: bool
    number: str
    issued_on: date
    due_on: date | None
    currency: str
    seller: EParty
    buyer: EParty
    lines: tuple[ELine, ...]
    groups: tuple[EGroup, ...]
    line_sum: Decimal
    allowances: Decimal
    charges: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal
    adjustments: tuple[Adjustment, ...] = ()
    vat_nok: Decimal | None = None
    notes: tuple[str, ...] = ()
    buyer_reference: str = ""
    order_reference: str = ""
    project_reference: str = ""
    contract_reference: str = ""
    accounting_reference: str = ""
    delivered_on: date | None = None
    period: tuple[date, date] | None = None
    deliver_to: Address | None = None
    credited_number: str = ""
    credited_on: date | None = None
    payment_id: str = ""
    account: str = ""
    bic: str = ""
    attachments: tuple[Attachment, ...] = ()

    @property
    def is_peppol(self) -> bool:
        """Both parties can be reached over Peppol; otherwise the document is plain EN 16931, as for a consumer."""
        return self.seller.endpoint is not None and self.buyer.endpoint is not None

    @property
    def customization(self) -> str:
        return PEPPOL if self.is_peppol else EN_16931
