"""The proof of consent as its owner sees it, and the counts of visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from models.engine import pool


@dataclass(frozen=True, slots=True)
class Proof:
    """One answer with its place in the chain. `holds`: its hash is the right one after the hash before it."""

    seq: int
    at: datetime
    consent_id: str | None
    action: str
    surface: str
    revision: int
    answers_before: str
    answers_after: str
    shown: bytes | None
    language: str | None
    browser: str
    path: str
    hash: bytes
    previous: bytes
    holds: bool


async def proofs(consent_id: str | None, person_id: UUID | None, most: int = 100) -> list[Proof]:
    """What this browser and this account answered, the newest first."""
    rows: Any = await pool().fetch(_PROOFS, consent_id, person_id, most)
    return [Proof(**row) for row in rows]


async def text_shown(sha256: bytes) -> str | None:
    """What was asked, by its hash."""
    html: str | None = await pool().fetchval("select html from consent_text where sha256 = $1", sha256)
    return html


@dataclass(frozen=True, slots=True)
class PageCount:
    """One page over some days: how often it was opened, and by how many first of their day."""

    page: str
    views: int
    visits: int
    returns: int


async def page_counts(since: date) -> list[PageCount]:
    """What was opened since that day, the most first."""
    rows: Any = await pool().fetch(_COUNTS, since)
    return [PageCount(**row) for row in rows]


_PROOFS = """
select e.seq, e.at, e.consent_id, e.action, e.surface, e.revision, e.answers_before, e.answers_after, e.shown,
       t.language, e.browser, e.path, e.hash, b.previous, e.hash = consent_link(b.previous, e.*::consent_event) as holds
from consent_event e left join consent_text t on t.sha256 = e.shown
cross join lateral (
    select coalesce((select p.hash from consent_event p where p.seq = e.seq - 1), h.base_hash) as previous
    from consent_head h
) b
where e.consent_id = $1 or e.person_id = $2
order by e.seq desc limit $3
"""
_COUNTS = """
select page, sum(views)::bigint as views, coalesce(sum(views) filter (where visit <> 'more'), 0)::bigint as visits,
       coalesce(sum(views) filter (where visit = 'back'), 0)::bigint as returns
from visit_count where day >= $1 group by page order by 2 desc, 1 limit 200
"""
