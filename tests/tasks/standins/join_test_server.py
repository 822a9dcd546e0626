"""Join the shared test server in a folder, print the owner's address, and leave when stdin ends."""

from __future__ import annotations

import sys
from pathlib import Path

from tasks.shared_postgres import ensure_test_server

if __name__ == "__main__":
    sys.stdout.write(f"{ensure_test_server(Path(sys.argv[1])).owner_url}\n")
    sys.stdout.flush()
    sys.stdin.read()
