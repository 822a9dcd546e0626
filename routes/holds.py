"""Orders to keep: the company's list of them, and the form that adds one."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import holds
from actions.clock import now
from actions.holds import SCOPES, Hold
from actions.outcomes import NotFound
from domain.access import Permission
from domain.access import may as role_may
from models.ids import id_in, new_id
from models.queries.holds import holds_of, subject_of
from routes.actor import member_of
from routes.forms.base import Form, FormData, Reader, read_form
from routes.guards import may
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, page, see_other

PLACE = "/company/holds"


class HoldController(Controller):
    path = PLACE

    @get("/", guards=[may(Permission.READ)], name="holds.index")
    async def index(self, request: AnyRequest) -> Answer:
        who = member_of(request)
        return page(
            request,
            "holds/index.html",
            holds=await holds_of(who.organisation_id),
            today=now().date(),
            may_change=role_may(who.role, Permission.SETTINGS),
        )

    @get("/new", guards=[may(Permission.SETTINGS)], name="holds.new")
    async def new(self, request: AnyRequest) -> Answer:
        """On a period, or with `invoice` or `customer` on that one."""
        given = request.query_params
        scope = next((name for name in ("invoice", "customer") if given.get(name)), "period")
        return await _form(request, Form({"scope": scope, "subject_id": given.get(scope, "")[:36]}))

    @post("/", guards=[may(Permission.SETTINGS)], status_code=200, name="holds.put")
    async def put(self, request: AnyRequest) -> Answer:
        who = member_of(request)
        form, hold = _parse(await read_form(request), language_of(request))
        if hold is None:
            return await _form(request, form, status=422)
        await holds.put(who.organisation_id, who.person_id, hold)
        return see_other(request, PLACE, "hold-made")

    @post("/{hold_id:uuid}/lifting", guards=[may(Permission.SETTINGS)], status_code=200, name="holds.lift")
    async def lift(self, request: AnyRequest, hold_id: FromPath[UUID]) -> Answer:
        who = member_of(request)
        await holds.lift(who.organisation_id, who.person_id, hold_id)
        return see_other(request, PLACE, "hold-lifted")


async def _form(request: AnyRequest, form: Form, status: int = 200) -> Answer:
    scope, subject_id = form.values["scope"], id_in(form.values["subject_id"])
    subject = None
    if scope != "period":
        organisation_id = member_of(request).organisation_id
        subject = await subject_of(organisation_id, scope, subject_id) if subject_id and scope in SCOPES else None
        if subject is None:
            raise NotFound
    return page(request, "holds/new.html", status=status, form=form, subject=subject, hold_id=new_id())


def _parse(data: FormData, language: str) -> tuple[Form, Hold | None]:
    reader = Reader(data, language)
    scope = reader.choice("scope", SCOPES, default="period")
    subject_id = reader.text("subject_id", longest=36)
    is_period = scope == "period"
    from_day = reader.day("from_day", required=True) if is_period else None
    to_day = reader.day("to_day", required=True) if is_period else None
    until = reader.day("until")
    hold = Hold(
        id_in(data.get("hold_id")) or new_id(), scope, reader.text("basis", longest=200, required=True),
        reader.text("reason", longest=2000, lines=True), id_in(subject_id), from_day, to_day, until,
    )  # fmt: skip
    if from_day and to_day and from_day > to_day:
        reader.form.refuse("to_day", "hold.backwards")
    if until and until < now().date():
        reader.form.refuse("until", "hold.past")
    return reader.form, hold if reader.form.ok else None
