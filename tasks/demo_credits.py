"""The credit notes of the sample company: one of the whole, one of a part, and one of what was paid already."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from actions import credits
from actions.credits import Crediting
from domain.credit import Wanted, everything, left_of
from models.ids import new_id
from models.queries.invoices import StoredInvoice, stored
from models.unit_of_work import reading


async def fill(organisation_id: UUID, person_id: UUID) -> None:
    """Credit the newest invoices that suit, on the day that it is."""
    for which, part, reason in _CREDITED:
        async with reading(organisation_id) as work:
            invoice_id = await work.connection.fetchval(which, organisation_id)
            found = await stored(work, invoice_id) if invoice_id else None
        if found is not None:
            asked = Crediting(new_id(), _wanted(found, part), reason=reason)
            await credits.issue(organisation_id, person_id, found.id, asked, send=False)


def _wanted(found: StoredInvoice, part: bool) -> dict[UUID, Wanted]:
    left = left_of(found.issued(), ())
    if not part:
        return everything(left)
    first = left.lines[0]
    return {first.id: Wanted(amount=(first.amount / 4).quantize(Decimal(1)))}


_NEWEST = """
select id from invoice where organisation_id = $1 and state = '{state}' and kind = 'invoice' and credited_amount = 0
and currency = 'NOK' order by listed_at desc, id desc limit 1
"""
_CREDITED = (
    (_NEWEST.format(state="open"), False, "Fakturaen gikk til feil kunde."),
    (_NEWEST.format(state="open"), True, "Avtalt prisavslag."),
    (_NEWEST.format(state="paid"), False, "Oppdraget ble avlyst."),
)
