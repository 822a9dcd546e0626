"""Quotes: written, copied, deleted and taken back, withdrawn, answered, and turned into drafts of invoices.

How one is sent stands in actions.quote_letters.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from actions import drafts, search_words
from actions.clock import now
from actions.deliveries import JOBS, sending_host
from actions.drafts import Editing, SavedDraft, calculate, search_texts
from actions.outcomes import NotFound, Stale
from actions.restrained import permit, permit_customer
from domain.dates import today_in
from domain.draft import Draft
from domain.privacy.restriction import Operation
from domain.quotes import ANSWERS, LONGEST_NAME, answer_refusal, invoice_draft, invoicing_refusal, usual_end
from domain.refusals import Refusal, Refused
from domain.totals import Totals
from models.ids import new_id
from models.queries.parties import Buyer, Seller, parties
from models.queries.quotes import Content, StoredQuote, stored
from models.unit_of_work import Work, unit_of_work
from models.written import to_json

KIND = "quote"


async def save(organisation_id: UUID, person_id: UUID, draft: Draft, editing: Editing) -> SavedDraft:
    """Save what the editor holds, new or changed, as actions.drafts.save does for an invoice.

    Raises Stale when another editor saved in between, and Refused for a customer of nobody and for figures that can
    not be stored. A quote that was sent meanwhile is left as it is (`is_issued`).
    """
    async with unit_of_work(organisation_id, person_id) as work:
        found = await stored(work, draft.id, lock=True)
        own, customer = await parties(work, draft.customer_id)
        return await write(work, own, customer, found, draft, editing)


async def write(
    work: Work, own: Seller, customer: Buyer | None, found: StoredQuote | None, draft: Draft, editing: Editing
) -> SavedDraft:
    """Write the row, inside an open unit of work that holds it.

    Raises Refused, Locked, and Stale for another window's."""
    if draft.customer_id is not None and customer is None:
        raise Refused(Refusal("customer.missing", "customer"))
    await permit(work, customer, Operation.QUOTE)
    if found is not None and found.is_draft and found.row["customer_id"] not in (None, draft.customer_id):
        await permit_customer(work, found.row["customer_id"], Operation.EDIT)
    draft, moment = replace(draft, kind=KIND), now()
    totals = calculate(draft, own.party.country, today_in(own.time_zone, moment))
    values = _columns(draft, customer, totals)
    if found is None:
        if await _insert(work, draft, values, moment, editing):
            work.audit("quote.drafted", KIND, draft.id, list(values))
            await _find_by(work, draft, values["customer_name"], moment)
            return SavedDraft(draft.id, 1, totals, moment, own.time_zone)
        found = await stored(work, draft.id, lock=True)  # a double click: the other one was faster
        assert found is not None
    if not found.is_draft:
        return _unchanged(found, own.time_zone)
    if found.row["deleted_at"] is not None or not _is_mine(found, editing):
        raise Stale(found)
    return await _changed(work, found, draft, totals, values, moment, editing, own.time_zone)


async def _changed(
    work: Work,
    found: StoredQuote,
    draft: Draft,
    totals: Totals,
    values: dict[str, Any],
    moment: datetime,
    editing: Editing,
    zone: str,
) -> SavedDraft:
    """Write what differs; nothing at all when nothing does."""
    changed = [name for name, value in values.items() if name != "content" and found.row[name] != value]
    if found.content != Content(draft, totals):
        changed.append("content")
    if not changed and found.row["edited_in"] == editing.editor:
        return _unchanged(found, zone)
    pairs = {**values, "changed_at": moment, "edited_in": editing.editor}
    setting = ", ".join(f"{name} = ${n}" for n, name in enumerate(pairs, start=3))
    version: int = await work.connection.fetchval(
        f"update quote set {setting}, version = version + 1 "  # noqa: S608 - names from this module only
        "where organisation_id = $1 and id = $2 returning version",
        work.organisation_id, draft.id, *pairs.values(),
    )  # fmt: skip
    if changed:
        work.audit("quote.revised", KIND, draft.id, changed)
        await _find_by(work, draft, values["customer_name"], found.row["listed_at"])
    return SavedDraft(draft.id, version, totals, moment, zone)


async def copy(organisation_id: UUID, person_id: UUID, quote_id: UUID, copy_id: UUID) -> SavedDraft:
    """A new draft like the quote, which stands for thirty days from today. Raises NotFound.

    `copy_id` comes with the form, so that a double click makes one copy.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        original = await _existing(work, quote_id)
        own, customer = await parties(work, original.row["customer_id"])
        today = today_in(own.time_zone, now())
        draft = replace(_with_new_ids(original.draft(), copy_id), valid_until=usual_end(today))
        if customer is not None and customer.is_archived:
            draft, customer = replace(draft, customer_id=None), None
        found = await stored(work, copy_id, lock=True)
        return await write(work, own, customer, found, draft, Editing(found.version if found else 0, new_id()))


async def delete(organisation_id: UUID, person_id: UUID, quote_id: UUID) -> None:
    """Delete a draft; `restore` takes it back. Raises NotFound, and Refused once it was sent. Twice is as once."""
    async with unit_of_work(organisation_id, person_id) as work:
        found = await stored(work, quote_id, lock=True)
        if found is None:
            raise NotFound
        if not found.is_draft:
            raise Refused(Refusal("quote.sent_is_kept"))
        if found.row["deleted_at"] is None:
            await permit_customer(work, found.row["customer_id"], Operation.DELETE)
            await work.connection.execute(_SET_DELETED, organisation_id, quote_id, now())
            await search_words.index(work, KIND, quote_id, found.row["listed_at"], ())
            work.audit("quote.draft_deleted", KIND, quote_id)


async def restore(organisation_id: UUID, person_id: UUID, quote_id: UUID) -> None:
    """Take a deleted draft back. Raises NotFound."""
    async with unit_of_work(organisation_id, person_id) as work:
        found = await stored(work, quote_id, lock=True)
        if found is None or not found.is_draft:
            raise NotFound
        if found.row["deleted_at"] is not None:
            await permit_customer(work, found.row["customer_id"], Operation.EDIT)
            await work.connection.execute(_SET_DELETED, organisation_id, quote_id, None)
            await _find_by(work, found.draft(), found.row["customer_name"], found.row["listed_at"])
            work.audit("quote.draft_restored", KIND, quote_id)


async def withdraw(organisation_id: UUID, person_id: UUID, quote_id: UUID) -> None:
    """Take an unanswered quote back: its page says so from now on. Raises NotFound, and Refused when it was answered.

    Twice is as once.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        found = await _existing(work, quote_id, lock=True)
        if found.row["state"] == "withdrawn":
            return
        if found.row["state"] != "sent":
            raise Refused(Refusal("quote.not_withdrawn"))
        await work.connection.execute(_SET_STATE, organisation_id, quote_id, "withdrawn", now())
        work.audit("quote.withdrawn", KIND, quote_id, ["state"])


async def answer(organisation_id: UUID, quote_id: UUID, given: str, name: str) -> None:
    """What the customer says on the hosted page: `given` is accepted or declined, `name` who says it.

    Written once, with the time, and the seller is told by e-mail. The same answer a second time (a double click) is
    the first. Raises NotFound, and Refused when the quote has expired in the company's time zone, was withdrawn or
    answered otherwise, and when no name is given.
    """
    if given not in ANSWERS:
        raise NotFound
    name = " ".join(name.split())
    async with unit_of_work(organisation_id) as work:
        found = await _existing(work, quote_id, lock=True)
        if found.is_draft:
            raise NotFound
        if found.row["answer"] == given and found.row["answered_by"] == name[:LONGEST_NAME]:
            return
        zone = await work.connection.fetchval(_ZONE, organisation_id)
        moment = now()
        refusal = answer_refusal(found.row["state"], found.row["valid_until"], today_in(zone, moment))
        if refusal is None and not name:
            refusal = Refusal("quote.name_missing", "name")
        if refusal is None and len(name) > LONGEST_NAME:
            refusal = Refusal("text.too_long", "name", {"longest": str(LONGEST_NAME)})
        if refusal is not None:
            raise Refused(refusal)
        await work.connection.execute(_ANSWER, organisation_id, quote_id, given, name, moment)
        work.audit(f"quote.{given}", KIND, quote_id, ["answer", "answered_at", "answered_by", "state"])
        await _tell_the_seller(work, found, moment)


async def _tell_the_seller(work: Work, found: StoredQuote, moment: datetime) -> None:
    """Queue the e-mail to whoever sent the quote, else to the company; nobody is told when neither has an address.

    It counts among the company's e-mails of a day but is never held back by them: a yes must not get lost.
    """
    message_id = new_id()
    queued = await work.connection.fetchval(
        _TELL,
        work.organisation_id,
        message_id,
        found.id,
        found.row["sent_by"],
        f"<{message_id}@{sending_host()}>",
        moment,
    )
    if queued:
        work.enqueue(JOBS[KIND], {"organisation_id": str(work.organisation_id), "message_id": str(message_id)})


async def to_invoice(
    organisation_id: UUID, person_id: UUID, quote_id: UUID, invoice_id: UUID, *, again: bool = False
) -> UUID:
    """Make the draft of an invoice of the quote, tied to it. Returns the draft's id.

    `invoice_id` comes with the form, so that a double click makes one. Raises NotFound, and Refused with
    `quote.invoiced_already` when there is one and the user did not ask for another (`again`).
    """
    async with unit_of_work(organisation_id, person_id) as work:
        found = await _existing(work, quote_id, lock=True)
        made = [row["invoice_id"] for row in await work.connection.fetch(_MADE, organisation_id, quote_id)]
        if invoice_id in made:
            return invoice_id
        refusal = invoicing_refusal(found.row["state"], len(made), again)
        if refusal is not None:
            raise Refused(refusal)
        own, customer = await parties(work, found.row["customer_id"])
        today = today_in(own.time_zone, now())
        draft = invoice_draft(_with_new_ids(found.draft(), invoice_id), today)
        if customer is not None and customer.is_archived:
            draft, customer = replace(draft, customer_id=None), None
        await drafts.write(work, own, customer, None, draft, Editing(0, new_id()))
        await work.connection.execute(_TIE, organisation_id, quote_id, invoice_id, now())
        await work.connection.execute(_SET_STATE, organisation_id, quote_id, "invoiced", now())
        work.audit("quote.invoiced", KIND, quote_id, ["state"])
    return invoice_id


async def _existing(work: Work, quote_id: UUID, *, lock: bool = False) -> StoredQuote:
    found = await stored(work, quote_id, lock=lock)
    if found is None or found.row["deleted_at"] is not None:
        raise NotFound
    return found


def _with_new_ids(draft: Draft, draft_id: UUID) -> Draft:
    return replace(draft, id=draft_id, lines=tuple(replace(line, id=new_id()) for line in draft.lines))


def _is_mine(found: StoredQuote, editing: Editing) -> bool:
    return bool(found.row["edited_in"] == editing.editor) or found.version == editing.version


def _unchanged(found: StoredQuote, zone: str) -> SavedDraft:
    row = found.row
    return SavedDraft(
        found.id, found.version, found.totals(), row["changed_at"], zone, not found.is_draft, row["edited_in"]
    )


def _columns(draft: Draft, customer: Buyer | None, totals: Totals) -> dict[str, Any]:
    return {
        "customer_id": draft.customer_id,
        "customer_name": customer.party.name if customer else "",
        "currency": draft.currency,
        "gross": totals.gross,
        "valid_until": draft.valid_until,
        "content": to_json(Content(draft, totals)),
    }


async def _insert(work: Work, draft: Draft, values: dict[str, Any], moment: datetime, editing: Editing) -> bool:
    """False when the id is taken already."""
    row = {
        "organisation_id": work.organisation_id,
        "id": draft.id,
        "state": "draft",
        "version": 1,
        "created_at": moment,
        "created_by": work.person_id,
        "changed_at": moment,
        "listed_at": moment,
        "edited_in": editing.editor,
        "delivery_state": "none",
        "accent": "",
        "answered_by": "",
        **values,
    }
    places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    added = await work.connection.fetchval(
        f"insert into quote ({', '.join(row)}) values ({places}) "  # noqa: S608 - names from this module only
        "on conflict (organisation_id, id) do nothing returning true",
        *row.values(),
    )
    return added is not None


async def _find_by(work: Work, draft: Draft, customer_name: str, listed_at: datetime) -> None:
    await search_words.index(work, KIND, draft.id, listed_at, search_texts(draft, customer_name))


def fresh(draft: Draft, today: date) -> Draft:
    """A new quote as the editor opens it: the usual time to think it over, nothing delivered yet."""
    return replace(draft, kind=KIND, valid_until=usual_end(today), delivery_from=None)


_SET_DELETED = "update quote set deleted_at = $3, version = version + 1 where organisation_id = $1 and id = $2"
_SET_STATE = """
update quote set state = $3, changed_at = $4, version = version + 1 where organisation_id = $1 and id = $2
"""
_ANSWER = """
update quote set state = $3, answer = $3, answered_by = $4, answered_at = $5, changed_at = $5, version = version + 1
where organisation_id = $1 and id = $2
"""
_ZONE = "select time_zone from organisation where id = $1"
_MADE = """
select made.invoice_id from quote_invoice made
join invoice i on i.organisation_id = made.organisation_id and i.id = made.invoice_id
where made.organisation_id = $1 and made.quote_id = $2 and i.deleted_at is null
"""
_TIE = "insert into quote_invoice (organisation_id, quote_id, invoice_id, created_at) values ($1, $2, $3, $4)"
# Whoever sent it, as long as that person works here; else the company's own address.
_TELL = """
insert into message (organisation_id, id, quote_id, kind, recipient, message_id, state, attempts, queued_at, maybe_twice)
select $1, $2, $3, 'answer', told.address, $5, 'queued', 0, $6, false
from (
    select coalesce(
        (select p.email from membership m join person p on p.id = m.person_id
         where m.organisation_id = $1 and m.person_id = $4),
        nullif((select email from organisation where id = $1), '')) as address
) told where told.address is not null
returning true
"""
