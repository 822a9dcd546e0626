"""What all companies, or some, must be told: a breach (GDPR Art. 33(2)), a new processor (Art. 28(2)).

A notice is written once. A job brings it to each company, where it stays to be read, and to its owners by e-mail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from actions.account_letters import ask_for_letter
from actions.breaches import note_companies_told
from actions.clock import now
from actions.tenants import organisations
from domain.accounts import Asked
from domain.privacy.breach_texts import Model
from models.unit_of_work import Work, reading, unit_of_work

JOB = "tell_companies"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`texts` in nb and en; `numbers` are organisation numbers, empty for all companies."""

    kind: str  # breach | processor
    texts: Mapping[str, Model]
    numbers: Sequence[str] = ()
    breach_id: UUID | None = None


async def write(work: Work, notice_id: UUID, wanted: Wanted) -> bool:
    """Write the notice down and queue the job that tells the companies; False when it was there already."""
    nb, en = wanted.texts["nb"], wanted.texts["en"]
    written = await work.connection.fetchval(
        _WRITE, notice_id, wanted.kind, now(), wanted.breach_id, nb.subject, en.subject, nb.text, en.text,
        list(wanted.numbers),
    )  # fmt: skip
    if written:
        work.enqueue(JOB, {"id": str(notice_id)}, dedupe_key=f"{JOB}:{notice_id}")
    return bool(written)


async def tell_of_breach(
    person_id: UUID, breach_id: UUID, notice_id: UUID, texts: Mapping[str, Model], numbers: Sequence[str]
) -> None:
    """Tell companies of a breach, and note in the register that they are told. Twice with one id is once."""
    async with unit_of_work(None, person_id) as work:
        if await write(work, notice_id, Wanted("breach", texts, numbers, breach_id)):
            await note_companies_told(work, breach_id, now())


async def tell(notice_id: UUID) -> int:
    """Bring the notice to each company it is for: once, however often this runs or is killed. How many it reached."""
    async with reading(None) as work:
        numbers = await work.connection.fetchval("select numbers from notice where id = $1", notice_id)
    if numbers is None:
        return 0
    reached = 0
    async for organisation_id in organisations():
        reached += await _tell_one(notice_id, organisation_id, numbers)
    async with unit_of_work(None) as work:
        await work.connection.execute(_DONE, notice_id, reached, now())
    return reached


async def _tell_one(notice_id: UUID, organisation_id: UUID, numbers: Sequence[str]) -> bool:
    """True when the notice is for this company."""
    async with unit_of_work(organisation_id) as work:
        if not await work.connection.fetchval(IS_FOR, organisation_id, numbers):
            return False
        is_new = await work.connection.fetchval(_RECEIVE, organisation_id, notice_id, now())
        if is_new:
            for owner in await _owners(work):
                await ask_for_letter(
                    work, Asked.NOTICE, owner["email"], owner["language"], owner["id"], notice_id=notice_id
                )
            work.audit("notice.received", "notice", notice_id)
    return True


async def _owners(work: Work) -> list[Any]:
    return list(await work.connection.fetch(_OWNERS, work.organisation_id))


_WRITE = """
insert into notice (id, kind, written_at, breach_id, subject_nb, subject_en, text_nb, text_en, numbers)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing returning true
"""
_DONE = "update notice set companies = $2, told_at = $3 where id = $1 and told_at is null"
IS_FOR = """
select cardinality($2::varchar[]) = 0 or organisation_number = any($2::varchar[]) from organisation where id = $1
"""
_RECEIVE = """
insert into company_notice (organisation_id, id, received_at) values ($1, $2, $3)
on conflict (organisation_id, id) do nothing returning true
"""
_OWNERS = """
select p.id, p.email, p.language from membership m join person p on p.id = m.person_id
where m.organisation_id = $1 and m.role = 'owner' and p.closes_at is null order by p.id
"""
