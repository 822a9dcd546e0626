"""The port: taking it, saying why that failed, asking whether the app answers there."""

from __future__ import annotations

import errno
import ipaddress
import select
import socket
from collections.abc import Mapping
from typing import Any

from domain.setting_values import PREFIX
from domain.settings import Settings
from tasks.instance import Refused

BACKLOG = 2048


def listen(settings: Settings, env: Mapping[str, str]) -> socket.socket:
    """Take the port, only on this machine unless SMARTFAKTURA_BIND names another address. Raises OSError."""
    text = env.get(f"{PREFIX}BIND") or "127.0.0.1"
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise Refused(f"{PREFIX}BIND must be an IP address of this machine, such as 127.0.0.1.") from None
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    return socket.create_server((str(address), settings.port), family=family, backlog=BACKLOG)


def why_not(error: OSError, settings: Settings) -> str:
    """One sentence about a port that can not be had, and what to do."""
    other = f"choose another one with {PREFIX}PORT"
    if error.errno == errno.EADDRINUSE:
        return f"Port {settings.port} is taken by another program: stop that program, or {other}."
    if error.errno == errno.EACCES:
        return f"Port {settings.port} may not be used by this user: {other}, 1024 or higher."
    return f"Port {settings.port} can not be used ({error.strerror}): {other}, or check {PREFIX}BIND."


class HealthQuestion:
    """`GET /healthz`, asked once: it waits at the listening socket until a web process takes it."""

    # A plain socket: an HTTP client would cost more to import than the whole question.

    def __init__(self, listener: socket.socket, host: str) -> None:
        self._client = socket.create_connection(_reachable(listener.getsockname()), timeout=1)
        question = f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        self._client.sendall(question.encode())

    def status(self, patience: float) -> int | None:
        """The status that was answered; 0 for something else than HTTP; None when nothing came yet."""
        if not select.select([self._client], [], [], patience)[0]:
            return None
        try:
            word = self._client.recv(64).split(b" ")[1:2]
        except OSError:
            word = []
        self.close()
        return int(word[0]) if word and word[0].isdigit() else 0

    def close(self) -> None:
        self._client.close()


def _reachable(address: Any) -> tuple[str, int]:
    """Where a socket that listens on every address can be reached from here."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - looked up, not bound
    return everywhere.get(address[0], address[0]), address[1]
