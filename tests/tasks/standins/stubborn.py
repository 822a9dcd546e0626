"""A program that does not stop when it is asked to."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    (Path(os.environ["SMARTFAKTURA_DATA_DIR"]) / "worker-was").write_text(str(os.getpid()))
    while True:
        time.sleep(60)
