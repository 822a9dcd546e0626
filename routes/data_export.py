"""A copy of one's data: ask for it, watch it being made, fetch it (P-17, P-19)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from actions import data_exports
from actions.clock import now
from actions.data_exports import Gone, TooSoon
from actions.outcomes import NotFound
from domain.access import Permission
from domain.access import may as role_may
from models.queries.data_exports import newest_export
from models.queries.erasures import company_closing_with
from routes.actor import Actor
from routes.forms.base import Form, read_form
from routes.guards import even_leaving
from routes.middleware.session import client_of
from routes.pages import Answer, AnyRequest, page, see_other
from routes.proof import is_fresh, kept, person, proven
from routes.public_page import public_page

PLACE = "/account/export"


class DataExportController(Controller):
    path = PLACE

    @get("/", guards=[even_leaving], name="export.show")
    async def show(self, request: AnyRequest) -> Answer:
        return await _show(request)

    @post("/", guards=[even_leaving], status_code=200, name="export.ask")
    async def ask(self, request: AnyRequest) -> Answer:
        actor, form = person(request), Form()
        renewed, status = await proven(actor, await read_form(request), form)
        if not form.ok:
            return await _show(request, form, status=status)
        asked = await data_exports.ask(actor.person_id, await _company_of(actor), client_of(request))
        if isinstance(asked, TooSoon):
            return kept(await _show(request, too_soon=asked, status=429), renewed)
        return kept(see_other(request, PLACE), renewed)

    @post("/link", guards=[even_leaving], status_code=200, name="export.link")
    async def link(self, request: AnyRequest) -> Answer:
        """A link made just now, for who has just given the password: the browser follows it at once."""
        actor, form = person(request), Form()
        renewed, status = await proven(actor, await read_form(request), form)
        if not form.ok:
            return await _show(request, form, status=status)
        export = await newest_export(actor.person_id, await _company_of(actor))
        token = await data_exports.link(export.id, actor.person_id) if export else None
        if token is None:
            return kept(await _show(request, gone=True, status=410), renewed)
        return kept(see_other(request, f"{PLACE}/download/{token}"), renewed)

    @get("/download/{token:str}", guards=[even_leaving], name="export.download")
    async def download(self, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
        actor = person(request)
        if not is_fresh(actor):
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


async def _company_of(actor: Actor) -> UUID | None:
    """Who may change the company may take it along; the others get their account. With an account that is about to be
    deleted, nobody works for a company: it is the one that closes with it."""
    if actor.closes_at is not None:
        return await company_closing_with(actor.person_id)
    may_take = actor.role is not None and role_may(actor.role, Permission.SETTINGS)
    return actor.organisation_id if may_take else None


async def _show(
    request: AnyRequest,
    form: Form | None = None,
    *,
    status: int = 200,
    too_soon: TooSoon | None = None,
    gone: bool = False,
) -> Answer:
    actor = person(request)
    company = await _company_of(actor)
    export = await newest_export(actor.person_id, company)
    # Whose account is about to be deleted has no menu: everything else is closed to them.
    shown = page if actor.closes_at is None else public_page
    return shown(
        request,
        "account/export.html",
        status=status,
        form=form or Form(),
        export=export,
        has_company=company is not None,
        may_ask=export is None or export.state == "failed" or export.asked_at <= now() - data_exports.ONE_IN,
        next_at=export.asked_at + data_exports.ONE_IN if export else None,
        is_fresh=is_fresh(actor),
        too_soon=too_soon,
        gone=gone or (export is not None and export.state == "gone"),
        most=data_exports.MOST_DOWNLOADS,
    )
