"""The e-invoice of an issued invoice: to download, for the company and for its customer, and to ask for anew."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import einvoices, transmissions
from actions.outcomes import NotFound
from domain.access import Permission
from models.ids import id_in_or_new
from models.queries.einvoices import einvoice_file
from models.queries.hosted import hosted_invoice
from routes.actor import member_of
from routes.files import xml_answer
from routes.forms.base import read_form
from routes.guards import may, public
from routes.hosted import PRIVATE
from routes.pages import Answer, AnyRequest, see_other


class EInvoiceController(Controller):
    path = "/invoices/{invoice_id:uuid}/einvoice"

    @get("/{name:str}", guards=[may(Permission.READ)], name="einvoices.show")
    async def show(self, request: AnyRequest, invoice_id: FromPath[UUID], name: FromPath[str]) -> Answer:
        """The XML at the invoice's number, such as 2026-8.xml, to be saved as Faktura-2026-8-Fjordlys.xml."""
        return await _file(request, member_of(request).organisation_id, invoice_id, name)

    @post("/", guards=[may(Permission.ISSUE)], status_code=200, name="einvoices.make")
    async def make(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """Have it made, for an invoice that has none."""
        who = member_of(request)
        await einvoices.make_again(who.organisation_id, who.person_id, invoice_id)
        return see_other(request, f"/invoices/{invoice_id}", "einvoice-queued")

    @post("/transmissions", guards=[may(Permission.ISSUE)], status_code=200, name="einvoices.send")
    async def send(self, request: AnyRequest, invoice_id: FromPath[UUID]) -> Answer:
        """Send it over the e-invoice network, again or for the first time."""
        who, data = member_of(request), await read_form(request)
        key = id_in_or_new(data.get("transmission_id"))
        is_sent = await transmissions.send_again(who.organisation_id, who.person_id, invoice_id, key)
        return see_other(request, f"/invoices/{invoice_id}", "einvoice-sent" if is_sent else "einvoice-stays")


class HostedEInvoiceController(Controller):
    path = "/i/{token:str}/einvoice"

    @get("/{name:str}", guards=[public], name="hosted.einvoice")
    async def show(self, request: AnyRequest, token: FromPath[str], name: FromPath[str]) -> Answer:
        """The same file for whoever has the invoice's secret link."""
        found = await hosted_invoice(token)
        if found is None:
            raise NotFound
        answer = await _file(request, found.organisation_id, found.invoice.id, name)
        answer.headers.update(PRIVATE)
        return answer


async def _file(request: AnyRequest, organisation_id: UUID, invoice_id: UUID, name: str) -> Answer:
    found = await einvoice_file(organisation_id, invoice_id)
    if found is None or f"{found.number}.xml" != name:
        raise NotFound
    return await xml_answer(request, found.file, found.name)
