from __future__ import annotations

import pytest

from domain.register_entry import is_public


@pytest.mark.parametrize(
    ("form", "name", "public"),
    [
        ("KOMM", "BERGEN KOMMUNE", True),
        ("ORGL", "NAV ØKONOMITJENESTE", True),
        ("IKS", "BIR IKS", True),
        ("AS", "Kommuneforlaget AS", False),
        ("AS", "Kafé Kommune", False),
        ("", "Bergen kommune", True),
        ("", "Vestland fylkeskommune", True),
        ("", "Kommuneforlaget AS", False),
    ],
)
def test_a_public_body_is_known_by_its_form_or_by_the_name_of_a_municipality(
    form: str, name: str, public: bool
) -> None:
    assert is_public(form, name) is public
