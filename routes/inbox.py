"""The inbox: what suppliers sent, and the form that adds to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, get, post
from litestar.datastructures import UploadFile

from actions import inbox
from actions.clock import now
from domain.access import Permission
from domain.access import may as role_may
from domain.received import MOST_BYTES
from models.ids import id_in, new_id
from models.queries.inbox import STATES
from models.queries.inbox import inbox as inbox_of
from routes.actor import member_of
from routes.flash import SENTENCES, Flash
from routes.forms.base import Form, read_form
from routes.guards import may
from routes.pages import Answer, AnyRequest, fragments, page, see_other, wants_fragment

FOR_A_FORM = 64 * 1024


class InboxController(Controller):
    path = "/inbox"

    @get("/", guards=[may(Permission.READ)], name="inbox.index")
    async def index(self, request: AnyRequest) -> Answer:
        return await _show(request)

    @post(
        "/",
        guards=[may(Permission.WRITE)],
        status_code=200,
        request_max_body_size=MOST_BYTES + FOR_A_FORM,
        name="inbox.receive",
    )
    async def receive(self, request: AnyRequest) -> Answer:
        """Take an uploaded file; what it is, its content says."""
        who = member_of(request)
        sent = await _sent(request)
        refusal = await inbox.receive(who.organisation_id, who.person_id, sent)
        if refusal is None:
            return see_other(request, f"/inbox/{sent.id}", "document-received")
        form = Form()
        form.add(refusal)
        return await _show(request, form, status=422)

    @post("/address", guards=[may(Permission.SETTINGS)], status_code=200, name="inbox.renew_address")
    async def renew_address(self, request: AnyRequest) -> Answer:
        """Another address for suppliers, instead of the one that was shown."""
        who, turn = member_of(request), (await read_form(request)).get("turn")
        if turn.isascii() and turn.isdigit() and len(turn) < 9:
            await inbox.renew_address(who.organisation_id, who.person_id, int(turn))
        return see_other(request, "/inbox", "inbox-address-renewed")


@dataclass(frozen=True, slots=True)
class Address:
    """Addresses of this list with another tab, or further down."""

    query: str

    def __call__(self, state: str, after: str = "") -> str:
        pairs = {"state": state, "q": self.query, "after": after}
        query = urlencode({name: value for name, value in pairs.items() if value})
        return f"/inbox?{query}" if query else "/inbox"


async def _show(request: AnyRequest, upload_form: Form | None = None, status: int = 200) -> Answer:
    who, given = member_of(request), request.query_params
    state = given.get("state", "")
    state = state if state in STATES else ""
    query = given.get("q", "").replace("\0", "").strip()[:200]
    found = await inbox_of(who.organisation_id, state, query, given.get("after", ""), now())
    context: dict[str, Any] = {
        "found": found,
        "state": state,
        "query": query,
        "address": Address(query),
        "time_zone": found.time_zone,
    }
    if wants_fragment(request.headers) and request.method == "GET":
        return fragments(request, f"inbox/{'more.changes' if 'after' in given else '_list'}.html", **context)
    return page(
        request,
        "inbox/index.html",
        status=status,
        flash=_removed(request),
        upload_form=upload_form or Form(),
        document_id=new_id(),
        may_write=role_may(who.role, Permission.WRITE),
        mail_address=inbox.mail_address(who.organisation_id, found.turn),
        may_renew=role_may(who.role, Permission.SETTINGS),
        **context,
    )


async def _sent(request: AnyRequest) -> inbox.Sent:
    """The first file of the form. Its declared type is not even looked at."""
    form = await request.form()
    file = form.get("file")
    name, content = "", b""
    if isinstance(file, UploadFile):
        name, content = file.filename or "", await file.read(MOST_BYTES + 1)
    return inbox.Sent(id_in(str(form.get("document_id", ""))) or new_id(), name, content)


def _removed(request: AnyRequest) -> Flash | None:
    """After taking a document out: the sentence with the way back."""
    document_id = id_in(request.query_params.get("removed", ""))
    if document_id is None or request.query_params.get("done") != "document-removed":
        return None
    return replace(SENTENCES["document-removed"], undo_action=f"/inbox/{document_id}/restoration")
