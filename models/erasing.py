# ruff: noqa: S608 - SQL of the names of our own tables and columns only
"""The statements of a deletion, made from the data map and from what the database knows refers to what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.privacy.erasure import Fate, Part
from models.blank import blank, blanking
from models.unit_of_work import Work

# Files of a document go before it: the table itself is one that is kept.
FIRST = {
    "removed_document": "delete from supplier_file where organisation_id = $1 and document_id = any(array("
    "select id from supplier_document where organisation_id = $1 and deleted_at is not null))"
}


@dataclass(frozen=True, slots=True)
class Reference:
    """`child.column` points to `parent`, and keeps its rows from being deleted."""

    child: str
    column: str
    parent: str


async def references(work: Work) -> tuple[Reference, ...]:
    """Every reference between two tables of a tenant that does not go with what it points to."""
    rows = await work.connection.fetch(_REFERENCES)
    return tuple(Reference(**row) for row in rows)


def in_order(parts: Iterable[Part], known: Iterable[Reference]) -> tuple[Part, ...]:
    """What refers to something before it: then nothing stands in the way of anything."""
    waiting, pairs, found = list(parts), {(one.child, one.parent) for one in known if one.child != one.parent}, []
    while waiting:
        tables = {part.table for part in waiting}
        free = [part for part in waiting if not any((child, part.table) in pairs for child in tables)]
        found += free or waiting
        waiting = [part for part in waiting if part not in found]
    return tuple(found)


def deletion(part: Part, known: Iterable[Reference], batch: int) -> str:
    """Delete some rows of the part, those that nothing kept refers to; $1 is the company."""
    unnamed = [
        f"not exists (select from {one.child} x where x.organisation_id = t.organisation_id and x.{one.column} = t.id)"
        for one in known
        if one.parent == part.table and one.child != one.parent
    ]
    conditions = " and ".join(
        ["t.organisation_id = $1", *([f"({part.condition})"] if part.condition else []), *unnamed]
    )
    return (
        f"delete from {part.table} where ctid = any(array(select t.ctid from {part.table} t where {conditions} "
        f"limit {batch})) and organisation_id = $1"
    )


def emptying(table: str) -> tuple[str, list[Any]] | None:
    """Empty the rows of the table that stay; None when there is nothing in them to empty. $1 is the company."""
    if not blank(table):
        return None
    if table == "customer":
        return blanking(table, "organisation_id = $1 and restricted_at is null", 2, name="", name_key="")
    return blanking(table, "organisation_id = $1", 2)


# Of issued invoices and quotes that were sent only these may be taken away: the database refuses every other change.
REACHLESS = """jsonb_build_object('buyer', document -> 'buyer' || '{"email": "", "phone": ""}')"""
CONTACTS = """
update invoice set seller = seller || '{"email": "", "phone": ""}', buyer = buyer || '{"email": "", "phone": ""}'
where organisation_id = $1 and id = any(array(
    select id from invoice where organisation_id = $1 and state <> 'draft'
    and (seller->>'email' <> '' or seller->>'phone' <> '' or buyer->>'email' <> '' or buyer->>'phone' <> '')
    limit $2))
"""
QUOTE_PAGES = f"""
update quote set token_hash = null, document = document || {REACHLESS}
    || jsonb_build_object('seller', document -> 'seller' || '{{"email": "", "phone": ""}}')
where organisation_id = $1 and state <> 'draft' and (token_hash is not null
    or document -> 'buyer' ->> 'email' <> '' or document -> 'buyer' ->> 'phone' <> ''
    or document -> 'seller' ->> 'email' <> '' or document -> 'seller' ->> 'phone' <> '')
"""
FROZEN = frozenset(
    {"restriction", "correction", "invoice", "invoice_line", "invoice_file", "invoice_attachment", "payment", "quote"}
)


def emptied(parts: Iterable[Part], known: Iterable[Reference]) -> tuple[str, ...]:
    """Tables with rows that stay, by law or because such a row refers to them, and with columns that do not."""
    parents = {one.parent for one in known}
    tables = dict.fromkeys(
        part.table
        for part in parts
        if part.fate is Fate.HELD or (part.fate is Fate.DELETED and part.table in parents)
    )
    return tuple(table for table in tables if table not in FROZEN and blank(table))


_REFERENCES = """
select k.conrelid::regclass::text as child, quote_ident(a.attname) as column, k.confrelid::regclass::text as parent
from pg_constraint k
join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[array_length(k.conkey, 1)]
where k.contype = 'f' and k.confdeltype in ('a', 'r') and array_length(k.conkey, 1) = 2
order by 1, 2
"""
