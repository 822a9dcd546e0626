"""`bin/run` with small stand-ins for the parts of the app.

STANDIN_<part>=<module> puts in another one; STANDIN_SECONDS_TO_STOP sets the patience at the end.
"""

from __future__ import annotations

import os

from tasks.supervisor import Programs, run

HERE = "tests.tasks.standins"

if __name__ == "__main__":
    raise SystemExit(
        run(
            Programs(
                app=f"{HERE}.{os.environ.get('STANDIN_WEB', 'web')}:app",
                worker=f"{HERE}.{os.environ.get('STANDIN_WORKER', 'worker')}",
                migrate=f"{HERE}.{os.environ.get('STANDIN_MIGRATE', 'migrate')}",
                demo=f"{HERE}.{os.environ.get('STANDIN_DEMO', 'demo')}",
                seconds_to_stop=float(os.environ.get("STANDIN_SECONDS_TO_STOP", "4")),
            )
        )
    )
