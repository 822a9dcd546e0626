"""S-20: the app asks nobody but whom its settings name, whatever people type or send."""

from __future__ import annotations

import ast
import socket
from pathlib import Path
from typing import Any

from domain.einvoice import ubl
from domain.einvoice.document import Attachment
from domain.einvoice.reading import document_of
from models.ids import new_id
from tests.domain.einvoice.documents import issued as sample_invoice
from tests.receiving import read_inside
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
SPEAK = {
    "aiohttp",
    "aiosmtplib",
    "dns",
    "ftplib",
    "http",
    "httpx",
    "obstore",
    "requests",
    "smtplib",
    "socket",
    "urllib3",
}
# Where each has its address from: the settings alone, or the machine itself.
SPEAKERS = {
    "actions/files.py": "SMARTFAKTURA_STORAGE_URL",
    "tasks/embedded_postgres.py": "its own socket",
    "tasks/gateways/access_point.py": "SMARTFAKTURA_ACCESS_POINT_URL",
    "tasks/gateways/asking.py": "SMARTFAKTURA_BRREG_URL and the like; the directory of Peppol, by name",
    "tasks/gateways/mail_smtp.py": "SMARTFAKTURA_SMTP_URL",
    "tasks/listening.py": "its own port",
    "tasks/supervisor.py": "its own port",
    "tasks/web.py": "its own port",
}


def modules_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        found |= {"http" if name == "urllib.request" else name.partition(".")[0] for name in names}
    return found


def test_s20_only_those_speak_to_the_network_that_have_their_address_from_the_settings() -> None:
    places = ("actions", "domain", "models", "routes", "tasks")
    files = [ROOT / "app.py", *(path for place in places for path in (ROOT / place).rglob("*.py"))]
    found = {str(path.relative_to(ROOT)) for path in files if modules_of(path) & SPEAK}
    assert found == set(SPEAKERS)


async def test_s20_an_address_that_somebody_typed_or_sent_is_never_asked_for(world: World, pool: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, read_inside():
        listener.setblocking(False)
        here = f"127.0.0.1:{listener.getsockname()[1]}"
        company = await world.company()
        for typed in (f"http://{here}/a", f"file://{here}/etc/passwd", f"gopher://{here}/_x", f"//{here}/x"):
            customer = {
                "kind": "consumer", "name": typed, "country": "NO", "language": "nb", "currency": "NOK", "notes": typed,
                "address_line1": typed, "postcode": "5003", "city": typed, "reference": typed, "phone": typed,
            }  # fmt: skip
            await company.post("/customers", customer)
            customer_id = await world.customer(company, name=typed, address_line1=typed, notes=typed)
            draft = {
                "editor": str(new_id()), "version": "0", "customer_id": str(customer_id), "note": typed,
                "your_reference": typed, "lines.0.description": typed, "lines.0.quantity": "1",
                "lines.0.unit": "C62", "lines.0.unit_price": "500", "lines.0.treatment": "standard",
            }  # fmt: skip
            invoice = f"/invoices/{new_id()}"
            await company.post(f"{invoice}/draft", draft)
            for page in (invoice, "/customers", f"/search?q={typed}", f"/login?next={typed}"):
                assert (await company.get(page)).status_code < 500
        for content in _sent(f"http://{here}/sent"):
            answer = await company.post("/inbox", files={"file": (f"http://{here}/name.xml", content)})
            await company.get(answer.headers.get("location", "/inbox"))
        await company.post("/company/logo", files={"logo": ("x.png", f"http://{here}/logo".encode())})
        try:
            caller = listener.accept()[1]
        except BlockingIOError:
            caller = None
        assert caller is None


def _sent(address: str) -> list[bytes]:
    """E-invoices that name the address where a careless reader would fetch it."""
    whole = ubl.write(
        document_of(sample_invoice(), attachments=(Attachment("a.pdf", "application/pdf", b"%PDF-1.4"),))
    )
    outside = (
        b"<cac:AdditionalDocumentReference><cbc:ID>x</cbc:ID><cac:Attachment><cac:ExternalReference><cbc:URI>"
        + address.encode()
        + b"</cbc:URI></cac:ExternalReference></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    marked = b"<cac:AdditionalDocumentReference>"
    with_reference = whole.replace(marked, outside + marked, 1)
    assert with_reference != whole
    doctype = f'<!DOCTYPE Invoice SYSTEM "{address}.dtd">'.encode()
    style = f'<?xml-stylesheet type="text/xsl" href="{address}.xsl"?>'.encode()
    head, mark, rest = whole.partition(b"<Invoice")
    return [with_reference, head + doctype + mark + rest, head + style + mark + rest]
