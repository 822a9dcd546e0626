"""How the service is doing, for everybody: a few dates, as far as they are truly known (S-62). Nothing of anybody.

What the app can not see by itself, whoever runs it notes as the time of an empty file in the data folder.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from litestar import Controller, get

from actions.clock import now
from actions.instance import settings
from models.queries.schedule import last_runs
from routes.guards import public
from routes.pages import Answer, AnyRequest
from routes.public_page import cacheable, public_page

# The worker looks for mail every minute.
EVERY_MINUTE, SEEN = "take_in_mail", timedelta(minutes=5)
# `touch` one of these in the data folder: a backup was restored and checked, the packages were checked for known holes.
RESTORED, AUDITED = "backup-verified", "packages-checked"


@dataclass(frozen=True, slots=True)
class Status:
    """None: not known."""

    worker_seen: bool
    cleaned_up_at: datetime | None
    restored_at: datetime | None
    audited_at: datetime | None


class StatusController(Controller):
    @get("/status", guards=[public], name="status.show")
    async def show(self, request: AnyRequest) -> Answer:
        return cacheable(request, public_page(request, "legal/status.html", known=await _status()))


async def _status() -> Status:
    ran = await last_runs()
    seen = ran.get(EVERY_MINUTE)
    restored, audited = await asyncio.gather(*(asyncio.to_thread(_touched, name) for name in (RESTORED, AUDITED)))
    return Status(seen is not None and now() - seen < SEEN, ran.get("retention"), restored, audited)


def _touched(name: str) -> datetime | None:
    """When the file was last touched; None when there is none, or one that claims the future."""
    try:
        at = datetime.fromtimestamp((settings().data_dir / name).stat().st_mtime, UTC)
    except OSError:
        return None
    return at if at <= now() else None
