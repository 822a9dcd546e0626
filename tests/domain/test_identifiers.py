from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import identifiers
from domain.refusals import Invalid

ORGNR_VALID = [
    "936587720", "923609016", "974760673", "889640782", "991825827", "987654325", "810418052", "123456785",
    "988077917", "971032081", "920058817", "998447356",
]  # fmt: skip
ORGNR_INVALID = ["936587721", "123456789", "000000001", "93658772", "9365877200"]
ORGNR_BASES_WITHOUT_CHECK = ["93658778", "93658781", "93658795"]
ACCOUNTS_VALID = ["12345678903", "86011117947", "76940512057", "97104133219", "15031234562", "30000000007"]
ACCOUNTS_INVALID = ["12345678901", "15030000000", "60121234569"]
IBANS = {
    "86011117947": "NO9386011117947",
    "12345678903": "NO7112345678903",
    "76940512057": "NO9876940512057",
    "97104133219": "NO9297104133219",
    "15031234562": "NO7215031234562",
    "30000000007": "NO2630000000007",
}


@pytest.mark.parametrize("number", ORGNR_VALID)
def test_a_norwegian_organisation_number_passes_its_check(number: str) -> None:
    assert identifiers.organisation_number(number, "NO") == number


@pytest.mark.parametrize(
    "text", ["936 587 720", "NO 936 587 720 MVA", "936587720mva", "936\N{NO-BREAK SPACE}587.720"]
)
def test_an_organisation_number_is_read_as_people_write_it(text: str) -> None:
    assert identifiers.organisation_number(text, "NO") == "936587720"


@pytest.mark.parametrize("text", [*ORGNR_INVALID, "", "abc", "٩٣٦٥٨٧٧٢٠"])
def test_a_wrong_organisation_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        identifiers.organisation_number(text, "NO")
    assert refused.value.code == "organisation_number.invalid"


@pytest.mark.parametrize("base", ORGNR_BASES_WITHOUT_CHECK)
def test_a_base_without_a_check_digit_is_never_valid(base: str) -> None:
    for digit in "0123456789":
        with pytest.raises(Invalid):
            identifiers.organisation_number(base + digit, "NO")


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("556036-0793", "SE", "5560360793"),
        ("24256790", "DK", "24256790"),
        ("0112038-9", "FI", "01120389"),
        ("HRB 86891 B", "DE", "HRB86891B"),
    ],
)
def test_other_countries_have_their_own_numbers(text: str, country: str, number: str) -> None:
    assert identifiers.organisation_number(text, country) == number


@pytest.mark.parametrize(("text", "country"), [("556036-0794", "SE"), ("24256791", "DK"), ("x", "DE"), ("<b>", "US")])
def test_a_wrong_number_elsewhere_is_refused(text: str, country: str) -> None:
    with pytest.raises(Invalid):
        identifiers.organisation_number(text, country)


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("936 587 720 MVA", "NO", "NO936587720MVA"),
        ("NO936587720MVA", "NO", "NO936587720MVA"),
        ("936587720", "NO", "NO936587720MVA"),
        ("DE 136,695 976".replace(",", " "), "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("SE556036079301", "SE", "SE556036079301"),
        ("EL 094259216", "GR", "EL094259216"),
        ("094259216", "GR", "EL094259216"),
        ("GR094259216", "GR", "EL094259216"),
        ("40303265045", "MC", "FR40303265045"),
        ("GB 980 7806 84", "GB", "GB980780684"),
        ("XI980780684", "GB", "XI980780684"),
        ("CHE-100.155.212 MWST", "CH", "CHE100155212MWST"),
        ("CHE-100.155.212 TVA", "CH", "CHE100155212TVA"),
        ("CHE-100.155.212", "CH", "CHE100155212MWST"),
        ("12-3456789", "US", "123456789"),
    ],
)
def test_a_vat_number_gets_its_prefix(text: str, country: str, number: str) -> None:
    assert identifiers.vat_number(text, country) == number
    assert identifiers.vat_number(number, country) == number


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("936587721", "NO"),
        ("DE136695977", "DE"),
        ("GB980780685", "GB"),
        ("CHE100155213", "CH"),
        ("", "SE"),
        ("1", "US"),
    ],
)
def test_a_wrong_vat_number_is_refused(text: str, country: str) -> None:
    with pytest.raises(Invalid) as refused:
        identifiers.vat_number(text, country)
    assert refused.value.code == "vat_number.invalid"


@pytest.mark.parametrize("account", ACCOUNTS_VALID)
def test_a_norwegian_account_passes_its_check_and_has_an_iban(account: str) -> None:
    assert identifiers.bank_account(identifiers.format_account(account)) == account
    assert identifiers.iban_of(account) == IBANS[account]
    assert identifiers.bank_account(IBANS[account]) == IBANS[account]


@pytest.mark.parametrize(
    "text",
    [*ACCOUNTS_INVALID, "", "1234567", "00004090403", "NO9386011117948", "NO2386011117946", "DE00", "12345678²03"],
)
def test_a_wrong_account_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        identifiers.bank_account(text)
    assert refused.value.code == "bank_account.invalid"


def test_an_account_abroad_is_an_iban() -> None:
    assert identifiers.bank_account("de89 3704 0044 0532 0130 00") == "DE89370400440532013000"
    assert identifiers.iban_of("DE89370400440532013000") == "DE89370400440532013000"


def test_a_bic_is_checked() -> None:
    assert identifiers.bic(" dnbanokk ") == "DNBANOKK"
    with pytest.raises(Invalid, match="bic"):
        identifiers.bic("DNB")


def test_numbers_are_shown_as_they_are_written() -> None:
    assert identifiers.format_orgnr("936587720") == "936 587 720"
    assert identifiers.format_orgnr("HRB86891B") == "HRB86891B"
    assert identifiers.format_account("86011117947") == "8601 11 17947"
    assert identifiers.format_account("NO9386011117947") == "NO93 8601 1117 947"


ANY_TEXT = st.one_of(st.text(max_size=40), st.text("0123456789 NOMVACHESGB.-+*²", max_size=20))


@given(ANY_TEXT, st.sampled_from(["NO", "SE", "DE", "FR", "GB", "CH", "US"]))
def test_any_text_is_read_or_refused_and_never_breaks(text: str, country: str) -> None:
    for read in (identifiers.organisation_number, identifiers.vat_number):
        try:
            number = read(text, country)
        except Invalid:
            continue
        assert number.isascii()
        assert read(number, country) == number
    for read_one in (identifiers.bank_account, identifiers.bic):
        try:
            assert read_one(text).isascii()
        except Invalid:
            continue


@pytest.mark.parametrize(
    ("text", "country", "both"),
    [
        ("DE 136 695 976", "DE", ("", "DE136695976")),
        ("EL094259216", "GR", ("", "EL094259216")),
        ("SE556036079301", "SE", ("5560360793", "SE556036079301")),
        ("DK13585628", "DK", ("13585628", "DK13585628")),
        ("FI20774740", "FI", ("20774740", "FI20774740")),
        ("136695976", "DE", None),
        ("DE136695977", "DE", None),
        ("NO936587720MVA", "NO", None),
        ("936587720", "NO", None),
        ("US123", "US", None),
        ("", "DE", None),
    ],
)
def test_a_vat_number_from_abroad_gives_both_numbers(text: str, country: str, both: tuple[str, str] | None) -> None:
    assert identifiers.numbers_in(text, country) == both
