"""The page of an invoice for its customer: no account, no cookie, only a secret link."""

from __future__ import annotations

from litestar import Controller, get
from litestar.params import FromPath

from actions import documents
from actions.clock import now
from actions.outcomes import NotFound
from domain.dates import today_in
from domain.payments import state_of
from models.queries.hosted import HostedInvoice, hosted_invoice
from routes.files import pdf_answer
from routes.guards import public
from routes.pages import Answer, AnyRequest, page


class HostedInvoiceController(Controller):
    path = "/i/{token:str}"

    @get("/", guards=[public], name="hosted.show")
    async def show(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        found = await _found(token)
        row = found.invoice.row
        today = today_in(found.time_zone, now())
        answer = page(
            request,
            "hosted/show.html",
            layout="layouts/public.html",
            document=found.invoice.issued(),
            row=row,
            state=state_of(row["open_amount"], row["due_on"], today),
            today=today,
            token=token,
            time_zone=found.time_zone,
        )
        answer.headers.update(_PRIVATE)
        return answer

    @get("/pdf", guards=[public], name="hosted.pdf")
    async def pdf(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        found = await _found(token)
        answer = await pdf_answer(
            request,
            await documents.rendered(found.organisation_id, found.invoice.id),
            f"faktura-{found.invoice.row['number']}",
        )
        answer.headers.update(_PRIVATE)
        return answer


async def _found(token: str) -> HostedInvoice:
    found = await hosted_invoice(token)
    if found is None:
        raise NotFound
    return found


# The address is the secret: it is kept out of caches, search engines and the Referer of other sites.
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
