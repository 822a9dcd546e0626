"""E-invoices through an access point: queued with their cause, handed over by a job, followed until they are there, and
sent by e-mail instead when the network does not want them. Nothing is called sent before the access point took it."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from actions import deliveries
from actions.clock import now
from actions.instance import settings
from actions.outcomes import NotFound
from actions.restrained import permit_document
from domain.delivery import Problem
from domain.einvoice import addresses
from domain.ladder import Rung, first_rung, is_under_way
from domain.party import Party
from domain.privacy.restriction import Operation
from domain.refusals import Refused
from models.ids import new_id
from models.queries.einvoices import EInvoiceView, einvoice_in
from models.queries.parties import Buyer
from models.queries.restrictions import TRANSMISSION_HELD
from models.together import Part
from models.unit_of_work import Work, unit_of_work

JOB, FOLLOW = "transmit_einvoice", "follow_transmission"
FIRST_LOOK = timedelta(seconds=30)
MOST_IN_A_DAY = 5  # of one invoice, by hand


def rung_of(customer: Buyer) -> Rung:
    """Where the ladder begins for this customer, in this installation."""
    return first_rung(
        customer.delivery,
        is_business=customer.is_business,
        has_address=addresses.endpoint(customer.party) is not None,
        has_network=settings().access_point_url is not None,
    )


def queueing(work: Work, invoice_id: UUID, customer: Buyer) -> Part | None:
    """Queues the invoice on the ladder's first rung, in the unit of work that issues it; None when that is paper.

    To be sent together with others; that the invoice says so is left to the caller. Raises as deliveries.queue.
    """
    rung = rung_of(customer)
    if rung == "email":
        return deliveries.queueing(work, invoice_id, customer.party.email, new_id())
    return _queueing(work, invoice_id, customer) if rung == "einvoice" else None


def _queueing(work: Work, invoice_id: UUID, customer: Buyer) -> Part:
    recipient, transmission_id = _address(customer.party), new_id()
    work.enqueue(JOB, _payload(work, transmission_id))
    work.audit("transmission.queued", "invoice", invoice_id, ["delivery_state"])
    return Part("transmitted", _QUEUE, (work.organisation_id, transmission_id, invoice_id, recipient, now()))


async def send_again(organisation_id: UUID, person_id: UUID, invoice_id: UUID, transmission_id: UUID) -> bool:
    """Send an issued invoice over the network, again or for the first time, to the buyer that stands on it.

    `transmission_id` comes with the form and is the idempotency key, so a double click sends one; what is under way
    already is not sent beside it. False, and nothing is done, when it can not travel or went five times in a day.
    Raises NotFound, and Locked when the customer or the document is restricted and no exception was made.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        row = await work.connection.fetchrow(_LAST, organisation_id, invoice_id, now(), transmission_id)
        if row is None:
            raise NotFound
        buyer = Party.from_json(json.loads(row["buyer"]))
        if row["known"] or not can_travel(buyer, await einvoice_in(work, invoice_id)):
            return bool(row["known"])
        if row["state"] and is_under_way(row["state"], row["handed_over_at"], now()):
            return True
        if row["recent"] >= MOST_IN_A_DAY:
            return False
        await permit_document(work, invoice_id, Operation.SEND, used_on=invoice_id)
        await _send(work, invoice_id, _address(buyer), transmission_id)
        return True


def can_travel(buyer: Party, einvoice: EInvoiceView | None) -> bool:
    """Could the e-invoice of an issued invoice go over the network? There must be an access point, an address, and an
    e-invoice that is EHF, or is still being made."""
    if einvoice is None or not einvoice.to_business or einvoice.state == "refused" or einvoice.is_peppol is False:
        return False
    return settings().access_point_url is not None and addresses.endpoint(buyer) is not None


async def _send(work: Work, invoice_id: UUID, recipient: str, transmission_id: UUID) -> None:
    await work.connection.execute(_QUEUE, work.organisation_id, transmission_id, invoice_id, recipient, now())
    await _show(work, invoice_id, "queued")
    work.enqueue(JOB, _payload(work, transmission_id))
    work.audit("transmission.queued", "invoice", invoice_id, ["delivery_state"])


def _address(buyer: Party) -> str:
    endpoint = addresses.endpoint(buyer)
    assert endpoint is not None, "only who has an address is written to"
    return f"{endpoint.scheme}:{endpoint.value}"


async def begin_attempt(organisation_id: UUID, transmission_id: UUID) -> bool:
    """Write down that the access point is about to be called. False when it has the document by now, or must not have
    it: one that waited while its customer or document was restricted is not sent, now or later."""
    async with unit_of_work(organisation_id) as work:
        if await work.connection.fetchval(_BEGIN, organisation_id, transmission_id):
            return True
        problem = str(Problem("restricted"))
        invoice_id = await work.connection.fetchval(_HELD, organisation_id, transmission_id, problem, now())
        if invoice_id is not None:
            await _show(work, invoice_id, "failed")
            work.audit("transmission.refused", "invoice", invoice_id, ["delivery_state"])
        return False


async def record_handed_over(organisation_id: UUID, transmission_id: UUID, remote_id: str) -> None:
    """The access point accepted the document; from now on it is followed."""
    async with unit_of_work(organisation_id) as work:
        invoice_id = await work.connection.fetchval(
            _HANDED_OVER, organisation_id, transmission_id, remote_id[:200], now()
        )
        if invoice_id is not None:
            await _show(work, invoice_id, "sent")
            work.enqueue(FOLLOW, _payload(work, transmission_id), after=FIRST_LOOK)
            work.audit("transmission.handed_over", "invoice", invoice_id, ["delivery_state"])


async def record_delivered(organisation_id: UUID, transmission_id: UUID) -> None:
    """The receiver's access point has it."""
    async with unit_of_work(organisation_id) as work:
        invoice_id = await work.connection.fetchval(_END, organisation_id, transmission_id, "delivered", None, now())
        if invoice_id is not None:
            work.audit("transmission.delivered", "invoice", invoice_id)


async def record_problem(organisation_id: UUID, transmission_id: UUID, problem: Problem) -> None:
    """This try failed, or nothing is known yet; another follows."""
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_PROBLEM, organisation_id, transmission_id, str(problem))


async def record_refused(organisation_id: UUID, transmission_id: UUID, problem: Problem) -> None:
    """The network does not want it, or could not be reached for a day: the next rung is e-mail, to the address on the
    invoice, unless it went by e-mail before. Without one the invoice shows that it was not delivered."""
    async with unit_of_work(organisation_id) as work:
        row = await work.connection.fetchrow(_END, organisation_id, transmission_id, "refused", str(problem), now())
        if row is None:
            return
        if row["mailed"]:
            await _show(work, row["invoice_id"], row["mailed"])
            work.audit("transmission.refused", "invoice", row["invoice_id"])
        elif await _mailed(work, row["invoice_id"], row["email"]):
            await work.connection.execute(_FELL_BACK, organisation_id, transmission_id)
            work.audit("transmission.fell_back", "invoice", row["invoice_id"], ["delivery_state"])
        else:
            await _show(work, row["invoice_id"], "failed")
            work.audit("transmission.refused", "invoice", row["invoice_id"], ["delivery_state"])


async def _mailed(work: Work, invoice_id: UUID, email: str | None) -> bool:
    if not email:
        return False
    try:
        await deliveries.queue(work, invoice_id, email)
    except Refused:  # no address, or too many e-mails today: a person must look
        return False
    return True


async def _show(work: Work, invoice_id: UUID, state: str) -> None:
    await work.connection.execute(
        "update invoice set delivery_state = $3 where organisation_id = $1 and id = $2",
        work.organisation_id, invoice_id, state,
    )  # fmt: skip


def _payload(work: Work, transmission_id: UUID) -> dict[str, str]:
    return {"organisation_id": str(work.organisation_id), "transmission_id": str(transmission_id)}


_QUEUE = """
insert into transmission (organisation_id, id, invoice_id, recipient, state, attempts, remote_id, queued_at)
values ($1, $2, $3, $4, 'queued', 0, '', $5)
"""
_LAST = """
select i.buyer, t.state, t.handed_over_at,
    exists (select from transmission k where k.organisation_id = $1 and k.id = $4) as known,
    (
        select count(*) from transmission r where r.organisation_id = $1 and r.invoice_id = $2
        and r.queued_at > $3::timestamptz - interval '1 day'
    ) as recent
from invoice i left join lateral (
    select state, handed_over_at from transmission
    where organisation_id = $1 and invoice_id = $2 order by queued_at desc, id desc limit 1
) t on true
where i.organisation_id = $1 and i.id = $2 and i.state <> 'draft' for update of i
"""
_BEGIN = f"""
update transmission t set attempts = attempts + 1
where organisation_id = $1 and id = $2 and state = 'queued' and not {TRANSMISSION_HELD}
and not exists (select from organisation where id = $1 and closes_at is not null) returning true
"""  # noqa: S608 - constants of this package
_HELD = f"""
update transmission t set state = 'refused', problem = $3, done_at = $4
where organisation_id = $1 and id = $2 and state = 'queued' and {TRANSMISSION_HELD} returning invoice_id
"""  # noqa: S608 - constants of this package
_HANDED_OVER = """
update transmission set state = 'handed_over', remote_id = $3, handed_over_at = $4, problem = null
where organisation_id = $1 and id = $2 and state = 'queued' returning invoice_id
"""
_END = """
update transmission t set state = $3, problem = $4, done_at = $5
from invoice i where t.organisation_id = $1 and t.id = $2 and t.state in ('queued', 'handed_over')
and i.organisation_id = t.organisation_id and i.id = t.invoice_id
returning t.invoice_id, i.buyer ->> 'email' as email, (
    select m.state from message m where m.organisation_id = $1 and m.invoice_id = t.invoice_id and m.kind = 'invoice'
    order by m.queued_at desc limit 1
) as mailed
"""
_PROBLEM = """
update transmission set problem = $3
where organisation_id = $1 and id = $2 and state in ('queued', 'handed_over')
"""
_FELL_BACK = "update transmission set state = 'fell_back' where organisation_id = $1 and id = $2"
