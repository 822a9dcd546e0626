"""E-invoices judged by schema and the rules of EN 16931 in one process of its own: `Validator`.

The rules are run by a large library on what may be a stranger's document, so they run in `einvoice_worker`, which has
none of the app's settings and little memory, and is killed and started anew when it takes too long. A document that
could not be judged is `Unavailable`: never valid (fail closed).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tasks.gateways.einvoice_parsing import MOST_BYTES

CHECKOUT = Path(__file__).resolve().parents[2]
LENGTH = struct.Struct(">I")
START_SECONDS = 60.0
CHECK_SECONDS = 10.0
BROKEN_SECONDS = 60.0  # so long rules that can not be compiled are not tried again
MOST_ANSWER = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that the document breaks: its id, whether that stops the document, the rule's own English text, and the
    place as the rules name it (XPath, or a line)."""

    rule: str
    is_fatal: bool
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The document was judged."""

    broken: tuple[Broken, ...] = ()

    @property
    def is_valid(self) -> bool:
        return not any(rule.is_fatal for rule in self.broken)


@dataclass(frozen=True, slots=True)
class RefusedXml:
    """Not read at all: too_large, dtd, too_deep, too_many, malformed, unknown_kind."""

    code: str
    is_valid = False


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Not judged, so not to be sent as an e-invoice: timeout, crashed, closed, failed, or rules, when the file `detail`
    of the administrator's own rules can not be used."""

    code: str
    detail: str = ""
    is_valid = False


Outcome = Checked | RefusedXml | Unavailable


class _BrokenRules(Exception):
    """The worker can not compile the administrator's own rules; the text is the name of the file."""


class Validator:
    """One worker, started by the first `check` or by `start`. Many may ask at once; each waits for its turn.

    `rule_folder` holds an administrator's own style sheets (`*.xsl`, `*.xslt`: compiled Schematron), run on UBL too.
    """

    def __init__(
        self, rule_folder: Path | None = None, seconds: float = CHECK_SECONDS, command: Sequence[str] | None = None
    ) -> None:
        extra = [str(rule_folder)] if rule_folder else []
        self._command = command or (sys.executable, "-m", "tasks.gateways.einvoice_worker", *extra)
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._is_closed = False
        self._broken: Unavailable | None = None
        self._broken_until = 0.0

    async def start(self) -> Unavailable | None:
        """Start the worker and return when its rules are loaded; Unavailable when that fails."""
        outcome = await self._guarded(None)
        return outcome if isinstance(outcome, Unavailable) else None

    async def check(self, xml: bytes) -> Outcome:
        """Judge one document: UBL or CII, told by its root."""
        if len(xml) > MOST_BYTES:
            return RefusedXml("too_large")
        return await self._guarded(xml)

    async def close(self) -> None:
        """End the worker, also in the middle of a document."""
        self._is_closed = True
        await self._kill()

    async def _guarded(self, xml: bytes | None) -> Outcome:
        async with self._turn:
            try:
                return await self._asked(xml)
            except TimeoutError:
                code = "timeout"
            except _BrokenRules as broken:
                self._broken = Unavailable("rules", str(broken))
                self._broken_until = asyncio.get_running_loop().time() + BROKEN_SECONDS
                code = "rules"
            except (OSError, asyncio.IncompleteReadError, ValueError):
                code = "crashed"
            except BaseException:
                # Cancelled while the answer was on its way: the next document must not get it.
                await asyncio.shield(self._kill())
                raise
            await self._kill()
            if code == "rules" and self._broken is not None:
                return self._broken
            return Unavailable("closed" if self._is_closed else code)

    async def _asked(self, xml: bytes | None) -> Outcome:
        if self._is_closed:
            return Unavailable("closed")
        if self._broken is not None and asyncio.get_running_loop().time() < self._broken_until:
            return self._broken
        process = await self._running()
        if xml is None:
            return Checked()
        assert process.stdin is not None
        async with asyncio.timeout(self._seconds):
            process.stdin.write(LENGTH.pack(len(xml)) + xml)
            await process.stdin.drain()
            return _outcome(await _read(process))

    async def _running(self) -> Process:
        if self._process is not None and self._process.returncode is None:
            assert self._process.stdout is not None
            if not self._process.stdout.at_eof():
                return self._process
        await self._kill()
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=CHECKOUT, env=_environment()
        )
        async with asyncio.timeout(START_SECONDS):
            ready = await _read(process)
        if "broken" in ready:
            raise _BrokenRules(str(ready["broken"]))
        return process

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _read(process: Process) -> dict[str, object]:
    assert process.stdout is not None
    (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
    if length > MOST_ANSWER:
        raise ValueError("not an answer of ours")
    answer = json.loads(await process.stdout.readexactly(length))
    if not isinstance(answer, dict):
        raise ValueError("not an answer of ours")
    return answer


def _outcome(answer: dict[str, object]) -> Outcome:
    if "refused" in answer:
        return RefusedXml(str(answer["refused"]))
    broken = answer.get("findings")
    if not isinstance(broken, list):
        return Unavailable("failed")
    return Checked(tuple(Broken(str(rule), bool(fatal), str(text), str(at)) for rule, fatal, text, at in broken))


def _environment() -> dict[str, str]:
    """What the worker is told: where programs are and how text is encoded. None of the app's settings."""
    return {"PATH": os.defpath, "LANG": "C.UTF-8"}
