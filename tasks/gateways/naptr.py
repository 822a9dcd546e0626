"""One question to a name server: which NAPTR records has this name (RFC 1035, 3403)? Over UDP, once, in few seconds."""

from __future__ import annotations

import asyncio
import re
import secrets
import struct
from dataclasses import dataclass
from pathlib import Path

NAPTR, INTERNET = 35, 1
NO_SUCH_NAME = 3
LARGEST = 4096
_HEAD = struct.Struct(">HHHHHH")
_SERVER = re.compile(r"^nameserver\s+(\S+)", re.MULTILINE)
Server = tuple[str, int]


class NoAnswer(Exception):
    """The name server said nothing that can be used."""


@dataclass(frozen=True, slots=True)
class Record:
    """The parts that lead to an address: a service, and a rewriting of the whole name."""

    order: int
    flags: str
    service: str
    regexp: str


def system_server(path: Path = Path("/etc/resolv.conf")) -> Server | None:
    """The first name server of this machine."""
    try:
        found = _SERVER.search(path.read_text())
    except OSError:
        return None
    return (found[1], 53) if found else None


async def ask(server: Server, name: str, seconds: float) -> list[Record]:
    """The records of `name`, by their order; empty when there is no such name. Raises NoAnswer."""
    number = secrets.randbelow(65536)
    question = _HEAD.pack(number, 0x0100, 1, 0, 0, 0) + _question(name)
    try:
        async with asyncio.timeout(seconds):
            answer = await _exchange(server, question)
        return sorted(_records(answer, number, _question(name)), key=lambda record: record.order)
    except (OSError, TimeoutError, struct.error, IndexError, UnicodeDecodeError) as error:
        raise NoAnswer(type(error).__name__) from None


def _question(name: str) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split("."))
    return labels + b"\0" + struct.pack(">HH", NAPTR, INTERNET)


async def _exchange(server: Server, question: bytes) -> bytes:
    answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    class Protocol(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: object) -> None:
            if not answered.done():
                answered.set_result(data[:LARGEST])

        def error_received(self, error: Exception) -> None:
            if not answered.done():
                answered.set_exception(error)

    # Connected: what another address sends never reaches us.
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Protocol, remote_addr=server)
    try:
        transport.sendto(question)
        return await answered
    finally:
        transport.close()


def _records(answer: bytes, number: int, question: bytes) -> list[Record]:
    its_number, flags, questions, answers, _, _ = _HEAD.unpack_from(answer)
    code, is_cut = flags & 0x000F, bool(flags & 0x0200)
    asked = answer[_HEAD.size : _HEAD.size + len(question)]
    if its_number != number or questions != 1 or asked.lower() != question.lower() or is_cut:
        raise NoAnswer("not an answer to this")
    if code == NO_SUCH_NAME:
        return []
    if code != 0:
        raise NoAnswer(f"code {code}")
    found, at = [], _HEAD.size + len(question)
    for _ in range(answers):
        at = _after_name(answer, at)
        kind, _, _, length = struct.unpack_from(">HHIH", answer, at)
        at += 10
        if kind == NAPTR:
            found.append(_record(answer, at, at + length))
        at += length
    return found


def _after_name(answer: bytes, at: int) -> int:
    """Behind a name, which may end in a pointer."""
    while answer[at]:
        if answer[at] & 0xC0:
            return at + 2
        at += 1 + answer[at]
    return at + 1


def _record(answer: bytes, at: int, end: int) -> Record:
    (order,) = struct.unpack_from(">H", answer, at)
    at += 4
    texts = []
    for _ in range(3):
        length = answer[at]
        if at + 1 + length > end:
            raise NoAnswer("cut off")
        texts.append(answer[at + 1 : at + 1 + length].decode("ascii"))
        at += 1 + length
    return Record(order, *texts)
