"""A finished invoice to write letters about, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from domain.invoice import Issued, Party
from domain.totals import Totals
from tasks.letters import Envelope

LINK = "https://faktura.example.no/i/" + "x" * 43
PDF = b"%PDF-1.7 not a real one"

TOTALS = Totals(
    lines=(),
    groups=(),
    line_sum=Decimal("10000.40"),
    discount=Decimal(0),
    net=Decimal("10000.40"),
    vat=Decimal("2500.10"),
    gross=Decimal("12500.50"),
    currency="NOK",
    prices_include_vat=False,
    shown_line_sum=Decimal("10000.40"),
    shown_discount=Decimal(0),
)
INVOICE = Issued(
    number="1042",
    series_year=0,
    counter=1042,
    issued_on=date(2026, 11, 23),
    due_on=date(2026, 12, 7),
    seller=Party(name="Blåtind & Sønn AS", email="post@blatind.example"),
    buyer=Party(name="Nordlys AS", email="post@nordlys.example"),
    lines=(),
    totals=TOTALS,
    currency="NOK",
    language="nb",
    prices_include_vat=False,
    kid="0010424",
    bank_account="86011117947",
)
ENVELOPE = Envelope(
    sent_from="SmartFaktura <faktura@example.no>",
    recipient="post@nordlys.example",
    message_id="<0199-abc@example.no>",
    at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    reply_to="post@blatind.example",
)


def invoice(**changes: Any) -> Issued:
    return replace(INVOICE, **changes)
