"""Any invoice, taken back in any parts: each credit note passes every rule of e-invoices."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.credit import Credit, Left, Wanted, credit, everything, left_of
from domain.einvoice import ubl, ubl_rules
from domain.einvoice.reading import document_of
from domain.einvoice.rules import findings
from domain.invoice import Credited, Issued, legal_text_codes, legal_texts
from domain.refusals import Refused
from tests.domain import sample
from tests.domain.einvoice.documents import documents
from tests.domain.einvoice.judge import Judge
from tests.examples import examples

PARTS = 3


def wanted_of(left: Left, chance: Random, is_last: bool) -> dict[UUID, Wanted]:
    """Everything at last; before that some lines, whole or by an amount."""
    if is_last:
        return everything(left)
    smallest = 1 if left.invoice.currency == "JPY" else 100
    return {
        line.id: Wanted(quantity=line.quantity)
        if chance.random() < 0.5
        else Wanted(amount=Decimal(chance.randint(1, 500)) / smallest)
        for line in left.lines
        if not line.is_nothing and chance.random() < 0.6
    }


def note_of(invoice: Issued, made: Credit) -> Issued:
    """The credit note as it is frozen (actions.credits)."""
    lines = tuple(
        replace(
            line.source, position=position, quantity=line.total.line.quantity, unit=line.unit,
            unit_price=line.total.line.unit_price, discount_percent=line.total.line.discount_percent,
            discount=line.total.discount, net=line.total.net, net_shown=line.total.net_shown,
            charge=line.total.line.charge, id=UUID(int=position + 100), credits_line_id=line.source.id,
            credits_quantity=line.taken,
        )
        for position, line in enumerate(made.lines, start=1)
    )  # fmt: skip
    said = sample.draft(*(sample.line(treatment=line.treatment) for line in lines), language=invoice.language)
    return replace(
        invoice, kind="credit_note", number="9", lines=lines, totals=made.totals, discount=made.discount,
        charge=made.charge, kid="", vat_nok=made.vat_nok, credits=Credited(invoice.number, invoice.issued_on),
        texts=legal_texts(said, invoice.seller.country), text_codes=legal_text_codes(said),
    )  # fmt: skip


@settings(max_examples=examples(60), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(documents(), st.randoms(use_true_random=False))
def test_every_credit_note_passes_the_schema_en_16931_and_our_rules(
    judge: Judge, invoice: Issued, chance: Random
) -> None:
    invoice = replace(
        invoice, kind="invoice", credits=None,
        lines=tuple(replace(line, id=UUID(int=line.position)) for line in invoice.lines),
    )  # fmt: skip
    notes: list[Issued] = []
    for part in range(PARTS):
        left = left_of(invoice, notes)
        if left.is_nothing:
            break
        is_last = part == PARTS - 1
        try:
            made = credit(left, wanted_of(left, chance, is_last), left.charge if is_last else Decimal(0))
        except Refused:  # nothing chosen, or more of an amount than is left
            continue
        notes.append(note_of(invoice, made))
        document = document_of(notes[-1])
        xml = ubl.write(document)
        assert findings(document) == ()
        assert ubl_rules.findings(ubl_rules.parsed(xml)) == ()
        assert judge.broken(xml) == []
