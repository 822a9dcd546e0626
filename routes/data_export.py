"""A copy of one's data: ask for it, watch it being made, fetch it (P-17, P-19)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from actions import data_exports, profile
from actions.clock import now
from actions.data_exports import FRESH, Gone, TooSoon
from actions.limits import Wait
from actions.outcomes import NotFound
from actions.sessions import Started
from domain.access import Permission
from domain.access import may as role_may
from models.queries.data_exports import newest_export
from routes.account import refuse_password
from routes.actor import Actor, actor_of
from routes.forms.base import Form, read_form
from routes.guards import signed_in
from routes.middleware.session import client_of, keep
from routes.pages import Answer, AnyRequest, page, see_other

PLACE = "/account/export"


class DataExportController(Controller):
    path = PLACE

    @get("/", guards=[signed_in], name="export.show")
    async def show(self, request: AnyRequest) -> Answer:
        return await _show(request)

    @post("/", guards=[signed_in], status_code=200, name="export.ask")
    async def ask(self, request: AnyRequest) -> Answer:
        actor = _actor(request)
        form, renewed = await _proven(request, actor)
        if not form.ok:
            return await _show(request, form, status=_status(form))
        asked = await data_exports.ask(
            actor.person_id, _company_of(actor), actor.email, actor.language, client_of(request)
        )
        if isinstance(asked, TooSoon):
            return _kept(await _show(request, too_soon=asked, status=429), renewed)
        return _kept(see_other(request, PLACE), renewed)

    @post("/link", guards=[signed_in], status_code=200, name="export.link")
    async def link(self, request: AnyRequest) -> Answer:
        """A link made just now, for who has just given the password: the browser follows it at once."""
        actor = _actor(request)
        form, renewed = await _proven(request, actor)
        if not form.ok:
            return await _show(request, form, status=_status(form))
        export = await newest_export(actor.person_id, _company_of(actor))
        token = await data_exports.link(export.id, actor.person_id) if export else None
        if token is None:
            return _kept(await _show(request, gone=True, status=410), renewed)
        return _kept(see_other(request, f"{PLACE}/download/{token}"), renewed)

    @get("/download/{token:str}", guards=[signed_in], name="export.download")
    async def download(self, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
        actor = _actor(request)
        if actor.authenticated_at < now() - FRESH:
            return see_other(request, PLACE)
        found = await data_exports.fetch(token, actor.person_id, client_of(request))
        if found is None:
            raise NotFound
        if isinstance(found, Gone):
            return await _show(request, gone=True, status=410)
        return Stream(
            data_exports.content(found),
            media_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="{_file_name(found.asked_at, found.company_id)}"',
                "Content-Length": str(found.size),
                "Cache-Control": "no-store",
                "Referrer-Policy": "no-referrer",
            },
        )


def _file_name(moment: Any, organisation_id: UUID | None) -> str:
    scope = "company" if organisation_id else "account"
    return f"smartfaktura-export_{scope}_{moment:%Y%m%dT%H%M%SZ}.zip"


def _actor(request: AnyRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None, "behind the guard signed_in"
    return actor


def _company_of(actor: Actor) -> UUID | None:
    """Who may change the company may take it along; the others get their account."""
    may_take = actor.role is not None and role_may(actor.role, Permission.SETTINGS)
    return actor.organisation_id if may_take else None


async def _proven(request: AnyRequest, actor: Actor) -> tuple[Form, Started | None]:
    """Is it certain who asks? The password of the last ten minutes counts; else it is asked for."""
    form = Form()
    if actor.authenticated_at >= now() - FRESH:
        return form, None
    password = (await read_form(request)).get("password")
    done = await profile.prove(actor.person_id, actor.session_hash, password)
    if isinstance(done, Started):
        return form, done
    refuse_password(form, "password", done)
    form.values["status"] = "429" if isinstance(done, Wait) else "422"
    return form, None


def _status(form: Form) -> int:
    return int(form.values["status"])


def _kept(answer: Answer, renewed: Started | None) -> Answer:
    if renewed is not None:
        keep(answer, renewed)
    return answer


async def _show(
    request: AnyRequest,
    form: Form | None = None,
    *,
    status: int = 200,
    too_soon: TooSoon | None = None,
    gone: bool = False,
) -> Answer:
    actor = _actor(request)
    company = _company_of(actor)
    export = await newest_export(actor.person_id, company)
    return page(
        request,
        "account/export.html",
        status=status,
        form=form or Form(),
        export=export,
        has_company=company is not None,
        may_ask=export is None or export.state == "failed" or export.asked_at <= now() - data_exports.ONE_IN,
        next_at=export.asked_at + data_exports.ONE_IN if export else None,
        is_fresh=actor.authenticated_at >= now() - FRESH,
        too_soon=too_soon,
        gone=gone or (export is not None and export.state == "gone"),
        most=data_exports.MOST_DOWNLOADS,
    )
