"""The register of breaches as its pages show it, and how much of which data there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.privacy.breaches import FIELDS, Breach, Decision, Kind
from domain.privacy.classification import Category
from models.unit_of_work import Work, reading


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of what is known."""

    breach_id: UUID
    version: int
    reference: str
    written_at: datetime
    breach: Breach


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice to companies; `received_at` where one company looks."""

    id: UUID
    kind: str
    at: datetime
    subjects: Mapping[str, str]
    texts: Mapping[str, str]
    numbers: tuple[str, ...] = ()
    companies: int | None = None


async def newest_entries() -> list[Entry]:
    """Each breach as it is known now, the newest breach first."""
    async with reading(None) as work:
        rows = await work.connection.fetch(_NEWEST)
    return [entry_of(row) for row in rows]


async def entries_of(breach_id: UUID) -> list[Entry]:
    """Every version of a breach, the newest first; empty when there is no such breach."""
    async with reading(None) as work:
        rows = await work.connection.fetch(_ENTRIES, breach_id)
    return [entry_of(row) for row in rows]


async def notices_about(breach_id: UUID) -> list[NoticeView]:
    """What companies were told of this breach, the newest first."""
    async with reading(None) as work:
        rows = await work.connection.fetch(_ABOUT, breach_id)
    return [_notice(row) for row in rows]


async def notices_of(organisation_id: UUID) -> list[NoticeView]:
    """What this company was told, the newest first."""
    async with reading(organisation_id) as work:
        rows = await work.connection.fetch(_RECEIVED, organisation_id)
    return [_notice(row) for row in rows]


async def newest_in(work: Work, breach_id: UUID) -> Entry | None:
    row = await work.connection.fetchrow(f"{_ENTRIES} limit 1", breach_id)
    return None if row is None else entry_of(row)


def entry_of(row: Any) -> Entry:
    found = {name: row[name] for name in FIELDS} | {
        "decision": Decision(row["decision"]),
        "kinds": tuple(Kind(kind) for kind in row["kinds"]),
        "categories": tuple(Category(category) for category in row["categories"]),
    }
    return Entry(row["breach_id"], row["version"], row["reference"], row["written_at"], Breach(**found))


def _notice(row: Any) -> NoticeView:
    return NoticeView(
        row["id"],
        row["kind"],
        row["at"],
        {"nb": row["subject_nb"], "en": row["subject_en"]},
        {"nb": row["text_nb"], "en": row["text_en"]},
        tuple(row["numbers"]),
        row["companies"],
    )


_NEWEST = """
select distinct on (breach_id) * from breach_entry order by breach_id desc, version desc
"""
_ENTRIES = "select * from breach_entry where breach_id = $1 order by version desc"
_ABOUT = "select *, written_at as at from notice where breach_id = $1 order by written_at desc, id"
_RECEIVED = """
select n.*, c.received_at as at from company_notice c join notice n on n.id = c.id
where c.organisation_id = $1 order by c.received_at desc, n.id
"""
