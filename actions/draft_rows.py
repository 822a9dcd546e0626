"""The row of a draft and the rows of its lines, written as the editor's value and its figures say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from domain.draft import Draft
from domain.kroner import GroupInKroner
from domain.money import ZERO
from domain.totals import Totals
from models.queries.invoices import StoredInvoice
from models.queries.parties import Buyer
from models.together import Part, send_together
from models.unit_of_work import Work


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


def columns(draft: Draft, customer: Buyer | None, totals: Totals) -> dict[str, Any]:
    """The columns of the row that follow from the draft and its figures."""
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
        "project_reference": draft.project_reference,
        "contract_reference": draft.contract_reference,
        "accounting_reference": draft.accounting_reference,
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


# The part that writes a new row; it answers with no row when the id is taken.
ADDED = "added"


async def insert(
    work: Work, draft: Draft, values: dict[str, Any], totals: Totals, moment: datetime, editor: UUID, *beside: Part
) -> bool:
    """Write the new row and its lines, with what goes `beside` them; False, and nothing written, when the id is taken
    already."""
    row = {
        "organisation_id": work.organisation_id,
        "id": draft.id,
        "created_by": work.person_id,
        "created_at": moment,
        "listed_at": moment,
        "changed_at": moment,
        "edited_in": editor,
        **_DEFAULTS,
        **values,
    }
    answers: list[bool | None] = []
    added = Part(ADDED, _insert_row(tuple(row)), tuple(row.values()), answers.append)
    lines = _lines(work, draft, _rows(draft, totals), f" where exists (table {ADDED})")
    await send_together(work, added, *lines, *beside)
    return answers[0] is not None


@cache
def _insert_row(columns: tuple[str, ...]) -> str:
    places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    return (
        f"insert into invoice ({', '.join(columns)}) values ({places}) "  # noqa: S608 - names from this module only
        "on conflict (organisation_id, id) do nothing returning true"
    )


async def update(
    work: Work, draft: Draft, values: dict[str, Any], moment: datetime, editor: UUID, *beside: Part
) -> int:
    """Write these columns, and what goes `beside` them; the new version."""
    pairs = {**values, "changed_at": moment, "edited_in": editor}
    answers: list[int] = []
    own = (work.organisation_id, draft.id)
    changed = Part("changed", _update_row(tuple(pairs)), (*own, *pairs.values()), answers.append)
    await send_together(work, changed, *beside)
    return answers[0]


@cache
def _update_row(columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = ${n}" for n, name in enumerate(columns, start=3))
    return (
        f"update invoice set {changes}, version = version + 1 "  # noqa: S608 - names from this module only
        "where organisation_id = $1 and id = $2 returning version"
    )


def changed_lines(work: Work, found: StoredInvoice, draft: Draft, totals: Totals) -> list[Part]:
    """What makes the stored lines those of `draft`, with their figures and rates; nothing when they are. A line that is
    as it was is left alone: somebody who types changes one of many."""
    before = zip(found.draft().lines, found.totals().lines, strict=True)
    stored = {line.id: (place, line, total) for place, (line, total) in enumerate(before)}
    now = [(place, line, total) for place, (line, total) in enumerate(zip(draft.lines, totals.lines, strict=True))]
    rows = [row for row, one in zip(_rows(draft, totals), now, strict=True) if stored.get(one[1].id) != one]
    gone = stored.keys() - {line.id for line in draft.lines}
    parts = _lines(work, draft, rows, _OR_CHANGE)
    if gone:
        parts.append(Part("lines_gone", _DELETE_LINES, (work.organisation_id, draft.id, list(gone))))
    return parts


def _rows(draft: Draft, totals: Totals) -> list[tuple[Any, ...]]:
    return [
        (
            line.id, position, line.product_id, line.description, line.quantity, line.unit, line.unit_price,
            line.discount_percent, line.treatment, total.line.category, total.line.rate, total.gross_price_amount,
            total.discount, total.net, total.net_shown, line.charge, line.charge_text, line.credits_line_id,
            line.credits_quantity,
        )
        for position, (line, total) in enumerate(zip(draft.lines, totals.lines, strict=True), start=1)
    ]  # fmt: skip


def _lines(work: Work, draft: Draft, rows: list[tuple[Any, ...]], condition: str) -> list[Part]:
    """These lines as one statement: arrays, one for each column."""
    if not rows:
        return []
    columns: Sequence[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    return [Part("lines", _INSERT_LINES + condition, (work.organisation_id, draft.id, *columns))]


async def copy_files(work: Work, from_id: UUID, draft_id: UUID) -> None:
    """Let a draft have the files of another document; kept once, however many name them."""
    await work.connection.execute(_COPY_FILES, work.organisation_id, from_id, draft_id)


_DEFAULTS: dict[str, Any] = {
    "state": "draft",
    "version": 1,
    "delivery_state": "none",
    "open_amount": ZERO,
    "paid_amount": ZERO,
    "credited_amount": ZERO,
    **dict.fromkeys(("kid", "bank_account", "iban", "bic", "accent", "credits_number"), ""),
}
_DELETE_LINES = "delete from invoice_line where organisation_id = $1 and invoice_id = $2 and id = any($3::uuid[])"
_LINE_COLUMNS = (
    "position", "product_id", "description", "quantity", "unit", "unit_price", "discount_percent", "vat_treatment",
    "vat_category", "vat_rate", "gross_price_amount", "discount", "net", "net_shown", "charge", "charge_text",
    "credits_line_id", "credits_quantity",
)  # fmt: skip
_INSERT_LINES = f"""
insert into invoice_line (organisation_id, invoice_id, id, {", ".join(_LINE_COLUMNS)})
select $1::uuid, $2::uuid, * from unnest($3::uuid[], $4::smallint[], $5::uuid[], $6::text[], $7::numeric[], $8::text[],
    $9::numeric[], $10::numeric[], $11::text[], $12::text[], $13::numeric[], $14::numeric[], $15::numeric[],
    $16::numeric[], $17::numeric[], $18::numeric[], $19::text[], $20::uuid[], $21::numeric[])
"""  # noqa: S608 - the names above
_OR_CHANGE = f"""
on conflict (organisation_id, invoice_id, id) do update
set ({", ".join(_LINE_COLUMNS)}) = row({", ".join(f"excluded.{name}" for name in _LINE_COLUMNS)})
"""
_COPY_FILES = """
insert into invoice_attachment (organisation_id, id, invoice_id, position, name, mime, sha256, size, added_at)
select organisation_id, gen_random_uuid(), $3, position, name, mime, sha256, size, added_at from invoice_attachment
where organisation_id = $1 and invoice_id = $2 on conflict do nothing
"""
