"""The mailbox of this machine: the letters of an installation without a mail server, for whoever sits at it.

Shown only to this machine itself, and only while letters are kept instead of sent; to everybody else there is no such
page.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import quote

from litestar import Controller, Response, get
from litestar.params import FromPath

from actions import mailbox
from actions.instance import settings
from actions.outcomes import NotFound
from domain.mail import ascii_file_name
from routes.guards import public
from routes.pages import Answer, AnyRequest
from routes.public_page import public_page

# Links in letters are secrets: they stay out of caches.
_PRIVATE = {"Cache-Control": "no-store"}
_HARMLESS = {
    **_PRIVATE,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


class MailboxController(Controller):
    path = "/mailbox"
    guards = (public,)

    @get("/", name="mailbox.index")
    async def index(self, request: AnyRequest) -> Answer:
        _only_here(request)
        after = request.query_params.get("after", "")
        letters, following = await mailbox.letters(after)
        return _private(
            public_page(request, "mailbox/index.html", letters=letters, following=following, is_newest=not after)
        )

    @get("/{name:str}", name="mailbox.show")
    async def show(self, request: AnyRequest, name: FromPath[str]) -> Answer:
        _only_here(request)
        letter = await mailbox.letter(name)
        if letter is None:
            raise NotFound
        return _private(public_page(request, "mailbox/show.html", letter=letter))

    @get("/{name:str}/source", name="mailbox.source")
    async def source(self, request: AnyRequest, name: FromPath[str]) -> Answer:
        _only_here(request)
        source = await mailbox.source(name)
        if source is None:
            raise NotFound
        return Response(source, media_type="text/plain; charset=utf-8", headers=_HARMLESS)

    @get("/{name:str}/attachments/{number:int}", name="mailbox.attachment")
    async def attachment(self, request: AnyRequest, name: FromPath[str], number: FromPath[int]) -> Answer:
        _only_here(request)
        letter = await mailbox.letter(name)
        found = [file for file in letter.attached if file.number == number] if letter else []
        if not found:
            raise NotFound
        (file,) = found
        plain = ascii_file_name(file.name).replace('"', "").replace("\\", "")
        disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name)}"
        headers = {**_HARMLESS, "Content-Disposition": disposition}
        return Response(file.content, media_type="application/octet-stream", headers=headers)


def _only_here(request: AnyRequest) -> None:
    """Raise NotFound for another machine, and where real mail is sent."""
    if not (settings().shows_mailbox and _is_this_machine(request.client.host if request.client else "")):
        raise NotFound


def _is_this_machine(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _private(answer: Answer) -> Answer:
    answer.headers.update(_PRIVATE)
    return answer
