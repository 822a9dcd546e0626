"""The named people and firms that tests use: made through the app's own actions, each time anew."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from domain.access import Role
from domain.settings import Settings
from models.ids import new_id
from models.unit_of_work import unit_of_work

PASSWORD = "en lang og trygg setning"


@dataclass(slots=True)
class Company:
    """A company with its owner signed in on `client`."""

    id: UUID
    person_id: UUID
    email: str
    client: httpx.AsyncClient
    csrf: str
    app: Any = field(repr=False, default=None)

    async def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> httpx.Response:
        """Post a form as the signed-in owner, with the session's token."""
        return await self.client.post(path, data={"_csrf_token": self.csrf, **(data or {})}, **kwargs)

    async def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self.client.get(path, **kwargs)


class World:
    """Makes what a test needs and signs people in without the cost of a password hash."""

    def __init__(self, app: Any, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self._clients: list[httpx.AsyncClient] = []

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()

    def visitor(self, **headers: str) -> httpx.AsyncClient:
        from tests.conftest import new_client

        client = new_client(self.app, self.settings)
        client.headers.update(headers)
        self._clients.append(client)
        return client

    async def person(self, name: str = "Kari Nordmann", language: str = "en", email: str = "") -> tuple[UUID, str]:
        """A confirmed account; returns its id and e-mail address. The password is PASSWORD, hashed cheaply."""
        person_id, email = new_id(), email or f"{uuid.uuid4().hex[:12]}@example.test"
        moment = datetime.now(UTC)
        async with unit_of_work(None, person_id) as work:
            await work.connection.execute(
                "insert into person (id, name, email, email_key, password_hash, language, email_confirmed_at, "
                "created_at) values ($1, $2, $3, $3, $4, $5, $6, $6)",
                person_id, name, email, _cheap_hash(), language, moment,
            )  # fmt: skip
        return person_id, email

    async def company(
        self,
        name: str = "Fjord Design ENK",
        role: Role = Role.OWNER,
        language: str = "en",
        person: tuple[UUID, str] | None = None,
        **columns: Any,
    ) -> Company:
        """A complete, VAT-registered company in Bergen with its owner (`person`, or somebody new) signed in."""
        person_id, email = person or await self.person(language=language)
        organisation_id = new_id()
        values = {**_COMPANY, "name": name, **columns}
        async with unit_of_work(organisation_id, person_id) as work:
            await _insert(work, "organisation", id=organisation_id, created_at=datetime.now(UTC), **values)
            await _insert(
                work, "membership", organisation_id=organisation_id, person_id=person_id, role=role.value,
                created_at=datetime.now(UTC),
            )  # fmt: skip
        client, csrf = await self.sign_in(person_id, organisation_id, role)
        return Company(organisation_id, person_id, email, client, csrf, self.app)

    async def member(
        self,
        company: Company,
        role: Role = Role.BOOKKEEPER,
        name: str = "Ola Nordmann",
        person: tuple[UUID, str] | None = None,
    ) -> tuple[UUID, str]:
        """Somebody else (`person`, or somebody new) who works in the company; their id and e-mail address."""
        person_id, email = person or await self.person(name)
        async with unit_of_work(company.id, person_id) as work:
            await _insert(
                work, "membership", organisation_id=company.id, person_id=person_id, role=role.value,
                created_at=datetime.now(UTC),
            )  # fmt: skip
        return person_id, email

    async def operator(self, language: str = "en") -> Company:
        """Who runs the installation, signed in. They have a company of their own like anybody else."""
        email = self.settings.operators[0]
        async with unit_of_work(None) as work:
            known = await work.connection.fetchval("select id from person where email_key = $1", email)
        person = (known, email) if known else await self.person("Drift Driftesen", language, email)
        return await self.company("Drift ENK", person=person)

    async def sign_in(
        self, person_id: UUID, organisation_id: UUID | None = None, role: Role | None = None
    ) -> tuple[httpx.AsyncClient, str]:
        """A browser with a session of its own, and the token its forms carry."""
        from actions.sessions import start_session

        client = self.visitor()
        started = await start_session(person_id, organisation_id, role, ip="127.0.0.1", browser="Test")
        client.cookies.set(started.cookie_name, started.cookie_value, domain="127.0.0.1")
        return client, started.csrf_token

    async def customer(self, company: Company, name: str = "Nordlys AS", **columns: Any) -> UUID:
        customer_id = new_id()
        values = {"organisation_number": "974760673", "email": "post@nordlys.example", **columns}
        moment = datetime.now(UTC)
        from domain.words import normalise

        async with unit_of_work(company.id, company.person_id) as work:
            await _insert(
                work, "customer", organisation_id=company.id, id=customer_id, version=1,
                **{
                    "kind": "business", "name": name, "name_key": normalise(name), "vat_number": "",
                    "address_line1": "Storgata 2", "address_line2": "", "postcode": "9008", "city": "Tromsø",
                    "country": "NO", "delivery_line1": "", "delivery_postcode": "", "delivery_city": "",
                    "delivery_country": "", "phone": "", "language": "nb", "currency": "NOK", "reference": "",
                    "notes": "", "created_at": moment, "changed_at": moment, **values,
                },
            )  # fmt: skip
        return customer_id


_COMPANY: dict[str, Any] = {
    "version": 1,
    "form": "ENK",
    "organisation_number": "923609016",
    "vat_registered": True,
    "foretaksregisteret": False,
    "address_line1": "Strandgaten 1",
    "address_line2": "",
    "postcode": "5013",
    "city": "Bergen",
    "country": "NO",
    "email": "post@fjord.example",
    "phone": "",
    "bank_account": "86011117947",
    "iban": "",
    "bic": "",
    "due_days": 14,
    "language": "nb",
    "currency": "NOK",
    "time_zone": "Europe/Oslo",
    "accent": "#1f5c66",
    "kid_length": 0,
    "yearly_numbers": False,
    "first_number": 1,
    "accounting_year_ends": 12,
}


async def _insert(work: Any, table: str, **values: Any) -> None:
    columns = ", ".join(values)
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    await work.connection.execute(f"insert into {table} ({columns}) values ({places})", *values.values())


def _cheap_hash() -> str:
    """A real argon2id hash of PASSWORD, with parameters that cost nothing: the app rehashes it at sign-in."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


__all__ = ["PASSWORD", "Company", "World"]
