"""The port, and the question whether the app answers there."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import pytest

from domain.settings import Settings
from tasks.instance import Refused
from tasks.listening import HealthQuestion, listen, why_not

SETTINGS = Settings(data_dir=Path("data"), port=0)


@pytest.mark.parametrize(
    ("bind", "family"),
    [("", socket.AF_INET), ("0.0.0.0", socket.AF_INET), ("::1", socket.AF_INET6)],
)
def test_it_listens_where_it_is_told_and_else_only_on_this_machine(bind: str, family: int) -> None:
    with listen(SETTINGS, {"SMARTFAKTURA_BIND": bind}) as listener:
        assert listener.family == family
        assert listener.getsockname()[0] == (bind or "127.0.0.1")


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="must be an IP address"):
        listen(SETTINGS, {"SMARTFAKTURA_BIND": "localhost"})


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EADDRINUSE, "is taken"),
        (errno.EACCES, "1024 or higher"),
        (errno.EADDRNOTAVAIL, "check SMARTFAKTURA_BIND"),
    ],
)
def test_a_port_that_can_not_be_had_is_explained(number: int, words: str) -> None:
    sentence = why_not(OSError(number, "Because"), SETTINGS)
    assert words in sentence
    assert sentence.count("\n") == 0


@pytest.mark.parametrize(("answer", "status"), [(b"HTTP/1.1 503 x\r\n", 503), (b"SSH-2.0", 0), (b"", 0)])
def test_the_health_question_gives_the_status_when_it_comes(answer: bytes, status: int) -> None:
    with listen(SETTINGS, {"SMARTFAKTURA_BIND": "0.0.0.0"}) as listener:
        question = HealthQuestion(listener, "127.0.0.1:8000")
        assert question.status(0.01) is None
        served, _ = listener.accept()
        assert served.recv(4096).startswith(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n")
        served.sendall(answer)
        served.close()
        assert question.status(5) == status
