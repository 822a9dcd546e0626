"""What the country of the reader's company makes of the privacy pages (check P-40)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions.clock import now
from domain.privacy.accounting import Law, kept_until, law_of
from domain.privacy.authorities import Authority, authority_of
from models.queries.company_country import country_of
from routes.actor import actor_of
from routes.i18n import language_of
from routes.pages import AnyRequest


@dataclass(frozen=True, slots=True)
class OwnCountry:
    """`name` in the reader's language; `until` is how long an invoice of today is kept."""

    name: str
    law: Law
    authority: Authority
    until: date


async def own_country(request: AnyRequest) -> OwnCountry | None:
    """For a member of a company, in one statement; None for everybody else, who costs none."""
    actor = actor_of(request)
    if actor is None or actor.organisation_id is None:
        return None
    country, last_month = await country_of(actor.organisation_id)
    return OwnCountry(
        _name(country, language_of(request)),
        law_of(country),
        authority_of(country),
        kept_until(now().date(), country, last_month),
    )


def _name(country: str, language: str) -> str:
    from babel import Locale

    return str(Locale.parse(language).territories.get(country, country))
