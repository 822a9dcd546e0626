"""Bring a company's data from a copy: upload it, watch it come in (P-18)."""

from __future__ import annotations

import io

from litestar import Controller, get, post
from litestar.datastructures import UploadFile

from actions import data_imports
from domain.access import Permission
from domain.privacy.importing import MOST_BYTES
from domain.refusals import Refusal
from models.ids import id_in_or_new, new_id
from models.queries.data_imports import ImportView, import_page
from routes.actor import member_of
from routes.forms.base import Form
from routes.guards import may
from routes.pages import Answer, AnyRequest, page, see_other

PLACE = "/company/import"
FOR_A_FORM = 64 * 1024


class DataImportController(Controller):
    path = PLACE

    @get("/", guards=[may(Permission.SETTINGS)], name="import.show")
    async def show(self, request: AnyRequest) -> Answer:
        return await _show(request, Form())

    @post(
        "/",
        guards=[may(Permission.SETTINGS)],
        status_code=200,
        request_max_body_size=MOST_BYTES + FOR_A_FORM,
        name="import.ask",
    )
    async def ask(self, request: AnyRequest) -> Answer:
        """Take the ZIP; whether it is one of ours, its content says."""
        who = member_of(request)
        sent = await request.form()
        file, import_id = sent.get("file"), id_in_or_new(str(sent.get("import_id", "")))
        upload = file.file if isinstance(file, UploadFile) else io.BytesIO()
        refusal = await data_imports.ask(who.organisation_id, who.person_id, import_id, upload)
        if refusal is None:
            return see_other(request, PLACE)
        form = Form()
        form.add(refusal)
        return await _show(request, form, status=422)


async def _show(request: AnyRequest, form: Form, status: int = 200) -> Answer:
    found = await import_page(member_of(request).organisation_id)
    newest = found.newest
    return page(
        request,
        "companies/import.html",
        status=status,
        form=form,
        import_id=new_id(),
        newest=newest,
        is_empty=found.is_empty,
        under_way=newest is not None and newest.state in ("queued", "reading"),
        problem=_problem(newest) if newest is not None and newest.state == "failed" else None,
    )


def _problem(failed: ImportView) -> Refusal:
    """Why it could not be brought in. The one detail stands for whatever its sentence names."""
    return Refusal(failed.problem, None, dict.fromkeys(("version", "company", "file", "number"), failed.detail))
