"""A company with one of everything, for tests that go through all routes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

from actions import corrections, customer_requests, holds, inbox, invitations, plans, quote_letters, quotes, requests
from actions.attachments import Sent
from actions.clock import now
from actions.customer_passes import Opened
from actions.customer_requests import Asked
from actions.holds import Hold
from actions.invoices import issue
from actions.payments import PaymentEntry, register
from actions.plans import Terms
from actions.security_log import Client
from domain.access import Role
from domain.draft import DraftLine
from domain.privacy.requests import Kind
from domain.recurring import Rhythm
from models.ids import new_id
from models.queries.inbox import document_page
from models.queries.invoices import stored
from models.unit_of_work import reading, unit_of_work
from tests.actions.making import TODAY, first_save, line, saved
from tests.actions.making import draft as making
from tests.attaching import CSV_FILE, attach
from tests.receiving import read_inside
from tests.world import Company, World

SAMPLE = Path(__file__).parent.parent / "domain/einvoice/samples/ehf-ok-NO-4rates.xml"
# Stands in every text of a furnished company, so that a leak is seen wherever it happens.
CANARY = "Zqkanari"


@dataclass(frozen=True, slots=True)
class Furnished:
    """The company and the ids of what it has."""

    company: Company
    customer_id: UUID
    product_id: UUID
    draft_id: UUID
    line_id: UUID
    issued_id: UUID
    payment_id: UUID
    document_id: UUID
    file_id: UUID
    quote_draft_id: UUID
    quote_id: UUID
    plan_id: UUID
    asked_id: UUID = field(default_factory=new_id)
    customer_request_id: UUID = field(default_factory=new_id)
    hold_id: UUID = field(default_factory=new_id)
    on_draft_id: UUID = field(default_factory=new_id)
    on_issued_id: UUID = field(default_factory=new_id)
    member_id: UUID = field(default_factory=new_id)
    invitation_id: UUID = field(default_factory=new_id)

    def _draft_of(self, route: str) -> UUID:
        if "/quotes" in route:
            return self.quote_draft_id
        return self.plan_id if "/plans" in route else self.draft_id

    def _file_of(self, route: str) -> UUID:
        if "/invoices" not in route:
            return self.file_id
        return self.on_draft_id if route.endswith("/removal") else self.on_issued_id

    def path(self, route: str) -> str:
        """The route's path with this company's ids in it."""
        of_draft = route.endswith(("/issuance", "/deletion", "/restoration", "/files", "{file_id:uuid}/removal"))
        values = {
            "invoice_id": self.draft_id if of_draft else self.issued_id,
            "draft_id": self._draft_of(route),
            "plan_id": self.plan_id,
            "quote_id": self.quote_draft_id if of_draft else self.quote_id,
            "customer_id": self.customer_id,
            "product_id": self.product_id,
            "payment_id": self.payment_id,
            "request_id": self.customer_request_id if route.startswith("/requests") else self.asked_id,
            "document_id": self.document_id,
            "file_id": self._file_of(route),
            "hold_id": self.hold_id,
            "member_id": self.member_id,
            "invitation_id": self.invitation_id,
            "organisation_id": self.company.id,
            "breach_id": self.document_id,  # there is no such breach
            "line_id": self.line_id,
            "kind": "csv",
            "number": "0",
            "file_path": "css/base.css",
        }
        return re.sub(r"{(\w+):\w+}", lambda match: str(values.get(match[1], "nothing")), route)


async def furnish(world: World) -> Furnished:
    company = await world.company(name=f"{CANARY} Selger", email="kanari@selger.example")
    customer = await world.customer(company, name=f"{CANARY} Kunde", notes=f"{CANARY} notat")
    product_id = new_id()
    async with unit_of_work(company.id, company.person_id) as work:
        await work.connection.execute(
            "insert into product (organisation_id, id, name, name_key, unit, unit_price, currency, vat_treatment, "
            "version, created_at, changed_at) "
            "values ($1, $2, $3, 'zqkanari', 'C62', 10, 'NOK', 'standard', 1, now(), now())",
            company.id, product_id, f"{CANARY} vare",
        )  # fmt: skip
        await corrections.note(work, {"name": f"{CANARY} før"}, {"name": f"{CANARY} Kunde"}, customer_id=customer)
        await corrections.note(work, {"name": f"{CANARY} før"}, {"name": f"{CANARY} Selger"})
        await corrections.note_own(work, company.person_id, {"name": f"{CANARY} før"}, {"name": "Kari Nordmann"})
    draft = await saved(company, customer, line("100"), note=CANARY)
    (on_draft,) = await attach(company, draft.id, Sent(f"{CANARY}.csv", CSV_FILE))
    with_file = await saved(company, customer, line("200"), note=CANARY)
    (on_issued,) = await attach(company, with_file.id, Sent(f"{CANARY}.csv", CSV_FILE))
    done = await issue(company.id, company.person_id, with_file.id, None, None, False)
    entry = PaymentEntry(new_id(), Decimal(10), TODAY, CANARY)
    await register(company.id, company.person_id, done.invoice_id, entry)
    async with reading(company.id) as work:
        found = await stored(work, draft.id)
    assert found is not None
    document_id, file_id = await received(company, CANARY)
    hold = Hold(new_id(), "invoice", f"{CANARY} sak", subject_id=done.invoice_id)
    await holds.put(company.id, company.person_id, hold)
    line_id = found.lines[0]["id"]
    offered, sent = await quotes_of(company, customer, replace(line("100"), id=line_id), note=CANARY)
    return Furnished(
        company, customer, product_id, draft.id, line_id, done.invoice_id, entry.id, document_id, file_id, offered, sent,
        await plan_of(company, customer, replace(line("100"), id=line_id), note=CANARY),
        (await requests.ask(company.person_id, Kind.OTHER, CANARY)).id,
        (await customer_requests.file(
            Opened(company.id, done.invoice_id, "kunde@selger.example", "nb"), Asked(Kind.DELETION, CANARY)
        )).id,
        hold_id=hold.id,
        on_draft_id=on_draft,
        on_issued_id=on_issued,
        member_id=(await world.member(company, Role.VIEWER, name=f"{CANARY} Kollega"))[0],
        invitation_id=await invited(company, f"{CANARY.lower()}@nykollega.example"),
    )  # fmt: skip


async def invited(company: Company, email: str, role: Role = Role.BOOKKEEPER) -> UUID:
    """Somebody who is asked to join; the letter waits for the worker."""
    client = Client(f"10.{company.id.bytes[-1]}.{company.id.bytes[-2]}.1", "Firefox, Linux")
    await invitations.invite(company.id, company.person_id, email, role, client)
    async with reading(company.id) as work:
        invitation_id: UUID = await work.connection.fetchval(
            "select id from invitation where organisation_id = $1 and email = $2", company.id, email
        )
    return invitation_id


async def received(company: Company, name: str) -> tuple[UUID, UUID]:
    """An e-invoice in the inbox from a supplier called `name`, and the file it came as."""
    document_id = new_id()
    xml = SAMPLE.read_text(encoding="utf-8").replace("Selger", escape(name))
    sent = inbox.Sent(document_id, f"{name}.xml", xml.encode())
    with read_inside():
        assert await inbox.receive(company.id, company.person_id, sent) is None
    found = await document_page(company.id, document_id, now())
    assert found is not None
    return document_id, found.original.id


async def plan_of(company: Company, customer: UUID, one: DraftLine, **values: Any) -> UUID:
    """A plan of recurring invoices with that line, which begins later."""
    plan = making(customer, one, **values)
    await plans.save(company.id, company.person_id, plan, first_save())
    terms = Terms(Rhythm("month", 1, TODAY + timedelta(days=9)), False)
    await plans.start(company.id, company.person_id, plan.id, terms)
    return plan.id


async def quotes_of(company: Company, customer: UUID, one: DraftLine, **values: Any) -> tuple[UUID, UUID]:
    """The draft of a quote and one that was sent, both with that line."""
    ends = TODAY + timedelta(days=9)
    offered, sent = (making(customer, one, valid_until=ends, **values) for _ in range(2))
    await quotes.save(company.id, company.person_id, offered, first_save())
    await quote_letters.send(company.id, company.person_id, sent.id, sent, first_save())
    return offered.id, sent.id
