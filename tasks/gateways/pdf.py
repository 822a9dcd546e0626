"""PDF documents, drawn in processes of their own: `PdfPool`.

Drawing takes tens of milliseconds of processor time, which would stop every other request, and it takes apart what
strangers typed, with large libraries. So each document goes through a pipe to a warm worker (`pdf_worker.py`) that has
no network, no secrets and little memory, and that is killed when it takes too long. Parent and worker share nothing
but that pipe.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from pathlib import Path

from tasks.gateways.pdf_document import DocumentView

CHECKOUT = Path(__file__).resolve().parents[2]
LENGTH = struct.Struct(">I")
START_SECONDS = 60.0
RENDER_SECONDS = 20.0
MAX_REQUEST = 8 * 1024 * 1024
MAX_PDF = 64 * 1024 * 1024
MAX_HEADER = 4096
# Fonts of the system are kept per document, so a worker is renewed before that adds up.
DOCUMENTS_PER_WORKER = 500
WAITING_PER_WORKER = 32


class PdfError(Exception):
    """A document could not be drawn. `code` says why: busy, too_large, timeout, crashed, closed, unprintable, or the
    name of what a library raised. `is_temporary`: may the same document succeed later, on a machine less busy?"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def is_temporary(self) -> bool:
        return self.code in ("busy", "timeout", "crashed", "closed")


class _Gone(Exception):
    """The worker ended in the middle of its work."""


@dataclass(eq=False)
class _Worker:
    process: Process
    drawn: int = 0

    @property
    def is_alive(self) -> bool:
        """As far as is known: its end of the pipe is noticed before its end."""
        assert self.process.stdout is not None
        return self.process.returncode is None and not self.process.stdout.at_eof()

    async def draw(self, document: bytes) -> bytes:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(LENGTH.pack(len(document)) + document)
            await self.process.stdin.drain()
            pdf = await self.read()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError) as error:
            raise _Gone from error
        self.drawn += 1
        return pdf

    async def read(self) -> bytes:
        assert self.process.stdout is not None
        stream = self.process.stdout
        (length,) = LENGTH.unpack(await stream.readexactly(LENGTH.size))
        if length > MAX_HEADER:
            raise ValueError("not an answer of ours")
        header = json.loads(await stream.readexactly(length))
        if "error" in header:
            raise PdfError(str(header["error"]))
        size = int(header["size"])
        if not 0 <= size <= MAX_PDF:
            raise ValueError("not an answer of ours")
        return await stream.readexactly(size)

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


class PdfPool:
    """`size` workers, started by `start`. Many may call `render` at once; each waits for a worker that is free."""

    def __init__(self, size: int = 1) -> None:
        self.size = size
        self.waiting = 0
        self._free: asyncio.Queue[_Worker | None] = asyncio.Queue()
        self._workers: set[_Worker] = set()
        self._replacing: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def start(self) -> None:
        """Start the workers, and return when each is warm."""
        for worker in await asyncio.gather(*(self._started() for _ in range(self.size))):
            self._free.put_nowait(worker)

    async def close(self) -> None:
        """End the workers. What is being drawn fails with the code `closed`."""
        self._is_closed = True
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        await asyncio.gather(*(worker.kill() for worker in list(self._workers)))
        self._workers.clear()
        # Wakes those who wait, one after another.
        self._free.put_nowait(None)

    async def render(self, document: DocumentView | bytes, seconds: float = RENDER_SECONDS) -> bytes:
        """The PDF of `document`; the same bytes for the same document. Give a long one as the bytes of `to_bytes`,
        made in a thread. It may take `seconds`, the wait for a free worker not counted.

        A worker that dies is replaced, and its document tried again: once for each worker, since all of them may have
        been killed while nobody looked, and once more. Raises PdfError.
        """
        data = document if isinstance(document, bytes) else document.to_bytes()
        if len(data) > MAX_REQUEST:
            raise PdfError("too_large")
        if self.waiting >= WAITING_PER_WORKER * self.size:
            raise PdfError("busy")
        for _ in range(self.size + 1):
            try:
                return await self._drawn(data, seconds)
            except _Gone:
                if self._is_closed:
                    raise PdfError("closed") from None
        raise PdfError("crashed")

    async def _drawn(self, document: bytes, seconds: float) -> bytes:
        worker = await self._taken()
        try:
            async with asyncio.timeout(seconds):
                pdf = await worker.draw(document)
        except PdfError:
            self._free.put_nowait(worker)
            raise
        except TimeoutError:
            self._lose(worker)
            raise PdfError("timeout") from None
        except BaseException:
            # Gone, or the caller was cancelled while the answer was on its way: either way it can not be used again.
            self._lose(worker)
            raise
        if worker.drawn < DOCUMENTS_PER_WORKER:
            self._free.put_nowait(worker)
        else:
            self._lose(worker)
        return pdf

    async def _taken(self) -> _Worker:
        self.waiting += 1
        try:
            worker = await self._free.get()
        finally:
            self.waiting -= 1
        if self._is_closed:
            self._free.put_nowait(None)
            raise PdfError("closed")
        if worker is not None and worker.is_alive:
            return worker
        if worker is not None:
            self._workers.discard(worker)
        # It died while nobody looked, or could not be replaced: this document waits for a new one.
        try:
            return await self._started()
        except BaseException:
            self._free.put_nowait(None)
            raise

    def _lose(self, worker: _Worker) -> None:
        """Kill `worker` and start another in its place, beside what goes on."""
        self._workers.discard(worker)
        replacing = asyncio.create_task(self._replace(worker))
        self._replacing.add(replacing)
        replacing.add_done_callback(self._replacing.discard)

    async def _replace(self, lost: _Worker) -> None:
        new = None
        try:
            await lost.kill()
            new = await self._started()
        except (PdfError, OSError):
            pass  # whoever takes the empty place tries again, and is told when it fails
        finally:
            self._free.put_nowait(new)

    async def _started(self) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tasks.gateways.pdf_worker",
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=CHECKOUT, env=_environment(), limit=1024 * 1024,
        )  # fmt: skip
        worker = _Worker(process)
        self._workers.add(worker)
        try:
            async with asyncio.timeout(START_SECONDS):
                await worker.read()
        except BaseException as error:
            self._workers.discard(worker)
            await asyncio.shield(worker.kill())
            if isinstance(error, TimeoutError | asyncio.IncompleteReadError):
                raise PdfError("crashed") from error
            raise
        return worker


def _environment() -> dict[str, str]:
    """What a worker is told: where to find programs and how text is encoded. None of the app's settings."""
    return {"PATH": os.defpath, "LANG": "C.UTF-8"}


class NullPdf:
    """Stands in for the pool in tests of what is done with documents: each is a line of text."""

    async def start(self) -> None:
        """Nothing to start."""

    async def close(self) -> None:
        """Nothing to end."""

    async def render(self, document: DocumentView | bytes, seconds: float = RENDER_SECONDS) -> bytes:
        """A file that says which document it stands for."""
        view = DocumentView.from_bytes(document) if isinstance(document, bytes) else document
        return f"%PDF-1.4\n% {view.kind} {view.number} {view.gross}\n%%EOF\n".encode()
