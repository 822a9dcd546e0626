"""A database that was restored from a backup knows nothing of what was deleted since: nobody is let in before that is
deleted again (P-26). The worker sees to it before its first job (tasks.worker)."""

from __future__ import annotations

from actions.erasure_ledger import holds_back
from routes.middleware.refusal import refuse
from routes.middleware.types import ASGIApp, Receive, Scope, Send

# What machines ask, and what the page of the refusal is drawn with.
ALWAYS = frozenset({"/healthz", "/readyz", "/metrics"})
DRAWN_WITH = "/static/"


class NotYet:
    """Answers 503 with the reason while deletions are not repeated yet."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if holds_back() and scope["type"] == "http" and not _is_harmless(scope["path"]):
            await refuse(scope, receive, send, 503, name="restored")
        else:
            await self.app(scope, receive, send)


def _is_harmless(path: str) -> bool:
    return path in ALWAYS or path.startswith(DRAWN_WITH)
