"""The log of processors: the settings compared with what was in use before (check P-44).

A processor that is new, or announced, is written down, and all companies are told (GDPR Art. 28(2)). What is in use when
the log begins is no news.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from actions import notices
from actions.clock import now
from actions.instance import settings
from actions.notices import Wanted
from domain.privacy.processor_texts import notice_of
from domain.privacy.recipients import Recipient, processors_of
from domain.processors_file import ProcessorDetails
from models.ids import new_id
from models.unit_of_work import Work, unit_of_work

_LOCK = 7_204_534


async def compare() -> int:
    """Write down what has changed since the last time; how many changes. Once, however many run at a time."""
    in_use = {one.name: one for one in processors_of(settings())}
    told = {one.name: one for one in settings().processors}
    today = now().date()
    coming = {
        one.name: one for one in told.values() if one.starts_on and one.starts_on > today and one.name not in in_use
    }
    async with unit_of_work(None) as work:
        await work.connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        last = {row["name"]: row for row in await work.connection.fetch(_LAST)}
        is_news = "" in last
        if not is_news:
            await _note(work, "begun", "")
        changes = await _begin(work, in_use, told, last, is_news)
        changes += await _announce(work, coming, last)
        changes += await _end(work, in_use, last)
    return changes


async def _begin(
    work: Work, in_use: dict[str, Recipient], told: dict[str, ProcessorDetails], last: dict[str, Any], is_news: bool
) -> int:
    new = [name for name in in_use if _kind(last, name) != "added"]
    for name in new:
        await _note(work, "added", name)
        if is_news and _kind(last, name) != "announced":
            await _tell(work, told.get(name, ProcessorDetails(name)), in_use[name])
    return len(new)


async def _announce(work: Work, coming: dict[str, ProcessorDetails], last: dict[str, Any]) -> int:
    new = [
        one
        for one in coming.values()
        if _kind(last, one.name) != "announced" or last[one.name]["starts_on"] != one.starts_on
    ]
    for one in new:
        await _note(work, "announced", one.name, one.starts_on)
        await _tell(work, one, None)
    return len(new)


async def _end(work: Work, in_use: dict[str, Recipient], last: dict[str, Any]) -> int:
    gone = [name for name in last if _kind(last, name) == "added" and name not in in_use]
    for name in gone:
        await _note(work, "removed", name)
    return len(gone)


def _kind(last: dict[str, Any], name: str) -> str:
    return str(last[name]["kind"]) if name in last else ""


async def _note(work: Work, kind: str, name: str, starts_on: date | None = None) -> None:
    await work.connection.execute(_NOTE, new_id(), now(), kind, name, starts_on)


async def _tell(work: Work, details: ProcessorDetails, recipient: Recipient | None) -> None:
    address = f"{settings().public_url}/privacy/processors"
    texts = notice_of(details, recipient, settings().operator.privacy_email, address)
    await notices.write(work, new_id(), Wanted("processor", texts))


_LAST = "select distinct on (name) name, kind, starts_on from processor_change order by name, id desc"
_NOTE = "insert into processor_change (id, at, kind, name, starts_on) values ($1, $2, $3, $4, $5)"
