from __future__ import annotations

from pathlib import Path

import pytest

from domain.settings import Registers, SettingsError, from_env

HOME = Path("/srv/smartfaktura")


def problems_of(**env: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        from_env({f"SMARTFAKTURA_{name}": value for name, value in env.items()}, HOME)
    return caught.value.problems


def test_without_any_setting_the_app_is_embedded_on_this_machine() -> None:
    settings = from_env({}, HOME)
    assert (settings.port, settings.public_url, settings.data_dir) == (8000, "http://127.0.0.1:8000", HOME / "data")
    assert settings.database_url is settings.smtp_url is settings.storage_url is None
    assert settings.is_loopback and settings.shows_mailbox and not settings.uses_https


def test_all_mistakes_are_told_at_once() -> None:
    found = problems_of(
        PORT="eighty", PUBLIC_URL="ftp://x", SECRET_KEY="short", SMTP_URL="http://mail", WORKERS="0",
        TEST_CLOCK="yesterday", TRUSTED_PROXIES="10.0.0.0/8, nginx",
    )  # fmt: skip
    names = ("PORT", "PUBLIC_URL", "SECRET_KEY", "SMTP_URL", "WORKERS", "TEST_CLOCK", "TRUSTED_PROXIES")
    assert len(found) == len(names)
    assert all(any(f"SMARTFAKTURA_{name}" in problem for problem in found) for name in names)


@pytest.mark.parametrize("address", ["smtp://", "smtp://user@", "smtp://mail.example.no:port", "smtp://m:0"])
def test_a_mail_server_needs_a_name_and_letters_a_sender(address: str) -> None:
    first, second = problems_of(SMTP_URL=address, MAIL_FROM="nobody")
    assert first.startswith("SMARTFAKTURA_SMTP_URL") and second.startswith("SMARTFAKTURA_MAIL_FROM")


def test_no_problem_repeats_a_secret() -> None:
    """S-50"""
    found = problems_of(SECRET_KEY="hush-hush", DATABASE_URL="mysql://root:hemmelig@db/x")
    assert not any("hush" in problem or "hemmelig" in problem for problem in found)


def test_secrets_are_not_shown_with_the_settings() -> None:
    env = {"SECRET_KEY": "k" * 40, "SMTP_URL": "smtp://a:hush@m", "MAIL_FROM": "faktura@m.example"}
    settings = from_env({f"SMARTFAKTURA_{name}": value for name, value in env.items()}, HOME)
    assert "hush" not in repr(settings) and "kkk" not in repr(settings)


def test_a_secret_may_be_a_file() -> None:
    settings = from_env({"SMARTFAKTURA_SECRET_KEY_FILE": "/run/key"}, HOME, read=lambda path: f"{'s' * 40}{path}\n")
    assert settings.secret_key == "s" * 40 + "/run/key"


def test_a_file_that_can_not_be_read_is_named() -> None:
    assert "SMARTFAKTURA_SECRET_KEY_FILE" in problems_of(SECRET_KEY_FILE="/does/not/exist")[0]


def test_plain_http_is_only_for_this_machine() -> None:
    assert "https" in problems_of(PUBLIC_URL="http://faktura.example.no")[0]
    assert from_env({"SMARTFAKTURA_PUBLIC_URL": "http://localhost:9000"}, HOME).host == "localhost:9000"


def test_the_test_clock_is_refused_on_a_real_server() -> None:
    found = problems_of(
        PUBLIC_URL="https://faktura.example.no", TEST_CLOCK="2027-01-01T00:00:00+01:00", SECRET_KEY="x" * 40
    )
    assert len(found) == 1 and "TEST_CLOCK" in found[0]


def test_the_mailbox_page_is_never_shown_on_a_real_server() -> None:
    settings = from_env({"SMARTFAKTURA_PUBLIC_URL": "https://faktura.example.no"}, HOME)
    assert not settings.shows_mailbox


def test_several_processes_on_one_database_need_a_common_secret() -> None:
    found = problems_of(PUBLIC_URL="https://faktura.example.no", DATABASE_URL="postgresql://app@db/x")
    assert "SECRET_KEY" in found[0]


def test_proxies_are_addresses_networks_or_a_socket() -> None:
    settings = from_env({"SMARTFAKTURA_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8, unix"}, HOME)
    assert settings.trusted_proxies == ("127.0.0.1", "10.0.0.0/8", "unix")


def test_an_administrator_s_vat_rates_are_read_at_start() -> None:
    row = '{"NO": {"standard": [{"from": "2027-01-01", "percent": "24", "source": "Stortinget"}]}}'
    files = {HOME / "rates.json": row}
    settings = from_env({"SMARTFAKTURA_VAT_RATES": "rates.json"}, HOME, read=files.__getitem__)
    assert settings.vat_rates == {("NO", "standard"): (("2027-01-01", "24"),)}
    assert from_env({}, HOME).vat_rates == {}


def test_a_folder_of_rules_for_e_invoices_is_read_at_start_and_an_empty_one_refused(tmp_path: Path) -> None:
    mistake = "SMARTFAKTURA_EINVOICE_RULES must name a folder with rules in it, files named *.xsl or *.xslt."
    assert problems_of(EINVOICE_RULES=str(tmp_path)) == [mistake]
    assert problems_of(EINVOICE_RULES=str(tmp_path / "nowhere")) == [mistake]
    (tmp_path / "peppol.xslt").write_text("<x/>", encoding="utf-8")
    assert from_env({"SMARTFAKTURA_EINVOICE_RULES": str(tmp_path)}, HOME).einvoice_rules == tmp_path
    assert from_env({}, HOME).einvoice_rules is None


def test_vat_rates_with_a_mistake_are_one_clear_sentence(tmp_path: Path) -> None:
    path = tmp_path / "rates.json"
    missing = "SMARTFAKTURA_VAT_RATES names a file that can not be read (No such file or directory)."
    assert problems_of(VAT_RATES=str(path)) == [missing]
    path.write_bytes(b"\xff\xfe\xff")
    assert problems_of(VAT_RATES=str(path)) == ["SMARTFAKTURA_VAT_RATES names a file that is not text in UTF-8."]
    path.write_text('{"NO": {"luxury": []}}')
    unknown = "NO: 'luxury' is none of standard, middle, low, raw_fish."
    assert problems_of(VAT_RATES=str(path)) == [
        f"SMARTFAKTURA_VAT_RATES names a file that can not be used: {unknown}"
    ]


def test_registers_are_asked_at_their_official_addresses_unless_told_otherwise() -> None:
    assert from_env({}, HOME).registers == Registers()
    assert (Registers().ecb_url, Registers().norges_bank_url) == (
        None,
        None,
    )  # asked by the clock, so switched on by hand
    on = from_env({"SMARTFAKTURA_ECB_URL": "on", "SMARTFAKTURA_NORGES_BANK_URL": "on"}, HOME).registers
    assert (on.ecb_url or "").startswith("https://www.ecb.") and (on.norges_bank_url or "").startswith(
        "https://data."
    )
    told = from_env({"SMARTFAKTURA_VIES_URL": "off", "SMARTFAKTURA_BRREG_URL": "http://127.0.0.1:9/api/"}, HOME)
    assert told.registers.vies_url is None and told.registers.brreg_url == "http://127.0.0.1:9/api"


@pytest.mark.parametrize("name", ["BRREG_URL", "VIES_URL", "ECB_URL", "NORGES_BANK_URL"])
@pytest.mark.parametrize("address", ["http://brreg.example", "file:///etc/passwd", "https://", "no"])
def test_a_register_is_asked_over_https_only(name: str, address: str) -> None:
    assert len(problems_of(**{name: address})) == 1


def test_without_the_setting_nobody_is_the_operator() -> None:
    assert from_env({}, HOME).operators == () and not from_env({}, HOME).is_operated_by("")


def test_operators_are_named_by_their_addresses_in_any_case() -> None:
    settings = from_env({"SMARTFAKTURA_OPERATORS": "Kari@Example.no, ola@example.no,"}, HOME)
    assert settings.is_operated_by("kari@example.NO") and settings.is_operated_by("ola@example.no")
    assert not settings.is_operated_by("kari@example.org")


def test_an_operator_who_is_no_address_is_told() -> None:
    assert "OPERATORS" in problems_of(OPERATORS="kari@example.no, Ola")[0]


def test_r20_statistics_are_off_unless_somebody_switches_them_on() -> None:
    assert not from_env({}, HOME).has_optional
    assert from_env({"SMARTFAKTURA_STATISTICS": "on"}, HOME).has_optional
    assert "SMARTFAKTURA_STATISTICS" in problems_of(STATISTICS="yes")[0]


def test_s51_keys_that_were_replaced_may_be_named_and_are_shown_nowhere() -> None:
    env = {"SMARTFAKTURA_SECRET_KEY": "k" * 40, "SMARTFAKTURA_OLD_SECRET_KEYS": f"{'o' * 40}, {'p' * 40},"}
    settings = from_env(env, HOME)
    assert settings.old_secret_keys == ("o" * 40, "p" * 40) and "ooo" not in repr(settings)
    assert "OLD_SECRET_KEYS" in problems_of(SECRET_KEY="k" * 40, OLD_SECRET_KEYS="short")[0]
    assert "OLD_SECRET_KEYS" in problems_of(OLD_SECRET_KEYS="o" * 40)[0]
