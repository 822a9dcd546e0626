"""What is measured, and how many yardsticks each may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bench.client import YARDSTICK, Target
from bench.company import COMMON_WORD, RARE, Bench
from models.queries.keyset import Place

MOST_F = {"list": 3.0, "search": 4.0, "open": 2.0, "home": 5.0, "create and issue": 5.0, "PDF again": 2.0}
YARD = Target("F", [YARDSTICK])
ISSUE = "create and issue"


@dataclass(frozen=True, slots=True)
class Targets:
    """Reading is safe to repeat; issuing makes invoices."""

    reading: list[Target]
    issuing: Target


def goal_of(name: str) -> float | None:
    """By the words before the colon; None for the yardstick itself."""
    return MOST_F.get(name.partition(":")[0])


async def targets_for(connection: Any, company: Bench, csrf_token: str) -> Targets:
    """Addresses in this company. `connection` is the owner's."""
    some = await connection.fetch(_SOME, company.id)
    middle = await connection.fetchrow(_MIDDLE, company.id)
    paths = [f"/invoices/{row['id']}" for row in some]
    listed = [
        Target("list", ["/invoices"]),
        Target("list: overdue", ["/invoices?state=overdue"]),
        Target("list: paid", ["/invoices?state=paid"]),
        Target("list: far down", [f"/invoices?{urlencode({'after': Place(middle['listed_at'], middle['id'])})}"]),
        Target("list: a customer", [f"/invoices?customer={customer.id}" for customer in company.customers[:50]]),
    ]
    return Targets(
        [
            *listed,
            _search("rare name", [RARE]),
            _search("common word", [COMMON_WORD]),
            _search("two words", ["nord bygg", "fjell as", "berg kafe"]),
            _search("number", [row["number"] for row in some]),
            _search("amount", [f"{row['gross']:,}".replace(",", " ").replace(".", ",") for row in some]),
            _search("KID", [row["kid"] for row in some]),
            _search("nothing", ["finnesikke"]),
            Target("search: everywhere", [f"/search?{urlencode({'q': _first_name(company, n)})}" for n in range(20)]),
            Target("open", paths),
            Target("home", ["/"]),
            Target("PDF again", [f"{path}/pdf" for path in paths]),
        ],
        Target(ISSUE, ["/invoices/{new}/issuance"], _form(company, csrf_token), 303),
    )


def _first_name(company: Bench, n: int) -> str:
    """A word that this company's customers are called by, so that small and large ones find as many things."""
    return company.customers[n].party.name.partition(" ")[0]


def _search(name: str, queries: list[str]) -> Target:
    return Target(f"search: {name}", [f"/invoices?{urlencode({'q': query})}" for query in queries])


def _form(company: Bench, csrf_token: str) -> str:
    """The editor's whole form: three lines, to be sent by e-mail. `{new}` is left as it is for the client."""
    fields = {
        "_csrf_token": csrf_token, "version": "0", "send": "1", "customer_id": str(company.customers[0].id),
        "customer": company.customers[0].party.name, "currency": "NOK", "language": "nb", "due_days": "14",
        "delivery_from": "2026-01-15", "delivery_to": "", "delivery_place": "", "due_on": "", "our_reference": "",
        "your_reference": "Ola Nordmann", "order_number": "4711", "note": "Takk for handelen!",
        "discount_percent": "", "discount_amount": "", "exchange_rate": "",
    }  # fmt: skip
    for index, (product_id, name, unit, price, treatment) in enumerate(company.products[:3]):
        values = {
            "id": "", "product_id": str(product_id), "description": name, "quantity": "3", "unit": unit,
            "unit_price": str(price).replace(".", ","), "discount_percent": "", "treatment": treatment,
        }  # fmt: skip
        fields |= {f"lines.{index}.{field}": value for field, value in values.items()}
    return urlencode(fields) + "&editor={new}"


_SOME = """
select i.id, i.number, i.gross, i.kid from invoice i
join invoice_file f on f.organisation_id = i.organisation_id and f.invoice_id = i.id
where i.organisation_id = $1 and i.counter % 17 = 3 order by i.counter desc limit 300
"""
_MIDDLE = """
select listed_at, id from invoice where organisation_id = $1 order by counter
offset (select count(*) / 2 from invoice where organisation_id = $1) limit 1
"""
