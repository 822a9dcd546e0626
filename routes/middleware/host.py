"""Only the configured host is answered, so that no address made from a request can lead elsewhere (S-01)."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from domain.setting_values import LOOPBACK_HOSTS
from domain.settings import Settings
from routes.middleware.refusal import refuse
from routes.middleware.types import ASGIApp, Receive, Scope, Send

# Asked by machines that know this process only by its number; the answers hold no address.
ANY_HOST = frozenset({"/healthz", "/readyz"})


@lru_cache(maxsize=8)
def accepted_hosts(settings: Settings) -> frozenset[str]:
    """The public host; on this machine only, each of the names it has for itself."""
    hosts = {settings.host.lower()}
    if settings.is_loopback:
        port = urlsplit(settings.public_url).port
        names = (f"[{name}]" if ":" in name else name for name in LOOPBACK_HOSTS)
        hosts |= {f"{name}:{port}" if port else name for name in names}
    return frozenset(hosts)


class HostCheck:
    """Refuses with 400 what names another host. `X-Forwarded-Host` is never read: the proxy must pass `Host` on."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = frozenset(host.encode() for host in accepted_hosts(settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._accepts(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await refuse(scope, receive, send, 400)
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _accepts(self, scope: Scope) -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        return (len(hosts) == 1 and hosts[0].lower() in self.hosts) or scope["path"] in ANY_HOST
