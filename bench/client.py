"""The client: a process of its own, so that what it costs does not slow the server's loop.

`python -m bench.client` reads a plan on stdin and writes a run on stdout, both as JSON. It knows
just enough of HTTP for answers with a Content-Length on a connection that is kept open.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import cast
from uuid import uuid4

YARDSTICK = "/yardstick"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for: each time the next of `paths`. `{new}` becomes an id of its own in path and `body`.

    `status` is the answer that counts as success.
    """

    name: str
    paths: list[str]
    body: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """`rounds` times every target in turn by each of `clients` at once: what disturbs the machine disturbs them all."""

    port: int
    headers: dict[str, str]
    targets: list[Target]
    rounds: int
    clients: int = 1

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        values = json.loads(text)
        return cls(**{**values, "targets": [Target(**target) for target in values["targets"]]})


@dataclass(slots=True)
class Result:
    """The seconds of each request to one target, how many failed, and the last answer's size in bytes."""

    seconds: list[float]
    failed: int = 0
    size: int = 0


@dataclass(slots=True)
class Run:
    """What came of a plan, by the name of the target; `took` is the seconds from its first request to its last."""

    results: dict[str, Result]
    took: float = 0.0

    @classmethod
    def from_json(cls, text: bytes) -> Run:
        values = json.loads(text)
        return cls({name: Result(**result) for name, result in values["results"].items()}, values["took"])


class Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._awaited = 0
        self._answer: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._awaited:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                return
            length = _LENGTH.search(self._received, 0, end)
            self._awaited = end + 4 + (int(length[1]) if length else 0)
        if len(self._received) >= self._awaited and self._answer is not None:
            answer, self._received, self._awaited = bytes(self._received), bytearray(), 0
            self._answer.set_result(answer)

    async def fetch(self, request: bytes) -> bytes:
        """The whole answer, head and body."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer


async def measure(plan: Plan) -> Run:
    """Run the plan; the clients share it, each on its own connection."""
    run = Run({target.name: Result([]) for target in plan.targets})
    began = perf_counter()
    await asyncio.gather(*(_client(plan, number, run.results) for number in range(plan.clients)))
    run.took = perf_counter() - began
    return run


async def _client(plan: Plan, number: int, results: dict[str, Result]) -> None:
    loop = asyncio.get_running_loop()
    transport, connection = await loop.create_connection(Connection, "127.0.0.1", plan.port)
    for turn in range(plan.rounds):
        for target in plan.targets:
            request = _request(plan, target, turn * plan.clients + number)
            began = perf_counter()
            answer = await connection.fetch(request)
            took = perf_counter() - began
            result = results[target.name]
            result.seconds.append(took)
            result.size = len(answer) - answer.find(b"\r\n\r\n") - 4
            if int(answer[9:12]) != target.status:
                result.failed += 1
    transport.close()


def _request(plan: Plan, target: Target, turn: int) -> bytes:
    new = str(uuid4())
    path = target.paths[turn % len(target.paths)].replace("{new}", new)
    body = target.body.replace("{new}", new).encode()
    headers = dict(plan.headers, Host=f"127.0.0.1:{plan.port}")
    if body:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def main() -> None:
    """The process: a plan in, results out."""
    import uvloop

    run = uvloop.run(measure(Plan.from_json(sys.stdin.read())))
    json.dump(asdict(run), sys.stdout)


if __name__ == "__main__":
    main()
