"""A browser that notices what must never happen, on whatever page a journey comes by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, Response

from domain.cookies import cookies_of, objection

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# An answer that says what is wrong is part of the conversation, and Chromium notes it as an error.
_ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
_SAVED_BY_ITSELF = ("document", "xhr", "fetch", "ping")


@dataclass
class Watch:
    """What was noticed: violations of the content security policy (S-02), faults of scripts, requests to anybody else
    (C-02), dialogs, cookies that are not registered (C-14), and errors of the server."""

    home: str
    noticed: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    _answers: list[Response] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._said)
        context.on("weberror", lambda error: self.noticed.append(f"script: {error.error}"))
        context.on("dialog", lambda dialog: self.noticed.append(f"dialog: {dialog.message}"))
        context.on("request", self._asked)
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _ANSWERED.search(message.text):
            self.noticed.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        there, home = urlsplit(request.url), urlsplit(self.home)
        if there.scheme not in ("data", "blob", "about") and there.netloc != home.netloc:
            self.noticed.append(f"third party: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.noticed.append(f"{response.status}: {response.url}")
        if response.request.resource_type in _SAVED_BY_ITSELF:
            self._answers.append(response)

    async def settle(self) -> None:
        """Read the cookies of what came, while the pages are still open."""
        answers, self._answers = self._answers, []
        for answer in answers:
            for header in await answer.header_values("set-cookie"):
                self.cookies.append(header)
                if (why := objection(header, cookies_of(https=False))) is not None:
                    self.noticed.append(f"cookie: {header.partition('=')[0]} ({why})")


@dataclass
class Visitor:
    """One person's browser window, with the page in front."""

    page: Page
    watch: Watch
    home: str

    async def goto(self, path: str) -> None:
        await self.page.goto(path if path.startswith("http") else self.home + path)

    async def path(self) -> str:
        return urlsplit(self.page.url).path
