"""Answers about what is optional: given, remembered with the account, and kept as proof (GDPR Art. 7(1)).

The browser's own cookie holds the answers (domain.consent), so a visitor is known by nothing else. The proof says what
was asked, in which words, and what was answered: never from which address.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from actions.clock import now
from actions.instance import secret_for, secrets_for, settings
from domain import consent
from domain.consent import Answer, Choice, Consent, Purpose, answered, ends_last, still_holding, words_of
from domain.cookies import Category
from models.unit_of_work import Work, unit_of_work

_ID_IN_PATH = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LONGEST_PATH = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """What was on the screen, letter by letter."""

    html: str
    language: str

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.html.encode()).digest()


@dataclass(frozen=True, slots=True)
class Given:
    """A form as it came: what it asked, and what of it was granted. `signal`: the browser asks to refuse (R14)."""

    action: str  # accept_all | reject_all | save
    asked: tuple[Category, ...]
    granted: frozenset[Category]
    surface: str  # banner | settings
    shown: Shown | None
    browser: str
    path: str
    signal: bool = False


def purposes() -> tuple[Purpose, ...]:
    """What this installation asks for; nothing unless a setting says so."""
    return consent.offered(settings())


def read_cookie(value: str | None) -> Consent | None:
    """The browser's answers, lapsed or not; None for what this installation did not sign."""
    moment = now()
    found = (consent.from_cookie(value, key, moment) for key in secrets_for("consent"))
    return next((answers for answers in found if answers is not None), None)


def written_cookie(answers: Consent) -> tuple[str, int]:
    """The value of the cookie, and for how many seconds it holds."""
    lifetime = ends_last(answers) - now()
    return consent.cookie_value(answers, secret_for("consent")), max(1, int(lifetime / timedelta(seconds=1)))


async def answer(given: Given, cookie: Consent | None, account: Consent | None, person_id: UUID | None) -> Consent:
    """Write down one answer, for the account too when somebody is signed in. What it did not ask about stays."""
    moment = now().replace(microsecond=0)
    before = _most_protective([cookie, account], moment)
    after = answered(before, given.asked, given.granted, moment, signal=given.signal)
    known = cookie or account
    new = Consent(known.id if known else secrets.token_hex(16), consent.revision_of(purposes()), after, moment)
    async with unit_of_work(None, person_id) as work:
        if given.shown is not None:
            await work.connection.execute(_TEXT, given.shown.sha256, given.shown.language, given.shown.html, moment)
        for each in lapsed(cookie, account):
            await note_lapsed(work, each, person_id, given.browser)
        await _note(work, new, person_id, _named(given, before), given, before, after)
        if person_id is not None:
            await work.connection.execute(_ACCOUNT, person_id, consent.body(new))
    return new


def adopted(cookie: Consent | None, account: Consent | None) -> dict[Category, Choice]:
    """The account's answers once somebody has signed in on a browser that has answers of its own: each no that is newer
    than what the account says. A yes stays with the browser: perhaps somebody else gave it (R15)."""
    moment = now()
    known = still_holding(account, purposes(), moment)
    found = still_holding(cookie, purposes(), moment).items()
    new = {
        each: choice for each, choice in found
        if not choice.answer and (each not in known or (known[each].answer and choice.at > known[each].at))
    }  # fmt: skip
    return {**known, **new}


def is_to_adopt(cookie: Consent | None, account: Consent | None) -> bool:
    """Does the browser say something that the account should remember?"""
    return cookie is not None and adopted(cookie, account) != still_holding(account, purposes(), now())


async def adopt(work: Work, person_id: UUID, cookie: Consent, browser: str) -> None:
    """Let the account remember what the browser was told before somebody signed in."""
    account = consent.from_body(await work.connection.fetchval(_OF_ACCOUNT, person_id))
    if not is_to_adopt(cookie, account):
        return
    moment = now().replace(microsecond=0)
    before, after = still_holding(account, purposes(), moment), adopted(cookie, account)
    new = Consent(cookie.id, consent.revision_of(purposes()), after, moment)
    given = Given("save", (), frozenset(), "sign_in", None, browser, "")
    await _note(work, new, person_id, "save", given, before, after)
    await work.connection.execute(_ACCOUNT, person_id, consent.body(new))


async def refuse_by_signal(work: Work, old: Consent, person_id: UUID | None, browser: str) -> None:
    """A browser with an answer sends the signal to refuse: what was granted is not any more, in the account too."""
    moment = now().replace(microsecond=0)
    taken = [category for category, choice in old.choices.items() if choice.answer is Answer.GRANTED]
    refused = {category: Choice(Answer.REFUSED, moment) for category in taken}
    new = Consent(old.id, old.revision, {**old.choices, **refused}, moment)
    given = Given("gpc", (), frozenset(), "signal", None, browser, "")
    await _note(work, new, person_id, "gpc", given, old.choices, new.choices)
    if person_id is not None:
        await work.connection.execute(_ACCOUNT, person_id, consent.body(new))


def lapsed(*known: Consent | None) -> list[Consent]:
    """Those of them of which no answer holds any more, each once."""
    over = {each.id: each for each in known if each is not None and each.choices and now() >= ends_last(each)}
    return list(over.values())


async def note_lapsed(work: Work, old: Consent, person_id: UUID | None, browser: str) -> None:
    """The six months of these answers are over, and it is asked again (R12): written once, however often they are met."""
    await work.connection.execute("select from consent_head where id = 1 for update")
    if await work.connection.fetchval(_LAPSED, old.id, ends_last(old)):
        return
    new = Consent(old.id, old.revision, {}, now().replace(microsecond=0))
    given = Given("expire", (), frozenset(), "banner", None, browser, "")
    await _note(work, new, person_id, "expire", given, old.choices, {})


async def note_signal(work: Work) -> None:
    """That the signal of browsers was heard today: one line for all, as who sends it is told from nobody else."""
    await work.connection.execute("select from consent_head where id = 1 for update")
    await work.connection.execute(_SIGNAL, now().replace(microsecond=0), consent.revision_of(purposes()))


def place(path: str) -> str:
    """The page without its query and with no id in it."""
    return _ID_IN_PATH.sub("…", path.partition("?")[0])[:LONGEST_PATH]


def _most_protective(known: Iterable[Consent | None], moment: datetime) -> dict[Category, Choice]:
    """The answers that hold; where two differ, the no."""
    found: dict[Category, Choice] = {}
    for each in known:
        for category, choice in still_holding(each, purposes(), moment).items():
            if category not in found or choice.answer is Answer.REFUSED:
                found[category] = choice
    return found


def _named(given: Given, before: Mapping[Category, Choice]) -> str:
    """An answer that takes something back is a withdrawal, by whichever button."""
    taken = any(each in before and before[each].answer and each not in given.granted for each in given.asked)
    return "withdraw" if taken else given.action


async def _note(
    work: Work, new: Consent, person_id: UUID | None, action: str, given: Given,
    before: Mapping[Category, Choice], after: Mapping[Category, Choice],
) -> None:  # fmt: skip
    values: tuple[Any, ...] = (
        new.issued, new.id, person_id, action, given.surface, new.revision, words_of(before, new.issued),
        words_of(after, new.issued), given.shown and given.shown.sha256, given.browser, place(given.path),
    )  # fmt: skip
    await work.connection.execute(_EVENT, *values)


_TEXT = """
insert into consent_text (sha256, language, html, first_used_at) values ($1, $2, $3, $4) on conflict do nothing
"""
_EVENT = """
insert into consent_event (at, consent_id, person_id, action, surface, revision, answers_before, answers_after, shown,
    browser, path)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_SIGNAL = """
insert into consent_event (at, action, surface, revision, answers_before, answers_after, browser, path)
select $1, 'gpc', 'signal', $2, '', '', '', ''
where not exists (
    select from consent_event
    where consent_id is null and action = 'gpc' and at >= date_trunc('day', $1::timestamptz, 'UTC'))
"""
_LAPSED = "select true from consent_event where consent_id = $1 and action = 'expire' and at >= $2 limit 1"
_ACCOUNT = "update person set consents = $2 where id = $1"
_OF_ACCOUNT = "select consents from person where id = $1 for update"
