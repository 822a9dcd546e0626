"""The headers that every answer carries: pages, errors, files, redirects (S-01)."""

from __future__ import annotations

import re

from domain.settings import Settings
from routes.middleware.types import ASGIApp, Headers, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The copy buttons write to the clipboard; nothing else of the device is ever asked for.
PERMISSIONS_POLICY = ", ".join(
    [
        *(f"{feature}=()" for feature in (
            "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "display-capture",
            "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts",
            "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-create",
            "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb", "window-management",
            "xr-spatial-tracking",
        )),
        "clipboard-write=(self)",
    ]
)  # fmt: skip
STRICT_TRANSPORT = b"max-age=63072000; includeSubDomains"
# The address itself is the secret here: it is told to nobody, not even to our own next page.
SECRET_PATHS = (
    "/i/", "/q/", "/confirm/", "/reset/", "/invitation/", "/privacy/requests/", "/deletions/",
    "/account/export/download/",
)  # fmt: skip
EMPTY = (204, 303, 304)  # nothing follows, so there is no kind of content to name
FOR_EVER = b"public, max-age=31536000, immutable"
_IN_ITS_NAME = re.compile(r"/[\w.-]+-\d+\.\d+\.\d+/")


def common_headers(settings: Settings) -> Headers:
    """What every answer of this installation carries, whatever it is."""
    headers = [
        (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", PERMISSIONS_POLICY.encode()),
    ]
    return [*headers, (b"strict-transport-security", STRICT_TRANSPORT)] if settings.uses_https else headers


class SecurityHeaders:
    """Adds what the answer did not set itself, so that a file may be stricter than a page."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.common = common_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._complete(message.get("headers", ()), scope, message["status"])
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _complete(self, headers: Headers, scope: Scope, status: int) -> Headers:
        left_out = (b"server", b"content-type") if status in EMPTY else (b"server",)
        own = [pair for pair in headers if pair[0] not in left_out]
        present = {name for name, _ in own}
        own += [pair for pair in self.common if pair[0] not in present]
        if b"referrer-policy" not in present:
            own.append((b"referrer-policy", _referrer_policy(scope["path"])))
        if b"set-cookie" in present:
            own = [pair for pair in own if pair[0] != b"cache-control"]
            own.append((b"cache-control", b"no-store"))
        elif scope["path"].startswith("/static/"):
            own = [pair for pair in own if pair[0] != b"cache-control"]
            own.append((b"cache-control", _static_caching(scope, status)))
        elif b"cache-control" not in present:
            own.append((b"cache-control", b"no-store"))
        return own


def _referrer_policy(path: str) -> bytes:
    return b"no-referrer" if path.startswith(SECRET_PATHS) else b"same-origin"


def _static_caching(scope: Scope, status: int) -> bytes:
    """For ever when the address says which content it means: by a hash, or by the version in a folder's name."""
    if status not in (200, 206, 304):
        return b"no-store"
    named = scope["query_string"].startswith(b"v=") or _IN_ITS_NAME.search(scope["path"])
    return FOR_EVER if named else b"public, max-age=0, must-revalidate"
