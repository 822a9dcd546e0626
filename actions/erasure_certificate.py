"""The certificate of a deletion: what was deleted, what is kept until when and by which law. It names nobody.

Hashed and signed with a key of this installation, so that whoever holds one can have it checked here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from actions.instance import secret_for, secrets_for, settings
from domain.privacy.accounting import law_of
from domain.privacy.erasure import ANONYMOUS, Fate, canonical
from models.queries.erasures import counted_in
from models.unit_of_work import Work

FORMAT = "smartfaktura-deletion"
CERTIFICATE = "certificate of deletion"


async def company_certificate(work: Work, erasure_id: UUID, moment: datetime) -> dict[str, Any]:
    """Of a company, inside the unit of work that finishes its deletion."""
    return {**await _head(work, erasure_id, "company", moment), "companies": [await _company(work, erasure_id)]}


async def account_certificate(work: Work, erasure_id: UUID, moment: datetime) -> dict[str, Any]:
    """Of an account, with the companies that were closed with it."""
    head = await _head(work, erasure_id, "account", moment)
    rows = await work.connection.fetch(_COMPANIES, erasure_id)
    parts = [part for row in rows for part in json.loads(row["certificate"])["companies"]]
    return {**head, "deleted": await _steps(work, erasure_id), "companies": parts}


def signed(certificate: Mapping[str, Any]) -> str:
    """As JSON with its hash and its signature."""
    body = canonical(certificate)
    return json.dumps(
        {**certificate, "sha256": hashlib.sha256(body).hexdigest(), "signature": _mac(body, secret_for(CERTIFICATE))}
    )


def is_genuine(text: str) -> bool:
    """Was this certificate made here, and is every word of it as it was?"""
    try:
        found = json.loads(text)
        told, signature = str(found.pop("sha256")), str(found.pop("signature"))
        body = canonical(found)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return False
    same = hmac.compare_digest(told.encode(), hashlib.sha256(body).hexdigest().encode())
    return same and any(
        hmac.compare_digest(signature.encode(), _mac(body, key).encode()) for key in secrets_for(CERTIFICATE)
    )


async def _head(work: Work, erasure_id: UUID, scope: str, moment: datetime) -> dict[str, Any]:
    row = await work.connection.fetchrow("select asked_at from erasure where id = $1", erasure_id)
    operator = settings().operator
    return {
        "format": FORMAT,
        "format_version": "1.0",
        "reference": str(erasure_id),
        "scope": scope,
        "controller": f"{operator.legal_name}, {operator.organisation_number}",
        "asked_at": row["asked_at"].isoformat(),
        "executed_at": moment.isoformat(),
    }


async def _company(work: Work, erasure_id: UUID) -> dict[str, Any]:
    own, lines = await counted_in(work)
    law = law_of(own["country"])
    return {
        "deleted": await _steps(work, erasure_id),
        "held": [
            {"what": line.name, "count": line.count, "until": line.until and line.until.isoformat()}
            for line in lines
            if line.fate is Fate.HELD and line.name not in ANONYMOUS
        ],
        "statute": law.statute,
        "state": "restricted: kept, and used for nothing else",
        "anonymous": "counters and sums, which name nobody, stay",
    }


async def _steps(work: Work, erasure_id: UUID) -> dict[str, int]:
    rows = await work.connection.fetch(_STEPS, erasure_id)
    found: dict[str, int] = {}
    for row in rows:
        name = _IN_EACH_COMPANY.get(row["name"].partition(".")[0], row["name"])
        found[name] = found.get(name, 0) + row["rows"]
    return found


def _mac(body: bytes, key: bytes) -> str:
    return hmac.digest(key, body, hashlib.sha256).hex()


# Steps that are named with the company they were done in.
_IN_EACH_COMPANY = {"left": "membership", "invited": "invited"}
_STEPS = "select name, rows from erasure_step where erasure_id = $1 and rows > 0 order by name"
_COMPANIES = "select certificate from erasure where with_id = $1 and certificate is not null order by id"
