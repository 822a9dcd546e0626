"""E-mails to the inbox: each reaches the company whose address it bears, once, and none is lost."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pikepdf
import pytest

from actions import files, inbox, instance
from actions.clock import now
from actions.instance import secret_for
from domain.inbox_address import address_for
from domain.settings import Settings
from models.queries.inbox import Inbox, document_page
from models.queries.inbox import inbox as inbox_of
from tasks.mail_in import take_in
from tests.receiving import read_inside
from tests.world import Company, World

SAMPLE = Path(__file__).parents[1] / "domain/einvoice/samples/ehf-ok-NO-4rates.xml"


@pytest.fixture
async def world(pool: None, settings: Settings, tmp_path: Path) -> AsyncIterator[World]:
    """In an installation that takes e-mails in a folder of this test."""
    told = replace(settings, mail_in=tmp_path / "in", mail_in_address="inn@faktura.example")
    instance.begin(told)
    files.open_store(told)
    (tmp_path / "in").mkdir()
    made = World(None, settings)
    with read_inside():
        yield made
    await made.close()
    instance.begin(settings)


def letter(to: str, *attached: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "lise@selger.example", to, "Faktura"
    message.set_content("Se vedlegg")
    for name, content in attached:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def plain_pdf() -> bytes:
    made, written = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.save(written)
    return written.getvalue()


def address(company: Company) -> str:
    return address_for("inn@faktura.example", secret_for("inbox-address"), company.id)


async def listed(company: Company) -> Inbox:
    return await inbox_of(company.id, "", "", "", now())


async def test_an_e_invoice_reaches_the_company_whose_address_it_bears_and_no_other(
    world: World, tmp_path: Path
) -> None:
    mine, other = await world.company(), await world.company()
    assert inbox.mail_address(mine.id, 0) == address(mine)
    (tmp_path / "in/1.eml").write_bytes(letter(address(mine), ("f.xml", SAMPLE.read_bytes()), ("f.pdf", plain_pdf())))
    assert await take_in() == 1
    (row,) = (await listed(mine)).rows
    assert (row.kind, row.sender) == ("ubl", "lise@selger.example")
    found = await document_page(mine.id, row.id, now())
    assert found is not None
    assert [(file.kind, file.name) for file in found.files][::2] == [("original", "f.xml"), ("attachment", "f.pdf")]
    assert (await listed(other)).rows == []
    assert [path.name for path in (tmp_path / "in/taken").iterdir()] == ["1.eml"]


async def test_the_same_e_mail_again_makes_nothing_twice(world: World, tmp_path: Path) -> None:
    company = await world.company()
    same = letter(address(company), ("f.xml", SAMPLE.read_bytes()))
    for name in ("1.eml", "2.eml"):
        (tmp_path / "in" / name).write_bytes(same)
        await take_in()
    assert len((await listed(company)).rows) == 1


async def test_an_e_mail_for_nobody_is_kept_aside_and_no_company_is_guessed(world: World, tmp_path: Path) -> None:
    company = await world.company(email="post@fjord.example")
    (tmp_path / "in/1.eml").write_bytes(
        letter("inn+feil@faktura.example, post@fjord.example", ("f.pdf", plain_pdf()))
    )
    await take_in()
    assert (await listed(company)).rows == []
    assert [path.name for path in (tmp_path / "in/refused").iterdir()] == ["1.eml"]


async def test_what_can_not_be_read_is_shown_with_the_reason_and_kept(world: World, tmp_path: Path) -> None:
    company = await world.company()
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    (tmp_path / "in/1.eml").write_bytes(letter(address(company), ("f.xml", bomb)))
    (tmp_path / "in/2.eml").write_bytes(letter(address(company)))
    await take_in()
    rows = (await listed(company)).rows
    assert sorted((row.kind, row.problem) for row in rows) == [("unread", "dtd"), ("unread", "no_document")]
    for row in rows:
        found = await document_page(company.id, row.id, now())
        assert found is not None and found.original.mime == "application/octet-stream"


async def test_a_sender_that_can_not_be_stored_keeps_no_e_mail_waiting(world: World, tmp_path: Path) -> None:
    company = await world.company()
    whole = letter(address(company), ("f.pdf", plain_pdf()))
    (tmp_path / "in/1.eml").write_bytes(whole.replace(b"From: lise@", b"From: li\x00se@"))
    await take_in()
    assert [row.sender for row in (await listed(company)).rows] == ["li se@selger.example"]


async def test_an_e_mail_that_fails_is_tried_again_and_the_others_do_not_wait(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await world.company()
    for number in ("1", "2"):
        (tmp_path / "in" / f"{number}.eml").write_bytes(letter(address(company), (f"{number}.pdf", plain_pdf())))
    keep = inbox.receive_mailed

    async def fails_once(organisation_id: UUID, all_sent: Sequence[inbox.Sent]) -> None:
        monkeypatch.setattr(inbox, "receive_mailed", keep)
        raise OSError

    monkeypatch.setattr(inbox, "receive_mailed", fails_once)
    await take_in()
    assert len((await listed(company)).rows) == 1
    await take_in()
    assert len((await listed(company)).rows) == 2


async def test_a_link_in_the_folder_leads_nowhere(world: World, tmp_path: Path) -> None:
    (tmp_path / "in/1.eml").symlink_to("/etc/passwd")
    assert await take_in() == 0


async def test_a_renewed_address_takes_over_at_once_and_a_second_click_changes_nothing(
    world: World, tmp_path: Path
) -> None:
    company, other = await world.company(), await world.company()
    for _ in range(2):
        await inbox.renew_address(company.id, company.person_id, 0)
    found = await listed(company)
    renewed = inbox.mail_address(company.id, found.turn)
    assert found.turn == 1 and renewed != address(company)
    (tmp_path / "in" / "a.eml").write_bytes(letter(address(company), ("gammel.pdf", plain_pdf())))
    (tmp_path / "in" / "b.eml").write_bytes(letter(renewed, ("ny.pdf", plain_pdf())))
    (tmp_path / "in" / "c.eml").write_bytes(letter(address(other), ("annen.pdf", plain_pdf())))
    await take_in()
    assert [row.file_name for row in (await listed(company)).rows] == ["ny.pdf"]
    assert [row.file_name for row in (await listed(other)).rows] == ["annen.pdf"]
    assert [path.name for path in (tmp_path / "in" / "refused").iterdir()] == ["a.eml"]
