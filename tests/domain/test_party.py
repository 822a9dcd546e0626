from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from domain.party import Party

PARTIES = st.builds(
    Party,
    name=st.text(max_size=10),
    organisation_number=st.sampled_from(["", "936587720"]),
    vat_registered=st.booleans(),
    foretaksregisteret=st.booleans(),
    address_lines=st.lists(st.text(max_size=10), max_size=3).map(tuple),
    city=st.text(max_size=10),
)


@given(PARTIES)
def test_a_stored_party_comes_back_as_it_was(party: Party) -> None:
    assert Party.from_json(json.loads(json.dumps(party.to_json()))) == party


def test_a_party_stored_by_another_version_is_still_read() -> None:
    assert Party.from_json({"name": "Nordlys", "fax": "55 55 55 55"}) == Party("Nordlys")


def test_an_address_is_a_street_or_a_place() -> None:
    assert Party("A", address_lines=("Torget 1",)).has_address
    assert Party("A", city="Bergen").has_address
    assert not Party("A", address_lines=("  ", ""), postcode="5003").has_address
