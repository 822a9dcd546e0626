"""Files as they are stored, sent so that a browser shows or saves them and never runs them."""

from __future__ import annotations

from uuid import UUID

from litestar import Response

from actions import files
from domain.attachments import Enclosed
from models.queries.documents import StoredFile
from routes.pages import Answer, AnyRequest


async def pdf_answer(request: AnyRequest, document: StoredFile, name: str = "") -> Answer:
    """The PDF with its hash as ETag; 304 when the browser has it. `?download` asks to save it, as the document's own name
    or as `name`.pdf."""
    kind = "attachment" if "download" in request.query_params else "inline"
    disposition = f'{kind}; filename="{document.name or f"{name}.pdf"}"'
    return await _answer(request, document.organisation_id, document.sha256, "application/pdf", disposition)


async def xml_answer(request: AnyRequest, document: StoredFile, name: str) -> Answer:
    """The e-invoice, byte for byte as it was made; always to save, because a browser has nothing to show of it."""
    disposition = f'attachment; filename="{name}"'
    return await _answer(request, document.organisation_id, document.sha256, "application/xml", disposition)


async def enclosed_answer(request: AnyRequest, organisation_id: UUID, file: Enclosed) -> Answer:
    """A user's own file, always to save: a browser never shows what somebody brought."""
    disposition = f'attachment; filename="{file.plain_name}"'
    return await _answer(request, organisation_id, file.sha256, file.mime, disposition)


async def _answer(
    request: AnyRequest, organisation_id: UUID, sha256: bytes, media_type: str, disposition: str
) -> Answer:
    tag = f'"{sha256.hex()}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    headers["Content-Disposition"] = disposition
    body = await files.get(organisation_id, sha256)
    return Response(body, media_type=media_type, headers=headers)
