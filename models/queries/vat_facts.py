"""What the editor needs to know for VAT besides the draft: which products are goods."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from models.unit_of_work import Work


async def kinds_of(work: Work, products: Iterable[UUID]) -> dict[UUID, bool]:
    """Of each product of this company: is it goods?"""
    rows = await work.connection.fetch(_KINDS, work.organisation_id, list(products))
    return {row["id"]: row["supply"] == "goods" for row in rows}


_KINDS = "select id, supply from product where organisation_id = $1 and id = any($2)"
