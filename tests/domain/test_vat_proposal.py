from __future__ import annotations

from datetime import date

import pytest

from domain.vat import TREATMENTS, legal_text
from domain.vat_proposal import (
    REASONS,
    WARNINGS,
    Buyer,
    Place,
    Proposal,
    Seller,
    Supply,
    VatNumber,
    contradictions,
    follow,
    propose,
    supply_of,
)

TODAY = date(2026, 11, 23)
NORWEGIAN, GERMAN = Seller("NO", True), Seller("DE", True)
GOODS, SERVICE = Supply.GOODS, Supply.SERVICE


def business(country: str, number: VatNumber = VatNumber.VALID) -> Buyer:
    return Buyer(country, True, number)


def consumer(country: str) -> Buyer:
    return Buyer(country, False)


CASES: dict[str, tuple[Seller, Buyer, Supply, Place, str, str]] = {
    "who is not registered charges no VAT, whoever buys": (
        Seller("NO", False), business("DE"), SERVICE, Place("DE"), "outside", "not_registered"),
    "a Norwegian sells goods to a Norwegian": (
        NORWEGIAN, business("NO"), GOODS, Place("NO", "5303"), "standard", "domestic"),
    "a Norwegian works for a Norwegian": (
        NORWEGIAN, consumer("NO"), SERVICE, Place("NO", "0150"), "standard", "domestic_service"),
    "a Norwegian sends goods to Svalbard, written as Norway": (
        NORWEGIAN, consumer("NO"), GOODS, Place("NO", "9170"), "export", "svalbard"),
    "a Norwegian sends goods to Svalbard, written as SJ": (
        NORWEGIAN, business("SJ"), GOODS, Place("SJ"), "export", "svalbard"),
    "a Norwegian works on Jan Mayen": (
        NORWEGIAN, business("NO"), SERVICE, Place("NO", "8099"), "export", "svalbard"),
    "a Norwegian sends goods to Sweden": (
        NORWEGIAN, business("SE"), GOODS, Place("SE"), "export", "export_goods"),
    "a Norwegian sends goods to a Swedish consumer": (
        NORWEGIAN, consumer("SE"), GOODS, Place("SE"), "export", "export_goods"),
    "a Swede fetches goods in Norway": (
        NORWEGIAN, business("SE"), GOODS, Place("NO", "0150"), "standard", "domestic"),
    "a Norwegian works for a business in the EU": (
        NORWEGIAN, business("DE"), SERVICE, Place("DE"), "eu_service", "eu_service"),
    "a Norwegian works for a business in the EU that nobody has checked": (
        NORWEGIAN, business("DE", VatNumber.UNCHECKED), SERVICE, Place("DE"), "eu_service", "eu_service_unchecked"),
    "a Norwegian works for a business in the EU without a VAT number": (
        NORWEGIAN, business("DE", VatNumber.NONE), SERVICE, Place("DE"), "export", "service_abroad"),
    "a Norwegian works for a British business": (
        NORWEGIAN, business("GB"), SERVICE, Place("GB"), "export", "service_abroad"),
    "a Norwegian works for a consumer in the EU": (
        NORWEGIAN, consumer("DE"), SERVICE, Place("DE"), "export", "service_to_eu_consumer"),
    "a Norwegian works for a business in Monaco, with a French VAT number": (
        NORWEGIAN, business("MC"), SERVICE, Place("MC", "98000"), "eu_service", "eu_service"),
    "a Norwegian works for a business on the Canary Islands": (
        NORWEGIAN, Buyer("ES", True, VatNumber.VALID, "35001"), SERVICE, Place("ES"), "export", "service_abroad"),
    "a Norwegian works for a business in Northern Ireland": (
        NORWEGIAN, Buyer("GB", True, VatNumber.VALID, "BT1 1AA"), SERVICE, Place("GB"), "export", "service_abroad"),
    "a German sends goods to the Canary Islands": (
        GERMAN, business("ES"), GOODS, Place("ES", "38001"), "export", "export_goods"),
    "a German sends goods to a business in Monaco": (
        GERMAN, business("MC"), GOODS, Place("MC", "98000"), "intra_community", "eu_goods"),
    "a Spaniard sends goods from Madrid to Ceuta": (
        Seller("ES", True, "28001"), business("ES"), GOODS, Place("ES", "51001"), "export", "export_goods"),
    "a German works for a business on Åland": (
        GERMAN, Buyer("FI", True, VatNumber.VALID, "22100"), SERVICE, Place("FI"), "reverse_charge", "eu_service"),
    "a German sends goods to Åland": (
        GERMAN, business("FI"), GOODS, Place("FI", "22100"), "export", "export_goods"),
    "a Norwegian works in Norway for a German": (
        NORWEGIAN, business("DE"), SERVICE, Place("NO", "0150"), "standard", "domestic_service"),
    "a German sells goods to a German": (
        GERMAN, business("DE"), GOODS, Place("DE"), "standard", "domestic"),
    "a German works for a German": (
        GERMAN, consumer("DE"), SERVICE, Place("DE"), "standard", "domestic_service"),
    "a German sends goods to a French business": (
        GERMAN, business("FR"), GOODS, Place("FR"), "intra_community", "eu_goods"),
    "a German sends goods to a French business that nobody has checked": (
        GERMAN, business("FR", VatNumber.UNCHECKED), GOODS, Place("FR"), "intra_community", "eu_goods_unchecked"),
    "a German sends goods to a French business without a VAT number": (
        GERMAN, business("FR", VatNumber.NONE), GOODS, Place("FR"), "standard", "eu_no_number"),
    "a German sends goods to a business whose VAT number is not valid": (
        GERMAN, business("FR", VatNumber.INVALID), GOODS, Place("FR"), "standard", "eu_invalid_number"),
    "a German sends goods to France for a German business": (
        GERMAN, business("DE"), GOODS, Place("FR"), "standard", "eu_own_number"),
    "a German sends goods to a French consumer": (
        GERMAN, consumer("FR"), GOODS, Place("FR"), "standard", "eu_consumer"),
    "a German sends goods to Northern Ireland": (
        GERMAN, business("GB"), GOODS, Place("GB", "BT1 1AA"), "intra_community", "eu_goods"),
    "a German sends goods to Great Britain": (
        GERMAN, business("GB"), GOODS, Place("GB", "EC1A 1BB"), "export", "export_goods"),
    "a German sends goods to Norway": (
        GERMAN, business("NO"), GOODS, Place("NO", "0150"), "export", "export_goods"),
    "a German works for a French business": (
        GERMAN, business("FR"), SERVICE, Place("FR"), "reverse_charge", "eu_service"),
    "a German works for a French business without a VAT number": (
        GERMAN, business("FR", VatNumber.NONE), SERVICE, Place("FR"), "standard", "eu_no_number"),
    "a German works for a French consumer": (
        GERMAN, consumer("FR"), SERVICE, Place("FR"), "standard", "eu_consumer"),
    "a German works for a Norwegian business": (
        GERMAN, business("NO"), SERVICE, Place("NO"), "export", "service_abroad"),
    "a German works for a Norwegian consumer": (
        GERMAN, consumer("NO"), SERVICE, Place("NO"), "standard", "consumer_service"),
    "a Swiss sells goods to a Swiss": (
        Seller("CH", True), business("CH"), GOODS, Place("CH"), "standard", "domestic"),
    "a Swiss sends goods to Norway": (
        Seller("CH", True), business("NO"), GOODS, Place("NO"), "export", "export_goods"),
    "a Briton works for a Briton": (
        Seller("GB", True), business("GB"), SERVICE, Place("GB"), "standard", "domestic_service"),
    "a Briton works for a Norwegian": (
        Seller("GB", True), business("NO"), SERVICE, Place("NO"), "export", "service_abroad"),
    "a seller in Northern Ireland sends goods to Ireland": (
        Seller("GB", True, "BT1 1AA"), business("IE"), GOODS, Place("IE"), "", "northern_ireland"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_proposal_is_the_one_the_law_gives_its_case(case: str) -> None:
    seller, buyer, supply, place, treatment, reason = CASES[case]
    proposal = propose(seller, buyer, supply, place, TODAY)
    assert (proposal.treatment, proposal.reason) == (treatment, reason)
    assert proposal.treatment in TREATMENTS or not proposal.treatment
    assert proposal.sentence == REASONS[reason]


def test_every_reason_is_met_by_a_case() -> None:
    assert {case[5] for case in CASES.values()} == REASONS.keys()


def test_a_norwegian_service_to_the_eu_is_an_export_with_the_words_of_article_196() -> None:
    proposal = propose(NORWEGIAN, business("DE"), SERVICE, Place("DE"), TODAY)
    assert TREATMENTS[proposal.treatment].category == "G" and TREATMENTS[proposal.treatment].saft_code == "52"
    text = legal_text(TREATMENTS[proposal.treatment].legal_text_key or "", "nb")
    assert "§§ 6-21" in text and "Art. 196" in text


def test_great_britain_was_in_the_eu_until_it_left() -> None:
    place = Place("GB", "EC1A 1BB")
    then = propose(GERMAN, business("GB"), GOODS, place, date(2020, 12, 31))
    now = propose(GERMAN, business("GB"), GOODS, place, date(2021, 1, 1))
    assert (then.reason, now.reason) == ("eu_goods", "export_goods")


@pytest.mark.parametrize(
    ("chosen", "proposed", "country", "warnings"),
    [
        ("standard", "standard", "NO", ()),
        ("low", "standard", "NO", ()),
        ("zero", "standard", "NO", ()),
        ("exempt", "standard", "NO", ()),
        ("exempt", "export", "NO", ()),
        ("export", "export", "NO", ()),
        ("outside", "outside", "NO", ()),
        ("export", "standard", "NO", ("no_vat_at_home",)),
        ("standard", "export", "NO", ("vat_abroad",)),
        ("raw_fish", "export", "NO", ("vat_abroad",)),
        ("zero", "export", "NO", ("another_reason",)),
        ("exempt_health", "export", "NO", ()),
        ("exempt_health", "standard", "NO", ()),
        ("export", "eu_service", "NO", ()),
        ("eu_service", "export", "NO", ("another_reason",)),
        ("intra_community", "intra_community", "DE", ()),
        ("standard", "intra_community", "DE", ("vat_abroad",)),
        ("reverse_charge", "standard", "NO", ("rare_reverse_charge",)),
        ("reverse_charge", "export", "NO", ("rare_reverse_charge",)),
        ("reverse_charge", "reverse_charge", "DE", ()),
        ("reverse_charge", "standard", "DE", ("no_vat_at_home",)),
        ("standard", "reverse_charge", "DE", ("vat_abroad",)),
        ("export", "reverse_charge", "DE", ("another_reason",)),
        ("standard", "outside", "NO", ("may_not_charge",)),
        ("outside", "standard", "NO", ("is_registered",)),
        ("zero", "", "DE", ()),
    ],
)
def test_a_choice_against_the_proposal_is_warned_of(
    chosen: str, proposed: str, country: str, warnings: tuple[str, ...]
) -> None:
    assert contradictions(chosen, Proposal(proposed, "domestic"), country) == warnings
    assert set(warnings) <= WARNINGS.keys()


HOME, ABROAD = Proposal("standard", "domestic_service"), Proposal("eu_service", "eu_service")


@pytest.mark.parametrize(
    ("chosen", "proposal", "usual", "then"),
    [
        ("standard", ABROAD, "standard", "eu_service"),
        ("low", ABROAD, "low", "eu_service"),
        ("exempt_health", ABROAD, "exempt_health", "exempt_health"),
        ("export", ABROAD, "standard", "export"),
        ("eu_service", HOME, "low", "low"),
        ("eu_service", HOME, "export", "standard"),
        ("low", HOME, "standard", "low"),
        ("standard", Proposal("", "northern_ireland"), "standard", "standard"),
        ("standard", Proposal("outside", "not_registered"), "standard", "outside"),
    ],
)
def test_a_line_follows_the_proposal_where_it_would_contradict_it(
    chosen: str, proposal: Proposal, usual: str, then: str
) -> None:
    assert follow(chosen, proposal, "NO", usual) == then


@pytest.mark.parametrize(
    ("unit", "is_goods", "supply"),
    [
        ("HUR", None, SERVICE), ("C62", None, SERVICE), ("KGM", None, GOODS),
        ("C62", True, GOODS), ("KGM", False, SERVICE),
    ],
)  # fmt: skip
def test_the_product_says_whether_it_is_goods_and_else_the_unit(
    unit: str, is_goods: bool | None, supply: Supply
) -> None:
    assert supply_of(unit, is_goods) is supply
