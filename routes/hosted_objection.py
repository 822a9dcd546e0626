"""No more of these letters: from a reminder or an offer, by the customer or by their mail program (RFC 8058).

The address is the secret, so nobody signs in and no code is asked: saying no must be as easy as a click (Art. 21(4)).
"""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import restriction_desk
from actions.outcomes import NotFound
from domain.privacy.objection import CustomerPurpose
from models.queries.quotes import hosted_quote
from routes.guards import public
from routes.hosted import PRIVATE, found_invoice, in_languages
from routes.pages import Answer, AnyRequest, page, speak


class HostedObjectionController(Controller):
    @get("/i/{token:str}/objection", guards=[public], name="hosted.objection")
    async def show(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        found = await found_invoice(request, token)
        return _answer(request, f"/i/{token}", found.invoice.issued().seller.name)

    @post("/i/{token:str}/objection", guards=[public], status_code=200, name="hosted.object")
    async def object(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """No more reminders; a second time changes nothing."""
        found = await found_invoice(request, token)
        customer_id = found.invoice.row["customer_id"]
        await restriction_desk.object_by_letter(found.organisation_id, customer_id, CustomerPurpose.REMINDERS)
        return _answer(request, f"/i/{token}", found.invoice.issued().seller.name, is_noted=True)

    @get("/q/{token:str}/objection", guards=[public], name="hosted_quote.objection")
    async def show_offers(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        _, _, seller = await _quote(request, token)
        return _answer(request, f"/q/{token}", seller)

    @post("/q/{token:str}/objection", guards=[public], status_code=200, name="hosted_quote.object")
    async def object_to_offers(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """No more offers by e-mail."""
        organisation_id, customer_id, seller = await _quote(request, token)
        await restriction_desk.object_by_letter(organisation_id, customer_id, CustomerPurpose.OFFERS)
        return _answer(request, f"/q/{token}", seller, is_noted=True)


async def _quote(request: AnyRequest, token: str) -> tuple[UUID, UUID | None, str]:
    found = await hosted_quote(token)
    if found is None:
        raise NotFound
    document = found.quote.document()
    await speak(request, document.language)
    return found.organisation_id, found.quote.row["customer_id"], document.seller.name


def _answer(request: AnyRequest, back: str, seller: str, *, is_noted: bool = False) -> Answer:
    place = f"{back}/objection"
    answer = page(
        request, "hosted/objection.html", layout="layouts/public.html", seller=seller, back=back, place=place,
        is_noted=is_noted, **in_languages(request, place),
    )  # fmt: skip
    answer.headers.update(PRIVATE)
    return answer
