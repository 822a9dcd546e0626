"""What a company was told by who runs the service: breaches (GDPR Art. 33(2)) and processors (Art. 28(2))."""

from __future__ import annotations

from litestar import Controller, get

from domain.access import Permission
from models.queries.breaches import notices_of
from routes.actor import member_of
from routes.guards import may
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, page


class NoticeController(Controller):
    @get("/company/notices", guards=[may(Permission.READ)], name="notices.list")
    async def index(self, request: AnyRequest) -> Answer:
        tongue = "nb" if language_of(request) == "nb" else "en"
        notices = await notices_of(member_of(request).organisation_id)
        return page(request, "companies/notices.html", notices=notices, tongue=tongue)
