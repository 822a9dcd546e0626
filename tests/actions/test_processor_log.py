"""The log of processors, and what companies hear of it (P-44)."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from actions import instance, notices, processor_log
from actions.clock import now
from domain.processors_file import ProcessorDetails
from domain.settings import Settings
from models.queries.processors import processor_changes
from tests.companies import only
from tests.world import World

Use = Callable[..., None]


@pytest.fixture
async def use(monkeypatch: pytest.MonkeyPatch, settings: Settings, owner: asyncpg.Connection) -> AsyncIterator[Use]:
    """Begin with an empty log, and change the settings."""

    async def forget() -> None:
        # The log is append-only for everybody; only here the trigger is put to sleep.
        await owner.execute("alter table processor_change disable trigger all")
        await owner.execute("delete from processor_change")
        await owner.execute("alter table processor_change enable trigger all")

    def change(**values: Any) -> None:
        monkeypatch.setattr(instance, "_settings", replace(settings, **values))

    await forget()
    yield change
    await forget()


async def told() -> list[tuple[str, str]]:
    return [(change.kind, change.name) for change in reversed(await processor_changes())]


async def newest_notice(owner: asyncpg.Connection) -> asyncpg.Record:
    return await owner.fetchrow("select * from notice where kind = 'processor' order by id desc limit 1")


async def notices_written(owner: asyncpg.Connection) -> int:
    return int(await owner.fetchval("select count(*) from notice where kind = 'processor'"))


async def test_p44_what_is_in_use_when_the_log_begins_is_no_news(
    use: Use, owner: asyncpg.Connection, pool: None
) -> None:
    before = await notices_written(owner)
    use(smtp_url="smtps://smtp.first.example")
    assert await processor_log.compare() == 1 and await processor_log.compare() == 0
    assert await told() == [("added", "smtp.first.example")] and await notices_written(owner) == before


async def test_p44_a_new_processor_is_written_down_and_every_company_is_told(
    use: Use, owner: asyncpg.Connection, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    only(monkeypatch, notices, company, await world.company())
    await processor_log.compare()
    use(
        smtp_url="smtps://u:hemmelig@smtp.new.example",
        processors=(ProcessorDetails("smtp.new.example", "Post AS", "NO"),),
    )
    assert await processor_log.compare() == 1 and await processor_log.compare() == 0
    notice = await newest_notice(owner)
    assert "Post AS (smtp.new.example)" in notice["text_en"] and "hemmelig" not in notice["text_en"]
    assert "Leverer e-postene våre" in notice["text_nb"]
    await notices.tell(notice["id"])
    assert "smtp.new.example" in (await company.get("/company/notices")).text
    page = html.unescape((await company.get("/privacy/processors")).text)
    assert "Post AS" in page and "within the EEA" in page and "smtp.new.example came into use" in page
    letters = await owner.fetchval(
        "select count(*) from account_message where kind = 'notice' and notice_id = $1 and person_id = $2",
        notice["id"], company.person_id,
    )  # fmt: skip
    assert letters == 1


async def test_p44_a_processor_is_announced_before_it_comes_and_not_told_twice(
    use: Use, owner: asyncpg.Connection, pool: None
) -> None:
    await processor_log.compare()
    before = await notices_written(owner)
    starts = now().date() + timedelta(days=30)
    coming = ProcessorDetails(
        "s.coming.example", "Mail Inc", "US", "SCC 2021/914", "Delivers", "Texts", date(2026, 1, 2), starts
    )
    use(processors=(coming,))
    assert await processor_log.compare() == 1 and await processor_log.compare() == 0
    notice = await newest_notice(owner)
    assert "SCC 2021/914" in notice["text_en"] and str(starts.year) in notice["subject_en"]
    use(processors=(coming,), smtp_url="smtps://s.coming.example")
    assert await processor_log.compare() == 1
    assert await notices_written(owner) == before + 1
    use()
    assert await processor_log.compare() == 1
    assert await told() == [
        ("announced", "s.coming.example"), ("added", "s.coming.example"), ("removed", "s.coming.example"),
    ]  # fmt: skip


async def test_p44_a_transfer_out_of_the_eea_is_shown_with_its_safeguard(use: Use, world: World) -> None:
    details = ProcessorDetails("smtp.far.example", "Mail Inc", "US", "SCC 2021/914", agreement_on=date(2026, 3, 1))
    use(smtp_url="smtps://smtp.far.example", processors=(details,))
    page = html.unescape((await world.visitor().get("/privacy/processors")).text)
    assert "Mail Inc, United States (SCC 2021/914)" in page and "1 Mar 2026" in page and "Just now" in page
