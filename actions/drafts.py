"""Drafts of invoices: written, saved again and again, copied, deleted and taken back. Nothing here has a number."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from actions import search_words
from actions.clock import now
from actions.holds import refuse_deletion
from actions.outcomes import NotFound, Stale
from actions.restrained import permit, permit_customer, permit_document
from domain.dates import today_in
from domain.invoice import Draft, draft_totals
from domain.kroner import GroupInKroner
from domain.money import ZERO
from domain.privacy.restriction import Operation
from domain.refusals import Invalid, Refusal, Refused
from domain.totals import Totals
from domain.vat import TREATMENTS, rate_on
from models.ids import new_id
from models.queries.invoices import StoredInvoice, held_with_parties, stored
from models.queries.parties import Buyer, Seller, parties
from models.together import Part, send_together
from models.unit_of_work import Work, unit_of_work


@dataclass(frozen=True, slots=True)
class Editing:
    """What the editor knew: the version it opened and which open editor it is. `version` 0 is a draft not saved yet."""

    version: int
    editor: UUID


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """The draft as saved, with its figures and whom it is from and for. `is_issued` when it was issued in the meantime
    and nothing was saved; `last_editor` is then the open editor that issued it."""

    id: UUID
    version: int
    totals: Totals
    saved_at: datetime
    time_zone: str
    is_issued: bool = False
    last_editor: UUID | None = None
    own: Seller | None = None
    customer: Buyer | None = None


async def save(organisation_id: UUID, person_id: UUID, draft: Draft, editing: Editing) -> SavedDraft:
    """Save what the editor holds, new or changed, and calculate it with the rates of today.

    A draft may be incomplete: what the law asks for is asked at issue. Raises Stale when another editor saved in
    between, and Refused for a customer of nobody and when the figures can not be stored (amounts of more than twelve
    digits, an unknown treatment).
    """
    async with unit_of_work(organisation_id, person_id) as work:
        found, own, customer = await held_with_parties(work, draft.id, draft.customer_id)
        done = await make_findable(work, draft, await write(work, own, customer, found, draft, editing))
    return replace(done, own=own, customer=customer)


@dataclass(frozen=True, slots=True)
class Written:
    """A draft whose row and lines are written. With `has_new_words` it is not found by all its words yet."""

    saved: SavedDraft
    customer_name: str
    listed_at: datetime
    has_new_words: bool = False


def unchanged(found: StoredInvoice, zone: str) -> Written:
    """The draft as it was written before."""
    row = found.row
    saved = SavedDraft(
        found.id, found.version, found.totals(), row["changed_at"], zone, not found.is_draft, row["edited_in"]
    )
    return Written(saved, row["customer_name"], row["listed_at"])


async def make_findable(work: Work, draft: Draft, written: Written) -> SavedDraft:
    """Let the draft be found by its words. Not called for one that is issued at once: that brings words of its own."""
    if written.has_new_words:
        texts = search_texts(draft, written.customer_name)
        await search_words.index(work, "invoice", draft.id, written.listed_at, texts)
    return written.saved


async def write(
    work: Work, own: Seller, customer: Buyer | None, found: StoredInvoice | None, draft: Draft, editing: Editing
) -> Written:
    """Write row and lines, inside an open unit of work that holds the row; see `make_findable`."""
    if draft.customer_id is not None and customer is None:
        raise Refused(Refusal("customer.missing", "customer"))
    await permit(work, customer, Operation.DRAFT)
    if found is not None and found.is_draft and found.row["customer_id"] not in (None, draft.customer_id):
        await permit_customer(work, found.row["customer_id"], Operation.EDIT)
    moment = now()
    totals = calculate(draft, own.party.country, today_in(own.time_zone, moment))
    values = _columns(draft, customer, totals)
    if found is None:
        if await _insert(work, draft, values, totals, moment, editing):
            return _created(work, draft, values, totals, moment, own.time_zone)
        found = await stored(work, draft.id, lock=True)  # a double click: the other one was faster
        assert found is not None
    if not found.is_draft:
        return unchanged(found, own.time_zone)
    _check_version(found, editing)
    return await _changed(work, found, draft, values, totals, moment, editing, own.time_zone)


def _created(
    work: Work, draft: Draft, values: dict[str, Any], totals: Totals, moment: datetime, zone: str
) -> Written:
    work.audit("invoice.drafted", "invoice", draft.id, [*values, "lines"])
    saved = SavedDraft(draft.id, 1, totals, moment, zone)
    return Written(saved, values["customer_name"], moment, has_new_words=True)


async def _changed(
    work: Work,
    found: StoredInvoice,
    draft: Draft,
    values: dict[str, Any],
    totals: Totals,
    moment: datetime,
    editing: Editing,
    zone: str,
) -> Written:
    """Write what differs; nothing at all when nothing does."""
    # The VAT groups follow from the rest, and the database writes their JSON its own way.
    changed = [name for name, value in values.items() if name != "vat_groups" and found.row[name] != value]
    same_lines = _same_lines(found, draft, totals)
    if not changed and same_lines and found.row["edited_in"] == editing.editor:
        return unchanged(found, zone)
    version = await _update(work, draft.id, values, moment, editing)
    if not same_lines:
        changed.append("lines")
        await work.connection.execute(_DELETE_LINES, work.organisation_id, draft.id)
        await send_together(work, *_lines(work, draft, totals))
    if changed:
        work.audit("invoice.revised", "invoice", draft.id, changed)
    saved = SavedDraft(draft.id, version, totals, moment, zone)
    return Written(saved, values["customer_name"], found.row["listed_at"], not _SEARCHED.isdisjoint(changed))


def calculate(draft: Draft, country: str, day: date) -> Totals:
    """The figures of the draft on `day`. Raises Refused where they can not be calculated or stored."""
    faults = []
    for index, line in enumerate(draft.lines):
        if line.treatment not in TREATMENTS:
            faults.append(Refusal("line.treatment_unknown", f"lines.{index}.treatment", {"line": str(index + 1)}))
            continue
        try:
            rate_on(line.treatment, country, day)
        except Invalid:
            faults.append(Refusal("line.rate_unknown", f"lines.{index}.treatment", {"line": str(index + 1)}))
    if faults:
        raise Refused(*faults)
    totals = draft_totals(draft, country, day)
    largest = max((abs(line.gross_price_amount) for line in totals.lines), default=ZERO)
    sums = (totals.gross, totals.shown_line_sum, totals.shown_discount, totals.shown_charge)
    if max(largest, *map(abs, sums)) >= _TOO_LARGE:
        raise Refused(Refusal("invoice.amount_too_large", "lines"))
    return totals


async def copy(organisation_id: UUID, person_id: UUID, invoice_id: UUID, copy_id: UUID) -> SavedDraft:
    """A new draft like the invoice, delivered today, with no due date of its own. Raises NotFound.

    `copy_id` comes with the form, so that a double click makes one copy.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        original = await stored(work, invoice_id)
        if original is None or original.row["deleted_at"] is not None:
            raise NotFound
        if not original.is_draft:
            await permit_document(work, invoice_id, Operation.DRAFT)
        own, customer = await parties(work, original.row["customer_id"])
        today = today_in(own.time_zone, now())
        draft = replace(_as_new(original, copy_id), delivery_from=today, delivery_to=None)
        done = await write_new(work, own, customer, draft)
    return replace(done, own=own, customer=customer)


async def write_correction(
    work: Work, own: Seller, customer: Buyer | None, original: StoredInvoice, draft_id: UUID
) -> SavedDraft:
    """A new draft with what an invoice said, its delivery included, to be mended and issued in its place."""
    return await write_new(work, own, customer, _as_new(original, draft_id))


async def write_new(work: Work, own: Seller, customer: Buyer | None, draft: Draft) -> SavedDraft:
    """Write a draft made by the app; without its customer when that one is archived."""
    if customer is not None and customer.is_archived:
        draft, customer = replace(draft, customer_id=None), None
    found = await stored(work, draft.id, lock=True)
    editing = Editing(found.version if found else 0, new_id())
    return await make_findable(work, draft, await write(work, own, customer, found, draft, editing))


async def write_credit_note(work: Work, customer: Buyer, draft: Draft, totals: Totals) -> None:
    """A credit note with its figures, about to be issued in the same unit of work: it is never seen as a draft."""
    values = _columns(draft, customer, totals)
    await _insert(work, draft, values, totals, now(), Editing(0, new_id()))


async def delete(organisation_id: UUID, person_id: UUID, invoice_id: UUID) -> None:
    """Delete a draft; `restore` takes it back. Raises NotFound, and Refused for an issued invoice (bokføringsloven § 13).

    Deleting twice is the same as once.
    """
    async with unit_of_work(organisation_id, person_id) as work:
        found = await stored(work, invoice_id, lock=True)
        if found is None:
            raise NotFound
        if not found.is_draft:
            await refuse_deletion(work, found)
        if found.row["deleted_at"] is None:
            await permit_customer(work, found.row["customer_id"], Operation.DELETE)
            await work.connection.execute(_SET_DELETED, work.organisation_id, invoice_id, now())
            await search_words.index(work, "invoice", invoice_id, found.row["listed_at"], ())
            work.audit("invoice.draft_deleted", "invoice", invoice_id)


async def restore(organisation_id: UUID, person_id: UUID, invoice_id: UUID) -> None:
    """Take a deleted draft back. Raises NotFound."""
    async with unit_of_work(organisation_id, person_id) as work:
        found = await stored(work, invoice_id, lock=True)
        if found is None or not found.is_draft:
            raise NotFound
        if found.row["deleted_at"] is not None:
            await work.connection.execute(_SET_DELETED, work.organisation_id, invoice_id, None)
            texts = search_texts(found.draft(), found.row["customer_name"])
            await search_words.index(work, "invoice", invoice_id, found.row["listed_at"], texts)
            work.audit("invoice.draft_restored", "invoice", invoice_id)


def search_texts(draft: Draft, customer_name: str) -> list[str]:
    """What an invoice can be found by, besides its number, KID and amount."""
    return [
        customer_name,
        draft.order_number,
        draft.your_reference,
        draft.our_reference,
        draft.note,
        *(line.description for line in draft.lines),
    ]


def groups_json(totals: Totals, in_kroner: Sequence[GroupInKroner] = ()) -> str:
    """The VAT groups as stored: figures as text, so that nothing is ever a float; of an issued document in another
    currency also those in NOK."""
    kroner = [{"base_nok": str(group.base), "vat_nok": str(group.vat)} for group in in_kroner]
    return json.dumps(
        [
            {
                "category": group.category,
                "rate": str(group.rate),
                "line_sum": str(group.line_sum),
                "discount": str(group.discount),
                "base": str(group.base),
                "vat": str(group.vat),
                "charge": str(group.charge),
                **more,
            }
            for group, more in zip(totals.groups, kroner or [{}] * len(totals.groups), strict=True)
        ]
    )


def _check_version(found: StoredInvoice, editing: Editing) -> None:
    mine = found.row["edited_in"] == editing.editor or found.version == editing.version
    if not mine or found.row["deleted_at"] is not None:
        raise Stale(found)


def _as_new(original: StoredInvoice, new_draft_id: UUID) -> Draft:
    """The same words as an invoice of its own, whatever the original is."""
    draft = original.draft()
    lines = tuple(replace(line, id=new_id(), credits_line_id=None, credits_quantity=None) for line in draft.lines)
    return replace(
        draft, id=new_draft_id, lines=lines, due_on=None, exchange_rate=None, rate_source="", rate_on=None,
        kind="invoice", credits=None,
    )  # fmt: skip


def _columns(draft: Draft, customer: Buyer | None, totals: Totals) -> dict[str, Any]:
    return {
        "customer_id": draft.customer_id,
        "customer_name": customer.party.name if customer else "",
        "currency": draft.currency,
        "language": draft.language,
        "prices_include_vat": draft.prices_include_vat,
        "due_on": draft.due_on,
        "due_days": draft.due_days,
        "delivery_from": draft.delivery_from,
        "delivery_to": draft.delivery_to,
        "delivery_place": draft.delivery_place,
        "your_reference": draft.your_reference,
        "our_reference": draft.our_reference,
        "order_number": draft.order_number,
        "note": draft.note,
        "discount_percent": draft.discount.percent if draft.discount else None,
        "discount_amount": draft.discount.amount if draft.discount else None,
        "charge_percent": draft.charge.percent if draft.charge else None,
        "charge_amount": draft.charge.amount if draft.charge else None,
        "charge_text": draft.charge.text if draft.charge else "",
        "kind": draft.kind,
        "credits_id": draft.credits,
        "exchange_rate": draft.exchange_rate,
        "rate_source": draft.rate_source,
        "rate_on": draft.rate_on,
        "line_sum": totals.line_sum,
        "discount": totals.discount,
        "charge": totals.charge,
        "net": totals.net,
        "vat": totals.vat,
        "gross": totals.gross,
        "shown_line_sum": totals.shown_line_sum,
        "shown_discount": totals.shown_discount,
        "shown_charge": totals.shown_charge,
        "vat_groups": groups_json(totals),
    }


async def _insert(
    work: Work, draft: Draft, values: dict[str, Any], totals: Totals, moment: datetime, editing: Editing
) -> bool:
    """Write the new row and its lines; False, and nothing written, when the id is taken already."""
    row = {
        "organisation_id": work.organisation_id,
        "id": draft.id,
        "created_by": work.person_id,
        "created_at": moment,
        "listed_at": moment,
        "changed_at": moment,
        "edited_in": editing.editor,
        **_DEFAULTS,
        **values,
    }
    answers: list[bool | None] = []
    added = Part("added", _insert_row(tuple(row)), tuple(row.values()), answers.append)
    await send_together(work, added, *_lines(work, draft, totals, " where exists (table added)"))
    return answers[0] is not None


@cache
def _insert_row(columns: tuple[str, ...]) -> str:
    places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    return (
        f"insert into invoice ({', '.join(columns)}) values ({places}) "  # noqa: S608 - names from this module only
        "on conflict (organisation_id, id) do nothing returning true"
    )


async def _update(work: Work, invoice_id: UUID, values: dict[str, Any], moment: datetime, editing: Editing) -> int:
    pairs = {**values, "changed_at": moment, "edited_in": editing.editor}
    changes = ", ".join(f"{name} = ${n}" for n, name in enumerate(pairs, start=3))
    version: int = await work.connection.fetchval(
        f"update invoice set {changes}, version = version + 1 "  # noqa: S608 - names from this module only
        "where organisation_id = $1 and id = $2 returning version",
        work.organisation_id,
        invoice_id,
        *pairs.values(),
    )
    return version


def _lines(work: Work, draft: Draft, totals: Totals, condition: str = "") -> list[Part]:
    """All lines as one statement: arrays, one for each column."""
    if not draft.lines:
        return []
    rows = [
        (
            line.id, position, line.product_id, line.description, line.quantity, line.unit, line.unit_price,
            line.discount_percent, line.treatment, total.line.category, total.line.rate, total.gross_price_amount,
            total.discount, total.net, total.net_shown, line.charge, line.charge_text, line.credits_line_id,
            line.credits_quantity,
        )
        for position, (line, total) in enumerate(zip(draft.lines, totals.lines, strict=True), start=1)
    ]  # fmt: skip
    columns: Sequence[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    return [Part("lines", _INSERT_LINES + condition, (work.organisation_id, draft.id, *columns))]


def _same_lines(found: StoredInvoice, draft: Draft, totals: Totals) -> bool:
    """Are the stored lines, figures and rates included, what would be written?"""
    return found.draft().lines == draft.lines and found.totals().lines == totals.lines


_TOO_LARGE = 10**12
_DEFAULTS: dict[str, Any] = {
    "state": "draft",
    "version": 1,
    "delivery_state": "none",
    "open_amount": ZERO,
    "paid_amount": ZERO,
    "credited_amount": ZERO,
    **dict.fromkeys(("kid", "bank_account", "iban", "bic", "accent", "credits_number"), ""),
}
_SEARCHED = {"customer_name", "order_number", "your_reference", "our_reference", "note", "lines"}
_DELETE_LINES = "delete from invoice_line where organisation_id = $1 and invoice_id = $2"
_SET_DELETED = "update invoice set deleted_at = $3, version = version + 1 where organisation_id = $1 and id = $2"
_INSERT_LINES = """
insert into invoice_line (organisation_id, invoice_id, id, position, product_id, description, quantity, unit,
    unit_price, discount_percent, vat_treatment, vat_category, vat_rate, gross_price_amount, discount, net, net_shown,
    charge, charge_text, credits_line_id, credits_quantity)
select $1::uuid, $2::uuid, * from unnest($3::uuid[], $4::smallint[], $5::uuid[], $6::text[], $7::numeric[], $8::text[],
    $9::numeric[], $10::numeric[], $11::text[], $12::text[], $13::numeric[], $14::numeric[], $15::numeric[],
    $16::numeric[], $17::numeric[], $18::numeric[], $19::text[], $20::uuid[], $21::numeric[])
"""
