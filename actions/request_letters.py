"""Letters about requests: queued in the transaction of what they tell of, written by the job that sends them.

A letter says what the request's own row says when it is sent, so nothing personal lies in the queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from actions import deliveries
from actions.account_tokens import hash_of, new_secret
from actions.clock import now
from actions.instance import settings
from actions.quote_letters import page_of
from domain.dates import today_in
from domain.letter import Letter as Written
from domain.links import address
from domain.privacy.authorities import OURS, Authority, authority_of
from domain.privacy.request_words import DESK_KINDS, KINDS
from domain.privacy.requests import ZONE, Clock, Identity, Kind
from domain.reading import show_date
from models.queries.company_country import country_of_person
from models.unit_of_work import Work, reading, unit_of_work

JOB = "send_request_letter"


class Letter(StrEnum):
    """What a letter is for. The first three go to who asked; CONFIRM proves their address; NEW and ALERT go to whoever
    answers."""

    RECEIVED = "received"
    EXTENDED = "extended"
    DECIDED = "decided"
    CONFIRM = "confirm"
    NEW = "new"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers a request: the name in its letters, the zone of its days, and who watches over it (Art. 77)."""

    name: str
    zone: str
    authority: Authority
    is_ours: bool = False

    @property
    def company(self) -> str:
        """The business that we send for; empty when the letter is our own."""
        return "" if self.is_ours else self.name


async def ourselves(person_id: UUID | None) -> Answerer:
    """SmartFaktura, as it answers this account: whoever has a company turns to the authority of its country."""
    country = await country_of_person(person_id) if person_id else None
    return Answerer(settings().operator.name, ZONE, authority_of(country) if country else OURS, is_ours=True)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter ready to be written. `sender` is the name it comes from, `reply_to` where an answer goes."""

    letter: Written
    sender: str
    reply_to: str
    message_id: str


async def queue_letter(work: Work, request_id: UUID, letter: Letter, to: UUID | None = None) -> None:
    """Note a letter with its request, and queue its job, in this unit of work: one to SmartFaktura's own, or to those of
    the company whose data is open. `to` is a person of the company; None is who asked, or the operator."""
    entry = {"kind": letter.value, "at": now(), "to": to, "sent_at": None, "problem": None}
    encoded = msgspec.json.encode([entry]).decode()
    if work.organisation_id is None:
        place = await work.connection.fetchval(_NOTE_OURS, request_id, encoded)
        payload = {}
    else:
        place = await work.connection.fetchval(_NOTE_THEIRS, request_id, encoded, work.organisation_id)
        payload = {"organisation_id": str(work.organisation_id)}
    work.enqueue(JOB, {**payload, "request_id": str(request_id), "place": str(place)})


async def prepare(organisation_id: UUID | None, request_id: UUID, place: int) -> Prepared | None:
    """The letter at `place` of the request; None when it is sent already, or when there is nobody to write to."""
    ours = None if organisation_id else await _answering(request_id)
    async with unit_of_work(organisation_id) as work:
        if organisation_id is None:
            row = await work.connection.fetchrow(_OURS, request_id)
        else:
            row = await work.connection.fetchrow(_THEIRS, request_id, organisation_id)
        entries = msgspec.json.decode(row["letters"]) if row is not None else []
        if place >= len(entries) or entries[place]["sent_at"] is not None:
            return None
        letter, to = Letter(entries[place]["kind"]), entries[place].get("to")
        made = await (_ours(work, row, letter, ours) if ours else _theirs(work, row, letter, to))
    if made is None or not made.letter.recipient:
        return None
    host = settings().mail_from.rpartition("@")[2] or "localhost"
    return replace(made, message_id=f"<{request_id}.{place}@{host}>")


async def note_outcome(
    organisation_id: UUID | None, request_id: UUID, place: int, problem: str | None = None
) -> None:
    """What became of the letter at `place`: sent, or why it could not be."""
    outcome: dict[str, Any] = {"problem": problem} if problem else {"sent_at": now(), "problem": None}
    encoded = msgspec.json.encode(outcome).decode()
    async with unit_of_work(organisation_id) as work:
        if organisation_id is None:
            await work.connection.execute(_OUTCOME_OURS, request_id, place, encoded)
        else:
            await work.connection.execute(_OUTCOME_THEIRS, request_id, place, encoded, organisation_id)


def preview(row: Mapping[str, Any], letter: Letter, controller: Answerer, language: str) -> dict[str, str]:
    """The words of a letter to who asked, as it would be sent now: `row` is the request as it would then be stored. The
    secret in its link is left out."""
    link = f"{settings().public_url}/…"
    return _words(row, letter, controller, language, link)


async def _answering(request_id: UUID) -> Answerer:
    """SmartFaktura, as it answers whoever made this request."""
    async with reading(None) as work:
        person_id = await work.connection.fetchval("select person_id from rights_request where id = $1", request_id)
    return await ourselves(person_id)


async def _ours(work: Work, row: Any, letter: Letter, answerer: Answerer) -> Prepared:
    """A letter about a request to SmartFaktura."""
    operator, public_url = settings().operator, settings().public_url
    language, recipient = row["language"], row["email"]
    if letter is Letter.ALERT:
        link, recipient, language = f"{public_url}/operator/requests/{row['id']}", operator.privacy_email, "nb"
    elif letter is Letter.CONFIRM:
        token = new_secret()
        await work.connection.execute(
            "update rights_request set token_hash = $2 where id = $1", row["id"], hash_of(token)
        )
        link = f"{public_url}/privacy/requests/{token}"
    else:
        link = f"{public_url}/account/privacy#requests" if row["person_id"] else ""
    words = _words(row, letter, answerer, language, link)
    return Prepared(
        Written(recipient, language, _TEMPLATES[letter], words), operator.name, operator.privacy_email, ""
    )


async def _theirs(work: Work, row: Any, letter: Letter, to: str | None) -> Prepared | None:
    """A letter about a request to a business: to its customer in the customer's language, or to its own people."""
    public_url = settings().public_url
    language, recipient = row["language"], row["email"]
    if letter in (Letter.NEW, Letter.ALERT):
        person = await work.connection.fetchrow("select email, language from person where id = $1", UUID(to or ""))
        if person is None:
            return None
        language, recipient = person["language"], person["email"]
        link, reply_to = f"{public_url}/requests/{row['id']}", ""
    else:
        link, reply_to = await _page_of(work, row), row["company_email"]
    controller = Answerer(row["company"], row["time_zone"], authority_of(row["country"]))
    words = _words(row, letter, controller, language, link)
    shown = row["company"] if reply_to or letter not in (Letter.NEW, Letter.ALERT) else settings().operator.name
    return Prepared(Written(recipient, language, _TEMPLATES[letter], words), shown, reply_to, "")


async def _page_of(work: Work, row: Any) -> str:
    """The privacy page it was asked on. Who has proven no address gets no secret address by e-mail."""
    if row["identity"] == Identity.UNPROVEN:
        return ""
    if row["quote_id"] is not None:
        stored = await work.connection.fetchval(_TOKEN, row["organisation_id"], row["quote_id"])
        return f"{page_of(row['organisation_id'], row['quote_id'], stored)}/privacy"
    if row["invoice_id"] is None:
        return ""
    return f"{address(settings().public_url, await deliveries.ensure_link(work, row['invoice_id']))}/privacy"


def _words(row: Any, letter: Letter, controller: Answerer, language: str, link: str) -> dict[str, str]:
    """What the templates take. A business's copy waits for its customer on the hosted page; ours is fetched in the
    account."""
    zone, is_proven = controller.zone, row["identity"] != Identity.UNPROVEN
    clock = Clock(today_in(zone, row["received_at"]), row["due_on"], row["extended_until"])
    return {
        "about": letter.value,
        "controller": controller.name,
        "company": controller.company,
        "authority": controller.authority.shown,
        "reference": row["reference"],
        "what": (DESK_KINDS if letter in (Letter.NEW, Letter.ALERT) else KINDS)[Kind(row["kind"])],
        "day": show_date(clock.ends_on, language),
        "days": str(max(0, clock.days_left(today_in(zone, now())))),
        "reason": row["extension_reason"],
        "decision": row["state"],
        "reasons": row["reasons"],
        "is_copy": "yes" if controller.company and row["kind"] in _COPIES and is_proven else "",
        "link": link,
    }


_COPIES = (Kind.ACCESS, Kind.PORTABILITY)
_TEMPLATES = {
    Letter.RECEIVED: "request",
    Letter.EXTENDED: "request",
    Letter.DECIDED: "request",
    Letter.CONFIRM: "request_confirm",
    Letter.NEW: "request_desk",
    Letter.ALERT: "request_desk",
}
_NOTE_OURS = """
update rights_request set letters = letters || $2::jsonb where id = $1 returning jsonb_array_length(letters) - 1
"""
_NOTE_THEIRS = """
update customer_request set letters = letters || $2::jsonb where organisation_id = $3 and id = $1
returning jsonb_array_length(letters) - 1
"""
_TOKEN = "select token_hash from quote where organisation_id = $1 and id = $2"
_COLUMNS = (
    "r.id, r.reference, r.kind, r.state, r.identity, r.language, r.received_at, r.due_on, r.extended_until, "
    "r.extension_reason, r.reasons, r.letters"
)
# A letter goes to the address the account has now.
_OURS = f"""
select {_COLUMNS}, r.person_id, coalesce(p.email, r.email) as email
from rights_request r left join person p on p.id = r.person_id where r.id = $1
"""  # noqa: S608 - names of columns
_THEIRS = f"""
select {_COLUMNS}, r.organisation_id, r.email, r.invoice_id, r.quote_id, o.name as company,
    o.email as company_email, o.time_zone, o.country
from customer_request r join organisation o on o.id = r.organisation_id
where r.organisation_id = $2 and r.id = $1
"""  # noqa: S608 - names of columns
_OUTCOME = """
update {} set letters = jsonb_set(letters, array[($2::integer)::text], (letters -> $2::integer) || $3::jsonb)
where {} and jsonb_array_length(letters) > $2
"""
_OUTCOME_OURS = _OUTCOME.format("rights_request", "id = $1")
_OUTCOME_THEIRS = _OUTCOME.format("customer_request", "id = $1 and organisation_id = $4")
