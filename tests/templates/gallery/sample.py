"""Believable figures for the gallery: a small Norwegian design studio in November 2026."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace as View


@dataclass(frozen=True)
class Actor:
    name: str = "Ingrid Solbakken"
    is_operator: bool = False
    email: str = "ingrid@nordlysdesign.example"
    organisation_name: str = "Nordlys Design AS"
    role: str = "owner"
    language: str = "nb"


@dataclass(frozen=True)
class Flash:
    kind: str
    text: str
    undo_action: str | None = None
    undo_label: str | None = None


@dataclass(frozen=True)
class Form:
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


CUSTOMERS = [
    "Fjellheim Kaffebrenneri AS",
    "Bergen Båtbyggeri",
    "Hansen & Lie Arkitekter AS",
    "Kari Nordmann",
    "Lofoten Sjømat SA",
    "Tromsø Yogastudio",
    "Müller Möbelwerkstatt GmbH",
    "Oslo Sykkelverksted AS",
]
STATES = ["open", "overdue", "paid", "draft", "paid", "part", "paid", "credited"]
AMOUNTS = ["18750.00", "4200.00", "62312.50", "9875.00", "1249.00", "133000.00", "24500.00", "-4200.00"]


def invoice_rows(count: int) -> list[View]:
    day = date(2026, 11, 20)
    return [
        View(
            id=f"01935c2e-7b1a-7c3d-9e4f-{n:012x}",
            number=None if STATES[n % 8] == "draft" else 1042 - n,
            customer=CUSTOMERS[n % 8],
            issued=day - timedelta(days=n * 3),
            due=day - timedelta(days=n * 3 - 14),
            state=STATES[n % 8],
            amount=Decimal(AMOUNTS[n % 8]),
        )
        for n in range(count)
    ]


MONTHS = [
    ("des", "desember 2025", 84),
    ("jan", "januar 2026", 61),
    ("feb", "februar 2026", 97),
    ("mar", "mars 2026", 122),
    ("apr", "april 2026", 74),
    ("mai", "mai 2026", 131),
    ("jun", "juni 2026", 142),
    ("jul", "juli 2026", 38),
    ("aug", "august 2026", 88),
    ("sep", "september 2026", 118),
    ("okt", "oktober 2026", 156),
    ("nov", "november 2026", 103),
]


def months() -> list[View]:
    return [
        View(label=label, full=full, value=Decimal(k * 1000), text=f"{k} 000,00 NOK", now=label == "nov")
        for label, full, k in MONTHS
    ]


AGES = [
    View(label="Ikke forfalt", value=Decimal("151750"), text="151 750,00 NOK", tone=""),
    View(label="1–14 dager over", value=Decimal("28700"), text="28 700,00 NOK", tone="overdue"),
    View(label="15–30 dager over", value=Decimal("9875"), text="9 875,00 NOK", tone="overdue"),
    View(label="Mer enn 30 dager", value=Decimal("0"), text="0,00 NOK", tone="overdue"),
]

LINES = [
    View(
        id="l1",
        text="Logo og visuell profil",
        note="Skisser, to runder med endringer, leveranse i alle formater",
        quantity=Decimal(1),
        unit="stk",
        price=Decimal("24000.00"),
        discount=Decimal(0),
        vat=Decimal(25),
        net=Decimal("24000.00"),
    ),
    View(
        id="l2",
        text="Nettsider, design og bygging",
        note="",
        quantity=Decimal("37.5"),
        unit="timer",
        price=Decimal("1150.00"),
        discount=Decimal(10),
        vat=Decimal(25),
        net=Decimal("38812.50"),
    ),
    View(
        id="l3",
        text="Trykte visittkort, 300 g",
        note="",
        quantity=Decimal(500),
        unit="stk",
        price=Decimal("2.90"),
        discount=Decimal(0),
        vat=Decimal(25),
        net=Decimal("1450.00"),
    ),
]


def at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


TIMELINE = [
    View(
        icon="banknote",
        text="20 000,00 NOK betalt",
        at=at(22, 9, 14),
        by="registrert av Ingrid Solbakken",
        tone="paid",
    ),
    View(icon="eye", text="Åpnet av kunden", at=at(20, 13, 2), by=None, tone=""),
    View(icon="mail", text="Levert til post@fjellheim.example", at=at(20, 10, 31), by=None, tone="accent"),
    View(icon="send", text="Sendt på e-post", at=at(20, 10, 30), by="Ingrid Solbakken", tone="accent"),
    View(icon="file-text", text="Utstedt med nummer 1042", at=at(20, 10, 30), by="Ingrid Solbakken", tone=""),
]

TABS = [
    View(href="/invoices", label="Alle", count=None, current=True),
    View(href="/invoices?state=draft", label="Utkast", count=3, current=False),
    View(href="/invoices?state=open", label="Ubetalt", count=12, current=False),
    View(href="/invoices?state=overdue", label="Forfalt", count=4, current=False),
    View(href="/invoices?state=paid", label="Betalt", count=482, current=False),
]

CUSTOMER_FORM = Form(
    values={
        "name": "Fjellheim Kaffebrenneri AS",
        "number": "912 345 678",
        "email": "post@fjellheim",
        "country": "NO",
        "city": "Bergen",
        "postcode": "5003",
        "street": "Skuteviksboder 12",
        "terms": "14",
        "kind": "business",
        "einvoice": "on",
    },
    errors={
        "number": ["Organisasjonsnummeret stemmer ikke. Se etter en skrivefeil."],
        "email": ["E-postadressen mangler en ende, for eksempel .no."],
    },
)

PUBLIC: dict[str, object] = {"layout": "layouts/public.html", "actor": None, "csrf_token": ""}

PAGES: dict[str, dict[str, object]] = {
    "home": {"path": "/", "months": months(), "ages": AGES},
    "invoices": {"path": "/invoices", "rows": invoice_rows(12), "tabs": TABS},
    "editor": {"path": "/invoices/7/edit", "lines": LINES, "form": Form(), "customer": "Fjellheim Kaffebrenneri AS"},
    "editor_new": {
        "path": "/invoices/new",
        "lines": LINES[:1],
        "form": Form(),
        "customer": None,
        "template": "editor.html",
    },
    "payments": {"path": "/payments", "rows": invoice_rows(6)},
    "invoice": {
        "path": "/invoices/1042",
        "lines": LINES,
        "events": TIMELINE,
        "flash": Flash("done", "Faktura 1042 er sendt til post@fjellheim.example."),
    },
    "hosted": {**PUBLIC, "path": "/i/x", "lines": LINES},
    "customer": {"path": "/customers/new", "form": CUSTOMER_FORM},
    "customers_empty": {
        "path": "/customers",
        "flash": Flash("done", "Kari Nordmann er lagt i arkivet.", "/customers/7/archive/undo", "Angre"),
    },
    "payment": {"path": "/payments/new", "form": Form(values={"amount": "42 937,50", "date": "23.11.2026"})},
    "sign_in": {
        **PUBLIC,
        "path": "/sign-in",
        "form": Form(
            values={"email": "ingrid@nordlysdesign.example"},
            errors={"": ["E-posten eller passordet stemmer ikke. Prøv igjen, eller lag et nytt passord."]},
        ),
    },
    "landing": {**PUBLIC, "path": "/"},
    "mailbox": {"path": "/mailbox"},
    "legal": {**PUBLIC, "path": "/privacy"},
    "components": {"path": "/components", "form": Form()},
}
