from __future__ import annotations

from domain.refusals import Invalid, Refusal, Refused


def test_refused_carries_every_reason() -> None:
    reasons = (Refusal("invoice.no_lines", "lines"), Refusal("customer.missing", "customer"))
    refused = Refused(*reasons)
    assert refused.refusals == reasons
    assert str(refused) == "invoice.no_lines, customer.missing"


def test_two_refusals_with_the_same_content_are_equal() -> None:
    one, other = (Refusal("line.quantity_zero", "lines.0.quantity", {"line": "1"}) for _ in range(2))
    assert one == other
    assert len({one, other}) == 1


def test_an_invalid_value_becomes_the_refusal_of_a_field() -> None:
    invalid = Invalid("bic.invalid")
    assert isinstance(invalid, ValueError)
    assert invalid.at("bic", most="11") == Refusal("bic.invalid", "bic", {"most": "11"})
