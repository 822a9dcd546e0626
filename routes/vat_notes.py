"""What the editor says of VAT: the treatment it proposes and why, what contradicts it, and the exchange rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from actions.clock import now
from domain import vat_proposal
from domain.dates import today_in
from domain.draft import Draft, wants_rate
from domain.kroner import Rate
from domain.vat_proposal import (
    WARNINGS,
    Place,
    Proposal,
    Supply,
    VatNumber,
    contradictions,
    follow,
    propose,
    supply_of,
)
from domain.vat_registration import WARNINGS as REGISTRATION_WARNINGS
from domain.vat_registration import near_registration_limit
from models.ids import id_in
from models.queries.exchange_rates import rate_on
from models.queries.parties import Buyer, Seller
from models.queries.vat_facts import kinds_of
from models.queries.vat_sums import turnover
from models.unit_of_work import reading
from routes.forms.invoice import EditorForm
from routes.forms.product import offered

# Sales at home need no word: there the user knows best.
_USUAL = frozenset({"domestic", "domestic_service", "not_registered"})
_NUMBERS = {"valid": VatNumber.VALID, "invalid": VatNumber.INVALID}
Kinds = Mapping[UUID, bool]


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence in English, and the lines (counted from 1) that it is about; all of them when it names none."""

    sentence: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class VatNotes:
    """`rate` is the published one, when the draft wants one and it is known; `typed_rate` the user's own."""

    reasons: Sequence[Note] = ()
    warnings: Sequence[Note] = ()
    currency: str = "NOK"
    wants_rate: bool = False
    rate: Rate | None = None
    typed_rate: Decimal | None = None


NONE = VatNotes()


def proposed(own: Seller, customer: Buyer | None, supply: Supply, today: date) -> Proposal:
    """The proposal for a sale to `customer`; without one, for a sale at home."""
    party = own.party
    seller = vat_proposal.Seller(party.country, party.vat_registered, party.postcode)
    if customer is None:
        return propose(
            seller,
            vat_proposal.Buyer(party.country, is_business=True),
            supply,
            Place(party.country, party.postcode),
            today,
        )
    known = _NUMBERS.get(customer.vat_status, VatNumber.UNCHECKED) if customer.party.vat_number else VatNumber.NONE
    country, postcode = customer.place if customer.place[0] else (customer.party.country, customer.party.postcode)
    home = customer.party
    buyer = vat_proposal.Buyer(home.country, customer.is_business, known, home.postcode)
    return propose(seller, buyer, supply, Place(country, postcode), today)


def usual(own: Seller, customer: Buyer | None) -> str:
    """The treatment of a new line, which is a service until it says something else."""
    return proposed(own, customer, Supply.SERVICE, today_in(own.time_zone, now())).treatment or "standard"


def of_product(own: Seller, customer: Buyer | None, product: Mapping[str, Any]) -> str:
    """The treatment of a line with `product`: the product's own, unless the buyer is abroad."""
    supply = supply_of(product["unit"], product["supply"] == "goods")
    proposal = proposed(own, customer, supply, today_in(own.time_zone, now()))
    chosen = offered(product["vat_treatment"], own.party.vat_registered)
    return follow(chosen, proposal, own.party.country, chosen)


async def following(form: EditorForm, own: Seller, customer: Buyer) -> EditorForm:
    """The form with each line as it is proposed for another customer, where the treatment would contradict it."""
    kinds = await _kinds(own, (id_in(line["product_id"]) for line in form.lines))
    proposals = _proposals(own, customer)
    lines = []
    for line in form.lines:
        proposal = proposals[_supply(line["unit"], id_in(line["product_id"]), kinds)]
        treatment = follow(line["treatment"], proposal, own.party.country)
        lines.append({**line, "treatment": treatment})
    return replace(form, lines=lines)


async def notes(own: Seller, customer: Buyer | None, draft: Draft | None) -> VatNotes:
    """What there is to say of the draft. Asks the database only for sales abroad and in other currencies."""
    if draft is None:
        return NONE
    proposals = _proposals(own, customer)
    matters = len({proposal.treatment for proposal in proposals.values()}) > 1
    kinds = await _kinds(own, (line.product_id for line in draft.lines)) if matters else {}
    rate, wanted = None, wants_rate(draft, own.party.country)
    if wanted:
        async with reading(own.id) as work:
            rate = await rate_on(work, draft.currency, today_in(own.time_zone, now()))
    sold = [(line.treatment, proposals[_supply(line.unit, line.product_id, kinds)]) for line in draft.lines]
    return VatNotes(
        reasons=_reasons(sold, proposals[Supply.SERVICE]) if customer is not None else (),
        warnings=_warnings(sold, own.party.country) if customer is not None else (),
        currency=draft.currency,
        wants_rate=wanted,
        rate=rate,
        typed_rate=draft.exchange_rate if draft.currency != "NOK" and own.party.country == "NO" else None,
    )


async def registration_warning(own: Seller) -> str:
    """A sentence once a Norwegian company that is not registered nears the turnover from which it must be, or ""."""
    if own.party.vat_registered or own.party.country != "NO":
        return ""
    today = today_in(own.time_zone, now())
    async with reading(own.id) as work:
        sold = await turnover(work, today)
    return REGISTRATION_WARNINGS.get(near_registration_limit(sold, today), "")


def _proposals(own: Seller, customer: Buyer | None) -> dict[Supply, Proposal]:
    today = today_in(own.time_zone, now())
    return {supply: proposed(own, customer, supply, today) for supply in Supply}


async def _kinds(own: Seller, products: Iterable[UUID | None]) -> Kinds:
    wanted = {product for product in products if product is not None}
    if not wanted:
        return {}
    async with reading(own.id) as work:
        return await kinds_of(work, wanted)


def _supply(unit: str, product: UUID | None, kinds: Kinds) -> Supply:
    return supply_of(unit, kinds.get(product) if product else None)


def _reasons(sold: Sequence[tuple[str, Proposal]], service: Proposal) -> Sequence[Note]:
    """Each reason once; with its lines when there are several."""
    found: dict[str, list[int]] = {}
    for number, (_, proposal) in enumerate(sold, start=1):
        found.setdefault(proposal.sentence, []).append(number)
    if not found:
        return () if service.reason in _USUAL else (Note(service.sentence),)
    if all(proposal.reason in _USUAL for _, proposal in sold):
        return ()
    return [Note(sentence, tuple(lines) if len(found) > 1 else ()) for sentence, lines in found.items()]


def _warnings(sold: Sequence[tuple[str, Proposal]], country: str) -> Sequence[Note]:
    found: dict[str, list[int]] = {}
    for number, (treatment, proposal) in enumerate(sold, start=1):
        for warning in contradictions(treatment, proposal, country):
            found.setdefault(WARNINGS[warning], []).append(number)
    return [Note(sentence, tuple(lines)) for sentence, lines in found.items()]
