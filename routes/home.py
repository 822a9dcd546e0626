"""The first page of somebody signed in: what needs them, then how the money goes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from actions.clock import now
from models.queries.home import home
from routes.actor import actor_of
from routes.pages import Answer, AnyRequest, page, see_other


async def home_page(request: AnyRequest) -> Answer:
    """The home page, or the form for a first company."""
    actor = actor_of(request)
    assert actor is not None
    if actor.organisation_id is None:
        return see_other(request, "/companies/new")
    found = await home(actor.organisation_id, now())
    hour = now().astimezone(ZoneInfo(found.time_zone)).hour
    return page(request, "home/index.html", home=found, hour=hour, time_zone=found.time_zone)
