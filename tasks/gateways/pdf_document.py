"""What a document shows, every figure already a string: the form in which it goes to the process that draws it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

DEFAULT_ACCENT = "#1f5c66"
ACCENT = re.compile(r"#[0-9a-f]{6}")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look:
    """What a company's documents look like: its colour, and its logo as the bytes of a PNG or JPEG picture."""

    accent: str = DEFAULT_ACCENT
    logo: bytes = b""


@dataclass(frozen=True, slots=True)
class PartyView:
    """`number` is the organisation number, or for a party abroad the VAT number if there is one."""

    name: str
    address: tuple[str, ...]
    number: str = ""
    is_norwegian: bool = True
    vat_registered: bool = False
    foretaksregisteret: bool = False
    legal_addition: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class LineView:
    description: tuple[str, ...]
    quantity: str
    unit: str
    price: str
    discount: str
    rate: str
    amount: str
    charge: str = ""
    charge_text: str = ""


@dataclass(frozen=True, slots=True)
class GroupView:
    category: str
    rate: str
    base: str
    vat: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """All that `templates/documents/invoice.html` may show. An empty string is left out with its heading."""

    number: str
    language: str
    currency: str
    issued_on: str
    due_on: str
    seller: PartyView
    buyer: PartyView
    lines: tuple[LineView, ...]
    groups: tuple[GroupView, ...]
    line_sum: str
    discount: str
    net: str
    vat: str
    gross: str
    kind: str = "invoice"
    is_draft: bool = False
    accent: str = DEFAULT_ACCENT
    logo: str = ""
    prices_include_vat: bool = False
    has_line_discounts: bool = False
    charge: str = ""
    charge_text: str = ""
    vat_nok: str = ""
    exchange_rate: str = ""
    # Who published the rate and for which day; empty when the seller typed it.
    rate_source: str = ""
    kid: str = ""
    account: str = ""
    iban: str = ""
    bic: str = ""
    delivered: str = ""
    delivery_place: str = ""
    your_reference: str = ""
    our_reference: str = ""
    order_number: str = ""
    project_reference: str = ""
    contract_reference: str = ""
    accounting_reference: str = ""
    note: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    # The names of the files that go with it.
    attachments: tuple[str, ...] = ()
    # The invoice that a credit note takes back, and its day.
    credited_number: str = ""
    credited_on: str = ""
    # Not on the pages: the day of issue in ISO 8601, and the same invoice as XML (Factur-X), empty for a draft.
    dated: str = "2000-01-01"
    factur_x: str = ""

    @property
    def is_credit_note(self) -> bool:
        return self.kind == "credit_note"

    def __post_init__(self) -> None:
        if not ACCENT.fullmatch(self.accent):
            raise ValueError("an accent colour is # and six lower-case hexadecimal digits")

    def to_bytes(self) -> bytes:
        """As JSON, the form in which a document goes to a worker."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> DocumentView:
        """The document that `to_bytes` wrote."""
        values = json.loads(data)
        values["seller"] = _restored(PartyView, values["seller"])
        values["buyer"] = _restored(PartyView, values["buyer"])
        values["lines"] = tuple(_restored(LineView, line) for line in values["lines"])
        values["groups"] = tuple(GroupView(**group) for group in values["groups"])
        return _restored(cls, values)


def _restored(kind: Callable[..., T], values: Mapping[str, Any]) -> T:
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
