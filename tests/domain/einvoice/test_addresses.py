from __future__ import annotations

from dataclasses import replace

from domain.einvoice.addresses import SCHEMES, endpoint
from domain.einvoice.document import Identifier
from tests.domain import sample
from tests.domain.einvoice.documents import BUYER, CONSUMER, GERMAN

FINNISH = replace(GERMAN, country="FI", vat_number="FI20774740")


def test_peppol_cl008_a_finnish_company_is_reached_by_its_ovt_code() -> None:
    assert endpoint(FINNISH) == Identifier("003720774740", "0216")
    assert endpoint(replace(FINNISH, vat_number="", organisation_number="20774740")) == endpoint(FINNISH)
    assert endpoint(replace(FINNISH, vat_number="")) is None


def test_every_address_is_of_a_scheme_that_the_network_knows() -> None:
    for country in ("NO", "SE", "DK", "FI", "DE", "FR", "NL", "BE", "IT", "GB", "CH", "PL"):
        number = replace(sample.SELLER, country=country, vat_number=f"{country}13585628")
        found = endpoint(number)
        assert found is not None and found.scheme in SCHEMES
    assert endpoint(BUYER) == Identifier("923609016", "0192")
    assert endpoint(CONSUMER) is None
