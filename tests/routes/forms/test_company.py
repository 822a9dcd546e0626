from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.company import Company
from routes.forms.base import Form, FormData
from routes.forms.company import company_choices, new_form, parse_new_company, parse_settings, settings_form
from tests.domain.test_company import FJORD


def typed(fields: dict[str, str]) -> FormData:
    return FormData({name: [value] for name, value in fields.items()})


def settings(stored: Company = FJORD, in_use: bool = False, **changes: str) -> tuple[Form, Company | None]:
    fields = {**settings_form(stored).values, **changes}
    return parse_settings(typed(fields), "nb", stored, in_use)


def codes(form: Form) -> dict[str, list[str]]:
    return {name: [refusal.code for refusal in refusals] for name, refusals in form.errors.items()}


COMPANIES = [
    FJORD,
    replace(FJORD, accent="#7a1f3d", kid_length=11, yearly_numbers=True, form="AS", foretaksregisteret=True),
    replace(FJORD, legal_addition="under avvikling"),
    replace(FJORD, country="DE", organisation_number="DE136695976", bank_account="", iban="DE89370400440532013000"),
    replace(FJORD, bank_account="", iban="", organisation_number="", vat_registered=False, first_number=4711),
]


@pytest.mark.parametrize("company", COMPANIES)
def test_what_the_form_shows_is_what_it_reads_back(company: Company) -> None:
    form, read = settings(company)
    assert codes(form) == {}
    assert read == company


@pytest.mark.parametrize("typed_account", ["86011117947", "8601 11 17947", "8601.11.17947", "NO93 8601 1117 947"])
def test_a_norwegian_account_is_kept_with_its_iban(typed_account: str) -> None:
    _, read = settings(bank_account=typed_account)
    assert read is not None and (read.bank_account, read.iban) == ("86011117947", "NO9386011117947")


def test_a_foreign_account_is_an_iban_only() -> None:
    _, read = settings(bank_account="DE89 3704 0044 0532 0130 00", bic="COBADEFFXXX")
    assert read is not None and (read.bank_account, read.iban, read.bic) == (
        "",
        "DE89370400440532013000",
        "COBADEFFXXX",
    )


@pytest.mark.parametrize("number", ["923609016", "923 609 016", "NO 923 609 016 MVA", "923609016mva"])
def test_an_organisation_number_is_read_as_people_write_it(number: str) -> None:
    _, read = settings(organisation_number=number)
    assert read is not None and read.organisation_number == "923609016"


def test_faults_of_single_fields_come_before_what_does_not_go_together() -> None:
    form, read = settings(organisation_number="1", bic="DNBANOKK", bank_account="")
    assert read is None
    assert codes(form) == {"organisation_number": ["organisation_number.invalid"], "bic": ["bic.without_iban"]}


def test_faults_are_said_in_the_order_of_the_page() -> None:
    form, _ = settings(name="", bank_account="x", own_accent="x", accent="own", due_days="x", kid_length="3")
    assert list(codes(form)) == ["name", "bank_account", "due_days", "kid_length", "own_accent"]


def test_the_first_number_is_not_read_once_it_is_in_use() -> None:
    _, read = settings(replace(FJORD, first_number=7), in_use=True, first_number="900")
    assert read is not None and read.first_number == 7


def test_a_new_company_has_the_usual_answers() -> None:
    fields = {**new_form("kari@example.no").values, "name": "Fossen AS", "form": "AS"}
    form, read = parse_new_company(typed(fields), "nb")
    assert codes(form) == {} and read is not None
    assert (read.foretaksregisteret, read.currency, read.language, read.due_days) == (True, "NOK", "nb", 14)
    assert (read.kid_length, read.first_number, read.email) == (0, 1, "kari@example.no")
    _, abroad = parse_new_company(typed({**fields, "country": "SE"}), "nb")
    assert abroad is not None
    assert (abroad.foretaksregisteret, abroad.currency, abroad.language) == (False, "SEK", "en")


def test_the_lists_begin_with_the_likeliest_and_hold_every_choice_once() -> None:
    for language in ("nb", "en"):
        choices = company_choices(language)
        assert [code for code, _ in choices.currencies][:2] == ["NOK", "EUR"]
        for pairs in (choices.currencies, choices.countries, choices.forms, choices.kid_lengths, choices.accents):
            assert len({value for value, _ in pairs}) == len(pairs) > 0
    assert dict(company_choices("nb").forms)["ENK"] == "Enkeltpersonforetak (ENK)"


ANY = st.text(max_size=40) | st.sampled_from(
    ["", "on", "NO", "own", "yearly", "0", "-1", "1e5", "²", "\u202e", "\ud800", "9" * 50]
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(settings_form(FJORD).values, ANY)))
def test_no_form_is_an_error(fields: dict[str, str]) -> None:
    for form, read in (parse_new_company(typed(fields), "nb"), parse_settings(typed(fields), "en", FJORD, False)):
        assert form.ok == (read is not None)
