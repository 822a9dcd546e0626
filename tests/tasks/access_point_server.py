"""A real HTTP server that stands for an access point: it keeps what it accepts by its key, and can lose its answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "hemmelig"


@dataclass
class Fake:
    """`accepted` has each document once, by its idempotency key. The next `lost` answers are cut off after acceptance;
    `says` is answered instead of accepting; with `is_slow` it accepts, and answers only when `hurry` is set."""

    base: str = ""
    accepted: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    fates: dict[str, dict[str, str]] = field(default_factory=dict)
    submissions: int = 0
    lost: int = 0
    says: tuple[int, Any] | None = None
    is_slow: bool = False
    hurry: threading.Event = field(default_factory=threading.Event)

    def submitted(self, headers: Any, body: bytes) -> tuple[int, Any]:
        self.submissions += 1
        if headers["Authorization"] != f"Bearer {KEY}":
            return 401, {"reason": "unknown key"}
        if self.says is not None:
            return self.says
        key = headers["Idempotency-Key"]
        status = 409 if key in self.accepted else 202
        self.accepted.setdefault(key, (headers["Recipient"], body))
        return status, {"id": f"ap-{key}"}


@contextmanager
def access_point() -> Iterator[Fake]:
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = fake.submitted(self.headers, self.rfile.read(int(self.headers["Content-Length"])))
            if fake.is_slow:
                fake.hurry.wait(30)
            if fake.lost:
                fake.lost -= 1
                self.close_connection = True
                return
            self._answer(*answer)

        def do_GET(self) -> None:
            self._answer(200, fake.fates.get(self.path.rpartition("/")[2], {"state": "pending"}))

        def _answer(self, status: int, content: Any) -> None:
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            with suppress(OSError):  # who asked may be tired of waiting
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    fake.base = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield fake
    finally:
        fake.hurry.set()
        server.shutdown()
        server.server_close()
        thread.join()
