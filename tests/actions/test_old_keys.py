"""The secret is replaced while people work: what the old one signed holds as long as it is named (S-51)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from actions import consents, customer_passes, instance, sign_in
from actions.erasure_certificate import is_genuine, signed
from actions.inbox import mail_address
from domain.consent import Consent, cookie_value
from domain.settings import Settings
from models.ids import new_id
from tasks import mail_in
from tests.actions.making import issued
from tests.actions.test_quotes import sent_quote
from tests.world import Company, World

Tell = Callable[..., None]
FIRST, SECOND = "f" * 40, "s" * 40
ANSWERS = Consent("0" * 32, 1, {}, datetime(2026, 11, 23, tzinfo=UTC))


@pytest.fixture
def tell(settings: Settings, pool: None) -> Iterator[Tell]:
    """This installation has these keys, the present one first."""
    with_address = replace(settings, mail_in_address="inn@example.no")

    def tell(present: str, *old: str) -> None:
        instance.begin(replace(with_address, secret_key=present, old_secret_keys=old))

    tell(FIRST)
    yield tell
    instance.begin(settings)


async def links_of(company: Company, invoice_id: UUID, quote_id: UUID) -> list[str]:
    """The addresses that the company's own pages show for its customers."""
    found: list[str] = []
    for path, mark in ((f"/invoices/{invoice_id}", "/i/"), (f"/quotes/{quote_id}", "/q/")):
        found += set(re.findall(rf"{mark}[\w-]{{43}}", (await company.get(path)).text))
    return found


async def test_s51_open_forms_and_sent_links_outlive_a_new_key(world: World, tell: Tell) -> None:
    company = await world.company()
    customer = await world.customer(company)
    done, quote_id = await issued(company, customer, send=True), await sent_quote(company, customer)
    links = await links_of(company, done.invoice_id, quote_id)
    assert len(links) == 2
    tell(SECOND, FIRST)
    assert (await company.post("/account/profile", {"name": "Kari", "language": "en"})).status_code == 303
    assert await links_of(company, done.invoice_id, quote_id) == links
    for link in links:
        assert (await world.visitor().get(link)).status_code == 200
    tell(SECOND)
    assert (await company.client.post("/account/profile", data={"_csrf_token": company.csrf})).status_code == 403
    for link in links:
        assert (await world.visitor().get(link)).status_code == 200, "its hash is known"


async def _belongs(company_id: UUID, address: str) -> bool:
    letter = cast(Any, SimpleNamespace(recipients=[address]))
    return await mail_in._companies(letter) == [company_id]


async def test_s51_what_was_signed_is_known_until_its_key_is_taken_off_the_list(world: World, tell: Tell) -> None:
    company, pass_id = await world.company(), new_id()

    async def known() -> list[bool]:
        return [
            consents.read_cookie(cookie) == ANSWERS,
            is_genuine(certificate),
            sign_in.person_of_proof(proof) == company.person_id,
            customer_passes._is_code(code, pass_id, "123456"),
            await _belongs(company.id, address),
        ]

    def made() -> tuple[str, str, str, bytes, str]:
        keys = {purpose: instance.secret_for(purpose) for purpose in ("consent", "privacy-code")}
        return (
            cookie_value(ANSWERS, keys["consent"]), signed({"reference": "x"}), sign_in._proof(company.person_id),
            customer_passes._hash(pass_id, "123456", keys["privacy-code"]), mail_address(company.id, 0),
        )  # fmt: skip

    cookie, certificate, proof, code, address = made()
    for keys, holds in (((FIRST,), True), ((SECOND, FIRST), True), ((SECOND, "t" * 40, FIRST), True)):
        tell(*keys)
        assert await known() == [holds] * 5, keys
    tell(SECOND, FIRST)
    cookie, certificate, proof, code, address = made()
    assert json.loads(certificate)["signature"]
    tell(FIRST)
    assert await known() == [False] * 5, "what is made now is made with the new key"
    tell(SECOND)
    assert await known() == [True] * 5
