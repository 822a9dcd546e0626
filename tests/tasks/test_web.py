"""One web process, with the socket it is given."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from domain.settings import Settings, SettingsError
from tasks.web import SYSTEMD_SOCKET, config, main
from tests.tasks.processes import CHECKOUT

# What systemd does: the socket as descriptor 3, and the process it is meant for in the environment.
SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.executable, [sys.executable, "-m", "tasks.web", "--app", "tests.tasks.standins.web:app"])
"""


def test_it_serves_the_socket_of_systemd() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.fileno()
        assert number != SYSTEMD_SOCKET
        command = [sys.executable, "-c", SYSTEMD, str(number)]
        web = subprocess.Popen(command, cwd=CHECKOUT, env=os.environ | {"LISTEN_FDS": "1"}, pass_fds=[number])
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert int(httpx.get(url, timeout=20).text) == web.pid
        web.terminate()
        web.wait(20)


def test_only_known_proxies_may_say_who_asks() -> None:
    alone = config(Settings(data_dir=Path("data")))
    behind = config(Settings(data_dir=Path("data"), trusted_proxies=("10.0.0.7",)))
    assert not alone.proxy_headers
    assert (behind.proxy_headers, behind.forwarded_allow_ips) == (True, ["10.0.0.7"])


def test_addresses_and_paths_are_not_logged() -> None:
    assert not config(Settings(data_dir=Path("data"))).access_log


@pytest.mark.parametrize("name", ["server", "x-powered-by"])
def test_no_header_tells_the_software(name: str) -> None:
    settings = config(Settings(data_dir=Path("data")))
    assert not settings.server_header
    assert name not in dict(settings.headers)


def test_a_setting_that_only_the_app_can_judge_is_told_in_its_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise SettingsError(["SMARTFAKTURA_X must be otherwise."])

    monkeypatch.setattr("tasks.web._socket", refuse)
    assert main(["--app", "tests.tasks.standins.web:app"]) == 1
    assert capsys.readouterr().err == "SMARTFAKTURA_X must be otherwise.\n"
