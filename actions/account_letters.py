"""Letters about accounts: asked for in a transaction, decided and given their link by the job that sends them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from actions.account_tokens import LIVES, make_token
from actions.clock import now
from actions.instance import settings
from actions.invitation_letters import invitation_letter
from domain.accounts import Answer, Asked, Purpose, Standing, answer_to, email_key
from domain.letter import Letter
from domain.policy import FOR_PEOPLE, SHELVES
from domain.privacy.authorities import OURS, authority_of
from domain.privacy.erasure import COOLING_OFF
from domain.reading import show_date
from models.ids import new_id
from models.queries.company_country import country_within
from models.queries.invitations import OPEN_COMPANY
from models.unit_of_work import Work, unit_of_work

JOB = "send_account_message"
PATHS = {
    Purpose.CONFIRM_EMAIL: "/confirm/",
    Purpose.CHANGE_EMAIL: "/confirm/",
    Purpose.RESET_PASSWORD: "/reset/",
}


async def ask_for_letter(
    work: Work,
    asked: Asked,
    email: str,
    language: str,
    person_id: UUID | None = None,
    *,
    about: UUID | None = None,
    notice_id: UUID | None = None,
    company_id: UUID | None = None,
    invitation_id: UUID | None = None,
) -> UUID:
    """Write the message down and queue its job, in this unit of work. `about`: the deletion that it tells of, which
    gives the message its id. `notice_id`, `invitation_id`: what the letter carries; `company_id`: what it is about.

    The same for known and unknown addresses: only the job finds out whose it is, so neither the answer nor its time
    tells (S-14).
    """
    message_id = about or new_id()
    await work.connection.execute(
        _ASK, message_id, asked.value, person_id, email, language, now(), f"<{message_id}@{_mail_host()}>", notice_id,
        company_id, invitation_id,
    )  # fmt: skip
    work.enqueue(JOB, {"id": str(message_id)})
    return message_id


async def prepare_account_message(message_id: UUID) -> Letter | None:
    """The letter that answers this message, its link made now; None when there is nothing to send.

    Called by the job that sends it, again for each try: the newest link is the one that works.
    """
    async with unit_of_work(None) as work:
        row = await work.connection.fetchrow(_MESSAGE, message_id)
        if row is None:
            return None
        if row["kind"] == Asked.DELETION_DONE:
            link = f"{settings().public_url}/deletions/{message_id}"
            return Letter(row["email"], row["language"], "deletion_done", {"name": "", "link": link})
        if row["kind"] == Asked.INVITATION:
            return await invitation_letter(work, row)
        person = await _person_of(work, row)
        answer = answer_to(Asked(row["kind"]), _standing(person))
        if answer is None or person is None:
            return None
        return await _letter(work, row, person, answer)


async def _person_of(work: Work, row: Any) -> Any:
    if row["person_id"] is not None:
        return await work.connection.fetchrow(_PERSON + "where id = $1", row["person_id"])
    return await work.connection.fetchrow(_PERSON + "where email_key = $1", email_key(row["email"]))


def _standing(person: Any) -> Standing | None:
    return None if person is None else Standing(person["is_confirmed"], person["has_password"])


async def _letter(work: Work, row: Any, person: Any, answer: Answer) -> Letter:
    context = {"name": person["name"], "public_url": settings().public_url}
    if answer.template == "policy_change":
        context |= _change(row["language"])
    if answer.template in ("deletion_asked", "company_closes"):
        context["day"] = show_date((row["created_at"] + COOLING_OFF).date(), row["language"])
    if row["notice_id"] is not None:
        context |= await _notice(work, row["notice_id"], row["language"])
    if answer.template == "breach":
        country = await country_within(work, person["id"])
        context["authority"] = (authority_of(country) if country else OURS).shown
    if row["company_id"] is not None:
        await work.connection.execute(OPEN_COMPANY, str(row["company_id"]))
        context["company"] = await work.connection.fetchval(_COMPANY, row["company_id"])
    if answer.purpose is not None:
        new_address = row["email"] if answer.purpose is Purpose.CHANGE_EMAIL else None
        token = await make_token(work, person["id"], answer.purpose, new_address)
        context["link"] = f"{settings().public_url}{PATHS[answer.purpose]}{token}"
        context["minutes"] = str(int(LIVES[answer.purpose].total_seconds()) // 60)
    return Letter(_recipient(row, person), row["language"], answer.template, context)


async def _notice(work: Work, notice_id: UUID, language: str) -> dict[str, str]:
    """What companies, or people, are told, in the reader's language."""
    told = await work.connection.fetchrow(_NOTICE, notice_id)
    tongue = "nb" if language == "nb" else "en"
    return {
        "title": told[f"subject_{tongue}"],
        "body": told[f"text_{tongue}"],
        "address": f"{settings().public_url}/company/notices",
    }


def _change(language: str) -> dict[str, str]:
    """The newest material change, for the letter that tells of it."""
    found = [
        (version, shelf)
        for shelf in (SHELVES[name] for name in FOR_PEOPLE)
        for version in shelf.versions[:-1]
        if version.is_material
    ]
    version, shelf = max(found, key=lambda pair: pair[0].effective_from)
    return {
        "document": shelf.name,
        "day": show_date(version.effective_from, language),
        "address": f"{settings().public_url}{shelf.path}/versions/{shelf.before(version).name}/{version.name}",
    }


def _recipient(row: Any, person: Any) -> str:
    """A letter to an account goes to the address it has, letter by letter: typed in capitals it may be another's."""
    is_other = Asked(row["kind"]) in (Asked.CHANGE_EMAIL, Asked.EMAIL_CHANGED)
    return str(row["email"] if is_other else person["email"])


def _mail_host() -> str:
    return settings().mail_from.rpartition("@")[2] or "localhost"


_ASK = (
    "insert into account_message (id, kind, person_id, email, language, created_at, message_id, notice_id, "
    "company_id, invitation_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
)
_MESSAGE = """
select kind, person_id, email, language, created_at, notice_id, company_id, invitation_id
from account_message where id = $1 for update
"""
_COMPANY = "select name from organisation where id = $1"
_NOTICE = "select subject_nb, subject_en, text_nb, text_en from notice where id = $1"
_PERSON = """
select id, name, email, email_confirmed_at is not null as is_confirmed, password_hash <> '' as has_password from person
"""
