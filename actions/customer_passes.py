"""Who asks about the data on an invoice or a quote: a code to the address that already stands on it, and nothing else.

The code is short, so it lives 15 minutes, may be tried five times, and only its HMAC is kept. The right one opens the
privacy page with a secret of 256 bits for half an hour; there is no cookie and no account.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from actions import limits
from actions.account_tokens import hash_of, new_secret
from actions.clock import now
from actions.instance import secret_for, secrets_for, settings
from actions.request_letters import Prepared
from domain.letter import Letter
from models.ids import new_id
from models.unit_of_work import reading, unit_of_work

JOB = "send_privacy_code"
DIGITS = 8
CODE_LIVES = timedelta(minutes=15)
PASS_LIVES = timedelta(minutes=30)
MOST_TRIES = 5
MOST_CODES = 4


@dataclass(frozen=True, slots=True)
class Opened:
    """Who asks, about one document: an issued invoice, or a quote that was sent.

    `is_proven`: the right code was written, so it is whoever reads mail at `email`. Otherwise the address was only typed.
    """

    organisation_id: UUID
    invoice_id: UUID | None
    email: str
    language: str
    quote_id: UUID | None = None
    is_proven: bool = True

    @property
    def document_id(self) -> UUID:
        document_id = self.invoice_id or self.quote_id
        assert document_id is not None, "it is about one of both"
        return document_id


async def send_code(who: Opened) -> None:
    """Have a code sent to the address on the document; the one before works no longer. Raises LimitReached after four in
    an hour."""
    organisation_id = who.organisation_id
    await limits.require("privacy-code", str(who.document_id), MOST_CODES, limits.AN_HOUR)
    pass_id = new_id()
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_ONE_AT_A_TIME, who.document_id)
        await work.connection.execute(_FORGET, organisation_id, who.document_id)
        await work.connection.execute(
            _ASK, organisation_id, pass_id, who.invoice_id, who.quote_id, who.email, who.language, now()
        )
        work.enqueue(JOB, {"organisation_id": str(organisation_id), "id": str(pass_id)})


async def prepare_code(organisation_id: UUID, pass_id: UUID) -> Prepared | None:
    """The letter with the code, which is made now; None when it was sent, or when another took its place. A second try
    to send makes another code: only the newest letter's works."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    async with unit_of_work(organisation_id) as work:
        row = await work.connection.fetchrow(
            _CODE, organisation_id, pass_id, _hash(pass_id, code, secret_for("privacy-code")), now() - CODE_LIVES
        )
    if row is None:
        return None
    words = {"company": row["company"], "code": code}
    host = settings().mail_from.rpartition("@")[2] or "localhost"
    letter = Letter(row["email"], row["language"], "request_code", words)
    return Prepared(letter, row["company"], row["company_email"], f"<{pass_id}@{host}>")


async def record_sent(organisation_id: UUID, pass_id: UUID) -> None:
    """The server accepted the letter."""
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_SENT, organisation_id, pass_id, now())


async def enter(organisation_id: UUID, document_id: UUID, code: str) -> str | None:
    """The secret that opens the page when the code is right; None when it is wrong, old, used, or tried too often.

    The try is counted before it is judged, so that many at once do not get more of them.
    """
    typed = "".join(sign for sign in code if sign.isdecimal())
    secret = new_secret()
    async with unit_of_work(organisation_id) as work:
        row = await work.connection.fetchrow(_TRY, organisation_id, document_id, now() - CODE_LIVES, MOST_TRIES)
        if row is None or not _is_code(row["code_hash"], row["id"], typed):
            return None
        await work.connection.execute(_OPEN, organisation_id, row["id"], hash_of(secret), now())
    return secret


async def opened(organisation_id: UUID, document_id: UUID, secret: str) -> Opened | None:
    """Who the secret opens the page for; None for one that is nobody's, another document's, or over."""
    pass_hash = hash_of(secret)
    if pass_hash is None:
        return None
    async with reading(organisation_id) as work:
        row = await work.connection.fetchrow(_OPENED, organisation_id, document_id, pass_hash, now() - PASS_LIVES)
    return None if row is None else Opened(organisation_id, **row)


def _is_code(code_hash: bytes, pass_id: UUID, typed: str) -> bool:
    return any(hmac.compare_digest(code_hash, _hash(pass_id, typed, key)) for key in secrets_for("privacy-code"))


def _hash(pass_id: UUID, code: str, key: bytes) -> bytes:
    return hmac.digest(key, pass_id.bytes + code.encode(), hashlib.sha256)


# Of two clicks at once the second sees the code of the first, and takes its place.
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('privacy-code ' || $1::uuid::text, 0))"
_FORGET = """
delete from customer_pass where organisation_id = $1 and $2 in (invoice_id, quote_id) and pass_hash is null
"""
_ASK = """
insert into customer_pass (organisation_id, id, invoice_id, quote_id, email, language, tries, created_at)
values ($1, $2, $3, $4, $5, $6, 0, $7)
"""
_CODE = """
update customer_pass p set code_hash = $3 from organisation o
where p.organisation_id = $1 and p.id = $2 and o.id = $1 and p.sent_at is null and p.pass_hash is null
and p.created_at > $4
returning p.email, p.language, o.name as company, o.email as company_email
"""
_SENT = "update customer_pass set sent_at = $3 where organisation_id = $1 and id = $2"
_TRY = """
update customer_pass set tries = tries + 1
where organisation_id = $1 and $2 in (invoice_id, quote_id) and pass_hash is null and code_hash is not null
and created_at > $3 and tries < $4
returning id, code_hash
"""
_OPEN = """
update customer_pass set pass_hash = $3, opened_at = $4, code_hash = null where organisation_id = $1 and id = $2
"""
_OPENED = """
select invoice_id, email, language, quote_id from customer_pass
where organisation_id = $1 and $2 in (invoice_id, quote_id) and pass_hash = $3 and opened_at > $4
"""
