"""E-mails to the inbox: a mail server, or a person, puts each as an `.eml` file into a folder, and there it is taken.

Nothing is deleted here: what was taken lies in `taken`, what was for nobody in `refused`, both beside the new ones,
until the retention job removes it.
"""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from uuid import UUID

import structlog

from actions import inbox
from actions.instance import secrets_for, settings
from domain.inbox_address import claim_of
from domain.mail import header_words
from domain.received import Letter, Unusable
from models.queries.companies import inbox_turn
from tasks.gateways.document_reader import MOST_MAIL

TAKEN, REFUSED = "taken", "refused"
MOST_AT_ONCE = 200
log = structlog.get_logger("mail_in")


async def take_in() -> int:
    """Take what lies in the folder. A file that comes again, or was read before a crash, makes nothing twice."""
    folder = settings().mail_in_folder
    files = await asyncio.to_thread(_new_files, folder)
    for path in files:
        try:
            where = TAKEN if await _take(path) else REFUSED
        except Exception as error:  # it is tried again the next time, and the others do not wait for it
            log.error("mail_not_taken", exc_info=error)
            continue
        await asyncio.to_thread(_move, path, folder / where)
    return len(files)


async def _take(path: Path) -> bool:
    """Did any company get it?"""
    data = await asyncio.to_thread(_read, path)
    letter: Letter | Unusable = Unusable("too_large") if data is None else await inbox.reader().open_letter(data)
    if isinstance(letter, Unusable) or data is None:
        log.warning("mail_not_read", kind=letter.code if isinstance(letter, Unusable) else "too_large")
        return False
    companies = await _companies(letter)
    if not companies:
        log.warning("mail_for_nobody")
    for organisation_id in companies:
        await _give(organisation_id, letter, data)
    return bool(companies)


async def _companies(letter: Letter) -> list[UUID]:
    """Those whose address of today is among the recipients: one that was renewed leads nowhere any more."""
    keys, found = secrets_for("inbox-address"), []
    for claim in dict.fromkeys(map(claim_of, letter.recipients)):
        turn = None if claim is None else await inbox_turn(claim.organisation_id)
        if claim is not None and turn is not None and any(claim.holds(key, turn) for key in keys):
            found.append(claim.organisation_id)
    return list(dict.fromkeys(found))


async def _give(organisation_id: UUID, letter: Letter, data: bytes) -> None:
    mark = hashlib.sha256(data).hexdigest()
    sender = header_words(letter.sender) or "?"
    sent = [
        inbox.Sent(inbox.id_of(organisation_id, f"{mark}/{n}"), file.name, file.content, sender)
        for n, file in enumerate(letter.files)
    ]
    if sent:
        await inbox.receive_mailed(organisation_id, sent)
    else:
        whole = inbox.Sent(inbox.id_of(organisation_id, mark), "e-mail.eml", data, sender)
        await inbox.note_unread(organisation_id, whole, "no_document")


def _new_files(folder: Path) -> list[Path]:
    """The oldest first. A link could lead anywhere, so links are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    found = (path for path in folder.glob("*.eml") if path.is_file() and not path.is_symlink())
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name))[:MOST_AT_ONCE]


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.stat().st_size <= MOST_MAIL else None


def _move(path: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    path.replace(folder / path.name)
