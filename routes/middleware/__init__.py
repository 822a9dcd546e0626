"""What stands between the server and the routes, from the outside in."""

from __future__ import annotations

from actions import logs
from domain.settings import Settings
from routes.middleware.body_limit import BodyLimit
from routes.middleware.consent_gate import ConsentGate
from routes.middleware.head import HeadAsGet
from routes.middleware.headers import SecurityHeaders
from routes.middleware.host import HostCheck
from routes.middleware.last_resort import LastResort
from routes.middleware.request_id import RequestLog
from routes.middleware.restored import NotYet
from routes.middleware.types import ASGIApp


def wrap(app: ASGIApp, settings: Settings) -> ASGIApp:
    """`app` behind all of it. Read from the bottom: the consent gate sees every answer, whoever wrote it."""
    logs.configure()
    app = NotYet(BodyLimit(app))
    app = HostCheck(app, settings)
    app = SecurityHeaders(app, settings)
    app = RequestLog(app)
    app = LastResort(app, settings)
    app = HeadAsGet(app)
    return ConsentGate(app, settings)


__all__ = ["wrap"]
