"""What a copy of somebody's data holds: decided column by column from the data map (GDPR Art. 15 and 20).

Pure: names of files, JSON Schemas with the meaning of each field, what is left out and why. A table that is added to the
data map is exported by that alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.privacy.classification import Basis, Category, Classification, Export
from domain.privacy.words import column_words, table_words

FORMAT = "smartfaktura-export"
FORMAT_VERSION = "1.0"
# What a file is called where the table's own name would say less.
NAMES = {
    "person": "account",
    "organisation": "business",
    "number_series": "numbering_ledger",
    "message": "emails_sent",
    "account_message": "account_emails",
    "acknowledgement": "policy_acceptances",
}
# The legal bases in the vocabulary of the W3C community group, so that a copy explains itself.
DPV = {Basis.CONTRACT: "eu-gdpr:A6-1-b", Basis.LAW: "eu-gdpr:A6-1-c", Basis.INTEREST: "eu-gdpr:A6-1-f"}
# What people gave us themselves; the rest was observed or made by the app.
GIVEN = frozenset({Category.ACCOUNT, Category.BUSINESS, Category.CUSTOMER, Category.INVOICE})
_NOT_IN_A_NAME = re.compile(r"[^0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Source:
    """One column as the schema has it; `kind` is its type: text, integer, decimal, boolean, date, moment, id, hash,
    data (JSON) or list."""

    column: str
    kind: str
    is_nullable: bool
    known: Classification


@dataclass(frozen=True, slots=True)
class Plan:
    """One table of the copy: its file, the columns in it and those left out."""

    table: str
    name: str
    columns: tuple[Source, ...]
    withheld: tuple[Source, ...]


def plan_of(table: str, sources: Iterable[Source]) -> Plan:
    """What of the table goes into the copy. With only keys left, nothing does."""
    known = list(sources)
    columns = tuple(source for source in known if source.known.export is not Export.NO)
    withheld = tuple(source for source in known if source.known.export is Export.NO)
    says_something = any(source.known.category is not Category.TECHNICAL for source in columns) or not withheld
    return Plan(table, NAMES.get(table, plural(table)), columns if says_something else (), withheld)


def plural(name: str) -> str:
    """invoice_line -> invoice_lines, company -> companies. Only names of files, so a rough rule will do."""
    if name.endswith("s"):
        return name
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "id": {"type": "string", "format": "uuid"},
    "hash": {"type": "string", "pattern": "^[0-9a-f]*$"},
    "data": {},
    "list": {"type": "array"},
}


def schema_of(plan: Plan) -> dict[str, Any]:
    """JSON Schema 2020-12 of the plan's file: a list of rows, each field with its meaning, purpose and basis."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table_words(plan.table),
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": [source.column for source in plan.columns],
            "properties": {source.column: _property(source) for source in plan.columns},
        },
    }


def _property(source: Source) -> dict[str, Any]:
    shape = dict(_TYPES[source.kind])
    if source.is_nullable and "type" in shape:
        shape["type"] = [shape["type"], "null"]
    known = source.known
    return {
        **shape,
        "description": column_words(source.column),
        "x-category": known.category.value,
        "x-purpose": known.purpose.value,
        "x-legal-basis": DPV[known.basis],
        "x-retention": known.retention.value,
        "portable": known.category in GIVEN,
    }


def withheld(plans: Iterable[Plan], without_person: Iterable[str]) -> list[dict[str, str]]:
    """What is not in the copy, and why. Never silent."""
    secrets: list[str] = []
    derived: list[str] = []
    for plan in plans:
        for source in plan.withheld:
            is_secret = source.known.category is Category.SECRET
            (secrets if is_secret else derived).append(f"{plan.table}.{source.column}")
    found = [
        {"what": ", ".join(secrets), "why": "secrets that protect the account, GDPR Art. 32; kept only as hashes"},
        {"what": ", ".join(derived), "why": "sums and indexes that are made from data in this copy"},
        {"what": ", ".join(without_person), "why": "names nobody: there is nothing that ties it to a person"},
        {
            "what": "names of other members",
            "why": "the rights of others, GDPR Art. 15(4)",
            "how": "they appear as random ids only",
        },
    ]
    return [entry for entry in found if entry["what"]]


def coming_in(plans: Iterable[Plan], taken: Iterable[str], stays: Mapping[str, str]) -> dict[str, Any]:
    """Which files of a company's copy can be brought into another company, and why the others can not."""
    known, held = [plan for plan in plans if plan.columns], frozenset(taken)
    return {
        "brought_in": [f"data/{plan.name}.json" for plan in known if plan.table in held],
        "left": [
            {"what": f"data/{plan.name}.json", "why": stays[plan.table]} for plan in known if plan.table not in held
        ],
    }


def document_name(number: str, kind: str) -> str:
    """Where an invoice's file lies in the copy. Nothing of a number can lead out of the folder."""
    suffix = {"pdf": "pdf"}.get(kind, "xml")
    middle = "" if kind in ("pdf", "xml", "ehf") else f".{_NOT_IN_A_NAME.sub('-', kind)}"
    return f"invoices/{_NOT_IN_A_NAME.sub('-', number) or 'invoice'}{middle}.{suffix}"


_MAGIC = ((b"%PDF", "pdf"), (b"\x89PNG", "png"), (b"\xff\xd8", "jpg"), (b"<", "xml"), (b"PK", "zip"))
_SHEETS = ((b"opendocument.spreadsheet", "ods"), (b"xl/", "xlsx"))


def extension(beginning: bytes) -> str:
    """What kind of file begins like this. Plain text is a CSV: no other is taken anywhere."""
    kind = next((name for magic, name in _MAGIC if beginning.startswith(magic)), "")
    if kind == "zip":
        return next((name for mark, name in _SHEETS if mark in beginning), kind)
    return kind or ("bin" if b"\0" in beginning else "csv")
