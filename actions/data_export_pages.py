"""The readable part of a copy of data: pages in Bokmål and English that need no network, no script and no program.

Both languages stand side by side, since nobody knows who will read the copy and when.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.instance import settings
from domain.privacy import words
from domain.privacy.authorities import OURS, Authority
from domain.privacy.record import MEASURES, TRANSFERS, controller_record, controller_rows
from domain.privacy.register import Subject
from models.register import register

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
README = """SMARTFAKTURA: KOPI AV DATA / COPY OF DATA

Norsk
  Åpne index.html i en nettleser. Ingenting hentes fra nettet.
  data/      alle radene som JSON, beskrevet av skjemaene i schema/
  csv/       de samme radene for regneark. Tekst som et regneark ville tatt for en formel, har en apostrof foran.
  invoices/  de arkiverte dokumentene, byte for byte
  Kontroller at ingenting er endret:  sha256sum -c SHA256SUMS

English
  Open index.html in a browser. Nothing is fetched from the network.
  data/      all rows as JSON, described by the schemas in schema/
  csv/       the same rows for spreadsheets. Text that would be taken for a formula has an apostrophe before it.
  invoices/  the archived documents, byte for byte
  Check that nothing was changed:  sha256sum -c SHA256SUMS
"""
STYLE = """html { font: 1rem/1.5 system-ui, sans-serif; color-scheme: light dark; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8885; text-align: start; vertical-align: top; }
.num { text-align: end; font-variant-numeric: tabular-nums; }
"""


@dataclass(frozen=True, slots=True)
class About:
    """Who answers for the data when it is a company's about one of its customers: its name and where to write.
    Both empty: it is the operator's own. `authority` is where to complain."""

    company: str = ""
    contact: str = ""
    authority: Authority = OURS


def index(
    at: datetime, counts: Mapping[str, int], withheld: list[dict[str, str]], has_invoices: bool, about: About
) -> bytes:
    """The first page: every file, what was left out, and where to read on."""
    return _render(
        "index.html", at=at, counts=counts, withheld=withheld, has_invoices=has_invoices, about=about,
        operator=settings().operator,
    ).encode()  # fmt: skip


def invoices_head() -> str:
    """The page of invoices up to its first row: it is written in pieces, since a company may have very many."""
    return _render("invoices_head.html")


def invoice_row(note: Mapping[str, Any], path: str) -> str:
    """One invoice or credit note, linked to its PDF at `path` within the ZIP."""
    return _render("invoice_row.html", note=note, path=path)


def invoices_foot() -> str:
    """What ends the page."""
    return _render("invoices_foot.html")


def processing_info(about: About) -> dict[str, Any]:
    """What Art. 15(1) and (2) ask to be told: purposes, categories, recipients, periods, rights, source, and so on."""
    operator = settings().operator
    ours = f"{operator.legal_name}, {operator.organisation_number}, {operator.address}"
    return {
        "controller": about.company or ours,
        "processor": ours if about.company else "",
        "contact": about.contact if about.company else operator.privacy_email,
        "processing": [*_activities(about)],
        "transfers": TRANSFERS,
        "measures": list(MEASURES),
        "rights": list(RIGHTS),
        "complaint": about.authority.shown,
        "source": SOURCE_OF_CUSTOMERS if about.company else SOURCE,
        "automated_decisions": AUTOMATED,
    }


def _activities(about: About) -> Iterator[dict[str, str]]:
    """What is done with the data. A company's customers hear what is done with customers' data, and for whom."""
    for entry, row in zip(
        controller_record(register(), settings()), controller_rows(register(), settings(), str), strict=True
    ):
        if not about.company:
            yield row
        elif Subject.CUSTOMER in entry.activity.subjects:
            yield row | {"controller": about.company, "contact": about.contact}


def processing_page(about: About) -> str:
    """The same as `processing_info`, to be read."""
    return _render("processing.html", info=processing_info(about), words=words)


RIGHTS = (
    "access (Art. 15)",
    "rectification (Art. 16)",
    "erasure (Art. 17)",
    "restriction (Art. 18)",
    "data portability (Art. 20)",
    "objection (Art. 21)",
    "withdrawal of consent at any time (Art. 7(3))",
)
SOURCE = "From the account holder and the members of the company; addresses of companies from public registers."
SOURCE_OF_CUSTOMERS = "From you and from the company itself; addresses of companies from public registers."
AUTOMATED = "None. No decision about a person is made by the software alone, and there is no profiling."


def _render(name: str, **context: Any) -> str:
    return _environment().get_template(f"exports/{name}").render(**context)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
