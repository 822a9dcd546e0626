from __future__ import annotations

import hashlib
import uuid

import pytest

from domain.links import address, living_token, token_for, token_hash

SECRET = b"s" * 32
ORGANISATION, INVOICE = uuid.uuid4(), uuid.uuid4()


def test_a_token_can_be_made_again_and_only_with_all_its_parts() -> None:
    token = token_for(SECRET, ORGANISATION, INVOICE)
    others = {
        token_for(b"t" * 32, ORGANISATION, INVOICE),
        token_for(SECRET, INVOICE, ORGANISATION),
        token_for(SECRET, ORGANISATION, uuid.uuid4()),
        token_for(SECRET, ORGANISATION, INVOICE, version=1),
    }
    assert token_for(SECRET, ORGANISATION, INVOICE) == token
    assert token not in others
    assert len(others) == 4


def test_a_token_is_256_bits_in_43_letters_of_an_address() -> None:
    token = token_for(SECRET, ORGANISATION, INVOICE)
    assert len(token) == 43
    assert token_hash(token) == hashlib.sha256(token.encode()).digest()
    assert address("https://faktura.example.no", token) == f"https://faktura.example.no/i/{token}"


def test_the_living_token_is_the_one_that_was_not_revoked() -> None:
    tokens = [token_for(SECRET, ORGANISATION, INVOICE, version) for version in range(3)]
    first, second, third = [token_hash(token) or b"" for token in tokens]
    for made, expected in (
        ([(first, True)], tokens[0]),
        ([(second, True), (first, False)], tokens[1]),
        ([(first, False), (second, False), (third, True)], tokens[2]),
        ([(first, False)], None),
        ([(b"another secret's", True)], None),
        ([], None),
    ):
        assert living_token([SECRET], ORGANISATION, INVOICE, made) == expected


@pytest.mark.parametrize(
    "text", ["", "x", "x" * 42, "x" * 44, "x" * 42 + "/", "x" * 42 + "\n", "å" * 43, "x" * 42 + "="]
)
def test_what_can_not_be_a_token_is_not_looked_up(text: str) -> None:
    assert token_hash(text) is None
