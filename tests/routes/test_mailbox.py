"""The mailbox page: for whoever sits at this machine, while letters are kept instead of sent, and for nobody else."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions import instance, mailbox
from domain.letter import Letter
from domain.settings import Settings
from tasks.gateways.mail_folder import FolderMailer
from tasks.letters import account_letter, invoice_letter
from tests.tasks.paper import ENVELOPE, PDF, invoice

Client = httpx.AsyncClient


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mailbox of its own for each test."""
    monkeypatch.setattr(instance, "_settings", replace(settings, data_dir=tmp_path))
    return tmp_path / "mail"


def client_at(app: Any, settings: Settings, host: str, **headers: str) -> Client:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, client=(host, 50000)),
        base_url=settings.public_url,
        headers={"Sec-Fetch-Site": "same-origin", "Accept-Language": "en", **headers},
    )


@pytest.fixture
async def here(app: Any, settings: Settings) -> AsyncIterator[Client]:
    async with client_at(app, settings, "127.0.0.1") as client:
        yield client


async def keep(folder: Path, letter: EmailMessage) -> str:
    await FolderMailer(folder).send(letter, sender="a@b.no", recipient="c@d.no")
    return re.sub(r"[^0-9A-Za-z-]", "-", letter["Message-ID"].strip("<>").partition("@")[0])


def confirmation(settings: Settings, number: int = 1, name: str = "Kari") -> EmailMessage:
    link = f"{settings.public_url}/confirm/{'y' * 43}"
    context = {"name": name, "public_url": settings.public_url, "link": link, "minutes": "1440"}
    letter = Letter("kari@example.no", "en", "confirm_email", context)
    return account_letter(letter, replace(ENVELOPE, message_id=f"<letter-{number}@example.no>"))


def an_invoice(settings: Settings) -> EmailMessage:
    link = f"{settings.public_url}/i/{'x' * 43}"
    return invoice_letter(invoice(language="en"), ENVELOPE, link=link, pdf=PDF)


async def test_an_empty_mailbox_says_what_will_be_here(here: Client, folder: Path) -> None:
    answer = await here.get("/mailbox")
    assert answer.status_code == 200
    assert "No letters yet" in answer.text


async def test_the_newest_letter_comes_first(here: Client, folder: Path, settings: Settings) -> None:
    for number in (1, 2, 3):
        name = await keep(folder, confirmation(settings, number))
        os.utime(folder / f"{name}.eml", (1000 + number, 1000 + number))
    found = re.findall(r'href="/mailbox/(letter-\d)"', (await here.get("/mailbox")).text)
    assert found == ["letter-3", "letter-2", "letter-1"]


async def test_more_than_a_page_goes_on_where_it_ended(
    here: Client, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "PAGE", 2)
    for number in range(5):
        name = await keep(folder, confirmation(settings, number))
        os.utime(folder / f"{name}.eml", (1000 + number, 1000 + number))
    seen: list[str] = []
    path = "/mailbox"
    for _ in range(3):
        text = (await here.get(path)).text
        seen += re.findall(r'href="/mailbox/(letter-\d)"', text)
        following = re.search(r'href="(/mailbox\?after=[^"]+)"', text)
        path = following[1] if following else ""
    assert seen == [f"letter-{n}" for n in (4, 3, 2, 1, 0)]
    assert path == ""


async def test_the_link_of_a_letter_is_a_button_to_press(here: Client, folder: Path, settings: Settings) -> None:
    name = await keep(folder, confirmation(settings))
    page = (await here.get(f"/mailbox/{name}")).text
    assert f'<a class="button primary" href="{settings.public_url}/confirm/{"y" * 43}">Confirm my address</a>' in page
    assert "Hello Kari" in page
    assert "post@nordlys.example" in page


async def test_s02_what_a_letter_says_is_text_and_foreign_addresses_are_no_links(
    here: Client, folder: Path, settings: Settings
) -> None:
    letter = EmailMessage(policy=SMTP)
    letter["Message-ID"], letter["Subject"] = "<evil@x.no>", '<script>alert(1)</script>"'
    letter["From"], letter["To"] = '"<img src=x onerror=alert(1)>" <a@b.no>', "c@d.no"
    letter.set_content("<script>alert(2)</script>\n\nhttps://evil.test/\njavascript:alert(3)\n")
    name = await keep(folder, letter)
    for path in ("/mailbox", f"/mailbox/{name}"):
        page = (await here.get(path)).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="https://evil.test' not in page
        assert 'href="javascript:' not in page
        assert "&lt;script&gt;alert(1)" in page


async def test_the_attached_pdf_is_saved_not_run(here: Client, folder: Path, settings: Settings) -> None:
    name = await keep(folder, an_invoice(settings))
    assert "Invoice-1042-Blåtind-Sønn-AS.pdf" in (await here.get(f"/mailbox/{name}")).text
    answer = await here.get(f"/mailbox/{name}/attachments/1")
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="Invoice-1042-Blatind-Sonn-AS.pdf"; '
        "filename*=UTF-8''Invoice-1042-Bl%C3%A5tind-S%C3%B8nn-AS.pdf"
    )
    assert (await here.get(f"/mailbox/{name}/attachments/2")).status_code == 404


async def test_the_source_of_a_letter_is_plain_text(here: Client, folder: Path, settings: Settings) -> None:
    name = await keep(folder, confirmation(settings))
    answer = await here.get(f"/mailbox/{name}/source")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.content == (folder / f"{name}.eml").read_bytes()


async def test_letters_stay_out_of_caches(here: Client, folder: Path, settings: Settings) -> None:
    name = await keep(folder, an_invoice(settings))
    for path in ("", f"/{name}", f"/{name}/source", f"/{name}/attachments/1"):
        assert (await here.get(f"/mailbox{path}")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["nothing", "%2e%2e%2fsecret", "..%2fsecret", "a%00b", "æøå", "x" * 200, "secret.eml", "linked"]
)
async def test_what_is_no_letter_is_not_found(here: Client, folder: Path, name: str) -> None:
    folder.mkdir()
    (folder.parent / "secret.eml").write_text("Subject: hidden words\r\n\r\nhidden words")
    (folder / "linked.eml").symlink_to(folder.parent / "secret.eml")
    for path in (f"/mailbox/{name}", f"/mailbox/{name}/source", f"/mailbox/{name}/attachments/1"):
        answer = await here.get(path)
        assert "hidden words" not in answer.text
        assert answer.status_code in (400, 404)
    assert "hidden words" not in (await here.get("/mailbox")).text


@pytest.mark.parametrize(
    "host", ["192.0.2.7", "10.0.0.1", "::ffff:192.0.2.7", "2001:db8::1", "", "localhost.evil.test"]
)
async def test_another_machine_finds_no_mailbox(app: Any, settings: Settings, folder: Path, host: str) -> None:
    name = await keep(folder, confirmation(settings))
    async with client_at(app, settings, host, **{"X-Forwarded-For": "127.0.0.1"}) as client:
        for path in ("", f"/{name}", f"/{name}/source", f"/{name}/attachments/1"):
            assert (await client.get(f"/mailbox{path}")).status_code == 404


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
async def test_this_machine_has_many_names(app: Any, settings: Settings, folder: Path, host: str) -> None:
    async with client_at(app, settings, host) as client:
        assert (await client.get("/mailbox")).status_code == 200


@pytest.mark.parametrize(
    "changes", [{"smtp_url": "smtp://mail.example.no"}, {"public_url": "https://faktura.example.no"}]
)
async def test_where_real_mail_is_sent_or_others_come_there_is_no_mailbox(
    here: Client, folder: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    monkeypatch.setattr(instance, "_settings", replace(instance.settings(), **changes))
    assert (await here.get("/mailbox")).status_code == 404


async def test_the_mailbox_speaks_bokmal(app: Any, settings: Settings, folder: Path) -> None:
    async with client_at(app, settings, "127.0.0.1", **{"Accept-Language": "nb"}) as client:
        assert "Ingen brev ennå" in (await client.get("/mailbox")).text
