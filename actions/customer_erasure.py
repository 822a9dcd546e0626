"""Deleting what a company keeps about one of its customers (GDPR Art. 17, P-30).

What the accounting law wants stays on the issued documents, and nowhere else: name, address, what was bought. Everything
that only served to reach the customer goes at once. The caller answers for the company, which is the controller.
"""

# ruff: noqa: S608 - SQL of our own words only
from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from actions.clock import now
from actions.old_documents import drop_later
from actions.outcomes import Locked, NotFound
from actions.restrained import standing
from actions.search_words import forget
from actions.unused_customers import unnamed
from domain.privacy.accounting import Law, law_of
from domain.privacy.erasure import Order, pseudonym
from domain.privacy.restriction import Operation, Scope
from domain.refusals import Refusal, Refused
from models.blank import blanking
from models.erasing import REACHLESS
from models.ids import new_id
from models.queries.holds import orders_about
from models.queries.quotes import AGREED, AGREED_UNTIL
from models.unit_of_work import Work, reading, unit_of_work

NOTE = "note_erasure"


@dataclass(frozen=True, slots=True)
class Held:
    """What stays, how much of it, and the last day on which it must."""

    name: str
    count: int
    until: date


@dataclass(frozen=True, slots=True)
class CustomerPlan:
    """What the deletion takes and what it leaves. `deleted` counts by name; `is_whole`: nothing of the customer stays.
    `version` is the customer's, by which a change since then is seen."""

    customer_id: UUID
    name: str
    version: int
    deleted: dict[str, int]
    held: tuple[Held, ...]
    unpaid: int
    law: Law
    # Orders to keep that stand on the customer or on some of its documents, which are left as they are.
    orders: tuple[Order, ...] = ()

    @property
    def is_held(self) -> bool:
        """Is all of the customer ordered to be kept (GDPR Art. 17(3)(e))?"""
        return any(order.scope == "customer" for order in self.orders)

    @property
    def is_whole(self) -> bool:
        return not self.held

    @property
    def fingerprint(self) -> str:
        """The same as long as nothing changed of what is counted here, or in the customer's own row."""
        seen = [str(self.customer_id), self.version, sorted(self.deleted.items()), [str(held) for held in self.held],
                [str(order.id) for order in self.orders]]  # fmt: skip
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()

    @property
    def kept_until(self) -> date | None:
        return max((held.until for held in self.held), default=None)


async def customer_plan(organisation_id: UUID, customer_id: UUID) -> CustomerPlan:
    """What would be deleted. Raises NotFound."""
    async with reading(organisation_id) as work:
        return await _plan(work, customer_id)


async def erase(organisation_id: UUID, person_id: UUID, customer_id: UUID, fingerprint: str) -> CustomerPlan | None:
    """Delete what was shown and confirmed; the new plan when it is no longer so. Raises as `erase_customer`."""
    async with unit_of_work(organisation_id, person_id) as work:
        if not await work.connection.fetchval(_HOLD, organisation_id, customer_id):
            raise NotFound
        plan = await _plan(work, customer_id)
        if plan.fingerprint != fingerprint:
            return plan
        await erase_customer(work, customer_id)
    return None


async def erase_customer(work: Work, customer_id: UUID) -> CustomerPlan:
    """Delete it, in the company's unit of work, and say what was deleted and what is kept until when.

    E-mail, phone, delivery address, references and notes go, drafts and quotes that were not accepted, the addresses that
    e-mails went to, and what searches found. A customer whom nothing names any more goes whole; else the row stays under
    a pseudonym, archived, for the documents that refer to it. Doing it twice deletes nothing more. Raises NotFound,
    Locked for a customer whose data is restricted: they may need it (Art. 18(1)(b), (c)), and Refused while an order to
    keep stands on the customer. Documents that are ordered to be kept are left as they are.
    """
    if not await work.connection.fetchval(_HOLD, work.organisation_id, customer_id):
        raise NotFound
    found = await standing(work, Scope.CUSTOMER, customer_id)
    if found is not None:
        raise Locked(found, Operation.DELETE)
    plan = await _plan(work, customer_id)
    for order in plan.orders:
        if order.scope == "customer":
            raise Refused(Refusal("customer.held", None, {"basis": order.basis, "until": _last_day(order)}))
    await _erase(work, customer_id)
    await _note(work, customer_id)
    return plan


async def erase_again(work: Work, customer_id: UUID) -> None:
    """The same after a restore, from the ledger. Nothing happens when there is no such customer."""
    if await work.connection.fetchval(_HOLD, work.organisation_id, customer_id):
        await _erase(work, customer_id)


async def count_left_by_orders() -> tuple[int, int]:
    """Documents that an order kept whole when their customer was deleted, and that nothing keeps whole any more; of how
    many documents of deleted customers."""
    due = total = 0
    for company_id in await _companies():
        async with reading(company_id) as work:
            row = await work.connection.fetchrow(_COUNT_LEFT, company_id)
        due, total = due + row["due"], total + row["total"]
    return due, total


async def take_left_by_orders() -> int:
    """Take from them what goes with the deletion: for the nights, when orders have ended by their day."""
    gone = 0
    for company_id in await _companies():
        async with unit_of_work(company_id) as work:
            gone += await take_left(work)
    return gone


async def take_left(work: Work) -> int:
    """The same in one company, when an order of it was lifted. How many documents that were."""
    await work.connection.execute(_TAKE_LETTERS, work.organisation_id)
    return int((await work.connection.execute(_TAKE_LEFT, work.organisation_id)).split()[-1])


async def _companies() -> list[UUID]:
    async with reading(None) as work:
        rows = await work.connection.fetch("select distinct company_id from erasure where kind = 'customer'")
    return [row["company_id"] for row in rows]


async def _erase(work: Work, customer_id: UUID) -> None:
    enclosed = await work.connection.fetch(_FILES, work.organisation_id, customer_id)
    drop_later(work, (row["sha256"] for row in enclosed), after=None)
    for statement in _DELETE:
        await work.connection.execute(statement, work.organisation_id, customer_id)
    await forget(work, "customer", customer_id)
    statement = f"delete from customer c where organisation_id = $1 and id = $2 and {await unnamed(work)}"
    if (await work.connection.execute(statement, work.organisation_id, customer_id)) != "DELETE 1":
        await _empty(work, customer_id)
    work.audit("customer.erased", "customer", customer_id)


async def _empty(work: Work, customer_id: UUID) -> None:
    """The name goes too, unless the row has a pseudonym already."""
    name = pseudonym(secrets.token_bytes(4))
    statement, values = blanking("customer", "organisation_id = $1 and id = $2", 3)
    await work.connection.execute(statement, work.organisation_id, customer_id, *values)
    await work.connection.execute(_RENAME, work.organisation_id, customer_id, name, now())


def _last_day(order: Order) -> str:
    return f"{order.until:%d.%m.%Y}" if order.until else "–"


async def _note(work: Work, customer_id: UUID) -> None:
    """For the ledger outside of the database, so that an older backup does not bring the data back."""
    erasure_id = new_id()
    await work.connection.execute(_NOTED, erasure_id, work.person_id, work.organisation_id, customer_id, now())
    work.enqueue(NOTE, {"id": str(erasure_id)})


async def _plan(work: Work, customer_id: UUID) -> CustomerPlan:
    row = await work.connection.fetchrow(_PLAN, work.organisation_id, customer_id)
    if row is None:
        raise NotFound
    held = [Held("issued", row["issued"], row["issued_until"])] if row["issued"] else []
    held += [Held("agreed_quote", row["agreed"], row["agreed_until"])] if row["agreed"] else []
    return CustomerPlan(
        customer_id=customer_id,
        name=row["name"],
        version=row["version"],
        deleted=_counted(row),
        held=tuple(held),
        unpaid=row["unpaid"],
        law=law_of(row["country"]),
        orders=await orders_about(work, customer_id),
    )


def _counted(row: Any) -> dict[str, int]:
    names = ("draft", "quote", "plan", "message", "correction")
    return {name: row[name] for name in names if row[name]}


_HOLD = "select true from customer where organisation_id = $1 and id = $2 for update"
_LOST_QUOTE = f"not {AGREED.format(q='quote')}"
_PLAN = f"""
select c.name, c.version, o.country, i.issued, i.issued_until, i.unpaid, i.draft, q.agreed, q.agreed_until, q.quote,
    (select count(*) from correction r where r.organisation_id = c.organisation_id and r.customer_id = c.id)
        as correction,
    (select count(*) from plan p where p.organisation_id = c.organisation_id and p.customer_id = c.id) as plan,
    (select count(*) from message m where m.organisation_id = c.organisation_id and m.recipient <> '' and (
        m.invoice_id in (select id from invoice where organisation_id = c.organisation_id and customer_id = c.id)
        or m.quote_id in (select id from quote where organisation_id = c.organisation_id and customer_id = c.id)
    )) as message
from customer c join organisation o on o.id = c.organisation_id
cross join lateral (
    select count(*) filter (where state <> 'draft') as issued, count(*) filter (where state = 'draft') as draft,
        count(*) filter (where state = 'open') as unpaid,
        max(law_ends(invoice)) filter (where state <> 'draft') as issued_until
    from invoice where organisation_id = c.organisation_id and customer_id = c.id
) i
cross join lateral (
    select count(*) filter (where not ({_LOST_QUOTE})) as agreed, count(*) filter (where {_LOST_QUOTE}) as quote,
        max({AGREED_UNTIL.format(q="quote")}) filter (where not ({_LOST_QUOTE})) as agreed_until
    from quote where organisation_id = c.organisation_id and customer_id = c.id
) q
where c.organisation_id = $1 and c.id = $2
"""
# Of what is ordered to be kept not even the address goes: it is evidence.
_NOT_ORDERED = "((hold_on(invoice)).id is null)"
_OF_INVOICES = "select id from invoice where organisation_id = $1 and customer_id = $2"
# Enclosed with drafts, and the documents of quotes that go.
_FILES = f"""
select sha256 from invoice_attachment where organisation_id = $1
and invoice_id in ({_OF_INVOICES} and state = 'draft')
union
select unnest(array_remove(array[pdf_sha256, logo_sha256], null)) from quote
where organisation_id = $1 and customer_id = $2 and {_LOST_QUOTE}
"""
# In this order: what refers to something goes before it.
_DELETE = (
    f"delete from search_word where organisation_id = $1 and kind in ('invoice', 'held') and subject_id in "
    f"({_OF_INVOICES} and state = 'draft')",
    f"delete from search_word where organisation_id = $1 and kind in ('quote', 'held') and subject_id in "
    f"(select id from quote where organisation_id = $1 and customer_id = $2 and {_LOST_QUOTE})",
    "delete from search_word where organisation_id = $1 and kind in ('plan', 'held') and subject_id in "
    "(select id from plan where organisation_id = $1 and customer_id = $2)",
    "delete from correction where organisation_id = $1 and customer_id = $2",
    "delete from invoice where organisation_id = $1 and customer_id = $2 and state = 'draft'",
    f"delete from quote where organisation_id = $1 and customer_id = $2 and {_LOST_QUOTE}",
    # A plan that has run stays as what happened, stopped and without its customer.
    "delete from plan p where organisation_id = $1 and customer_id = $2 and not exists (select from plan_run r "
    "where r.organisation_id = $1 and r.plan_id = p.id) and not exists (select from message m "
    "where m.organisation_id = $1 and m.plan_id = p.id)",
    "update plan set state = case state when 'finished' then state else 'stopped' end, next_on = null, asked_on = null, "
    "customer_id = null, customer_name = '', version = version + 1 where organisation_id = $1 and customer_id = $2",
    f"update message set state = 'failed' where organisation_id = $1 and state = 'queued' "
    f"and invoice_id in ({_OF_INVOICES} and not {_NOT_ORDERED})",
    f"update message set recipient = '', problem = null, state = case state when 'queued' then 'failed' else state end "
    f"where organisation_id = $1 and (invoice_id in ({_OF_INVOICES} and {_NOT_ORDERED}) "
    f"or quote_id in (select id from quote where organisation_id = $1 and customer_id = $2))",
    "update invoice set delivery_state = 'none' where organisation_id = $1 and customer_id = $2 "
    "and delivery_state = 'queued'",
    f"""update invoice set buyer = buyer || '{{"email": "", "phone": ""}}'
    where organisation_id = $1 and customer_id = $2 and state <> 'draft' and {_NOT_ORDERED}
    and (buyer->>'email' <> '' or buyer->>'phone' <> '')""",
    f"""update quote set document = document || {REACHLESS}
    where organisation_id = $1 and customer_id = $2 and state <> 'draft'
    and (document -> 'buyer' ->> 'email' <> '' or document -> 'buyer' ->> 'phone' <> '')""",
)  # fmt: skip
# Documents `i` of customers that were deleted, which are no longer ordered to be kept.
_LEFT = """i.organisation_id = $1 and i.state <> 'draft'
    and i.customer_id in (select customer_id from erasure where kind = 'customer' and company_id = $1)
    and (hold_on(i)).id is null"""
_REACHES = "(i.buyer->>'email' <> '' or i.buyer->>'phone' <> '')"
_COUNT_LEFT = f"""
select count(*) filter (where {_REACHES}) as due, count(*) as total from invoice i where {_LEFT}
"""
_TAKE_LEFT = f"""
update invoice i set buyer = i.buyer || '{{"email": "", "phone": ""}}' where {_LEFT} and {_REACHES}
"""
_TAKE_LETTERS = f"""
update message m set recipient = '', problem = null where m.organisation_id = $1 and m.recipient <> ''
and m.invoice_id in (select i.id from invoice i where {_LEFT})
"""
_RENAME = """
update customer set name = $3, name_key = $3, archived_at = coalesce(archived_at, $4), changed_at = $4,
    version = version + 1
where organisation_id = $1 and id = $2 and name not like 'deleted-%'
"""
_NOTED = """
insert into erasure (id, kind, person_id, company_id, customer_id, state, asked_at, due_at, done_at)
values ($1, 'customer', $2, $3, $4, 'done', $5, $5, $5)
"""
