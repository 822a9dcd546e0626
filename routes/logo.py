"""The company's logo: taken as a picture, kept as a picture of our own."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.response import Response

from actions import files, logos
from domain.access import Permission
from domain.pictures import MOST_BYTES
from domain.refusals import Refusal
from models.queries.companies import company_settings, logo_of
from routes.actor import member_of
from routes.company_settings import show_settings
from routes.forms.base import Form
from routes.forms.company import settings_form
from routes.guards import may
from routes.pages import Answer, AnyRequest, see_other

FOR_A_FORM = 64 * 1024
# Only a picture, whatever anybody may find in it: no script runs, nothing is loaded.
SANDBOX = "default-src 'none'; sandbox"


class LogoController(Controller):
    path = "/company/logo"

    @get(guards=[may(Permission.READ)], name="logo.show")
    async def show(self, request: AnyRequest) -> Answer:
        organisation_id = member_of(request).organisation_id
        sha256 = await logo_of(organisation_id)
        if sha256 is None:
            raise NotFoundException
        return picture_answer(await files.get(organisation_id, sha256))

    @post(
        guards=[may(Permission.SETTINGS)],
        status_code=200,
        request_max_body_size=MOST_BYTES + FOR_A_FORM,
        name="logo.update",
    )
    async def update(self, request: AnyRequest) -> Answer:
        who = member_of(request)
        refusal = await logos.put_logo(who.organisation_id, who.person_id, await _uploaded(request))
        if refusal is not None:
            return await _refused(request, refusal)
        return see_other(request, "/company", "saved")

    @post("/removal", guards=[may(Permission.SETTINGS)], status_code=200, name="logo.remove")
    async def remove(self, request: AnyRequest) -> Answer:
        who = member_of(request)
        await logos.remove_logo(who.organisation_id, who.person_id)
        return see_other(request, "/company", "saved")


async def _uploaded(request: AnyRequest) -> bytes:
    """The first file of the form; its name and its declared type are not even looked at."""
    file = (await request.form()).get("logo")
    return await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""


async def _refused(request: AnyRequest, refusal: Refusal) -> Answer:
    stored = await company_settings(member_of(request).organisation_id)
    form = Form()
    form.add(refusal)
    return show_settings(request, stored, settings_form(stored.company), status=422, logo_form=form)


def picture_answer(data: bytes) -> Response[bytes]:
    """One of our own pictures, so that nothing in it can run; also for the page that a customer opens."""
    return Response(
        data,
        media_type="image/png",
        headers={
            # The address carries the picture's hash, so a new logo has a new address.
            "Cache-Control": "private, max-age=86400",
            "Content-Security-Policy": SANDBOX,
            "Content-Disposition": 'inline; filename="logo.png"',
        },
    )
