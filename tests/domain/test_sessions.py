from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.sessions import ABSOLUTE, IDLE, browser_family, is_alive, is_fresh, network_of

MORNING = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)


def test_a_session_in_use_lives_until_its_last_hour() -> None:
    almost = MORNING + ABSOLUTE - timedelta(seconds=1)
    assert is_alive(MORNING, almost, almost)
    assert not is_alive(MORNING, almost, MORNING + ABSOLUTE)


def test_a_session_left_alone_ends_after_the_pause() -> None:
    assert is_alive(MORNING, MORNING, MORNING + IDLE - timedelta(seconds=1))
    assert not is_alive(MORNING, MORNING, MORNING + IDLE)


def test_a_password_is_fresh_for_ten_minutes() -> None:
    assert is_fresh(MORNING, MORNING + timedelta(minutes=9))
    assert not is_fresh(MORNING, MORNING + timedelta(minutes=10))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::9", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("unix", ""),
        ("", ""),
    ],
)
def test_of_an_address_only_its_network_is_kept(address: str, network: str) -> None:
    assert network_of(address) == network
    assert len(network) <= 45


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
            "Safari/537.36 Edg/140.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/19.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.5.0", ""),
        ("", ""),
        ("Fire\r\nfox" + "x" * 100_000, "Firefox"),
    ],
)
def test_of_a_browser_only_its_family_is_kept(agent: str, family: str) -> None:
    assert browser_family(agent) == family
