"""The whole of `bin/run`, with small stand-ins for the app: really started, interrupted, killed, started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tasks.embedded_postgres import EmbeddedPostgres
from tasks.instance import SAMPLE_PERSON
from tests.tasks.processes import CHECKOUT, Program, alive, ask, descendants, eventually

Start = Callable[..., "App"]


class App(Program):
    """A running supervisor."""

    def __init__(
        self,
        *arguments: str,
        folder: Path,
        port: int,
        env: dict[str, str],
        ready: bool = True,
        **more: Any,
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        told = {"SMARTFAKTURA_DATA_DIR": str(folder), "SMARTFAKTURA_PORT": str(port)} | env
        super().__init__("run", *arguments, lines=3 if ready else 0, env=told, **more)
        self.folder = folder

    def web(self) -> int:
        """The process that answers."""
        return int(httpx.get(self.url, timeout=10).text)

    def worker(self) -> int:
        return int(eventually(lambda: self.note("worker-was")).split()[0])

    def note(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def interrupt(self) -> None:
        """Ctrl-C, as a terminal sends it: to the whole group in the foreground."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> tuple[int, str]:
        """Wait for the end: its exit code and what it said about its reasons."""
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors

    def stop(self) -> None:
        if self.process.returncode is None:
            self.process.terminate()
            self.end()


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Start SmartFaktura in this test's folder; it is stopped at the end, and nothing may be left of it."""
    apps: list[App] = []

    def go(*arguments: str, **given: Any) -> App:
        options: dict[str, Any] = {"folder": folder, "port": free_port(), "env": {}, **given}
        apps.append(App(*arguments, **options))
        return apps[-1]

    yield go
    for app in apps:
        app.stop()
        eventually(lambda app=app: not alive(app.family))  # type: ignore[misc]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


async def test_it_says_where_it_is_once_it_answers(start: Start) -> None:
    app = start()
    assert app.said[0] == f"SmartFaktura is ready: {app.url}"
    assert f"{app.url}/mailbox" in app.said[1]
    assert httpx.get(f"{app.url}/healthz").status_code == 200


async def test_the_web_does_not_tell_what_it_runs_on(start: Start) -> None:
    assert "server" not in httpx.get(start().url).headers


async def test_migrations_run_as_the_owner_and_the_worker_as_the_app(start: Start) -> None:
    app = start()
    assert app.note("starts") == "1"
    app.worker()
    assert app.note("worker-was").endswith("smartfaktura_app")


async def test_ctrl_c_stops_everything_in_good_order(start: Start, folder: Path) -> None:
    app = start()
    app.worker()
    app.interrupt()
    assert app.end() == (0, "")
    assert not alive(app.family)
    assert app.note("worker-ended") == "in good order"
    assert not list(EmbeddedPostgres(folder).sockets.glob(".s.*"))
    assert "database system is shut down" in (folder / "postgres.log").read_text()


async def test_a_request_at_hand_is_answered_before_the_end(start: Start) -> None:
    app = start()
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(httpx.get(f"{app.url}/slow").status_code))
    asking.start()
    eventually(lambda: _connections(app.url))
    app.interrupt()
    asking.join()
    assert answers == [200]
    assert app.end()[0] == 0


async def test_a_worker_that_does_not_listen_is_ended_when_time_is_up(start: Start) -> None:
    app = start(env={"STANDIN_WORKER": "stubborn", "STANDIN_SECONDS_TO_STOP": "0.5"})
    app.worker()
    app.interrupt()
    assert app.end()[0] == 0
    assert not alive(app.family)


async def test_a_second_ctrl_c_ends_the_patience(start: Start) -> None:
    app = start(env={"STANDIN_WORKER": "stubborn", "STANDIN_SECONDS_TO_STOP": "3600"})
    app.worker()
    app.interrupt()
    assert app.process.stdout is not None
    assert app.process.stdout.readline() == "Stopping.\n"
    app.interrupt()
    assert app.end()[0] == 0
    assert not alive(app.family)


async def test_ctrl_c_while_starting_stops_what_was_started(start: Start) -> None:
    app = start(ready=False, env={"STANDIN_MIGRATE": "stubborn"})
    eventually(lambda: app.note("worker-was"))
    app.family = descendants(app.process.pid)
    app.interrupt()
    assert app.end() == (0, "")
    assert not alive(app.family)


async def test_after_kill_9_of_the_supervisor_nothing_is_left_and_the_next_start_works(start: Start) -> None:
    app = start()
    app.worker()
    app.process.kill()
    app.end()
    again = start(port=int(app.url.rpartition(":")[2]))
    assert not alive(app.family)
    assert again.web() in again.family
    assert again.note("starts") == "2"


@pytest.mark.parametrize("part", ["web", "worker"])
async def test_after_kill_9_a_part_is_started_again(start: Start, part: str) -> None:
    app = start()
    find = {"web": app.web, "worker": app.worker}[part]
    app.worker()
    killed = find()
    (app.folder / "worker-was").unlink()
    os.kill(killed, signal.SIGKILL)
    assert app.process.stdout is not None
    assert "ended by itself (signal SIGKILL); it starts again" in app.process.stdout.readline()
    if part == "web":
        assert app.web() != killed  # asked while it was away: the connection waits
    else:
        assert app.worker() != killed
    app.family |= descendants(app.process.pid)


async def test_after_kill_9_of_postgres_it_is_started_again(start: Start) -> None:
    app = start()
    pid_file = app.folder / "postgres" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    assert app.process.stdout is not None
    assert app.process.stdout.readline() == "PostgreSQL ended by itself; starting it again.\n"
    eventually(EmbeddedPostgres(app.folder).answers)
    assert await ask(EmbeddedPostgres(app.folder).urls().owner_url, "select count(*) from note") == 1
    app.family |= descendants(app.process.pid)


async def test_a_taken_port_ends_with_one_sentence_and_nothing_left(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        app = start(ready=False, port=taken.getsockname()[1])
        code, errors = app.end()
    assert code == 1
    assert errors == (
        f"Port {taken_port(app)} is taken by another program: stop that program, "
        "or choose another one with SMARTFAKTURA_PORT.\n"
    )
    assert not EmbeddedPostgres(app.folder).processes()


def taken_port(app: App) -> str:
    return app.url.rpartition(":")[2]


async def test_every_unusable_setting_is_told_in_a_sentence_of_its_own(start: Start) -> None:
    app = start(ready=False, env={"SMARTFAKTURA_WORKERS": "many", "SMARTFAKTURA_SMTP_URL": "mail.example.no"})
    code, errors = app.end()
    assert code == 1
    assert [line.split()[0] for line in errors.splitlines()] == ["SMARTFAKTURA_SMTP_URL", "SMARTFAKTURA_WORKERS"]


async def test_an_unusable_bind_address_is_told(start: Start) -> None:
    code, errors = start(ready=False, env={"SMARTFAKTURA_BIND": "everywhere"}).end()
    assert (code, errors.startswith("SMARTFAKTURA_BIND must be an IP address")) == (1, True)


async def test_a_second_start_in_the_same_folder_is_refused(start: Start) -> None:
    app = start()
    code, errors = start(ready=False).end()
    assert code == 1
    assert f"already running with the data folder {app.folder} (process {app.process.pid}, {app.url})" in errors


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("MIGRATE", "The database could not be brought up to date: see above."),
        ("WEB", "The web process 1 could not start: see above."),
    ],
)
async def test_a_part_that_can_not_start_ends_everything(start: Start, part: str, sentence: str) -> None:
    app = start(ready=False, env={f"STANDIN_{part}": "broken"})
    code, errors = app.end()
    assert code == 1
    assert errors.splitlines()[-1] == sentence
    assert not EmbeddedPostgres(app.folder).processes()


async def test_a_worker_that_can_not_start_is_tried_again_while_the_app_answers(start: Start) -> None:
    app = start(env={"STANDIN_WORKER": "broken"})
    assert app.process.stdout is not None
    for pause in ("0.5", "1"):
        sentence = f"The worker ended by itself (exit code 7); it starts again in {pause} s.\n"
        assert app.process.stdout.readline() == sentence
    assert app.web() in app.family


async def test_demo_fills_the_database_before_the_app_answers_and_its_person_is_the_operator(start: Start) -> None:
    assert start("--demo").note("demo-was-here") == SAMPLE_PERSON


async def test_several_web_processes_share_the_port(start: Start) -> None:
    app = start(env={"SMARTFAKTURA_WORKERS": "2"})
    eventually(lambda: len({app.web() for _ in range(5)}) == 2)


async def test_the_secret_is_made_once_and_only_its_owner_may_read_it(start: Start) -> None:
    app = start()
    path = app.folder / "secret-key"
    secret = path.read_text()
    assert len(secret) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    app.stop()
    start()
    assert path.read_text() == secret


async def test_an_ordinary_user_can_run_it_in_a_path_with_spaces(start: Start, elsewhere: Path) -> None:
    app = start(folder=elsewhere / "my data", ordinary=True)
    assert app.web() in app.family
    app.stop()
    assert app.process.returncode == 0


async def test_a_changed_file_starts_the_parts_again(start: Start, place: Path) -> None:
    checkout = place / "my checkout"
    for name in ("tasks", "domain", "tests/tasks"):
        shutil.copytree(CHECKOUT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    app = start("--reload", checkout=checkout)
    before = app.web()
    (checkout / "templates").mkdir()
    (checkout / "templates" / "new.html").write_text("<p>")
    assert app.process.stdout is not None
    assert app.process.stdout.readline() == "templates/new.html changed: starting again.\n"
    assert eventually(lambda: _answers_now(app) not in (0, before))
    app.family |= descendants(app.process.pid)


def _answers_now(app: App) -> int:
    """The process that answers; 0 for a connection that an ending process took and closed before it was asked."""
    try:
        return app.web()
    except httpx.TransportError:
        return 0


def _connections(url: str) -> bool:
    """Has somebody connected to the port of `url`? (State 01 of /proc/net/tcp: established.)"""
    port = f":{int(url.rpartition(':')[2]):04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(row[1].endswith(port) and row[3] == "01" for row in rows)
