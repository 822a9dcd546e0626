"""Files as they are stored, sent so that a browser shows or saves them and never runs them."""

from __future__ import annotations

from litestar import Response

from actions import files
from models.queries.documents import StoredFile
from routes.pages import Answer, AnyRequest


async def pdf_answer(request: AnyRequest, document: StoredFile, name: str = "") -> Answer:
    """The PDF with its hash as ETag; 304 when the browser has it. `?download` asks to save it, as the document's own name
    or as `name`.pdf."""
    kind = "attachment" if "download" in request.query_params else "inline"
    return await _answer(request, document, "application/pdf", f'{kind}; filename="{document.name or f"{name}.pdf"}"')


async def xml_answer(request: AnyRequest, document: StoredFile, name: str) -> Answer:
    """The e-invoice, byte for byte as it was made; always to save, because a browser has nothing to show of it."""
    return await _answer(request, document, "application/xml", f'attachment; filename="{name}"')


async def _answer(request: AnyRequest, document: StoredFile, media_type: str, disposition: str) -> Answer:
    tag = f'"{document.sha256.hex()}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    headers["Content-Disposition"] = disposition
    body = await files.get(document.organisation_id, document.sha256)
    return Response(body, media_type=media_type, headers=headers)
