"""The schema and the rules of EN 16931, asked without an event loop, so that hypothesis may ask many times.

With `OFFICIAL_RULES=folder` those of Peppol judge too (docs/e-invoice-rules.md). They may not lie in this repository.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tasks.gateways.einvoice_validator import CHECKOUT, LENGTH


class Judge:
    def __init__(self) -> None:
        extra = filter(None, [os.environ.get("OFFICIAL_RULES")])
        command = (sys.executable, "-m", "tasks.gateways.einvoice_worker", *extra)
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=CHECKOUT
        )
        self._answer()

    def broken(self, xml: bytes) -> list[str]:
        """The ids of the rules that `xml` breaks."""
        assert self._process.stdin is not None
        self._process.stdin.write(LENGTH.pack(len(xml)) + xml)
        self._process.stdin.flush()
        return [f"{rule}: {text} {place}" for rule, _, text, place in self._answer()["findings"]]

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        (length,) = LENGTH.unpack(self._process.stdout.read(LENGTH.size))
        return json.loads(self._process.stdout.read(length))

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
