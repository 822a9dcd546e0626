from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.quotes import STATES, answer_refusal, invoice_draft, invoicing_refusal, offer, sending_faults, stands
from domain.totals import Charge
from tests.domain.sample import BUYER, SELLER, TODAY, draft, line

QUOTE = draft(valid_until=TODAY + timedelta(days=30), due_days=None, delivery_from=None, kind="quote")


def codes(*args: object, **changes: object) -> list[str]:
    return [fault.code for fault in sending_faults(replace(QUOTE, **changes), SELLER, BUYER, TODAY)]  # type: ignore[arg-type]


def test_a_quote_needs_neither_terms_of_payment_nor_a_delivery() -> None:
    assert codes() == []


def test_a_quote_in_another_currency_needs_no_rate() -> None:
    assert codes(currency="EUR") == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lines": ()}, "quote.no_lines"),
        ({"lines": (line(unit_price=line().unit_price * -1),)}, "quote.total_negative"),
        ({"valid_until": None}, "quote.end_missing"),
        ({"valid_until": TODAY - timedelta(days=1)}, "quote.end_past"),
        ({"lines": (line(description=" "),)}, "line.description_missing"),
    ],
)
def test_each_fault_has_its_own_sentence(changes: dict[str, object], code: str) -> None:
    assert codes(**changes) == [code]


def test_a_quote_can_not_be_sent_to_nobody_or_nowhere() -> None:
    assert "customer.missing" in [fault.code for fault in sending_faults(QUOTE, SELLER, None, TODAY)]
    without = replace(BUYER, email="")
    assert "customer.email_missing" in [fault.code for fault in sending_faults(QUOTE, SELLER, without, TODAY)]


def test_a_customer_needs_no_address_to_be_offered_something() -> None:
    nameless = replace(BUYER, address_lines=(), city="", organisation_number="")
    assert sending_faults(QUOTE, SELLER, nameless, TODAY) == ()


def test_a_quote_stands_until_its_last_day_is_over() -> None:
    last = date(2026, 12, 24)
    assert stands("sent", last, last) == "sent"
    assert stands("sent", last, last + timedelta(days=1)) == "expired"


@pytest.mark.parametrize("state", [state for state in STATES if state != "sent"])
def test_only_what_waits_for_an_answer_expires(state: str) -> None:
    assert stands(state, TODAY - timedelta(days=1), TODAY) == state


@pytest.mark.parametrize(
    ("state", "ended", "code"),
    [
        ("sent", False, None),
        ("sent", True, "quote.expired"),
        ("withdrawn", False, "quote.withdrawn"),
        ("accepted", True, "quote.answered"),
        ("declined", False, "quote.answered"),
        ("invoiced", False, "quote.answered"),
    ],
)
def test_who_may_still_answer(state: str, ended: bool, code: str | None) -> None:
    refusal = answer_refusal(state, TODAY - timedelta(days=1) if ended else TODAY, TODAY)
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize("state", STATES)
def test_a_second_invoice_of_a_quote_is_asked_for_in_so_many_words(state: str) -> None:
    refused = state in ("draft", "declined", "withdrawn")
    assert (invoicing_refusal(state, 0, again=False) is not None) == refused
    assert (invoicing_refusal(state, 1, again=True) is not None) == refused
    assert invoicing_refusal(state, 1, again=False) is not None


def test_an_offer_says_no_account_and_until_when_it_stands() -> None:
    document = offer(QUOTE, SELLER, BUYER, TODAY, 7)
    assert (document.kind, document.number, document.issued_on) == ("quote", "7", TODAY)
    assert document.due_on == QUOTE.valid_until
    assert (document.kid, document.bank_account, document.iban) == ("", "", "")


def test_the_figures_of_the_offer_are_those_of_the_invoice_it_becomes() -> None:
    quote = replace(QUOTE, lines=(line(1), line(2, treatment="middle")), charge=Charge(amount=line().unit_price))
    becomes = invoice_draft(quote, TODAY)
    assert (becomes.kind, becomes.delivery_from, becomes.valid_until) == ("invoice", TODAY, None)
    offered = offer(quote, SELLER, BUYER, TODAY, 1).totals
    assert offered == offer(replace(becomes, valid_until=quote.valid_until), SELLER, BUYER, TODAY, 1).totals
