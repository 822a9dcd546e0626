"""What a visitor said yes and no to: purposes, the cookie that remembers the answers, and what holds for a request.

The rules R1-R21 of privacy come together here as values. A purpose is asked for by one entry in `PURPOSES`; nothing
else in the app knows how many there are.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import IntEnum

from domain.cookies import Category
from domain.dates import add_months
from domain.marking import N_
from domain.privacy.objection import Interest


@dataclass(frozen=True, slots=True)
class Purpose:
    """Something optional, asked for by name (R11). The texts are msgids.

    `revision` is the one of the whole list in which this purpose came or last changed, and `changes` says what that
    was: who answered before then is asked again, about this one only (R13). `setting` is the field of Settings that
    adds it.
    """

    category: Category
    setting: str
    title: str
    what: str
    recipient: str
    revision: int
    changes: str = ""
    uses_storage: bool = False
    # Whoever objects to this interest of ours said no to the purpose too (Art. 21).
    interest: Interest | None = None


PURPOSES: tuple[Purpose, ...] = (
    Purpose(
        category=Category.STATISTICS,
        setting="statistics",
        title=N_("Usage statistics"),
        what=N_("Count how often each page is opened, and how many come back, so that we improve what is used most."),
        recipient=N_("Only whoever runs SmartFaktura sees the sums. No other company takes part."),
        revision=1,
        interest=Interest.IMPROVEMENT,
    ),
)
MONTHS = 6
# Clocks of several machines are never quite the same.
AHEAD = timedelta(minutes=5)
LONGEST = 1000


class Answer(IntEnum):
    """`OVERRIDING`: yes to this purpose by name, although the browser sends the signal to refuse (R14)."""

    REFUSED = 0
    GRANTED = 1
    OVERRIDING = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer about one purpose, and when it was given."""

    answer: Answer
    at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """All answers of one browser or account. `id` is random and names nobody: it ties the receipts together."""

    id: str
    revision: int
    choices: Mapping[Category, Choice]
    issued: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for one request. `changed` are those of `asked` that were answered before they changed."""

    consented: frozenset[Category] = frozenset()
    asked: tuple[Purpose, ...] = ()
    changed: frozenset[Category] = frozenset()
    signal: bool = False
    objected: frozenset[Category] = frozenset()


def offered(settings: object) -> tuple[Purpose, ...]:
    """The optional purposes of an installation with these settings; none is the usual case (R20)."""
    return tuple(purpose for purpose in PURPOSES if getattr(settings, purpose.setting))


def revision_of(purposes: Iterable[Purpose]) -> int:
    """Which list of purposes this is: the newest revision in it."""
    return max((purpose.revision for purpose in purposes), default=0)


def ends(choice: Choice) -> datetime:
    """Six months after the answer, at the same time of day: then it is asked once more, whatever it was (R12)."""
    day = add_months(choice.at.date(), MONTHS)
    return datetime.combine(day, time(), UTC) + (choice.at - datetime.combine(choice.at.date(), time(), UTC))


def ends_last(consent: Consent) -> datetime:
    """When the last of the answers has lapsed."""
    return max((ends(choice) for choice in consent.choices.values()), default=consent.issued)


def still_holding(consent: Consent | None, purposes: Iterable[Purpose], now: datetime) -> dict[Category, Choice]:
    """The answers that are neither lapsed nor about something that changed since."""
    if consent is None:
        return {}
    return {
        purpose.category: consent.choices[purpose.category]
        for purpose in purposes
        if purpose.category in consent.choices
        and purpose.revision <= consent.revision
        and now < ends(consent.choices[purpose.category])
    }


def standing(
    purposes: tuple[Purpose, ...],
    known: Iterable[Consent | None],
    now: datetime,
    *,
    signal: bool = False,
    objected: frozenset[Category] = frozenset(),
) -> Standing:
    """What holds, given the answers of the browser and of the account: the most protective of them wins (R15).

    A signal to refuse counts as an answer, so nobody is asked; only a yes by name in spite of it goes before it (R14).
    What a person objected to is refused and not asked for (GDPR Art. 21).
    """
    given = [consent for consent in known if consent is not None]
    holding = [still_holding(consent, purposes, now) for consent in given]
    consented, asked, changed = set(), [], set()
    for purpose in purposes:
        answers = [choices[purpose.category].answer for choices in holding if purpose.category in choices]
        if purpose.category in objected:
            continue
        if not answers:
            asked += [] if signal else [purpose]
            if any(_was_answered(consent, purpose, now) for consent in given):
                changed.add(purpose.category)
        elif Answer.REFUSED not in answers and (not signal or Answer.OVERRIDING in answers):
            consented.add(purpose.category)
    return Standing(frozenset(consented), tuple(asked), frozenset(changed), signal, objected)


def _was_answered(consent: Consent, purpose: Purpose, now: datetime) -> bool:
    """Before this purpose changed, or came to the others."""
    return consent.revision < purpose.revision and now < ends_last(consent)


def overtaken(cookie: Consent, account: Consent) -> Consent | None:
    """What a browser shall remember where its person said no to something later, on another device; None when there is
    nothing of the kind. A yes is never carried over: perhaps somebody else sits here (R15)."""
    later = {
        category: choice for category, choice in account.choices.items()
        if choice.answer is Answer.REFUSED and category in cookie.choices and cookie.choices[category].answer
        and choice.at > cookie.choices[category].at
    }  # fmt: skip
    if not later:
        return None
    revision = min(cookie.revision, account.revision)
    return replace(cookie, revision=revision, choices={**cookie.choices, **later}, issued=account.issued)


def answered(
    before: Mapping[Category, Choice], asked: Collection[Category], granted: Collection[Category], now: datetime,
    *, signal: bool = False,
) -> dict[Category, Choice]:  # fmt: skip
    """The answers after a form about the purposes `asked`: what it did not ask about stays, with its own date."""
    yes = Answer.OVERRIDING if signal else Answer.GRANTED
    new = {category: Choice(yes if category in granted else Answer.REFUSED, now) for category in asked}
    return {**before, **new}


# --- as text: in the cookie, with the account, in the proof

_BODY = re.compile(r"(\d{1,6})\.([0-9a-f]{32})\.((?:[a-z_]{1,20}:[012](?::\d{1,11})?~?){0,8})\.(\d{1,11})", re.ASCII)
_VERSION = "v1."


def words_of(choices: Mapping[Category, Choice], issued: datetime) -> str:
    """`statistics:1`, several with `~` between; with its own time where an answer is older than the others."""
    return "~".join(
        f"{category}:{choice.answer.value}" + ("" if choice.at == issued else f":{_seconds(choice.at)}")
        for category, choice in sorted(choices.items())
    )


def body(consent: Consent) -> str:
    """`<revision>.<id>.<categories>.<issued>`: how an account keeps it."""
    return f"{consent.revision}.{consent.id}.{words_of(consent.choices, consent.issued)}.{_seconds(consent.issued)}"


def from_body(text: str | None) -> Consent | None:
    """The reverse of `body`; None for what is none, or names a category that there is not."""
    found = _BODY.fullmatch(text) if text is not None and len(text) <= LONGEST else None
    if found is None:
        return None
    issued = _moment(found[4])
    try:
        choices = dict(_choice(part, issued) for part in filter(None, found[3].split("~")))
    except ValueError:
        return None
    return Consent(found[2], int(found[1]), choices, issued)


def cookie_value(consent: Consent, secret: bytes) -> str:
    """`v1.<revision>.<id>.<categories>.<issued>.<hmac>` (R5)."""
    signed = _VERSION + body(consent)
    return f"{signed}.{_mac(signed, secret)}"


def from_cookie(value: str | None, secret: bytes, now: datetime) -> Consent | None:
    """What the cookie says, lapsed or not; None when it is not ours, was changed, or comes from the future (C-10)."""
    if value is None or len(value) > LONGEST or not value.startswith(_VERSION) or not value.isascii():
        return None
    signed, _, mac = value.rpartition(".")
    if not hmac.compare_digest(mac, _mac(signed, secret)):
        return None
    consent = from_body(signed.removeprefix(_VERSION))
    return None if consent is None or consent.issued > now + AHEAD else consent


def _choice(part: str, issued: datetime) -> tuple[Category, Choice]:
    name, answer, *at = part.split(":")
    return Category(name), Choice(Answer(int(answer)), _moment(at[0]) if at else issued)


def _moment(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _mac(signed: str, secret: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(secret, signed.encode(), hashlib.sha256)).decode().rstrip("=")
