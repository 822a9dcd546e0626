"""The desks of who runs the installation. None of them shows data of a company."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Controller, get

from actions.clock import now
from domain.marking import N_
from models.queries.breaches import newest_entries
from models.queries.requests import waiting
from routes.guards import operator
from routes.pages import Answer, AnyRequest, page


@dataclass(frozen=True, slots=True)
class Desk:
    """One card of the page: where it leads, its name and what is done there (msgids), and its icon."""

    path: str
    name: str
    what: str
    icon: str


DESKS: tuple[Desk, ...] = (
    Desk(
        "/operator/requests", N_("Requests about personal data"), N_("What people ask us about their data"), "users"
    ),
    Desk("/operator/breaches", N_("Breaches"), N_("The register, and the 72 hours"), "alert-triangle"),
    Desk(
        "/privacy/processors",
        N_("Who receives data"),
        N_("The list that follows the settings of the server"),
        "users",
    ),
    Desk("/operator/visits", N_("Visits"), N_("What is used most, where statistics are switched on"), "bar-chart"),
    Desk("/privacy/record", N_("Record of processing"), N_("What an authority asks for first"), "file-text"),
)


class OperatorController(Controller):
    path = "/operator"
    guards = (operator,)

    @get(name="operator.show")
    async def show(self, request: AnyRequest) -> Answer:
        running = [entry for entry in await newest_entries() if entry.breach.is_open]
        count, first = await waiting(now())
        return page(
            request, "operator/index.html", desks=DESKS, running=running, now=now(), waiting=count, first=first
        )
