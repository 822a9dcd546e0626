"""Letting go of requests: three years after they were closed their content goes, and what only counts stays.

A visitor's request whose address nobody proved goes whole after thirty days: it may name somebody who never asked.
"""

from __future__ import annotations

from uuid import UUID

from actions.clock import now
from actions.tenants import organisations
from domain.privacy.classification import Retention
from domain.privacy.retention import PERIODS, REQUEST_CONTENT, UNPROVEN_REQUEST
from models.unit_of_work import reading, unit_of_work


async def count() -> tuple[int, int]:
    """(how many requests are due, how many there are)."""
    moment = now()
    async with reading(None) as work:
        row = await work.connection.fetchrow(_COUNT_OURS, moment - REQUEST_CONTENT, moment - UNPROVEN_REQUEST)
    due, total = row["due"], row["total"]
    async for organisation_id in organisations():
        async with reading(organisation_id) as work:
            row = await work.connection.fetchrow(_COUNT_THEIRS, organisation_id, moment - REQUEST_CONTENT)
        due, total = due + row["due"], total + row["total"]
    return due, total


async def purge() -> int:
    """Empty what is due, and delete what nobody proved. Twice is as once."""
    gone = await purge_ours()
    async for organisation_id in organisations():
        gone += await purge_company(organisation_id)
    return gone


async def purge_ours() -> int:
    """Requests to SmartFaktura."""
    moment = now()
    async with unit_of_work(None) as work:
        emptied = await work.connection.fetch(_EMPTY_OURS, moment - REQUEST_CONTENT, moment)
        unproven = await work.connection.fetch(_UNPROVEN, moment - UNPROVEN_REQUEST)
    return len(emptied) + len(unproven)


async def purge_company(organisation_id: UUID) -> int:
    """Requests to one business."""
    moment = now()
    async with unit_of_work(organisation_id) as work:
        rows = await work.connection.fetch(_EMPTY_THEIRS, organisation_id, moment - REQUEST_CONTENT, moment)
        for row in rows:
            work.audit("request.emptied", "customer_request", row["id"])
    return len(rows)


async def purge_passes() -> int:
    """Codes to privacy pages, seven days after they were asked for."""
    gone = 0
    async for organisation_id in organisations():
        async with unit_of_work(organisation_id) as work:
            rows = await work.connection.fetch(_PASSES, organisation_id, now() - PERIODS[Retention.SHORT])
        gone += len(rows)
    return gone


_DUE = "closed_at < {} and emptied_at is null"
_COUNT_OURS = f"""
select count(*) filter (where {_DUE.format("$1")} or identity = 'unproven' and received_at < $2) as due,
    count(*) as total from rights_request
"""  # noqa: S608 - our own words
_COUNT_THEIRS = f"""
select count(*) filter (where {_DUE.format("$2")}) as due, count(*) as total from customer_request
where organisation_id = $1
"""  # noqa: S608 - our own words
# The reference goes too: it stands in letters that the person may still have.
_EMPTY_OURS = f"""
update rights_request set emptied_at = $2, person_id = null, company_id = null, handled_by = null, email = '', text = '',
    extension_reason = '', reasons = '', letters = '[]', subject = '', reference = right(id::text, 20), token_hash = null
where {_DUE.format("$1")} returning id
"""  # noqa: S608 - our own words
_EMPTY_THEIRS = f"""
update customer_request set emptied_at = $3, invoice_id = null, quote_id = null, customer_id = null, handled_by = null,
    name = '', email = '', text = '', proposed = '{{}}', extension_reason = '', reasons = '', letters = '[]',
    subject = '', reference = right(id::text, 20)
where organisation_id = $1 and {_DUE.format("$2")} returning id
"""  # noqa: S608 - our own words
_UNPROVEN = "delete from rights_request where identity = 'unproven' and received_at < $1 returning id"
_PASSES = "delete from customer_pass where organisation_id = $1 and created_at < $2 returning id"
