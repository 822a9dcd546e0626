"""Files on an invoice: put on its draft, frozen with it, and in everything that goes out."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from lxml import etree
from PIL import Image

from actions import attachments, documents, drafts, einvoices, files, retention
from actions.attachments import Sent
from actions.clock import now
from actions.customer_erasure import erase_customer
from actions.drafts import Editing
from actions.invoices import issue
from actions.old_documents import drop_files
from actions.outcomes import NotFound, Stale
from domain.attachments import CSV, MOST_FILES
from domain.einvoice import ubl_reading
from domain.refusals import Refused
from domain.settings import Settings
from models.audit_chain import first_fault
from models.ids import new_id
from models.queries.attachments import attachments_in
from models.queries.invoices import stored
from models.unit_of_work import reading, unit_of_work
from tasks.gateways.mail import NullMailer
from tasks.gateways.pdf import NullPdf
from tasks.handlers.send_invoice import SendInvoice
from tasks.renderer import PoolRenderer
from tests.actions.judging import Scripted, judged_by
from tests.actions.making import saved
from tests.actions.test_credits import credit
from tests.attaching import CSV_FILE, KINDS, PDF_FILE, XLSX_FILE, attach, photo, version_of
from tests.world import Company, World


@pytest.fixture
async def world(pool: None, settings: Settings) -> AsyncIterator[World]:
    files.open_store(settings)
    documents.use(PoolRenderer(NullPdf()))
    made = World(None, settings)
    with judged_by(Scripted()):
        yield made
    await made.close()
    documents.use(None)


async def drafted(world: World) -> tuple[Company, Any, Any]:
    company = await world.company()
    customer = await world.customer(company)
    return company, customer, (await saved(company, customer)).id


async def on(company: Company, invoice_id: Any) -> list[str]:
    async with reading(company.id) as work:
        return [file.name for file in await attachments_in(work, invoice_id)]


async def test_every_kind_of_file_is_kept_byte_by_byte_in_the_order_it_came(world: World) -> None:
    """A PDF and a spreadsheet are never opened: what is no archive behind its names goes through as it is."""
    company, _, draft_id = await drafted(world)
    await attach(company, draft_id, *(Sent(name, content) for name, content in KINDS.items()))
    async with reading(company.id) as work:
        found = await attachments_in(work, draft_id)
    assert [file.name for file in found] == list(KINDS)
    assert [part.content for part in await attachments.contents(company.id, found)] == list(KINDS.values())


async def test_a_picture_is_drawn_anew_without_its_place_and_what_hangs_behind_it(world: World) -> None:
    """S-18: a JPEG that is a ZIP as well, and says where it was taken."""
    company, _, draft_id = await drafted(world)
    exif = Image.Exif()
    exif[0x010E] = "Strandgaten 1, Bergen"
    exif[0x0112] = 6  # turned a quarter
    await attach(
        company,
        draft_id,
        Sent("kvittering.jpeg", photo(exif=exif) + b"PK\x03\x04 evil.js"),
        Sent("b.png", photo("PNG")),
    )
    async with reading(company.id) as work:
        found = await attachments_in(work, draft_id)
    kept = [part.content for part in await attachments.contents(company.id, found)]
    assert b"Strandgaten" not in kept[0] and b"evil" not in kept[0]
    pictures = [Image.open(io.BytesIO(content)) for content in kept]
    assert [picture.size for picture in pictures] == [(30, 40), (40, 30)] and not dict(pictures[0].getexif())
    assert [file.name for file in found] == ["kvittering.jpg", "b.png"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ((), "nothing"),
        ((Sent("a.csv", CSV_FILE), Sent("b.csv", b"")), "empty"),
        ((Sent("a.png", b"\x89PNG\r\n\x1a\n nothing of a picture"),), "not_a_picture"),
        (tuple(Sent(f"{n}.csv", CSV_FILE + bytes([65 + n])) for n in range(MOST_FILES + 1)), "too_many"),
    ],
)
async def test_what_is_refused_leaves_the_draft_as_it_was(world: World, sent: tuple[Sent, ...], code: str) -> None:
    company, _, draft_id = await drafted(world)
    editing = Editing(await version_of(company, draft_id), new_id())
    with pytest.raises(Refused) as refused:
        await attachments.add(company.id, company.person_id, draft_id, sent, editing)
    assert [fault.code for fault in refused.value.refusals] == [f"attachment.{code}"]
    assert await on(company, draft_id) == [] and await version_of(company, draft_id) == editing.version


async def test_sending_twice_is_sending_once_and_removing_twice_is_removing_once(world: World) -> None:
    company, _, draft_id = await drafted(world)
    for _ in range(2):
        (file_id,) = await attach(company, draft_id)
    for _ in range(2):
        editing = Editing(await version_of(company, draft_id), new_id())
        version = await attachments.remove(company.id, company.person_id, draft_id, file_id, editing)
    assert await on(company, draft_id) == [] and version == await version_of(company, draft_id) == 3


async def test_a_window_that_does_not_know_of_a_file_is_asked_before_it_saves_or_adds(world: World) -> None:
    """The version of the draft counts for its files too, or somebody issues what they have not seen."""
    company, _, draft_id = await drafted(world)
    mine, theirs = Editing(1, new_id()), Editing(1, new_id())
    assert await attachments.add(company.id, company.person_id, draft_id, [Sent("a.csv", CSV_FILE)], mine) == 2
    with pytest.raises(Stale):
        await attachments.add(company.id, company.person_id, draft_id, [Sent("b.pdf", PDF_FILE)], theirs)
    async with reading(company.id) as work:
        found = await stored(work, draft_id)
    assert found is not None
    with pytest.raises(Stale):
        await drafts.save(company.id, company.person_id, found.draft(), theirs)
    # The window that added it goes on, as it does after a save of its own.
    assert await attachments.add(company.id, company.person_id, draft_id, [Sent("b.pdf", PDF_FILE)], mine) == 3


async def test_two_companies_never_meet_and_a_draft_of_another_is_not_there(world: World) -> None:
    company, _, draft_id = await drafted(world)
    other = await world.company()
    (file_id,) = await attach(company, draft_id)
    with pytest.raises(NotFound):
        await attachments.add(other.id, other.person_id, draft_id, [Sent("a.csv", CSV_FILE)], Editing(1, new_id()))
    with pytest.raises(NotFound):
        await attachments.remove(other.id, other.person_id, draft_id, file_id, Editing(1, new_id()))


async def issued_with_files(world: World, *sent: Sent) -> tuple[Company, Any]:
    company, _, draft_id = await drafted(world)
    await attach(company, draft_id, *sent)
    done = await issue(company.id, company.person_id, draft_id, None, None, True)
    assert done.number is not None, done.refusals
    return company, draft_id


async def test_issued_files_are_frozen_by_the_database_itself(world: World, owner: asyncpg.Connection) -> None:
    company, invoice_id = await issued_with_files(world)
    for statement in (
        "update invoice_attachment set name = 'x' where invoice_id = $1",
        "delete from invoice_attachment where invoice_id = $1",
        "insert into invoice_attachment select organisation_id, gen_random_uuid(), invoice_id, 9, name, mime, sha256, "
        "size, added_at from invoice_attachment where invoice_id = $1",
    ):
        with pytest.raises(asyncpg.RestrictViolationError, match="never change"):
            await owner.execute(statement, invoice_id)
    (file_id,) = [file.id for file in await listed(company, invoice_id)]
    with pytest.raises(Refused, match="is_issued"):
        await attachments.remove(company.id, company.person_id, invoice_id, file_id, Editing(1, new_id()))


async def listed(company: Company, invoice_id: Any) -> Any:
    async with reading(company.id) as work:
        return await attachments_in(work, invoice_id)


async def test_the_database_takes_no_more_than_five_files_whoever_writes_them(
    world: World, owner: asyncpg.Connection
) -> None:
    company, _, draft_id = await drafted(world)
    await attach(company, draft_id)
    with pytest.raises(asyncpg.RestrictViolationError, match="too many"):
        await owner.execute(
            "insert into invoice_attachment select organisation_id, gen_random_uuid(), invoice_id, n, name, mime, "
            "sha256, size, added_at from invoice_attachment, generate_series(2, 6) n where invoice_id = $1",
            draft_id,
        )


async def test_they_travel_inside_the_e_invoice_and_beside_the_pdf(world: World) -> None:
    """EN 16931 BG-24: name, type and content."""
    company, invoice_id = await issued_with_files(world, Sent("Timer, Åse.csv", CSV_FILE), Sent("c.xlsx", XLSX_FILE))
    async with reading(company.id) as work:
        message = await work.connection.fetchval("select id from message where invoice_id = $1", invoice_id)
    mailer = NullMailer()
    await SendInvoice(mailer).run({"organisation_id": str(company.id), "message_id": str(message)})
    xml = await einvoices.einvoice_of(company.id, invoice_id)
    assert xml is not None
    inside = ubl_reading.read(etree.fromstring(xml)).document.attachments
    assert [(one.filename, one.mime, one.content) for one in inside[1:2]] == [("Timer-Ase.csv", CSV, CSV_FILE)]
    assert inside[0].mime == "application/pdf" and inside[2].content == XLSX_FILE
    sent = [(part.get_filename(), part.get_content_type()) for part in mailer.sent[0][2].iter_attachments()]
    assert sent[1:3] == [(one.filename, one.mime) for one in inside[1:]] and len(sent) == 4
    assert [part.get_payload(decode=True) for part in mailer.sent[0][2].iter_attachments()][1] == CSV_FILE


async def test_a_copy_has_no_files_and_a_correction_has_them_all(world: World) -> None:
    """Last month's timesheet proves nothing of this month; of the same delivery it does."""
    company, invoice_id = await issued_with_files(world)
    copy = await drafts.copy(company.id, company.person_id, invoice_id, new_id())
    assert await on(company, copy.id) == []
    note_id, correction_id = new_id(), new_id()
    await credit(company, invoice_id, id=note_id, correction_id=correction_id)
    assert await on(company, correction_id) == ["timer.csv"] and await on(company, note_id) == []
    async with reading(company.id) as work:
        assert await first_fault(work) is None


async def test_a_file_goes_when_the_last_that_names_it_goes(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: asyncpg.Connection
) -> None:
    """P-11: taken off, deleted with its draft, or erased with its customer: each asks for its file to be dropped."""
    company, customer, draft_id = await drafted(world)
    other_id = (await saved(company, customer)).id
    (file_id,) = await attach(company, draft_id)
    await attach(company, other_id)
    (file,) = await listed(company, draft_id)
    await attachments.remove(company.id, company.person_id, draft_id, file_id, Editing(2, new_id()))
    assert await dropping(owner, company) == {file.sha256.hex()}
    await drop_files(company.id, [file.sha256.hex()])
    assert await files.get(company.id, file.sha256) == CSV_FILE, "the other draft names it"
    async with unit_of_work(company.id, company.person_id) as work:
        await erase_customer(work, customer)
    assert await dropping(owner, company) == {file.sha256.hex()}
    await drop_files(company.id, [file.sha256.hex()])
    with pytest.raises(files.FileMissing):
        await files.get(company.id, file.sha256)


async def test_the_files_of_drafts_that_are_over_are_dropped_with_them(
    world: World, owner: asyncpg.Connection
) -> None:
    company, _, draft_id = await drafted(world)
    await attach(company, draft_id, Sent("b.pdf", PDF_FILE))
    (file,) = await listed(company, draft_id)
    await owner.execute("update invoice set deleted_at = $2 where id = $1", draft_id, now().replace(year=2020))
    assert await retention._purge_drafts_of(company.id) == 1
    assert await dropping(owner, company) == {file.sha256.hex()} and await on(company, draft_id) == []


async def dropping(owner: asyncpg.Connection, company: Company) -> set[str]:
    """The hashes that jobs are to drop; the jobs are taken away."""
    rows = await owner.fetch(
        "delete from pgqueuer where entrypoint = 'drop_files' and convert_from(payload, 'utf8')::jsonb "
        "->> 'organisation_id' = $1 returning convert_from(payload, 'utf8')::jsonb ->> 'hashes' as hashes",
        str(company.id),
    )
    return {one for row in rows for one in row["hashes"].split(",")}
