"""Drafts of invoices: written, saved again and again, copied, deleted and taken back. Nothing here has a number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from actions import draft_rows, search_words
from actions.clock import now
from actions.einvoice_opinions import choice_of
from actions.holds import refuse_deletion
from actions.outcomes import NotFound, Stale
from actions.restrained import permit, permit_customer, permit_document
from domain.dates import today_in
from domain.invoice import Draft, draft_totals
from domain.money import ZERO
from domain.privacy.restriction import Operation
from domain.refusals import Invalid, Refusal, Refused
from domain.totals import Totals
from domain.vat import TREATMENTS, rate_on
from models.ids import new_id
from models.queries.invoices import StoredInvoice, held_with_parties, stored
from models.queries.parties import Buyer, Seller, parties
from models.together import Part
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
        written = await write(work, own, customer, found, draft, editing)
        # Whoever writes is told what keeps it from being an e-invoice.
        work.meanwhile(partial(choice_of, draft, own, customer, today_in(own.time_zone, now())))
    return replace(written.saved, own=own, customer=customer)


@dataclass(frozen=True, slots=True)
class Written:
    """A draft whose row and lines are written. With `lacks_words` it is not found by all its words yet."""

    saved: SavedDraft
    customer_name: str
    listed_at: datetime
    lacks_words: bool = False


def unchanged(found: StoredInvoice, zone: str) -> Written:
    """The draft as it was written before."""
    row = found.row
    saved = SavedDraft(
        found.id, found.version, found.totals(), row["changed_at"], zone, not found.is_draft, row["edited_in"]
    )
    return Written(saved, row["customer_name"], row["listed_at"])


async def make_findable(work: Work, draft: Draft, written: Written) -> SavedDraft:
    """Let a draft be found by the words that `write` left out, because it was to be issued at once: an issue brings
    words of its own."""
    if written.lacks_words:
        texts = search_texts(draft, written.customer_name)
        await search_words.index(work, "invoice", draft.id, written.listed_at, texts)
    return written.saved


async def write(
    work: Work,
    own: Seller,
    customer: Buyer | None,
    found: StoredInvoice | None,
    draft: Draft,
    editing: Editing,
    *,
    with_words: bool = True,
) -> Written:
    """Write row, lines and, unless they are left to `make_findable`, words, inside an open unit of work that holds the
    row.

    Raises Refused, Locked, and Stale for another window's."""
    await _permit_writing(work, customer, found, draft)
    moment = now()
    totals = calculate(draft, own.party.country, today_in(own.time_zone, moment))
    values = draft_rows.columns(draft, customer, totals)
    save = _Save(draft, values, totals, moment, editing, own.time_zone, with_words)
    if found is None:
        created = await _created(work, save)
        if created is not None:
            return created
        found = await stored(work, draft.id, lock=True)  # a double click: the other one was faster
        assert found is not None
    if not found.is_draft:
        return unchanged(found, own.time_zone)
    check_version(found, editing)
    return await _changed(work, found, save)


async def _permit_writing(work: Work, customer: Buyer | None, found: StoredInvoice | None, draft: Draft) -> None:
    """Both the customer it is for and the one it was for must allow it."""
    if draft.customer_id is not None and customer is None:
        raise Refused(Refusal("customer.missing", "customer"))
    await permit(work, customer, Operation.DRAFT)
    if found is not None and found.is_draft and found.row["customer_id"] not in (None, draft.customer_id):
        await permit_customer(work, found.row["customer_id"], Operation.EDIT)


@dataclass(frozen=True, slots=True)
class _Save:
    """What one save is to store: the draft, its columns and figures, from which window, and whether with its words."""

    draft: Draft
    values: dict[str, Any]
    totals: Totals
    moment: datetime
    editing: Editing
    zone: str
    with_words: bool

    @property
    def name(self) -> str:
        """The customer's."""
        return str(self.values["customer_name"])

    def written(self, version: int, listed_at: datetime, lacks_words: bool) -> Written:
        saved = SavedDraft(self.draft.id, version, self.totals, self.moment, self.zone)
        return Written(saved, self.name, listed_at, lacks_words)


async def _created(work: Work, save: _Save) -> Written | None:
    """Write a new row; None, and nothing is written, when its id is taken already."""
    draft, moment = save.draft, save.moment
    words: Iterable[Part] = ()
    if save.with_words:
        words = [search_words.first(work, draft.id, moment, search_texts(draft, save.name), draft_rows.ADDED)]
    if not await draft_rows.insert(work, draft, save.values, save.totals, moment, save.editing.editor, *words):
        return None
    work.audit("invoice.drafted", "invoice", draft.id, [*save.values, "lines"])
    return save.written(1, moment, not save.with_words)


async def _changed(work: Work, found: StoredInvoice, save: _Save) -> Written:
    """Write what differs; nothing at all when nothing does."""
    draft, editor, listed_at = save.draft, save.editing.editor, found.row["listed_at"]
    # The VAT groups follow from the rest, and the database writes their JSON its own way.
    changed = [name for name, value in save.values.items() if name != "vat_groups" and found.row[name] != value]
    lines = draft_rows.changed_lines(work, found, draft, save.totals)
    if not changed and not lines and found.row["edited_in"] == editor:
        return unchanged(found, save.zone)
    if lines:
        changed.append("lines")
    has_new_words = not _SEARCHED.isdisjoint(changed)
    words: Iterable[Part] = ()
    if has_new_words and save.with_words:
        words = search_words.indexing(work, "invoice", draft.id, listed_at, search_texts(draft, save.name))
    version = await draft_rows.update(work, draft, save.values, save.moment, editor, *lines, *words)
    if changed:
        work.audit("invoice.revised", "invoice", draft.id, changed)
    return save.written(version, listed_at, has_new_words and not save.with_words)


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
    """A new draft like the invoice, delivered today, with no due date of its own and without its files: last month's
    timesheet proves nothing of this one. Raises NotFound.

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
    """A new draft with what an invoice said, its delivery and its files included, to be mended and issued in its
    place."""
    saved = await write_new(work, own, customer, _as_new(original, draft_id))
    await draft_rows.copy_files(work, original.id, draft_id)
    return saved


async def write_new(work: Work, own: Seller, customer: Buyer | None, draft: Draft) -> SavedDraft:
    """Write a draft made by the app; without its customer when that one is archived."""
    if customer is not None and customer.is_archived:
        draft, customer = replace(draft, customer_id=None), None
    found = await stored(work, draft.id, lock=True)
    editing = Editing(found.version if found else 0, new_id())
    return (await write(work, own, customer, found, draft, editing)).saved


async def write_credit_note(work: Work, customer: Buyer, draft: Draft, totals: Totals) -> None:
    """A credit note with its figures, about to be issued in the same unit of work: it is never seen as a draft."""
    values = draft_rows.columns(draft, customer, totals)
    await draft_rows.insert(work, draft, values, totals, now(), new_id())


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
            await permit_customer(work, found.row["customer_id"], Operation.EDIT)
            await work.connection.execute(_SET_DELETED, work.organisation_id, invoice_id, None)
            texts = search_texts(found.draft(), found.row["customer_name"])
            await search_words.index(work, "invoice", invoice_id, found.row["listed_at"], texts)
            work.audit("invoice.draft_restored", "invoice", invoice_id)


def search_texts(draft: Draft, customer_name: str) -> list[str]:
    """What an invoice can be found by, besides its number, KID and amount."""
    return [
        customer_name,
        draft.order_number,
        draft.project_reference,
        draft.contract_reference,
        draft.accounting_reference,
        draft.your_reference,
        draft.our_reference,
        draft.note,
        *(line.description for line in draft.lines),
    ]


def check_version(found: StoredInvoice, editing: Editing) -> None:
    """Raises Stale when another editor saved since `editing` opened the draft, or somebody deleted it."""
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


_TOO_LARGE = 10**12
_SEARCHED = {
    "customer_name", "order_number", "project_reference", "contract_reference", "accounting_reference", "your_reference",
    "our_reference", "note", "lines",
}  # fmt: skip
_SET_DELETED = "update invoice set deleted_at = $3, version = version + 1 where organisation_id = $1 and id = $2"
