from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bench.client import Plan, Run, Target, measure

ANSWER = b"HTTP/1.1 %d Fine\r\nContent-Length: 11\r\nX-Any: thing\r\n\r\nhello there"


class Server:
    """Keeps what it is asked; answers 404 for /gone and in two pieces for /slow."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next((int(line[16:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length: ")), 0)
            self.asked.append(head + await reader.readexactly(length))
            answer = ANSWER % (404 if b" /gone " in head else 200)
            for piece in (answer[:20], answer[20:]) if b" /slow " in head else (answer,):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.01 if b" /slow " in head else 0)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await made.serve(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()


async def test_each_client_asks_for_every_target_in_turn(server: Server) -> None:
    plan = Plan(server.port, {"Cookie": "a=b"}, [Target("one", ["/1", "/2"]), Target("slow", ["/slow"])], 2, 3)
    run = await measure(plan)
    assert [len(result.seconds) for result in run.results.values()] == [6, 6]
    assert run.results["slow"].size == len("hello there")
    assert run.results["one"].failed == 0
    assert {head.split()[1] for head in server.asked} == {b"/1", b"/2", b"/slow"}
    assert all(b"Cookie: a=b\r\n" in head for head in server.asked)


async def test_another_status_than_expected_is_a_failure(server: Server) -> None:
    run = await measure(Plan(server.port, {}, [Target("gone", ["/gone"])], 3))
    assert run.results["gone"].failed == 3


async def test_a_form_gets_an_id_of_its_own_each_time(server: Server) -> None:
    await measure(Plan(server.port, {}, [Target("issue", ["/{new}"], "id={new}")], 2))
    ids = [(head.split()[1][1:], head.rpartition(b"id=")[2]) for head in server.asked]
    assert all(path == body for path, body in ids) and ids[0] != ids[1]
    assert all(head.startswith(b"POST ") for head in server.asked)


def test_plan_and_run_survive_the_way_to_another_process() -> None:
    plan = Plan(1, {"A": "b"}, [Target("one", ["/"], "x", 303)], 4, 16)
    assert Plan.from_json(plan.to_json()) == plan
    assert Run.from_json(b'{"results": {"one": {"seconds": [0.5], "failed": 1, "size": 2}}, "took": 3}').took == 3
