"""Letters to the people whom a breach concerns (GDPR Art. 34): to account holders, for whose data we answer.

Their customers are told by the business, which hears of it by a notice (actions.notices). A letter is written once, in
both languages, and a job queues it for each person: once, however often it runs or is killed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from actions.account_letters import ask_for_letter
from actions.breaches import note_people_told
from actions.clock import now
from actions.notices import IS_FOR
from actions.tenants import organisations
from domain.accounts import Asked
from domain.privacy.breach_texts import Model
from models.unit_of_work import reading, unit_of_work

JOB = "tell_people"
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose account existed at `existed_at` and whose address is confirmed. `numbers` are organisation numbers: only
    members of these companies; empty for everybody."""

    existed_at: datetime
    numbers: Sequence[str] = ()


async def count(audience: Audience) -> int:
    """How many people the letter would go to."""
    people = {row["id"] async for rows in _people(audience) for row in rows}
    return len(people)


async def tell_people(
    person_id: UUID, breach_id: UUID, letter_id: UUID, texts: Mapping[str, Model], audience: Audience
) -> None:
    """Write the letter down, have it sent, and note in the register that people are told. Twice with one id is once.

    Raises NotFound for an unknown breach."""
    nb, en = texts["nb"], texts["en"]
    async with unit_of_work(None, person_id) as work:
        written = await work.connection.fetchval(
            _WRITE, letter_id, now(), breach_id, nb.subject, en.subject, nb.text, en.text, list(audience.numbers),
            audience.existed_at,
        )  # fmt: skip
        if written:
            work.enqueue(JOB, {"id": str(letter_id)}, dedupe_key=f"{JOB}:{letter_id}")
            await note_people_told(work, breach_id, now())


async def tell(letter_id: UUID) -> int:
    """Queue the letter for each person it is for; how many those are."""
    async with reading(None) as work:
        row = await work.connection.fetchrow(_LETTER, letter_id)
    if row is None:
        return 0
    told: set[UUID] = set()
    async for people in _people(Audience(row["existed_at"], row["numbers"])):
        await _queue(letter_id, [person for person in people if person["id"] not in told])
        told.update(person["id"] for person in people)
    async with unit_of_work(None) as work:
        await work.connection.execute(_DONE, letter_id, len(told), now())
    return len(told)


async def _queue(letter_id: UUID, people: Sequence[Any]) -> None:
    """In one transaction, and only for who has no such letter yet: two runs at once wait for each other."""
    async with unit_of_work(None) as work:
        await work.connection.fetchval("select true from notice where id = $1 for update", letter_id)
        rows = await work.connection.fetch(_TOLD, letter_id, [person["id"] for person in people])
        has_it = {row["person_id"] for row in rows}
        for person in people:
            if person["id"] not in has_it:
                await ask_for_letter(
                    work, Asked.BREACH, person["email"], person["language"], person["id"], notice_id=letter_id
                )


async def _people(audience: Audience) -> AsyncIterator[Sequence[Any]]:
    """Those whom it is for, a number of them at a time; somebody in two companies comes twice."""
    if not audience.numbers:
        last = UUID(int=0)
        while rows := await _everybody(last, audience.existed_at):
            yield rows
            last = rows[-1]["id"]
        return
    async for organisation_id in organisations():
        async with reading(organisation_id) as work:
            concerned = await work.connection.fetchval(IS_FOR, organisation_id, audience.numbers)
            rows = await work.connection.fetch(_MEMBERS, organisation_id, audience.existed_at) if concerned else []
        if rows:
            yield rows


async def _everybody(last: UUID, existed_at: datetime) -> Sequence[Any]:
    async with reading(None) as work:
        rows: Sequence[Any] = await work.connection.fetch(_EVERYBODY, last, existed_at, AT_ONCE)
    return rows


_WRITE = """
insert into notice (id, kind, written_at, breach_id, subject_nb, subject_en, text_nb, text_en, numbers, existed_at)
values ($1, 'people', $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing returning true
"""
_LETTER = "select existed_at, numbers from notice where id = $1 and kind = 'people' and told_at is null"
_DONE = "update notice set companies = $2, told_at = $3 where id = $1 and told_at is null"
_TOLD = "select person_id from account_message where notice_id = $1 and kind = 'breach' and person_id = any($2)"
# An address that nobody has confirmed may be a stranger's.
_WHO = "p.email_confirmed_at is not null and p.created_at <= $2"
_EVERYBODY = f"select p.id, p.email, p.language from person p where p.id > $1 and {_WHO} order by p.id limit $3"  # noqa: S608 - our own words
_MEMBERS = f"""
select p.id, p.email, p.language from membership m join person p on p.id = m.person_id
where m.organisation_id = $1 and {_WHO} order by p.id
"""  # noqa: S608 - our own words
