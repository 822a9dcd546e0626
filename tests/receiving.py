"""Files of suppliers read in the test's own process: what the walls hold off is tried in tests/tasks/gateways."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from actions import inbox
from domain.received import Letter, Received, Unusable
from tasks.gateways.document_answers import AS_FILE, AS_MAIL
from tasks.gateways.document_reader_worker import answer


class Inside:
    """Implements actions.inbox.Reader without a process."""

    async def read(self, data: bytes) -> Received | Unusable:
        found = answer(AS_FILE, data)
        return found.received or Unusable(found.refused)

    async def open_letter(self, data: bytes) -> Letter | Unusable:
        found = answer(AS_MAIL, data)
        return found.letter or Unusable(found.refused)


@contextmanager
def read_inside() -> Iterator[None]:
    before = inbox._reader
    inbox.use(Inside())
    try:
        yield
    finally:
        inbox.use(before)
