"""The sample company's inbox: an unpaid e-invoice, an overdue one with a wrong sum, and a credit note that is settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from actions import inbox, supplier_documents
from domain.einvoice import cii, ubl
from domain.einvoice.document import FORETAKSREGISTERET, Address, EDocument, EGroup, ELine, EParty, Identifier
from models.ids import new_id

_BUYER = EParty("Eksempel Design AS", Address("Strandgaten 1", "", "Bergen", "5013"))


async def fill(organisation_id: UUID, person_id: UUID, last: date, at: Callable[[date], None]) -> None:
    """Receive three documents on days before `last`; `at` moves the clock to a day."""
    power = _invoice(
        "Prøvekraft AS", "974760673", "88213", last - timedelta(days=9), "Strøm oktober", "1840", "1.0725"
    )
    paper = _invoice(
        "Papirgrossisten Eksempel AS", "985399077", "F-2207", last - timedelta(days=40), "Papir A4", "24", "189"
    )
    wrong = replace(paper, gross=paper.gross + 100)
    back = replace(
        _invoice("Prøvekraft AS", "974760673", "88190", last - timedelta(days=20), "Strøm, rettet", "100", "1.0725"),
        is_credit_note=True, credited_number="88102", credited_on=last - timedelta(days=50),
    )  # fmt: skip
    for document, write in ((wrong, ubl.write), (back, ubl.write), (power, cii.write)):
        at(document.issued_on)
        sent = inbox.Sent(new_id(), f"faktura-{document.number}.xml", write(document))
        assert await inbox.receive(organisation_id, person_id, sent) is None
        if document is back:
            await supplier_documents.mark_paid(organisation_id, person_id, sent.id, document.issued_on)


def _invoice(
    name: str, number: str, invoice: str, issued_on: date, what: str, quantity: str, price: str
) -> EDocument:
    net = (Decimal(quantity) * Decimal(price)).quantize(Decimal("0.01"))
    vat = (net / 4).quantize(Decimal("0.01"))
    registered = Identifier(number, "0192")
    seller = EParty(
        name,
        Address("Prøveveien 2", "", "Oslo", "0150"),
        registered,
        registered,
        f"NO{number}MVA",
        FORETAKSREGISTERET,
    )
    line = ELine("1", what, "", Decimal(quantity), "C62", Decimal(price), net, "S", Decimal(25))
    return EDocument(
        is_credit_note=False, number=invoice, issued_on=issued_on, due_on=issued_on + timedelta(days=14),
        currency="NOK", seller=seller, buyer=_BUYER, lines=(line,), groups=(EGroup("S", Decimal(25), net, vat),),
        line_sum=net, allowances=Decimal(0), charges=Decimal(0), net=net, vat=vat, gross=net + vat,
        buyer_reference="Kontoret", delivered_on=issued_on, payment_id="000882135", account="86011117947",
    )  # fmt: skip
