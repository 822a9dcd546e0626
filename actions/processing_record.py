"""The processor's record of processing (GDPR Art. 30(2)): one line for each company on whose behalf we work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from actions.instance import settings
from actions.tenants import open_organisations
from domain.privacy.record import processor_row
from models.queries.agreements import agreement_page


async def record() -> AsyncIterator[dict[str, str]]:
    """Each company's line, with its id, and the version of the data-processing agreement it has accepted."""
    async for organisation_id in open_organisations():
        yield await line_of(organisation_id)


async def line_of(organisation_id: UUID) -> dict[str, str]:
    """One company as its processor records it (GDPR Art. 30(2)), with the version it signed or ""."""
    party = await agreement_page(organisation_id)
    return {
        "company": str(organisation_id),
        **processor_row(party.name, party.organisation_number, party.email, settings(), str),
        "agreement": party.signed[0].version if party.signed else "",
    }
