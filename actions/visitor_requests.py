"""Requests of visitors, who have no account: an address, what they want, and a link to that address that proves it.

Nobody's address is looked up when the form is sent, so the page can tell nobody whether we know it (P-16).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from actions import limits
from actions.account_tokens import hash_of
from actions.clock import now
from actions.limits import Allowed, Wait
from actions.request_letters import Letter, queue_letter
from actions.requests import Asker, Request, file
from actions.security_log import Client
from domain.accounts import email_key
from domain.privacy.requests import Channel, Identity, Kind
from models.queries.requests import RequestView, request_by_token
from models.unit_of_work import unit_of_work

# From one network in an hour; more is a machine, and the answer is the page of 429.
PER_NETWORK = 60
# The form shall not be good for bothering somebody: so many letters to an address in an hour, and one for each kind of
# request in ten minutes.
LETTERS = 6
AGAIN = timedelta(minutes=10)


async def ask(email: str, kind: Kind, text: str, language: str, client: Client) -> None:
    """Register the request; the clock begins now. A letter asks the address whether it was them.

    The same asked again while it waits is the same request. Raises LimitReached.
    """
    await limits.require("visitor-request", client.network, PER_NETWORK, limits.AN_HOUR)
    address = email_key(email)
    first = await limits.allow("visitor-kind", f"{kind}|{address}", 1, AGAIN)
    may_write = (
        first if isinstance(first, Wait) else await limits.allow("visitor-letter", address, LETTERS, limits.AN_HOUR)
    )
    async with unit_of_work(None) as work:
        who = Asker(email=email, language=language, channel=Channel.FORM, identity=Identity.UNPROVEN)
        filed = await file(work, Request(kind, text=text), who)
        if isinstance(may_write, Allowed):
            await queue_letter(work, filed.id, Letter.CONFIRM)


async def look_at(token: str) -> RequestView | None:
    """The request that the link proves; None for a link that is nobody's or was used. Looking uses nothing up."""
    token_hash = hash_of(token)
    return await request_by_token(token_hash, now()) if token_hash else None


async def confirm(token: str) -> RequestView | None:
    """The address is theirs: the request waits for an answer from now on. Of two clicks one wins."""
    token_hash = hash_of(token)
    found = await look_at(token)
    if found is None or token_hash is None:
        return None
    async with unit_of_work(None) as work:
        confirmed: UUID | None = await work.connection.fetchval(_CONFIRM, token_hash, found.email.casefold())
        if confirmed is not None:
            await queue_letter(work, confirmed, Letter.RECEIVED)
    return found if confirmed is not None else None


# Whoever has an account with this address sees the request there too, unless the same is asked there already.
_CONFIRM = """
update rights_request r set token_hash = null, identity = 'link',
    state = case r.state when 'identity_pending' then 'verified' else r.state end,
    person_id = (
        select p.id from person p where p.email_key = $2 and p.email_confirmed_at is not null
        and not exists (select from rights_request o where o.person_id = p.id and o.kind = r.kind
                        and o.subject = r.subject and o.closed_at is null and o.company_id is null)
    )
where r.token_hash = $1 and r.closed_at is null returning r.id
"""
