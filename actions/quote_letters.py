"""Sending quotes: a draft gets its number, is frozen as it is offered, and goes to the customer by e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from actions.clock import now
from actions.deliveries import TooManyToday, address_of, message_about, under_way
from actions.drafts import Editing
from actions.instance import secrets_for, settings
from actions.numbers import take_number
from actions.outcomes import NotFound
from actions.printing import coverages
from actions.quotes import KIND, write
from actions.restrained import permit
from actions.search_words import chosen
from domain.dates import today_in
from domain.draft import Draft
from domain.glyphs import unprintable
from domain.invoice import Issued
from domain.links import token_for, token_hash
from domain.privacy.objection import CustomerPurpose, customer_faults
from domain.privacy.restriction import Operation
from domain.quotes import offer, sending_faults
from domain.refusals import Refusal, Refused
from models.ids import new_id
from models.queries.parties import Buyer, Seller, buyer, parties
from models.queries.quotes import StoredQuote, stored
from models.together import send_together
from models.unit_of_work import Work, unit_of_work
from models.written import to_json

SERIES = "quote"
PATH = "/q/"


@dataclass(frozen=True, slots=True)
class Sending:
    """What came of it. With `refusals` nothing was sent, but what the editor held is saved as `version`."""

    quote_id: UUID
    recipient: str = ""
    was_sent_before: bool = False
    refusals: tuple[Refusal, ...] = ()
    version: int = 0


def token_of(organisation_id: UUID, quote_id: UUID, stored: bytes | None = None) -> str:
    """The secret of the quote's page. 43 characters; see domain.links. Of one that was sent, the one with this hash:
    the key it was made with may have been replaced since."""
    tokens = [token_for(key, organisation_id, quote_id) for key in secrets_for("quote-link")]
    return next((token for token in tokens if token_hash(token) == stored), tokens[0])


def page_of(organisation_id: UUID, quote_id: UUID, stored: bytes | None = None) -> str:
    """The address of a sent quote's page: whoever knows it may answer."""
    return f"{settings().public_url}{PATH}{token_of(organisation_id, quote_id, stored)}"


async def send(
    organisation_id: UUID, person_id: UUID, quote_id: UUID, draft: Draft | None, editing: Editing | None
) -> Sending:
    """Number the quote, freeze what it offers and queue its e-mail to the customer; all in one transaction.

    `draft` is what the editor holds and is saved first; None sends what is stored. What keeps it from being sent comes
    back in the answer. A second call finds it sent and changes nothing. Raises NotFound, Stale and Refused as
    actions.quotes.save does.
    """
    try:
        return await _send_once(organisation_id, person_id, quote_id, draft, editing)
    except TooManyToday as refused:
        # All of it was taken back; now the draft is saved, and the answer says how to go on.
        return await _send_once(organisation_id, person_id, quote_id, draft, editing, refused.refusals)


async def _send_once(
    organisation_id: UUID,
    person_id: UUID,
    quote_id: UUID,
    draft: Draft | None,
    editing: Editing | None,
    known: tuple[Refusal, ...] = (),
) -> Sending:
    async with unit_of_work(organisation_id, person_id) as work:
        found = await stored(work, quote_id, lock=True)
        customer_id = draft.customer_id if draft else found.row["customer_id"] if found else None
        own, customer = await parties(work, customer_id)
        version = found.version if found else 0
        if draft is not None and editing is not None and (found is None or found.is_draft):
            version = (await write(work, own, customer, found, draft, editing)).version
            found = await stored(work, quote_id, lock=True)
        if found is None or found.row["deleted_at"] is not None:
            raise NotFound
        if not found.is_draft:
            return Sending(quote_id, was_sent_before=True)
        return await _send(work, own, customer, found.draft(), version, known)


async def _send(
    work: Work, own: Seller, customer: Buyer | None, draft: Draft, version: int, known: tuple[Refusal, ...]
) -> Sending:
    moment = now()
    today = today_in(own.time_zone, moment)
    party = customer.party if customer else None
    await permit(work, customer, Operation.QUOTE)
    faults = (
        *sending_faults(draft, own.party, party, today), *unprintable(draft, own.party, party, coverages()),
        *customer_faults(customer.objects_to if customer else "", CustomerPurpose.OFFERS, "customer"), *known,
    )  # fmt: skip
    if faults or customer is None:
        return Sending(draft.id, refusals=faults, version=version)
    work.enqueue("render_quote", {"organisation_id": str(own.id), "quote_id": str(draft.id)})
    await _queue(work, draft.id, customer.party.email)
    counter = await take_number(work, SERIES)
    document = offer(draft, own.party, customer.party, today, counter)
    await _freeze(work, own, draft.id, counter, document)
    work.audit("quote.sent", KIND, draft.id)
    return Sending(draft.id, customer.party.email)


async def _freeze(work: Work, own: Seller, quote_id: UUID, counter: int, document: Issued) -> None:
    token = token_hash(token_of(own.id, quote_id))
    await work.connection.execute(
        _FREEZE, own.id, quote_id, now(), work.person_id, counter, to_json(document), document.totals.gross,
        document.buyer.name, own.accent, own.logo_sha256, token, chosen([document.number]),
    )  # fmt: skip


async def _queue(work: Work, quote_id: UUID, recipient: str) -> UUID:
    """Queue the e-mail with a quote as actions.deliveries.queue does with an invoice, and refuse what it refuses."""
    message_id = new_id()
    await send_together(work, message_about(work, KIND, quote_id, recipient, message_id))
    return message_id


async def send_again(organisation_id: UUID, person_id: UUID, quote_id: UUID, recipient: str) -> UUID:
    """Send a quote that waits for its answer once more, to `recipient`. Returns the message's id.

    A message to the same address that is still on its way is that message. Raises NotFound, and Refused for what is no
    address, for a quote that waits for no answer, for a customer who wants no offers, and after 20 messages in a day.
    """
    address = address_of(recipient)
    async with unit_of_work(organisation_id, person_id) as work:
        found: StoredQuote | None = await stored(work, quote_id, lock=True)
        if found is None or found.row["deleted_at"] is not None:
            raise NotFound
        if found.row["state"] != "sent":
            raise Refused(Refusal("quote.not_sent", "recipient"))
        customer = await buyer(work, found.row["customer_id"])
        await permit(work, customer, Operation.QUOTE)
        faults = customer_faults(customer.objects_to if customer else "", CustomerPurpose.OFFERS, "recipient")
        if faults:
            raise Refused(*faults)
        known = await under_way(work, KIND, quote_id, address)
        if known is not None:
            return known
        message_id = await _queue(work, quote_id, address)
        await work.connection.execute(_QUEUED, organisation_id, quote_id)
        work.audit("delivery.queued", KIND, quote_id, ["delivery_state"])
        return message_id


_FREEZE = """
with findable as (
    insert into search_word (organisation_id, kind, subject_id, listed_at, word)
    select $1, 'quote', $2, q.listed_at, word from quote q, unnest($12::text[]) as word
    where q.organisation_id = $1 and q.id = $2 on conflict do nothing
)
update quote set
    state = 'sent', version = version + 1, changed_at = $3, sent_at = $3, sent_by = $4, counter = $5, document = $6,
    gross = $7, customer_name = $8, accent = $9, logo_sha256 = $10, token_hash = $11, delivery_state = 'queued'
where organisation_id = $1 and id = $2
"""
_QUEUED = "update quote set delivery_state = 'queued' where organisation_id = $1 and id = $2"
