"""How the files of a copy are named."""

from __future__ import annotations

import pytest

from domain.privacy.classification import Category
from domain.privacy.export import GIVEN, document_name, plural


@pytest.mark.parametrize(
    ("number", "path"),
    [("1042", "invoices/1042.pdf"), ("2027-0001", "invoices/2027-0001.pdf"), ("../x/\\y", "invoices/-x-y.pdf")],
)
def test_the_name_of_a_document_stays_in_its_folder(number: str, path: str) -> None:
    assert document_name(number, "pdf") == path


def test_names_of_files_are_plurals_and_what_people_gave_is_portable() -> None:
    assert [plural(name) for name in ("quote", "company", "number_series")] == [
        "quotes",
        "companies",
        "number_series",
    ]
    assert Category.USAGE not in GIVEN and Category.CUSTOMER in GIVEN
