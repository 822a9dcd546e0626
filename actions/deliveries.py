"""E-mails about invoices: queued with their cause, sent by a job, and never called sent before a server took them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from actions.clock import now
from actions.instance import secret_for, settings
from actions.outcomes import NotFound
from actions.restrained import permit_document
from domain.delivery import Problem
from domain.links import token_for, token_hash
from domain.mail import one_address
from domain.privacy.objection import CustomerPurpose, customer_faults
from domain.privacy.restriction import Operation
from domain.refusals import Invalid, Refusal, Refused
from models.ids import new_id
from models.queries.deliveries import Waiting
from models.queries.restrictions import MESSAGE_HELD
from models.together import Part, send_together
from models.unit_of_work import Work, unit_of_work

JOBS = {"invoice": "send_invoice", "quote": "send_quote"}
MOST_PER_SUBJECT = 20  # messages in a day; whoever presses more often than that is not waiting for a customer


class TooManyToday(Refused):
    """The company has sent as many e-mails in 24 hours as SMARTFAKTURA_DAILY_EMAILS allows."""

    def __init__(self, most: int) -> None:
        super().__init__(Refusal("delivery.too_many_today", None, {"most": str(most)}))


async def ensure_link(work: Work, invoice_id: UUID) -> str:
    """The secret of the invoice's hosted page, made when it is missing. 43 characters; see domain.links.

    A revoked link stays dead: the next version follows it.
    """
    version = 0
    while True:
        token, values = _link(work, invoice_id, version)
        revoked = await work.connection.fetchval(_ENSURE_LINK, *values)
        if not revoked:
            return token
        version += 1


def first_link(work: Work, invoice_id: UUID) -> Part:
    """Writes the link of an invoice that is just being issued, and so has none yet."""
    return Part("link", _ENSURE_LINK, _link(work, invoice_id)[1])


def _link(work: Work, invoice_id: UUID, version: int = 0) -> tuple[str, tuple[Any, ...]]:
    assert work.organisation_id is not None
    token = token_for(secret_for("invoice-link"), work.organisation_id, invoice_id, version)
    return token, (work.organisation_id, new_id(), invoice_id, token_hash(token), now())


async def queue(work: Work, invoice_id: UUID, recipient: str) -> UUID:
    """Queue the e-mail with this invoice, in the unit of work that issues it or asks for it again.

    The Message-ID is made here, once: every try carries the same. Raises Refused with `customer.email_invalid` when
    `recipient` is not one plain address, and TooManyToday when the company has sent its e-mails of 24 hours. They are
    counted without a lock: requests at the same moment may pass the limit by as many as they are.
    """
    message_id = new_id()
    queued = queueing(work, invoice_id, recipient, message_id)
    await send_together(work, queued, Part("shown", _SHOW_QUEUED, (work.organisation_id, invoice_id)))
    return message_id


def queueing(work: Work, invoice_id: UUID, recipient: str, message_id: UUID) -> Part:
    """As `queue`, to be sent together with others; that the invoice says so is left to the caller."""

    def noted() -> None:
        work.audit("delivery.queued", "invoice", invoice_id, ["delivery_state"])

    return message_about(work, "invoice", invoice_id, recipient, message_id, noted)


def message_about(
    work: Work,
    subject: str,
    subject_id: UUID,
    recipient: str,
    message_id: UUID,
    noted: Callable[[], None] = lambda: None,
) -> Part:
    """Queues the e-mail with an invoice or a quote (`subject`), with its job; then `noted` is called."""
    address, most = address_of(recipient), settings().daily_emails

    def answered(was_queued: bool | None) -> None:
        if not was_queued:
            raise TooManyToday(most)
        noted()

    work.enqueue(JOBS[subject], {"organisation_id": str(work.organisation_id), "message_id": str(message_id)})
    name = f"<{message_id}@{sending_host()}>"
    values = (work.organisation_id, message_id, subject_id, address, name, now(), most)
    return Part("queued", _QUEUE[subject], values, answered)


async def under_way(work: Work, subject: str, subject_id: UUID, address: str) -> UUID | None:
    """The message with an invoice or a quote that is still on its way to `address`: a double click sends one. Refused
    after 20 in a day."""
    recent = await work.connection.fetch(_RECENT[subject], work.organisation_id, subject_id, now())
    for row in recent:
        if (row["state"], row["recipient"]) == ("queued", address):
            known: UUID = row["id"]
            return known
    if len(recent) >= MOST_PER_SUBJECT:
        raise Refused(Refusal("delivery.too_many", "recipient"))
    return None


async def send_again(
    organisation_id: UUID, person_id: UUID, invoice_id: UUID, recipient: str, *, is_asked_for: bool = False
) -> UUID:
    """Send an issued invoice once more, to `recipient`. Returns the message's id.

    A customer who objects to reminders gets what was sent before only when the law or the customer asks for it
    (`is_asked_for`); what is restricted needs an exception, else Locked is raised.

    A message to the same address that is still on its way is that message: a double click sends one. Raises NotFound,
    and Refused for what is no address, after 20 messages in a day, and after the company's own most (`queue`).
    """
    address = address_of(recipient)
    async with unit_of_work(organisation_id, person_id) as work:
        held = await work.connection.fetchrow(_LOCK_ISSUED, organisation_id, invoice_id)
        if held is None:
            raise NotFound
        known = await under_way(work, "invoice", invoice_id, address)
        if known is not None:
            return known
        if held["was_sent"] and not is_asked_for:
            faults = customer_faults(held["objects_to"], CustomerPurpose.REMINDERS, "recipient")
            if faults:
                raise Refused(*faults)
        if held["is_restricted"]:
            await permit_document(work, invoice_id, Operation.SEND, used_on=invoice_id)
        return await queue(work, invoice_id, address)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that has begun. `link_token` opens the hosted page of an invoice; a quote has a link of its own."""

    message: Waiting
    link_token: str


async def begin_attempt(organisation_id: UUID, message_id: UUID) -> Attempt | None:
    """Write down that the server is about to be called. None when the message is sent or given up by now, and while the
    company is about to close: it waits for who might call that off (actions.erasures)."""
    async with unit_of_work(organisation_id) as work:
        row = await work.connection.fetchrow(_BEGIN, organisation_id, message_id, now())
        if row is None:
            await _stop_what_is_held(work, message_id)
            return None
        link_token = await ensure_link(work, row["invoice_id"]) if row["invoice_id"] else ""
    return Attempt(Waiting(**row), link_token)


async def record_sent(organisation_id: UUID, message_id: UUID) -> None:
    """The server accepted the message. Holds also when another try has given up meanwhile: accepted is accepted."""
    async with unit_of_work(organisation_id) as work:
        message = await work.connection.fetchrow(_SENT, organisation_id, message_id, now())
        if message is not None:
            await _show(work, message, message_id, "sent")


async def record_delay(
    organisation_id: UUID, message_id: UUID, problem: Problem, *, may_have_arrived: bool = False
) -> None:
    """This try failed; another follows. The message stays queued, with the reason beside it."""
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_DELAYED, organisation_id, message_id, str(problem), may_have_arrived)


async def record_failed(organisation_id: UUID, message_id: UUID, problem: Problem) -> None:
    """The last try failed, or none could ever succeed."""
    async with unit_of_work(organisation_id) as work:
        message = await work.connection.fetchrow(_FAILED, organisation_id, message_id, str(problem))
        if message is not None:
            await _show(work, message, message_id, "failed")


async def _stop_what_is_held(work: Work, message_id: UUID) -> None:
    """A message that waited while its customer or document was restricted is not sent, now or later."""
    message = await work.connection.fetchrow(_HELD, work.organisation_id, message_id, str(Problem("restricted")))
    if message is not None:
        await _show(work, message, message_id, "failed")


async def _show(work: Work, message: Mapping[str, Any], message_id: UUID, state: str) -> None:
    """The invoice or quote shows what became of its newest message to the customer."""
    subject = message["kind"]
    if subject not in _SHOW:
        return
    subject_id = message[f"{subject}_id"]
    await work.connection.execute(_SHOW[subject], work.organisation_id, subject_id, message_id, state)
    work.audit(f"delivery.{state}", subject, subject_id, ["delivery_state"])


def address_of(recipient: str) -> str:
    """One plain address, or Refused."""
    try:
        return one_address(recipient)
    except Invalid:
        raise Refused(Refusal("customer.email_invalid", "customer.email")) from None


def sending_host() -> str:
    """What stands after the @ of a Message-ID: the domain we send from."""
    return settings().mail_from.rstrip("> ").rpartition("@")[2] or "localhost"


# The token is the same each time, so a second insert meets the first one's row.
_ENSURE_LINK = """
insert into invoice_link (organisation_id, id, invoice_id, token_hash, created_at) values ($1, $2, $3, $4, $5)
on conflict (token_hash) do update set token_hash = excluded.token_hash
returning revoked_at is not null
"""
# At most $7 rows are looked at, in an index, however many the company has sent in its life.
_QUEUE = {
    subject: f"""
        with today as (
            select from message where organisation_id = $1 and queued_at > $6::timestamptz - interval '1 day' limit $7
        )
        insert into message (organisation_id, id, {subject}_id, kind, recipient, message_id, state, attempts,
                             queued_at, maybe_twice)
        select $1, $2, $3, '{subject}', $4, $5, 'queued', 0, $6, false where (select count(*) from today) < $7
        returning true
    """  # noqa: S608 - names from this module only
    for subject in JOBS
}
_SHOW_QUEUED = """
update invoice set delivery_state = 'queued' where organisation_id = $1 and id = $2 and exists (table queued)
"""
_LOCK_ISSUED = """
select coalesce(c.objects_to, '') as objects_to, exists (
    select from message m where m.organisation_id = $1 and m.invoice_id = $2 and m.state = 'sent'
) as was_sent, c.restricted_at is not null or exists (
    select from restriction r where r.organisation_id = $1 and r.invoice_id = $2 and r.lifted_at is null
) as is_restricted
from invoice i left join customer c on c.organisation_id = i.organisation_id and c.id = i.customer_id
where i.organisation_id = $1 and i.id = $2 and i.state <> 'draft' for update of i
"""
_RECENT = {
    subject: f"""
        select id, recipient, state from message
        where organisation_id = $1 and {subject}_id = $2 and kind = '{subject}'
        and queued_at > $3::timestamptz - interval '1 day' order by queued_at desc
    """  # noqa: S608 - names from this module only
    for subject in JOBS
}
# A try that was begun and has neither a result nor a reason ended with its process, perhaps after the server's yes.
_BEGIN = f"""
update message m set attempts = attempts + 1, tried_at = $3, problem = null,
    maybe_twice = maybe_twice or (tried_at is not null and problem is null)
where organisation_id = $1 and id = $2 and state = 'queued' and not {MESSAGE_HELD}
and not exists (select from organisation where id = $1 and closes_at is not null)
returning id, invoice_id, quote_id, plan_id, restriction_id, kind, recipient, message_id, attempts, exists (
    select from message e where e.organisation_id = m.organisation_id and e.invoice_id = m.invoice_id
    and e.state = 'sent') as is_again
"""  # noqa: S608 - constants of this package
_HELD = f"""
update message m set state = 'failed', problem = $3
where organisation_id = $1 and id = $2 and state = 'queued' and {MESSAGE_HELD} returning kind, invoice_id, quote_id
"""  # noqa: S608 - constants of this package
_SENT = """
update message set state = 'sent', sent_at = $3, problem = null
where organisation_id = $1 and id = $2 and state <> 'sent' returning kind, invoice_id, quote_id
"""
_DELAYED = """
update message set problem = $3, maybe_twice = maybe_twice or $4
where organisation_id = $1 and id = $2 and state = 'queued'
"""
_FAILED = """
update message set state = 'failed', problem = $3
where organisation_id = $1 and id = $2 and state = 'queued' returning kind, invoice_id, quote_id
"""
_SHOW = {
    subject: f"""
        update {subject} set delivery_state = $4 where organisation_id = $1 and id = $2 and not exists (
            select from message newer join message this on this.organisation_id = $1 and this.id = $3
            where newer.organisation_id = $1 and newer.{subject}_id = $2 and newer.kind = this.kind
            and newer.queued_at > this.queued_at)
    """  # noqa: S608 - names from this module only
    for subject in JOBS
}
