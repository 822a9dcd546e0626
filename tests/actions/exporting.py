"""Copies as the tests of exports ask for them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any
from uuid import UUID

from actions import data_exports, requests
from actions.clock import now
from domain.privacy.requests import Kind
from models.ids import new_id
from models.queries.data_exports import ExportView, export_of
from models.unit_of_work import unit_of_work
from tests.actions.making import issued, line
from tests.people import somewhere
from tests.world import Company, World


async def asked(company: Company, organisation_id: UUID | None) -> ExportView:
    found = await data_exports.ask(company.person_id, organisation_id, somewhere())
    assert isinstance(found, ExportView)
    return found


async def copy_of(company: Company, *, account_only: bool = False) -> zipfile.ZipFile:
    """The ZIP as the person gets it."""
    export = await asked(company, None if account_only else company.id)
    await data_exports.make(export.id)
    ready = await export_of(export.id)
    assert ready is not None and ready.state == "ready" and ready.sha256 is not None
    content = b"".join([piece async for piece in data_exports.content(ready)])
    assert (len(content), hashlib.sha256(content).digest()) == (ready.size, ready.sha256)
    return zipfile.ZipFile(io.BytesIO(content))


def rows_in(copy: zipfile.ZipFile, name: str) -> Any:
    return json.loads(copy.read(f"data/{name}.json"))


async def odd_shop(world: World) -> Company:
    company = await world.company(name="=1+1 Æøå ../../x")
    for name in ("Bjørn Ærlig", "=cmd|' /C calc'!A0", "../../etc/passwd", "N" * 200, "<b>x</b>"):
        customer = await world.customer(company, name=name, notes=f"{name}\n2\t;")
        done = await issued(company, customer, line("100"))
        assert done.number is not None, done.refusals
    await world.customer(company, name="😀 uten faktura", notes="🧾")
    return company


async def account_rows(company: Company) -> None:
    """One row in each table of accounts that has none yet."""
    moment = now()
    values: dict[str, dict[str, Any]] = {
        "account_token": {"token_hash": new_id().bytes * 2, "purpose": "confirm_email", "expires_at": moment},
        "account_message": {"id": new_id(), "kind": "sign_up", "email": "x", "language": "nb", "message_id": "<x@y>",
                            "attempts": 0, "problem": "x"},
        "security_event": {"id": new_id(), "kind": "signed_in", "at": moment, "ip_prefix": "", "browser": ""},
        "acknowledgement": {"id": new_id(), "document": "terms", "version": "2026-11-23", "kind": "accepted",
                            "language": "nb", "fingerprint": b"x", "at": moment},
        "account_correction": {"id": new_id(), "field": "name", "old_value": "x", "new_value": "y",
                               "corrected_at": moment},
        "account_restriction": {"id": new_id(), "ground": "a", "begun_at": moment},
        "consent_event": {"consent_id": "0" * 32, "action": "save", "surface": "banner", "revision": 1, "browser": "x",
                          "answers_before": "x", "answers_after": "x", "path": "x", "at": moment},
        "objection": {"id": new_id(), "purpose": "news", "state": "upheld", "source": "account", "raised_at": moment},
    }  # fmt: skip
    await requests.ask(company.person_id, Kind.OTHER, "x")
    async with unit_of_work(None, company.person_id) as work:
        for table, columns in values.items():
            filled = {"person_id": company.person_id, **columns}
            if not {"at", "begun_at", "raised_at", "corrected_at"} & set(columns):
                filled["created_at"] = moment
            places = ", ".join(f"${n}" for n in range(1, len(filled) + 1))
            await work.connection.execute(
                f"insert into {table} ({', '.join(filled)}) values ({places})", *filled.values()
            )
