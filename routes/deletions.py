"""Certificates of deletions: for whoever has the address of one, and to be checked by anybody who holds one."""

from __future__ import annotations

import json
from datetime import date, datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from actions.erasure_certificate import is_genuine
from actions.outcomes import NotFound
from domain.privacy.erasure import step_words
from models.queries.erasures import erasure_of
from routes.forms.base import Form, Reader, read_form
from routes.guards import public
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest
from routes.public_page import public_page

LONGEST_CERTIFICATE = 100_000


class DeletionController(Controller):
    path = "/deletions"

    @get("/{erasure_id:uuid}", guards=[public], name="deletions.show")
    async def show(self, request: AnyRequest, erasure_id: FromPath[UUID]) -> Answer:
        certificate = json.loads(await _certificate(erasure_id))
        return public_page(
            request,
            "legal/deletion.html",
            certificate=certificate,
            asked_at=datetime.fromisoformat(certificate["asked_at"]),
            executed_at=datetime.fromisoformat(certificate["executed_at"]),
            words=step_words,
            day=date.fromisoformat,
        )

    @get("/{erasure_id:uuid}/certificate.json", guards=[public], name="deletions.json")
    async def download(self, request: AnyRequest, erasure_id: FromPath[UUID]) -> Answer:
        headers = {
            "Content-Disposition": f'attachment; filename="smartfaktura-deletion-{erasure_id}.json"',
            "Cache-Control": "no-store",
        }
        text = json.dumps(json.loads(await _certificate(erasure_id)), indent=1, ensure_ascii=False)
        return Response(text.encode(), media_type="application/json", headers=headers)

    @get("/check", guards=[public], name="deletions.check")
    async def check(self, request: AnyRequest) -> Answer:
        return public_page(request, "legal/deletion_check.html", form=Form(), genuine=None)

    @post("/check", guards=[public], status_code=200, name="deletions.verify")
    async def verify(self, request: AnyRequest) -> Answer:
        reader = Reader(await read_form(request), language_of(request))
        text = reader.text("certificate", longest=LONGEST_CERTIFICATE, required=True, lines=True)
        genuine = is_genuine(text) if reader.form.ok else None
        status = 200 if reader.form.ok else 422
        return public_page(request, "legal/deletion_check.html", status=status, form=reader.form, genuine=genuine)


async def _certificate(erasure_id: UUID) -> str:
    """What was never asked for, is not done yet, or belongs to nobody looks the same: 404."""
    found = await erasure_of(erasure_id)
    if found is None or found.certificate is None:
        raise NotFound
    return found.certificate
