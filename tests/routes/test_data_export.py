"""The page of the copy of one's data: who may have it made, and who may fetch it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from actions import data_exports, documents, files
from actions.clock import now
from domain.settings import Settings
from models.queries.data_exports import newest_export
from models.unit_of_work import unit_of_work
from tasks.gateways.pdf import NullPdf
from tasks.handlers.make_data_export import MakeDataExport
from tasks.renderer import PoolRenderer
from tests.world import PASSWORD, Company, World

PLACE = "/account/export"


@pytest.fixture
async def company(app: Any, settings: Settings) -> AsyncIterator[Company]:
    files.open_store(settings)
    documents.use(PoolRenderer(NullPdf()))
    world = World(app, settings)
    yield await world.company()
    await world.close()
    documents.use(None)


async def make_it(company: Company) -> None:
    export = await newest_export(company.person_id, company.id)
    assert export is not None
    await MakeDataExport().run({"id": str(export.id)})


async def age(company: Company, minutes: int) -> None:
    """The password was given so long ago."""
    async with unit_of_work(None, company.person_id) as work:
        await work.connection.execute(
            "update session set authenticated_at = $2 where person_id = $1",
            company.person_id,
            now() - timedelta(minutes=minutes),
        )


async def link_of(company: Company) -> str:
    answer = await company.post(f"{PLACE}/link")
    assert answer.status_code == 303
    return answer.headers["location"]


async def test_p17_a_copy_is_asked_for_watched_and_fetched(company: Company, owner: asyncpg.Connection) -> None:
    assert "Make a copy of my data" in (await company.get(PLACE)).text
    assert (await company.post(PLACE)).headers["location"] == PLACE
    waiting = (await company.get(PLACE)).text
    assert 'hx-trigger="every 2s"' in waiting and "percent done" in waiting and "Download the ZIP" not in waiting
    await make_it(company)
    assert "Download the ZIP" in (await company.get(PLACE)).text
    zip_file = await company.get(await link_of(company))
    assert zip_file.status_code == 200 and zip_file.content.startswith(b"PK")
    assert zip_file.headers["content-type"] == "application/zip"
    assert zip_file.headers["cache-control"] == "no-store" and zip_file.headers["referrer-policy"] == "no-referrer"
    assert zip_file.headers["content-disposition"].startswith('attachment; filename="smartfaktura-export_company_')
    assert zip_file.headers["x-content-type-options"] == "nosniff"
    events = await owner.fetch("select kind from security_event where person_id = $1", company.person_id)
    assert {"export_asked", "export_downloaded"} <= {event["kind"] for event in events}
    assert "One copy a day" in (await company.post(PLACE)).text


async def test_p19_without_a_fresh_password_it_is_asked_for(company: Company) -> None:
    await age(company, 11)
    assert 'name="password"' in (await company.get(PLACE)).text
    for wrong in ({}, {"password": "feil"}):
        answer = await company.post(PLACE, wrong)
        assert answer.status_code == 422 and 'id="f-password-error"' in answer.text
    assert await newest_export(company.person_id, company.id) is None
    done = await company.post(PLACE, {"password": PASSWORD})
    assert done.status_code == 303 and "set-cookie" in done.headers
    assert await newest_export(company.person_id, company.id) is not None


async def test_p19_a_link_alone_opens_nothing(company: Company) -> None:
    await company.post(PLACE)
    await make_it(company)
    link = await link_of(company)
    world = World(company.app, files_settings())
    other = await world.company()
    assert (await world.visitor().get(link)).headers["location"].startswith("/login")
    assert (await other.get(link)).status_code == 404
    await age(company, 11)
    assert (await company.get(link)).headers["location"] == PLACE
    await world.close()


def files_settings() -> Settings:
    from actions.instance import settings

    return settings()


async def test_p19_a_new_link_ends_the_one_before(company: Company) -> None:
    await company.post(PLACE)
    await make_it(company)
    first, second = await link_of(company), await link_of(company)
    assert (await company.get(first)).status_code == 404
    assert (await company.get(second)).status_code == 200


async def test_p19_after_three_days_the_answer_is_410(company: Company) -> None:
    await company.post(PLACE)
    await make_it(company)
    link = await link_of(company)
    export = await newest_export(company.person_id, company.id)
    assert export is not None
    async with unit_of_work(None, company.person_id) as work:
        await work.connection.execute(
            "update data_export set expires_at = $2 where id = $1", export.id, now() - timedelta(minutes=1)
        )
    gone = await company.get(link)
    assert gone.status_code == 410 and "The last copy is deleted" in gone.text
    assert (await company.post(f"{PLACE}/link")).status_code == 410


async def test_a_copy_that_could_not_be_made_may_be_asked_for_again(company: Company) -> None:
    await company.post(PLACE)
    first = await newest_export(company.person_id, company.id)
    assert first is not None
    await data_exports.give_up(first.id)
    assert "could not be made" in (await company.get(PLACE)).text
    await company.post(PLACE)
    second = await newest_export(company.person_id, company.id)
    assert second is not None and second.id != first.id


async def test_the_page_asks_for_the_export_once(company: Company, statements: list[str]) -> None:
    await company.get(PLACE)
    assert len([statement for statement in statements if statement.lstrip().lower().startswith("select")]) <= 2
