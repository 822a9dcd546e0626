"""Start the embedded PostgreSQL in a folder, print its two addresses, and stop it when stdin ends.

`orphan` as a second argument leaves the server running when we are killed, as on systems other than Linux.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tasks import children
from tasks.embedded_postgres import EmbeddedPostgres

if __name__ == "__main__":
    if "orphan" in sys.argv:
        children._dies_with = lambda parent, by: None
    server = EmbeddedPostgres(Path(sys.argv[1]))
    urls = server.start()
    sys.stdout.write(f"{urls.owner_url}\n{urls.app_url}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop()
