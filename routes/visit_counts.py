"""For who runs the installation: sums of visits with nobody in them, and whether the proof of consent is whole."""

from __future__ import annotations

from datetime import timedelta

from litestar import Controller, get

from actions import consent_proof, visits
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
        kept, fault = (await consent_proof.kept(), await consent_proof.fault()) if is_on else (0, None)
        return page(
            request, "operator/visits.html", counts=counts, days=DAYS, is_on=is_on, kept=kept, fault=fault
        )  # fmt: skip
