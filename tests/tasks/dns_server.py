"""A name server on a real socket that knows NAPTR records, and can say anything else."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Names:
    """`records`: name -> (flags, service, regexp). `code` is answered when not 0; `raw` instead of everything."""

    address: tuple[str, int] = ("", 0)
    records: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    code: int = 0
    raw: bytes | None = None
    is_silent: bool = False
    asked: list[str] = field(default_factory=list)

    def answer(self, question: bytes) -> bytes:
        name, at = [], 12
        while question[at]:
            name.append(question[at + 1 : at + 1 + question[at]].decode())
            at += 1 + question[at]
        self.asked.append(".".join(name))
        if self.raw is not None:
            return self.raw
        found = self.records.get(".".join(name))
        code = self.code or (0 if found else 3)
        head = question[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, 1 if found else 0, 0, 0)
        return head + question[12:] + (_naptr(*found) if found else b"")


def _naptr(*texts: str) -> bytes:
    data = struct.pack(">HH", 100, 10) + b"".join(bytes([len(text)]) + text.encode() for text in texts) + b"\0"
    # The name as a pointer to the question, as real servers write it.
    return b"\xc0\x0c" + struct.pack(">HHIH", 35, 1, 300, len(data)) + data


@asynccontextmanager
async def name_server() -> AsyncIterator[Names]:
    names = Names()

    class Protocol(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            answer = names.answer(data)
            if not names.is_silent:
                transport.sendto(answer, addr)

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Protocol, local_addr=("127.0.0.1", 0))
    names.address = transport.get_extra_info("sockname")
    try:
        yield names
    finally:
        transport.close()
