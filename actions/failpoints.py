"""Named places where a test can make this process die as if its power was cut.

`SMARTFAKTURA_FAILPOINT=delivery.accepted:kill` kills it with signal 9 the first time it gets there. Honoured only when
SMARTFAKTURA_TESTING is set as well and the app serves this machine alone; otherwise a failpoint is one comparison.
"""

from __future__ import annotations

import os
import signal

from actions.instance import settings

_NAME, _, _DEED = os.environ.get("SMARTFAKTURA_FAILPOINT", "").partition(":")
_ARMED = bool(_NAME) and bool(os.environ.get("SMARTFAKTURA_TESTING"))


async def failpoint(name: str) -> None:
    """Die here when the test that started this process asked for it."""
    if _ARMED and name == _NAME and _DEED == "kill" and settings().is_loopback:
        os.kill(os.getpid(), signal.SIGKILL)
