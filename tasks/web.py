"""One web process. Several may serve the same listening socket, beside one another.

The socket comes from the supervisor (`--fd`) or from systemd (socket activation); alone, it makes its own.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import socket
import sys
from collections.abc import Sequence

import uvicorn

from domain.settings import Settings, SettingsError, from_env
from tasks.instance import CHECKOUT
from tasks.listening import BACKLOG, listen

APP = "app:app"
SYSTEMD_SOCKET = 3  # the first descriptor that systemd passes, by its sd_listen_fds
SECONDS_TO_FINISH = 3


def config(settings: Settings, app: str = APP) -> uvicorn.Config:
    """How the app is served: nothing is told about the server, and only known proxies may say who asks."""
    return uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,  # the app writes the logs
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        backlog=BACKLOG,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM, then finish the requests at hand."""
    parser = argparse.ArgumentParser(prog="python -m tasks.web")
    parser.add_argument("--fd", type=int)
    parser.add_argument("--app", default=APP)
    parser.add_argument("--gate", type=int)
    options = parser.parse_args(arguments)
    _import_early(options.app)
    if options.gate is not None:
        _wait_at(options.gate)
    try:
        settings = from_env(os.environ, CHECKOUT)
        server = uvicorn.Server(config(settings, options.app))
        server.run(sockets=[_socket(options.fd, settings)])
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0 if server.started else 3


def _import_early(app: str) -> None:
    """Reading the code takes most of a start, and needs no database. Nothing of it is ever garbage."""
    gc.disable()
    importlib.import_module(app.partition(":")[0])
    gc.enable()


def _wait_at(gate: int) -> None:
    """Until the supervisor closes its end of the pipe: then the database is ready."""
    os.read(gate, 1)
    os.close(gate)


def _socket(fd: int | None, settings: Settings) -> socket.socket:
    if fd is None and os.environ.get("LISTEN_PID") == str(os.getpid()):
        fd = SYSTEMD_SOCKET
    return listen(settings, os.environ) if fd is None else socket.socket(fileno=fd)


if __name__ == "__main__":
    raise SystemExit(main())
