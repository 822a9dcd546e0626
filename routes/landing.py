"""`/`: what SmartFaktura is, for a visitor; the home page for somebody who is signed in."""

from __future__ import annotations

from litestar import Controller, get

from routes.actor import actor_of
from routes.guards import public
from routes.pages import Answer, AnyRequest
from routes.public_page import public_page


class LandingController(Controller):
    @get("/", guards=[public], name="landing")
    async def show(self, request: AnyRequest) -> Answer:
        if actor_of(request) is None:
            return public_page(request, "landing/page.html")
        # Imported late: the home page knows invoices and payments, which a visitor never loads.
        from routes.home import home_page

        return await home_page(request)
