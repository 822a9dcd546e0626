from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from tasks.failures import TemporaryFailure
from tasks.gateways.mail_folder import FolderMailer
from tasks.letters import invoice_letter
from tests.tasks.paper import ENVELOPE, LINK, PDF, invoice

LETTER = invoice_letter(invoice(), ENVELOPE, link=LINK, pdf=PDF)


async def test_a_letter_becomes_one_file_however_often_it_is_sent(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mail")
    for _ in range(3):
        await mailer.send(LETTER, sender="faktura@example.no", recipient="post@nordlys.example")
    (path,) = (tmp_path / "mail").iterdir()
    assert path.name == "0199-abc.eml"
    letter = message_from_bytes(path.read_bytes(), policy=default)
    assert letter["Message-ID"] == "<0199-abc@example.no>"
    assert letter["Subject"] == "Faktura 1042 fra Blåtind & Sønn AS"


async def test_only_the_owner_may_enter_the_folder(tmp_path: Path) -> None:
    await FolderMailer(tmp_path / "mail").send(LETTER, sender="a@b.no", recipient="c@d.no")
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0


async def test_a_folder_that_can_not_be_written_is_a_server_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(TemporaryFailure) as failure:
        await FolderMailer(tmp_path / "mail").send(LETTER, sender="a@b.no", recipient="c@d.no")
    assert failure.value.problem.code == "server_unreachable"
