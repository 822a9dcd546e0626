from __future__ import annotations

import asyncio
from threading import Event

import pytest

from actions import logs
from routes import templates, warming
from routes.warming import warming_up


async def test_every_page_is_compiled_while_the_app_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def compile_all(stopping: Event) -> None:
        compiled.append("all")

    monkeypatch.setattr(warming, "compile_all", compile_all)
    async with warming_up():
        while not compiled:
            await asyncio.sleep(0.01)


async def test_stopping_does_not_wait_for_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "compile_all", lambda stopping: stopping.wait(60))
    async with asyncio.timeout(5), warming_up():
        pass


async def test_a_template_that_can_not_be_compiled_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []

    def compile_all(stopping: Event) -> None:
        raise FileNotFoundError("static/js/gone.js")

    monkeypatch.setattr(warming, "compile_all", compile_all)
    logs.configure()
    monkeypatch.setattr(logs, "write_line", lines.append)
    async with warming_up():
        while not lines:
            await asyncio.sleep(0.01)
    assert "warm_up_failed" in lines[0] and "gone.js" not in lines[0]


def test_compiling_stops_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stopping = Event()
    stopping.set()
    environment = templates.environment_for("nb")
    monkeypatch.setattr(type(environment), "get_template", lambda *_: pytest.fail("it went on"))
    templates.compile_all(stopping)
