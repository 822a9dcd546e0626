"""Files from strangers, each read in a process of its own that lives for this one file: `DocumentReader`.

The process has no network, no settings, little memory and little time (`document_reader_worker.py`); what it found
comes back through a pipe as data. Whatever happens to it, the answer is a word for the person who sent the file.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

import msgspec

from domain.received import MOST_BYTES, Letter, Received, Unusable
from tasks.gateways.document_answers import AS_FILE, AS_MAIL, Answer

CHECKOUT = Path(__file__).resolve().parents[2]
# On a busy machine; the process itself may use no more than document_reader_worker.CPU_SECONDS.
SECONDS = 15.0
AT_ONCE = 2
# An e-mail carries its files in base64.
MOST_MAIL = MOST_BYTES * 3 // 2
_ANSWERS = msgspec.json.Decoder(Answer)


class DocumentReader:
    """Implements actions.inbox.Reader. Two files at once; others wait for their turn."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def read(self, data: bytes) -> Received | Unusable:
        """What is in an uploaded file: UBL, CII, a PDF with one of them inside, or a plain PDF."""
        if len(data) > MOST_BYTES:
            return Unusable("too_large")
        answer = await self._asked(AS_FILE, data)
        return answer.received or Unusable(answer.refused)

    async def open_letter(self, data: bytes) -> Letter | Unusable:
        """The head of an e-mail and its attached documents, which are not read yet."""
        if len(data) > MOST_MAIL:
            return Unusable("too_large")
        answer = await self._asked(AS_MAIL, data)
        return answer.letter or Unusable(answer.refused)

    async def _asked(self, how: str, data: bytes) -> Answer:
        async with self._turns:
            try:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "tasks.gateways.document_reader_worker", how,
                    stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=CHECKOUT, env=_environment(),
                )  # fmt: skip
            except OSError:
                return Answer(refused="unavailable")
            try:
                return await self._answer_of(process, data)
            finally:
                await asyncio.shield(_end(process))

    async def _answer_of(self, process: Process, data: bytes) -> Answer:
        try:
            async with asyncio.timeout(self._seconds):
                output, _ = await process.communicate(data)
            return _ANSWERS.decode(output)
        except (TimeoutError, OSError, msgspec.MsgspecError):
            # Ended by the kernel for what it used, or by us for the time it took.
            return Answer(refused="too_hard")


async def _end(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _environment() -> dict[str, str]:
    """Where programs are and how text is encoded. None of the app's settings."""
    return {"PATH": os.defpath, "LANG": "C.UTF-8"}
