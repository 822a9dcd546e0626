from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kroner import GroupInKroner, Rate, gain, in_kroner
from domain.money import exact, round_half_up
from domain.totals import VatGroup

amounts = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
rates = st.integers(1, 10**10).map(lambda units: Decimal(units).scaleb(-8))


def group(base: str, vat: str, rate: str = "25") -> VatGroup:
    return VatGroup("S", Decimal(rate), Decimal(base), Decimal(0), Decimal(base), Decimal(vat))


def test_each_group_is_in_kroner_by_the_rate_of_the_document() -> None:
    assert in_kroner([group("100", "25")], Decimal("11.4321"), Decimal("285.80")) == (
        GroupInKroner(Decimal("1143.21"), Decimal("285.80")),
    )


def test_an_export_has_a_base_in_kroner_and_no_vat() -> None:
    assert in_kroner([group("100", "0", "0")], Decimal("11.5"), None) == (GroupInKroner(Decimal(1150), Decimal(0)),)


@pytest.mark.parametrize(("then", "nok"), [("11.8000", "375.00"), ("11.5", "0"), ("11.2", "-375.00")])
def test_a_payment_at_another_rate_is_a_gain_or_a_loss(then: str, nok: str) -> None:
    """Trap 5: EUR 1250.00 invoiced at 11.5000 and paid at 11.8000."""
    assert gain(Decimal(1250), Decimal("11.5000"), Rate(Decimal(then))).nok == Decimal(nok)


def test_what_the_last_credit_note_gives_back_besides_its_own_vat_is_not_lost() -> None:
    (only,) = in_kroner([group("0.89", "0.22")], Decimal("11.4321"), Decimal("2.49"))
    assert only.vat == Decimal("2.49")
    first, second = in_kroner([group("0.89", "0.22"), group("4", "0.6", "15")], Decimal("11.4321"), Decimal("9.40"))
    assert (first.vat, second.vat) == (Decimal("2.52"), Decimal("6.88"))


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=5), rates)
def test_the_vat_of_the_groups_adds_up_to_the_vat_that_the_document_states(
    figures: list[tuple[Decimal, Decimal]], rate: Decimal
) -> None:
    """Trap 5: three groups rounded one by one may be an øre off the whole."""
    groups = [group(str(base), str(vat)) for base, vat in figures]
    with exact():
        stated = round_half_up(sum((vat for _, vat in figures), Decimal(0)) * rate, "NOK")
        found = in_kroner(groups, rate, stated)
        assert sum((one.vat for one in found), Decimal(0)) == stated
        for one, (base, vat) in zip(found, figures, strict=True):
            assert abs(one.vat - vat * rate) < Decimal("0.02")
            assert one.base == round_half_up(base * rate, "NOK")
