"""What the rules of e-invoices say of a document before it is issued, and who is asked.

Nothing waits for the official rules while a transaction is open. A document that they were asked about lately, and found
nothing in, is known to be clean: whoever writes an invoice has usually stopped for a moment before it is issued, and the
rules were asked in that moment (`look_ahead`). Otherwise `NotLookedAt` ends the transaction, they are asked (`look_at`),
and the document is issued at the second try, whether they have answered by then or not: our own rules hold in any case,
and the job asks again. What is long is not worth that try, for no answer would come in time.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from domain import kid as kids
from domain.draft import wants_rate
from domain.einvoice import ubl
from domain.einvoice.choice import Choice, choose
from domain.einvoice.document import EDocument
from domain.einvoice.findings import Finding, Verdict
from domain.invoice import Credited, Draft, Issued
from domain.invoice import issue as freeze
from domain.numbering import series_year
from domain.refusals import Refusal, Refused
from models.queries.parties import Buyer, Seller

# Whoever comes while so many checks are under way does not wait in line: the job asks for them.
MOST_ASKED = 2
# Seconds that an issue waits for the rules. A short invoice takes 10 ms; with the second try it is 25 ms in all.
PATIENCE = 0.015
MOST_LINES = 20  # of what is asked about at the issue; 100 lines take 50 ms
MOST_KNOWN = 1000  # of clean documents, by their hash: 32 bytes each, and nothing of what they say
ANY_RATE = Decimal(1)
_NOBODY = UUID(int=0)


class Judge(Protocol):
    """Knows the official rules. `warm` makes it ready beside other work; `judge` never raises."""

    def warm(self) -> None: ...

    async def judge(self, xml: bytes) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class About:
    """What is to be issued: a draft by this company, for this customer, on this day."""

    draft: Draft
    own: Seller
    customer: Buyer
    today: date

    def digest(self) -> bytes:
        """The same for the same contents, whichever invoice has them."""
        lines = tuple(replace(line, id=_NOBODY) for line in self.draft.lines)
        contents = replace(self.draft, id=_NOBODY, lines=lines), self.own, self.customer, self.today
        return hashlib.sha256(repr(contents).encode()).digest()


class NotLookedAt(Exception):
    """The official rules must be asked about this first, outside the transaction."""

    def __init__(self, about: About) -> None:
        super().__init__("ask the rules, and try again")
        self.about = about


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the rules say of what is about to be issued: `about` exactly that, and nothing else."""

    about: About | None = None
    choice: Choice | None = None
    verdict: Verdict = field(default_factory=Verdict)

    def stops(self, about: About) -> list[Finding]:
        """What keeps it from being issued. When it is not quite what was looked at, our own rules look again; the
        official ones follow in the job."""
        choice, verdict = self.choice, self.verdict
        if self.about != about:
            choice, verdict = choice_of(about.draft, about.own, about.customer, about.today), Verdict()
        ours = choice.stops if choice else ()
        return [*ours, *(finding for finding in verdict.findings if finding.blocks and finding not in ours)]


_judge: Judge | None = None
_asking: set[asyncio.Task[Verdict]] = set()
_clean: OrderedDict[bytes, None] = OrderedDict()


def use(judge: Judge | None) -> None:
    """Ask `judge` in this process; None leaves it to the worker. Called when the process starts."""
    global _judge
    _judge = judge
    _asking.clear()  # whom the one before has still to answer is not this one's work
    _clean.clear()


def judge_here() -> Judge | None:
    """Who knows the official rules in this process."""
    return _judge


def stops(about: About, opinion: Opinion | None) -> list[Finding]:
    """What keeps it from being issued. `opinion` is what was said of it before; raises NotLookedAt when nobody was asked
    who could have answered in time."""
    if is_clean(about):
        return []
    if opinion is None and _judge is not None and _is_worth_asking(about):
        raise NotLookedAt(about)
    return (opinion or Opinion()).stops(about)


def _is_worth_asking(about: About) -> bool:
    return len(_asking) < MOST_ASKED and len(about.draft.lines) <= MOST_LINES


def is_clean(about: About) -> bool:
    """Did the rules find nothing in the same contents, lately and in this process?"""
    return bool(_clean) and about.digest() in _clean


async def look_at(about: About) -> Opinion:
    """Ask the rules; after 15 ms the issue goes on without an answer. While two others are being asked about, nothing is
    added at all: our own rules hold in any case, and the job asks."""
    choice = choice_of(about.draft, about.own, about.customer, about.today)
    if _judge is None or choice is None or choice.stops:
        return Opinion(about, choice)
    asking = _ask(_judge, about, choice)
    done, _ = await asyncio.wait({asking}, timeout=PATIENCE)
    return Opinion(about, choice, asking.result() if done else Verdict(unjudged="slow"))


def look_ahead(about: About, choice: Choice) -> None:
    """Ask the rules beside other work, when nobody else is asking, so that they need not be asked at the issue."""
    if _judge is not None and not _asking and not choice.stops:
        _ask(_judge, about, choice)


def _ask(judge: Judge, about: About, choice: Choice) -> asyncio.Task[Verdict]:
    """The question, under way. It is never cut short: the next document must not wait for a new process. What is known
    to be clean is found out there too, and not while somebody waits for a page."""
    asking = asyncio.create_task(_answer(judge, about, choice))
    _asking.add(asking)
    asking.add_done_callback(_asking.discard)
    return asking


async def _answer(judge: Judge, about: About, choice: Choice) -> Verdict:
    if is_clean(about):
        return Verdict()
    return _noted(about, await judge.judge(await written(choice.document)))


def _noted(about: About, verdict: Verdict) -> Verdict:
    if verdict.is_valid:
        _clean[about.digest()] = None
        if len(_clean) > MOST_KNOWN:
            _clean.popitem(last=False)
    return verdict


@lru_cache(maxsize=16)
def choice_of(draft: Draft, own: Seller, customer: Buyer | None, today: date) -> Choice | None:
    """Which e-invoice `draft` would become today, by our own rules; None while it can not be issued anyway. Remembered
    for the drafts at hand, as their totals are."""
    if customer is None:
        return None
    year = series_year(today, own.yearly_numbers)
    credited = Credited("1", today) if draft.kind == "credit_note" else None
    try:
        kid = kids.make(kids.base_for(year, 1), own.kid_length) if own.kid_length else ""
        issued = freeze(draft, own.party, customer.party, today, 1, year, kid, own.account, credited)
    except (Refused, kids.KidDoesNotFit):
        return None
    return _chosen(issued, customer)


def _chosen(issued: Issued, customer: Buyer) -> Choice:
    return choose(
        issued, to_business=customer.is_business, reference=customer.reference, is_public=customer.is_public
    )


def faults(document: Issued, customer: Buyer) -> list[Refusal]:
    """What keeps `document`, which has no number yet, from being issued, by our own rules."""
    counted = replace(document, number=document.number or "1")
    return [finding.refusal for finding in _chosen(counted, customer).stops]


def remarks(draft: Draft, own: Seller, customer: Buyer | None, today: date) -> tuple[Finding, ...]:
    """What keeps `draft` from travelling as EHF, though it may be issued (fatal), and what may make the customer send it
    back (not fatal); nothing while something else is missing.

    Whoever asks is writing an invoice, so the official rules are made ready meanwhile, and asked once it could be issued.
    """
    if _judge is not None:
        _judge.warm()
    if wants_rate(draft, own.party.country):
        # The rate of the day is found when it is issued; which one it is matters to no remark.
        return _remarks_of(choice_of(replace(draft, exchange_rate=ANY_RATE), own, customer, today))
    choice = choice_of(draft, own, customer, today)
    if choice is not None and customer is not None:
        look_ahead(About(draft, own, customer, today), choice)
    return _remarks_of(choice)


def _remarks_of(choice: Choice | None) -> tuple[Finding, ...]:
    if choice is None:
        return ()
    return choice.obstacles if choice.hint is None else (*choice.obstacles, choice.hint)


async def written(document: EDocument) -> bytes:
    """In a thread when it is long: the loop has others to serve."""
    if len(document.lines) > 20 or document.attachments:
        return await asyncio.to_thread(ubl.write, document)
    return ubl.write(document)
