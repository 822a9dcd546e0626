"""Everything `bin/run` starts, in order, and stops again: PostgreSQL, migrations, web processes, the job worker.

One process, no threads, no event loop: each step is a child or a wait that looks up whenever a signal comes.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.setting_values import PREFIX
from domain.settings import Settings, SettingsError, from_env
from tasks import children, instance, listening
from tasks.doorbell import Doorbell
from tasks.embedded_postgres import EmbeddedPostgres
from tasks.instance import CHECKOUT, DataFolder, Refused
from tasks.parts import Gate, Part
from tasks.postgres_places import PostgresFailed
from tasks.sources import Sources
from tasks.system_user import NoSystemUser

SECONDS_TO_ANSWER = 60.0  # a small machine compiles everything at its first start
SECONDS_TO_ANSWER_WELL = 5.0  # once it answers at all
MAILBOX = "/mailbox"


@dataclass(frozen=True)
class Programs:
    """The modules the app is made of. Tests put small ones in their place."""

    app: str = "app:app"
    worker: str = "tasks.worker"
    migrate: str = "models.migrate"
    demo: str = "tasks.demo"
    checkout: Path = CHECKOUT
    seconds_to_stop: float = 4.0  # for the web processes and the worker; PostgreSQL comes after them


class StopAsked(Exception):
    """Ctrl-C or SIGTERM came while starting."""


def say(sentence: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()


class Supervisor:
    """Starts the parts, keeps them alive, stops them in order."""

    def __init__(
        self,
        settings: Settings,
        folder: DataFolder,
        bell: Doorbell,
        *,
        env: Mapping[str, str],
        programs: Programs,
        say: Callable[[str], None] = say,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._bell = bell
        self._env = env
        self._programs = programs
        self._say = say
        self._postgres: EmbeddedPostgres | None = None
        self._listener: socket.socket | None = None
        self._parts: list[Part] = []
        self._gate = Gate()

    def run(self, *, demo: bool = False, reload: bool = False) -> None:
        """Come back when asked to stop, with everything stopped. Raises Refused when it can not start."""
        sources = Sources(self._programs.checkout) if reload else None
        try:
            self._start(demo)
            self._watch(sources)
        except StopAsked:
            self._say("Stopping.")
        finally:
            self._stop()
            self._gate.close()

    def _start(self, demo: bool) -> None:
        self._listener = self._listen()
        self._tell_where_the_database_will_be()
        if demo:
            self._let_the_sample_person_operate()
        self._start_web(self._listener)
        self._start_postgres()
        self._run_once(self._programs.migrate, "The database could not be brought up to date: see above.")
        if demo:
            self._run_once(self._programs.demo, "The sample company could not be made: see above.")
        web = list(self._parts)
        self._gate.open()
        self._start_worker()
        self._wait_until_it_answers(self._listener, web)
        self._announce()

    def _announce(self) -> None:
        self._say(f"SmartFaktura is ready: {self._settings.public_url}")
        if self._settings.shows_mailbox:
            self._say(f"The e-mails it sends are kept at {self._settings.public_url}{MAILBOX}")
        self._say("Ctrl-C stops it.")

    def _listen(self) -> socket.socket:
        deadline = time.monotonic() + (3 if self._folder.predecessor_was_killed else 0)
        while True:
            try:
                return listening.listen(self._settings, self._env)
            except OSError as error:
                # The kernel may still be busy ending what a killed predecessor left.
                if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                    raise Refused(listening.why_not(error, self._settings)) from error
            self._pause(0.1)

    def _tell_where_the_database_will_be(self) -> None:
        secret = self._settings.secret_key or instance.secret_key(self._settings.data_dir)
        if self._settings.database_url is None:
            self._postgres = EmbeddedPostgres(self._settings.data_dir)
        urls = self._postgres.urls() if self._postgres else None
        self._env = instance.environment(self._settings, urls, secret, self._env)

    def _let_the_sample_person_operate(self) -> None:
        """On this machine only, and unless somebody else is named, so that the operator's desks can be seen."""
        if self._settings.is_loopback and not self._settings.operators:
            self._env = {**self._env, f"{PREFIX}OPERATORS": instance.SAMPLE_PERSON}

    def _start_postgres(self) -> None:
        if self._postgres is not None:
            self._postgres.start(give_up=self._is_asked_to_stop)
        self._pause(0)

    def _run_once(self, module: str, failure: str) -> None:
        child = children.spawn(
            [sys.executable, "-m", module],
            dies_by=signal.SIGKILL,
            env=self._env,
            cwd=self._programs.checkout,
        )
        try:
            while child.poll() is None:
                self._pause(1)
        finally:
            children.end(child, (signal.SIGTERM, 2.0))
        if child.returncode:
            raise Refused(failure)

    def _part_env(self) -> Mapping[str, str]:
        """What web and worker are told: not the owner's address, which only migrations need."""
        return {name: value for name, value in self._env.items() if name != f"{PREFIX}MIGRATION_DATABASE_URL"}

    def _start_web(self, listener: socket.socket) -> None:
        """The web processes read their code while the database is being prepared, and wait for it at the gate."""
        fds = [listener.fileno(), self._gate.entrance]
        command = ["-m", "tasks.web", "--app", self._programs.app, "--fd", str(fds[0]), "--gate", str(fds[1])]
        for number in range(1, self._settings.workers + 1):
            self._start_part(f"web process {number}", command, fds)

    def _start_worker(self) -> None:
        self._start_part("worker", ["-m", self._programs.worker])

    def _start_part(self, name: str, command: list[str], fds: Sequence[int] = ()) -> None:
        part = Part(name, [sys.executable, *command], env=self._part_env(), cwd=self._programs.checkout, pass_fds=fds)
        self._parts.append(part)
        part.start()

    def _wait_until_it_answers(self, listener: socket.socket, web: Sequence[Part]) -> None:
        """Without the web there is nothing to start. A worker that ends is mended like later on."""
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        question = listening.HealthQuestion(listener, self._settings.host)
        while (status := question.status(patience=0.05)) != 200:
            if status is not None:
                deadline = min(deadline, time.monotonic() + SECONDS_TO_ANSWER_WELL)
                self._pause(0.5)
                question = listening.HealthQuestion(listener, self._settings.host)
            self._pause(0)
            for part in web:
                if not part.runs:
                    raise Refused(f"The {part.name} could not start: see above.")
            if time.monotonic() > deadline:
                raise Refused(f"The app does not answer GET /healthz as it should ({status or 'no answer'}).")

    def _watch(self, sources: Sources | None) -> None:
        while True:
            self._pause(0.5)
            self._mend_postgres()
            for part in self._parts:
                if sentence := part.mend():
                    self._say(sentence)
            if sources and (path := sources.changed()):
                self._say(f"{path} changed: starting again.")
                self._stop_parts()
                for part in self._parts:
                    part.start()

    def _mend_postgres(self) -> None:
        if self._postgres is not None and self._postgres.exit_code is not None:
            self._say("PostgreSQL ended by itself; starting it again.")
            self._postgres.start(give_up=self._is_asked_to_stop)

    def _is_asked_to_stop(self) -> bool:
        return self._bell.stops_asked > 0

    def _pause(self, seconds: float) -> None:
        self._bell.wait(seconds)
        if self._is_asked_to_stop():
            raise StopAsked

    def _stop(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self._stop_parts()
        if self._postgres is not None:
            self._postgres.stop()

    def _stop_parts(self) -> None:
        """Let them finish what they are at; a second Ctrl-C, or time, ends their patience."""
        for part in self._parts:
            part.ask_to_stop()
        deadline = time.monotonic() + self._programs.seconds_to_stop
        while any(part.runs for part in self._parts) and self._bell.stops_asked < 2:
            if time.monotonic() > deadline:
                break
            self._bell.wait(0.1)
        for part in self._parts:
            part.force()


def run(
    programs: Programs = Programs(),
    arguments: Sequence[str] | None = None,
    env: Mapping[str, str] = os.environ,
) -> int:
    """The command: 0 after an orderly stop, 1 after a sentence about what stands in the way."""
    parser = argparse.ArgumentParser(prog="bin/run", description="Start SmartFaktura.")
    parser.add_argument("--demo", action="store_true", help="fill an empty database with a sample company")
    parser.add_argument("--reload", action="store_true", help="start again whenever a file of the app changes")
    options = parser.parse_args(arguments)
    os.umask(0o077)  # the data folder is nobody else's business
    try:
        settings = from_env(env, CHECKOUT)
        with Doorbell() as bell, DataFolder(settings) as folder:
            supervisor = Supervisor(settings, folder, bell, env=env, programs=programs)
            supervisor.run(demo=options.demo, reload=options.reload)
    except (SettingsError, Refused, PostgresFailed, NoSystemUser) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(run())
