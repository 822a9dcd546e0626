"""`bin/run --demo`: a sample company with three years behind it, so that every screen has life.

Everything goes through the app's own actions, day by day with the clock of that day, so figures, numbers and the audit
trail are what they would have been. Only the mail of those years is written down as history, since nobody shall get it.
Where letters are kept in a folder, two invoices of today wait to be sent, so that the mailbox has something to show.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from actions import (
    attachments,
    customers,
    drafts,
    files,
    inbox,
    instance,
    invoices,
    payments,
    printing,
    products,
    sessions,
)
from actions.account_tokens import hash_of
from actions.clock import now
from actions.companies import found
from actions.customers import CustomerDetails
from actions.drafts import Editing
from actions.passwords import hash_password
from actions.products import ProductDetails
from actions.security_log import Client
from domain.company import Company
from domain.draft import Draft, DraftLine
from domain.settings import Settings, from_env
from domain.totals import Discount
from models.engine import close_pool, open_pool
from models.ids import new_id
from models.unit_of_work import unit_of_work
from tasks import demo_credits, demo_inbox, demo_members, demo_plans, demo_quotes
from tasks.gateways import pdf_coverage
from tasks.gateways.document_reader import DocumentReader
from tasks.instance import SAMPLE_PERSON

CHECKOUT = Path(__file__).resolve().parent.parent
EMAIL, PASSWORD = SAMPLE_PERSON, "en eksempelsetning"
INVOICES, DAYS = 500, 3 * 365
NAMES = (
    "Fjordutsikt Kafé AS", "Havgløtt Regnskap AS", "Nordvik Båtbyggeri AS", "Solsiden Tannklinikk AS",
    "Bryggen Sykkelverksted ENK", "Eksempel Arkitekter AS", "Lillevik Skole", "Ulriken Turlag", "Prøve Bakeri AS",
    "Vestkyst Foto ENK", "Sandviken Blomster AS", "Testdal Elektro AS", "Demo Advokater DA", "Fløyen Trykkeri AS",
    "Måløy Fiskeri Prøve AS", "Åsane Rørleggere Prøve AS", "Øygarden Hytter AS", "Stord Media Eksempel AS",
)  # fmt: skip
CONSUMERS = ("Kari Eksempel", "Ola Prøvesen", "Ingrid Demodatter", "Jens Testmann", "Åse Øverland Eksempel")
WORK = (
    ("Nettside, design", "HUR", "1250", "standard"), ("Logo og profil", "C62", "18500", "standard"),
    ("Fotografering, halv dag", "C62", "6800", "standard"), ("Tekst og korrektur", "HUR", "950", "standard"),
    ("Drift og vedlikehold", "MON", "1490", "standard"), ("Rådgivning", "HUR", "1400", "standard"),
    ("Trykk av brosjyrer", "C62", "12.5", "standard"), ("Fotobok", "C62", "449", "zero"),
    ("Kake til åpningen", "C62", "690", "middle"), ("Kurs i bildebruk", "DAY", "9800", "exempt"),
    ("Illustrasjon", "C62", "3400", "standard"), ("Reise, buss", "C62", "186", "low"),
    ("Nyhetsbrev, oppsett", "C62", "2900", "standard"), ("Skilt til vindu", "C62", "1850", "standard"),
    ("Videoredigering", "HUR", "1150", "standard"),
)  # fmt: skip


@dataclass(slots=True)
class _Made:
    """Who acts, for which company, and what there is to sell and to whom."""

    settings: Settings
    chance: random.Random
    person_id: UUID
    organisation_id: UUID
    customers: list[UUID]
    products: list[UUID]

    def at(self, day: date, hour: int = 9) -> None:
        """From now on it is this day."""
        moment = datetime.combine(day, time(hour, self.chance.randrange(60)), UTC)
        instance.begin(replace(self.settings, test_clock=moment))


async def make(settings: Settings, password: str = PASSWORD, count: int = INVOICES) -> None:
    """Fill an empty database with about `count` invoices; the same ones each time, ending yesterday.

    Raises NotEmpty when somebody has an account already.
    """
    instance.begin(settings)
    files.open_store(settings)
    printing.use(pdf_coverage.coverages)
    inbox.use(DocumentReader())
    async with unit_of_work(None) as work:
        if await work.connection.fetchval("select exists (select from person)"):
            raise NotEmpty
    last = now().date() - timedelta(days=1)
    try:
        made = await _company(settings, last - timedelta(days=DAYS), password)
        await _history(made, last, count)
        made.at(last, 18)
        await demo_credits.fill(made.organisation_id, made.person_id)
        await _drafts(made, last)
        await demo_quotes.make(
            made.organisation_id, made.person_id, last, lambda day, lines: _draft(made, day, lines), made.at
        )
        await demo_plans.make(made.organisation_id, made.person_id, last, lambda day, lines: _draft(made, day, lines))
        await _forget_documents(made)
        await demo_inbox.fill(made.organisation_id, made.person_id, last, made.at)
    finally:
        instance.begin(settings)
    if settings.shows_mailbox:
        await _letters_of_today(made)
        await demo_members.invite(made.organisation_id, made.person_id)


class NotEmpty(Exception):
    """There is data of somebody in the database."""


async def _company(settings: Settings, first_day: date, password: str) -> _Made:
    chance = random.Random(20260223)  # noqa: S311 - the same sample data each time
    person_id = new_id()
    made = _Made(settings, chance, person_id, person_id, [], [])
    made.at(first_day)
    async with unit_of_work(None, person_id) as work:
        moment = instance.settings().test_clock
        await work.connection.execute(_PERSON, person_id, EMAIL, await hash_password(password), moment)
    started = await sessions.start_session(person_id, None, None, ip="127.0.0.1", browser="")
    session = hash_of(started.cookie_value)
    assert session is not None
    made.organisation_id, other = await found(person_id, session, _COMPANY)
    await sessions.sign_out(person_id, hash_of(other.cookie_value) or b"", Client("127.0.0.1", ""))
    await demo_members.join(made.organisation_id)
    await _registers(made)
    return made


async def _registers(made: _Made) -> None:
    for number, name in enumerate((*NAMES, *CONSUMERS)):
        customer_id = new_id()
        is_business = number < len(NAMES)
        details = CustomerDetails(
            kind="business" if is_business else "consumer",
            name=name,
            organisation_number=_organisation_number(made.chance) if is_business else "",
            address_line1=f"Eksempelveien {number + 1}",
            postcode=f"50{number + 3:02d}",
            city="Bergen",
            email=f"post{number + 1}@kunde.example",
            due_days=made.chance.choice((None, None, 30)),
        )
        await customers.add(made.organisation_id, made.person_id, customer_id, details)
        made.customers.append(customer_id)
    abroad = CustomerDetails(
        kind="business", name="Beispiel Verlag GmbH", vat_number="DE136695976", address_line1="Musterstraße 1",
        postcode="10115", city="Berlin", country="DE", email="rechnung@beispiel.example", language="en", currency="EUR",
    )  # fmt: skip
    made.customers.append(new_id())
    await customers.add(made.organisation_id, made.person_id, made.customers[-1], abroad)
    for name, unit, price, treatment in WORK:
        made.products.append(new_id())
        details_of = ProductDetails(name, unit, Decimal(price), "NOK", treatment)
        await products.add(made.organisation_id, made.person_id, made.products[-1], details_of)
    gone, closed = new_id(), CustomerDetails(kind="business", name="Nedlagt Eksempel AS")
    await customers.add(made.organisation_id, made.person_id, gone, closed)
    await customers.archive(made.organisation_id, made.person_id, gone)


def _organisation_number(chance: random.Random) -> str:
    """A number with the right check digit, from the range that is never given out to anybody."""
    while True:
        base = f"8{chance.randrange(10**7):07d}"
        check = -sum(int(digit) * weight for digit, weight in zip(base, (3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if check < 10:
            return f"{base}{check}"


async def _history(made: _Made, last: date, count: int) -> None:
    """Invoices spread over the years, and what came of each: payments in the order of their days."""
    days = sorted(last - timedelta(days=made.chance.randrange(DAYS)) for _ in range(count))
    waiting: list[tuple[date, UUID, Decimal]] = []
    for day in days:
        waiting = await _pay(made, waiting, day)
        made.at(day)
        draft = _draft(made, day)
        totals = (await drafts.save(made.organisation_id, made.person_id, draft, Editing(0, new_id()))).totals
        done = await invoices.issue(made.organisation_id, made.person_id, draft.id, None, None, send=False)
        assert done.number is not None, done.refusals
        await _write_down_the_mail(made, draft.id, day, last)
        waiting += [(when, draft.id, amount) for when, amount in _settlement(made, day, totals.gross, last)]
    await _pay(made, waiting, last + timedelta(days=1))


async def _pay(
    made: _Made, waiting: list[tuple[date, UUID, Decimal]], until: date
) -> list[tuple[date, UUID, Decimal]]:
    for when, invoice_id, amount in sorted(entry for entry in waiting if entry[0] < until):
        made.at(when, 12)
        entry = payments.PaymentEntry(new_id(), amount, when, "Innbetaling")
        await payments.register(made.organisation_id, made.person_id, invoice_id, entry)
    return [entry for entry in waiting if entry[0] >= until]


def _settlement(made: _Made, day: date, gross: Decimal, last: date) -> list[tuple[date, Decimal]]:
    """Most pay in time, some late, some in parts, a few too much, and a few of the last months not at all."""
    late = made.chance.choice((8, 10, 12, 14, 14, 15, 20, 35, 60))
    when, luck = day + timedelta(days=late), made.chance.random()
    if when >= last or (day > last - timedelta(days=150) and luck < 0.12):
        return []
    if luck < 0.06:
        part = (gross / 2).quantize(Decimal(1))
        return [(when, part)] if luck < 0.02 else [(when, part), (min(when + timedelta(days=20), last), gross - part)]
    return [(when, gross + 100 if luck > 0.99 else gross)]


def _draft(made: _Made, day: date, lines: int | None = None) -> Draft:
    chance = made.chance
    customer = chance.randrange(len(made.customers))
    abroad = customer == len(made.customers) - 1
    return Draft(
        id=new_id(),
        customer_id=made.customers[customer],
        currency="EUR" if abroad else "NOK",
        exchange_rate=Decimal("11.70") if abroad else None,
        language="en" if abroad else "nb",
        delivery_from=day - timedelta(days=chance.randrange(1, 12)),
        due_days=chance.choice((10, 14, 14, 14, 30)),
        your_reference=chance.choice(("", "", "Kari", "Prosjekt 7", "Avd. Vest")),
        order_number=chance.choice(("", "", "", f"B-{chance.randrange(1000, 9999)}")),
        discount=Discount(Decimal(10)) if chance.random() < 0.06 else None,
        lines=tuple(_line(made, abroad) for _ in range(lines or chance.choice((1, 1, 2, 2, 3, 4)))),
    )


def _line(made: _Made, abroad: bool) -> DraftLine:
    number = made.chance.randrange(len(WORK))
    name, unit, price, treatment = WORK[number]
    quantity = made.chance.choice(("1", "2", "4", "7.5", "12", "0.5")) if unit in ("HUR", "DAY") else "1"
    return DraftLine(
        new_id(), name, Decimal(quantity), unit, Decimal(price) / (10 if abroad else 1),
        Decimal(made.chance.choice((0, 0, 0, 0, 15))), "export" if abroad else treatment,
        None if abroad else made.products[number],
    )  # fmt: skip


async def _write_down_the_mail(made: _Made, invoice_id: UUID, day: date, last: date) -> None:
    """As if it had been sent that day; a few of the newest did not arrive."""
    failed = day > last - timedelta(days=60) and made.chance.random() < 0.08
    state, problem = ("failed", "address_refused: 550 no such mailbox") if failed else ("sent", None)
    async with unit_of_work(made.organisation_id, made.person_id) as work:
        message_id = new_id()
        moment = instance.settings().test_clock
        await work.connection.execute(
            _MESSAGE, made.organisation_id, message_id, invoice_id, f"<{message_id}@eksempeldesign.example>", state,
            problem, moment, None if failed else moment,
        )  # fmt: skip
        await work.connection.execute(_DELIVERY, made.organisation_id, invoice_id, state)


async def _drafts(made: _Made, day: date) -> None:
    for lines in (1, 2, 3):
        draft, editing = _draft(made, day, lines), Editing(0, new_id())
        await drafts.save(made.organisation_id, made.person_id, draft, editing)
    await _attach(made, draft.id, editing)


async def _attach(made: _Made, invoice_id: UUID, editing: Editing) -> None:
    """The timesheet of an invoice."""
    sheet = attachments.Sent("Timeliste.csv", _TIMESHEET.encode())
    await attachments.add(made.organisation_id, made.person_id, invoice_id, [sheet], editing)


async def _forget_documents(made: _Made) -> None:
    """Documents of the past are made when somebody asks for them, not five hundred at the first start."""
    async with unit_of_work(made.organisation_id) as work:
        await work.connection.execute("delete from pgqueuer where entrypoint in ('render_invoice', 'make_einvoice')")
        await work.connection.execute("delete from einvoice")


async def _letters_of_today(made: _Made) -> None:
    """Issued with the real clock, and left to the worker."""
    for lines in (2, 3):
        draft, editing = _draft(made, now().date(), lines), Editing(0, new_id())
        await drafts.save(made.organisation_id, made.person_id, draft, editing)
        await _attach(made, draft.id, editing)
        await invoices.issue(made.organisation_id, made.person_id, draft.id, draft, editing, send=True)


_TIMESHEET = "Dag;Timer;Hva\nMandag;7,5;Skisser\nTirsdag;6;Møte og retting\nOnsdag;7,5;Ferdigstilling\n"
_COMPANY = Company(
    name="Eksempel Design ENK", form="ENK", organisation_number="810418052", vat_registered=True,
    foretaksregisteret=False, address_line1="Eksempelgaten 1", address_line2="", postcode="5003", city="Bergen",
    country="NO", email=EMAIL, phone="", bank_account="86011117947", iban="NO9386011117947", bic="", due_days=14,
    language="nb", currency="NOK", accent="#1f5c66", kid_length=10, yearly_numbers=False, first_number=1001,
)  # fmt: skip
_PERSON = """
insert into person (id, name, email, email_key, password_hash, language, email_confirmed_at, created_at)
values ($1, 'Eva Eksempel', $2, $2, $3, 'nb', $4, $4)
"""
_MESSAGE = """
insert into message (organisation_id, id, invoice_id, kind, recipient, message_id, state, attempts, problem, queued_at,
    tried_at, sent_at, maybe_twice)
select $1, $2, $3, 'invoice', buyer::jsonb ->> 'email', $4, $5, 1, $6, $7, $7, $8, false
from invoice where organisation_id = $1 and id = $3
"""
_DELIVERY = "update invoice set delivery_state = $3 where organisation_id = $1 and id = $2"


async def _run(settings: Settings, password: str) -> None:
    await open_pool(settings.database_url or "", 4)
    try:
        await make(settings, password)
    finally:
        await close_pool()


def main() -> int:
    """Make the sample company and say how to sign in; 0 also when there is data already, which is left alone."""
    settings = from_env(os.environ, CHECKOUT)
    # Everybody can read PASSWORD here, so it opens nothing that can be reached from elsewhere.
    password = PASSWORD if settings.is_loopback else secrets.token_urlsafe(12)
    try:
        asyncio.run(_run(settings, password))
    except NotEmpty:
        sys.stdout.write("The database has accounts already, so no sample company was made.\n")
        return 0
    sys.stdout.write(f"A sample company is ready. Sign in as {EMAIL} with the password: {password}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
