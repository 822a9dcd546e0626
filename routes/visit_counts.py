"""Usage statistics for who runs the installation: sums, and nobody in them."""

from __future__ import annotations

from datetime import timedelta

from litestar import Controller, get

from actions import visits
from actions.instance import settings
from models.queries.consents import page_counts
from routes.guards import operator
from routes.pages import Answer, AnyRequest, page

DAYS = 30


class VisitCountController(Controller):
    path = "/operator/visits"
    guards = (operator,)

    @get("/", name="visit_counts.show")
    async def show(self, request: AnyRequest) -> Answer:
        is_on = settings().statistics
        counts = await page_counts(visits.today() - timedelta(days=DAYS)) if is_on else []
        return page(request, "operator/visits.html", counts=counts, days=DAYS, is_on=is_on)
