"""A copy brought into another company, and copies that somebody changed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from actions import data_exports, data_imports
from models.ids import new_id
from models.queries.data_exports import export_of
from models.queries.data_imports import ImportView, import_page
from tasks.handlers.import_data import ImportData
from tests.people import somewhere
from tests.world import Company


async def copy_of(company: Company) -> bytes:
    export = await data_exports.ask(company.person_id, company.id, somewhere())
    assert not isinstance(export, data_exports.TooSoon)
    await data_exports.make(export.id)
    ready = await export_of(export.id)
    assert ready is not None and ready.state == "ready"
    return b"".join([piece async for piece in data_exports.content(ready)])


async def bring(company: Company, content: bytes) -> ImportView:
    """Upload the copy, and what became of it."""
    import_id = new_id()
    refusal = await data_imports.ask(company.id, company.person_id, import_id, io.BytesIO(content))
    assert refusal is None, refusal
    await ImportData().run({"organisation_id": str(company.id), "id": str(import_id)})
    newest = (await import_page(company.id)).newest
    assert newest is not None
    return newest


Change = Callable[[dict[str, bytes]], None]


def changed(content: bytes, change: Change, *, with_sums: bool = True) -> bytes:
    """The copy with other content; with `with_sums` its hashes say so too, as who forges one would do."""
    with zipfile.ZipFile(io.BytesIO(content)) as copy:
        found = {name: copy.read(name) for name in copy.namelist()}
    change(found)
    if with_sums:
        manifest = json.loads(found["manifest.json"])
        for entry in manifest["files"]:
            if entry["path"] in found:
                entry["sha256"] = hashlib.sha256(found[entry["path"]]).hexdigest()
        found["manifest.json"] = json.dumps(manifest).encode()
        names = [name for name in found if name != "SHA256SUMS"]
        found["SHA256SUMS"] = "".join(f"{hashlib.sha256(found[n]).hexdigest()}  {n}\n" for n in names).encode()
    return zipped(found)


def zipped(found: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as copy:
        for name, value in found.items():
            copy.writestr(name, value)
    return stream.getvalue()


def replaced(path: str, old: bytes, new: bytes) -> Change:
    def change(found: dict[str, bytes]) -> None:
        assert old in found[path]
        found[path] = found[path].replace(old, new)

    return change


def manifest(**values: Any) -> Change:
    def change(found: dict[str, bytes]) -> None:
        found["manifest.json"] = json.dumps(json.loads(found["manifest.json"]) | values).encode()

    return change
