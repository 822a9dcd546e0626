"""The page of an invoice for its customer: no account, no cookie, only a secret link."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath
from markupsafe import Markup

from actions import documents, files
from actions.clock import now
from actions.outcomes import NotFound
from domain.dates import today_in
from domain.invoice import Issued
from domain.languages import LANGUAGES
from domain.payments import state_of
from models.queries.hosted import HostedInvoice, hosted_invoice
from routes.explanation import explanation
from routes.files import enclosed_answer, pdf_answer
from routes.guards import public
from routes.i18n import asked_in_address, language_of, translator
from routes.logo import SANDBOX
from routes.pages import Answer, AnyRequest, page, speak
from routes.payment_code import payment_code


class HostedInvoiceController(Controller):
    path = "/i/{token:str}"

    @get("/", guards=[public], name="hosted.show")
    async def show(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        found = await found_invoice(request, token)
        document, row = found.invoice.issued(), found.invoice.row
        today = today_in(found.time_zone, now())
        answer = page(
            request,
            "hosted/show.html",
            layout="layouts/public.html",
            document=document,
            row=row,
            state=state_of(row["open_amount"], row["due_on"], today, row["state"]),
            today=today,
            token=token,
            logo=f"/i/{token}/logo" if row["logo_sha256"] else None,
            code=_code(request, document, row["open_amount"]),
            time_zone=found.time_zone,
            has_einvoice=found.has_einvoice,
            **in_languages(request, f"/i/{token}"),
        )
        answer.headers.update(PRIVATE)
        return answer

    @get("/explanation", guards=[public], name="hosted.explanation")
    async def explanation(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """How each figure came about."""
        found = await found_invoice(request, token)
        languages = in_languages(request, f"/i/{token}/explanation")
        back = f"/i/{token}{languages['asked']}"
        answer = explanation(request, found.invoice, back, layout="layouts/public.html", **languages)
        answer.headers.update(PRIVATE)
        return answer

    @get("/pdf", guards=[public], name="hosted.pdf")
    async def pdf(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        found = await found_invoice(request, token)
        answer = await pdf_answer(request, await documents.rendered(found.organisation_id, found.invoice.id))
        answer.headers.update(PRIVATE)
        return answer

    @get("/files/{file_id:uuid}", guards=[public], name="hosted.file")
    async def file(self, request: AnyRequest, token: FromPath[str], file_id: FromPath[UUID]) -> Answer:
        """A file that goes with the invoice."""
        found = await found_invoice(request, token)
        file = next((one for one in found.invoice.attachments() if one.id == file_id), None)
        if file is None:
            raise NotFound
        answer = await enclosed_answer(request, found.organisation_id, file)
        answer.headers.update(PRIVATE)
        return answer

    @get("/logo", guards=[public], name="hosted.logo")
    async def logo(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """The logo as it was when the invoice was issued."""
        found = await found_invoice(request, token)
        if found.invoice.row["logo_sha256"] is None:
            raise NotFound
        picture = await files.get(found.organisation_id, found.invoice.row["logo_sha256"])
        headers = {**PRIVATE, "Cache-Control": "private, max-age=86400", "Content-Security-Policy": SANDBOX}
        return Response(picture, media_type="image/png", headers=headers)


def _code(request: AnyRequest, document: Issued, open_amount: Decimal) -> Markup | None:
    """The code to scan for what is still open."""
    words = translator(language_of(request)).gettext
    return payment_code(
        document.seller.name,
        document.iban,
        document.bic,
        open_amount,
        document.currency,
        document.kid or words("Invoice %(number)s") % {"number": document.number},
        words("Code to scan with the app of your bank"),
    )


def in_languages(request: AnyRequest, place: str) -> dict[str, Any]:
    """What a page for customers needs to offer the languages of documents; `asked` is the query that keeps the choice."""
    asked = asked_in_address(request)
    return {
        "document_place": place,
        "own_names": {each.code: each.own for each in LANGUAGES.values()},
        "asked": f"?language={asked}" if asked else "",
    }


async def found_invoice(request: AnyRequest, token: str) -> HostedInvoice:
    """The invoice of the address; the answer will be in its language."""
    found = await hosted_invoice(token)
    if found is None:
        raise NotFound
    await speak(request, found.invoice.row["language"])
    return found


# The address is the secret: it is kept out of caches, search engines and the Referer of other sites.
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
