"""The ZIP with somebody's data: every row of one moment, the documents as they are archived, and what it all means.

Rows and documents go through in small pieces, so the memory it takes does not grow with the company.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import itertools
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import msgspec

from actions import data_export_pages as pages
from actions import files
from actions.instance import settings
from actions.zip_file import Writing, ZipFile
from domain.cells import safe_text
from domain.policy import SHELVES
from domain.privacy.authorities import OURS, Authority
from domain.privacy.export import (
    FORMAT,
    FORMAT_VERSION,
    Plan,
    coming_in,
    document_name,
    extension,
    schema_of,
    withheld,
)
from domain.privacy.importing import STAYS, TAKEN
from models.queries.data_exports import ExportView, company_rows, document_rows, own_rows, plans, vat_rows
from models.unit_of_work import Work, snapshot

Row = Mapping[str, Any]
Progress = Callable[[int], Awaitable[None]]
BATCH = 500
VAT_COLUMNS = ("currency", "kind", "category", "rate", "base", "vat", "documents")


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a copy, and where its rows come from."""

    plan: Plan
    rows: Callable[[Work], AsyncIterator[Row]]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose copy it is: what goes in, and what it says of itself. `documents` is None when there are no invoices in it;
    `manifest` is who asked, about whom, and who answers."""

    organisation_id: UUID | None
    person_id: UUID | None
    parts: tuple[Part, ...]
    documents: Callable[[Work], AsyncIterator[Row]] | None
    with_vat: bool
    withheld: list[dict[str, str]]
    about: pages.About
    manifest: Mapping[str, Any]


@dataclass(slots=True)
class Contents:
    """What has gone into the ZIP so far."""

    scope: Scope
    at: datetime
    counts: dict[str, int] = field(default_factory=dict)
    schemas: dict[str, str] = field(default_factory=dict)  # file -> its schema
    missing: list[str] = field(default_factory=list)
    snapshot: str = ""


def of_account(export: ExportView, authority: Authority = OURS) -> Scope:
    """A copy of an account, and of its company where it may take that along. `authority` is where to complain."""
    own, company, tied_to_nobody = plans(export.company_id)
    operator = settings().operator
    return Scope(
        organisation_id=export.company_id,
        person_id=export.person_id,
        parts=(
            *(Part(plan, lambda work, plan=plan: own_rows(work, plan, export.person_id)) for plan in own),  # type: ignore[misc]
            *(Part(plan, lambda work, plan=plan: company_rows(work, plan)) for plan in company),  # type: ignore[misc]
        ),
        documents=document_rows if export.company_id else None,
        with_vat=export.company_id is not None,
        withheld=withheld([*own, *company], tied_to_nobody),
        about=pages.About(authority=authority),
        manifest={
            "request": str(export.id),
            "kind": "access+portability",
            "subject": {"kind": "account_holder", "ref": str(export.person_id)},
            "company": export.company_id,
            "controller": f"{operator.legal_name}, {operator.organisation_number}",
            **({"import": coming_in(company, TAKEN, STAYS)} if company else {}),
        },
    )


async def write(path: Path, scope: Scope, at: datetime, progress: Progress) -> dict[str, int]:
    """Write the ZIP to `path`; the number of rows in each file. Raises StoreUnavailable."""
    found = Contents(scope, at)
    with tempfile.TemporaryFile(dir=path.parent) as documents, ZipFile(path, at) as zip_file:
        await _write_rows(zip_file, found, documents, progress)
        await _write_documents(zip_file, found, documents, progress)
        await asyncio.to_thread(_write_meaning, zip_file, found)
    return found.counts


def measure(path: Path) -> tuple[bytes, int]:
    """SHA-256 and size of a finished ZIP."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest(), path.stat().st_size


async def _write_rows(zip_file: ZipFile, found: Contents, documents: IO[bytes], progress: Progress) -> None:
    """Every row as of one moment; which documents there are goes to a file for later, outside the transaction."""
    todo = [part for part in found.scope.parts if part.plan.columns]
    async with snapshot(found.scope.organisation_id, found.scope.person_id) as work:
        found.snapshot = await work.connection.fetchval("select pg_current_snapshot()::text")
        for at, part in enumerate(todo):
            await _write_table(zip_file, found, part.plan, part.rows(work), documents)
            await progress(60 + 15 * (at + 1) // len(todo))
        if found.scope.with_vat:
            await _write_vat(zip_file, found, work)
        if found.scope.documents is not None:
            async for batch in _batches(found.scope.documents(work)):
                await asyncio.to_thread(_note_documents, documents, batch)


async def _write_table(
    zip_file: ZipFile, found: Contents, plan: Plan, rows: AsyncIterator[Row], documents: IO[bytes]
) -> None:
    """One table as JSON with its schema, and the same rows as CSV. The hashes of pictures and files are noted."""
    hashes = [
        source.column for source in plan.columns if source.column.endswith("sha256") and plan.table not in _NO_FILES
    ]
    count = 0
    with tempfile.TemporaryFile(dir=settings().data_dir / "tmp") as sheet:
        with zip_file.open(f"data/{plan.name}.json") as file:
            table = _Table(plan, file, sheet)
            async for batch in _batches(rows):
                await asyncio.to_thread(table.add, batch)
                await asyncio.to_thread(_note_pictures, documents, plan, hashes, batch)
                count += len(batch)
            table.end()
        await asyncio.to_thread(_copy, zip_file, f"csv/{plan.name}.csv", sheet)
    schema = f"schema/{plan.name}.schema.json"
    zip_file.add(schema, _pretty(schema_of(plan)))
    found.schemas[f"data/{plan.name}.json"] = schema
    found.counts[plan.name] = count


class _Table:
    """The rows of one table on their way to both formats."""

    def __init__(self, plan: Plan, file: Writing, sheet: IO[bytes]) -> None:
        self._plan, self._file, self._sheet = plan, file, sheet
        self._between = b"["
        self._write_cells([[source.column for source in plan.columns]], beginning=b"\xef\xbb\xbf")

    def add(self, rows: list[Row]) -> None:
        values = [[_value(row[source.column], source.kind) for source in self._plan.columns] for row in rows]
        names = [source.column for source in self._plan.columns]
        for row in values:
            self._file.write(self._between + b"\n" + _encode(dict(zip(names, row, strict=True))))
            self._between = b","
        self._write_cells([[_cell(value) for value in row] for row in values])

    def end(self) -> None:
        self._file.write(b"[]\n" if self._between == b"[" else b"\n]\n")

    def _write_cells(self, rows: list[list[str]], beginning: bytes = b"") -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        self._sheet.write(beginning + text.getvalue().encode())


async def _write_vat(zip_file: ZipFile, found: Contents, work: Work) -> None:
    rows = [{name: row[name] for name in VAT_COLUMNS} for row in await vat_rows(work)]
    zip_file.add("data/vat_summary.json", _encode(rows))
    found.counts["vat_summary"] = len(rows)


async def _write_documents(zip_file: ZipFile, found: Contents, noted: IO[bytes], progress: Progress) -> None:
    """Each archived document, byte for byte, and the pictures; a file that is gone is named in the manifest."""
    noted.seek(0)
    total = max(1, sum(1 for _ in noted))
    noted.seek(0)
    written: set[bytes] = set()
    names: list[dict[str, str]] = []
    with tempfile.TemporaryFile("w+", dir=settings().data_dir / "tmp", encoding="utf-8") as table:
        for at, line in enumerate(noted):
            note = msgspec.json.decode(line)
            sha256 = bytes.fromhex(note["sha256"])
            if note.get("number"):
                name = zip_file.free_name(document_name(note["number"], note["kind"]))
                path = await _copy_file(zip_file, found, lambda _, name=name: name, sha256)  # type: ignore[misc]
                if path and note["kind"] == "pdf":
                    table.write(pages.invoice_row(note, path))
            elif sha256 not in written:
                written.add(sha256)
                path = await _copy_attachment(zip_file, found, sha256)
                names.append({"path": path, "of": note["of"], "id": note["id"]})
            if at % 50 == 0:
                await progress(75 + 24 * at // total)
        zip_file.add("attachments/attachments.json", _pretty(names))
        if found.scope.documents is not None:
            _write_invoices_page(zip_file, table)


def _write_invoices_page(zip_file: ZipFile, table: IO[str]) -> None:
    table.seek(0)
    with zip_file.open("invoices.html") as page:
        page.write(pages.invoices_head().encode())
        while piece := table.read(64 * 1024):
            page.write(piece.encode())
        page.write(pages.invoices_foot().encode())


async def _copy_attachment(zip_file: ZipFile, found: Contents, sha256: bytes) -> str:
    """Named by its hash and by what it begins with, never by what somebody called it."""
    name = f"attachments/{sha256.hex()}"
    return await _copy_file(zip_file, found, lambda beginning: f"{name}.{extension(beginning)}", sha256)


async def _copy_file(zip_file: ZipFile, found: Contents, name: Callable[[bytes], str], sha256: bytes) -> str:
    """The file's place in the ZIP; empty when the store does not have it. A damaged one is kept and named."""
    assert found.scope.organisation_id is not None
    pieces = files.chunks(found.scope.organisation_id, sha256)
    try:
        piece = await anext(pieces)
    except (files.FileMissing, files.FileDamaged):
        found.missing.append(sha256.hex())
        return ""
    path = name(piece)
    with zip_file.open(path) as file:
        await asyncio.to_thread(file.write, piece)
        try:
            async for more in pieces:
                await asyncio.to_thread(file.write, more)
        except files.FileDamaged:
            found.missing.append(path)
    return path


def _write_meaning(zip_file: ZipFile, found: Contents) -> None:
    """What it is, why it is kept, how to read and check it. The sums come last: they cover everything else."""
    about = found.scope.about
    zip_file.add("processing-info.json", _pretty(pages.processing_info(about)))
    zip_file.add("processing-info.html", pages.processing_page(about).encode())
    zip_file.add("README.txt", pages.README.encode())
    zip_file.add("style.css", pages.STYLE.encode())
    has_invoices = found.scope.documents is not None
    zip_file.add("index.html", pages.index(found.at, found.counts, found.scope.withheld, has_invoices, about))
    _write_manifest(zip_file, found)
    with zip_file.open("SHA256SUMS") as file:
        for entry in zip_file.entries:
            file.write(f"{entry.sha256}  {entry.path}\n".encode())


def _write_manifest(zip_file: ZipFile, found: Contents) -> None:
    """The list of files comes last, entry by entry: it is as long as there are documents."""
    beginning = _pretty(_manifest(found)).rstrip().removesuffix(b"}").rstrip()
    with zip_file.open("manifest.json") as file:
        file.write(beginning + b',\n  "files": [')
        for at, entry in enumerate(zip_file.entries):
            described = _described(entry.path, entry.sha256, entry.size, found)
            file.write((b",\n    " if at else b"\n    ") + _encode(described))
        file.write(b"\n  ]\n}\n")


def _manifest(found: Contents) -> dict[str, Any]:
    missing = (
        [{"what": ", ".join(found.missing), "why": "the file is not in the store, or damaged there"}]
        if found.missing
        else []
    )
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "generated_at": found.at,
        "policy_version": SHELVES["privacy"].in_force(found.at.date()).name,
        **found.scope.manifest,
        "snapshot": {"isolation": "repeatable read", "txid_snapshot": found.snapshot},
        "counts": found.counts,
        "withheld": [*found.scope.withheld, *missing],
    }


def _described(path: str, sha256: str, size: int, found: Contents) -> dict[str, Any]:
    entry: dict[str, Any] = {"path": path, "sha256": sha256, "bytes": size}
    name = path.removeprefix("data/").removesuffix(".json")
    if path.startswith("data/"):
        entry |= {"rows": found.counts[name]}
    if path in found.schemas:
        entry |= {"schema": found.schemas[path]}
    return entry


# Hashes in these name no file of their own: documents come with their numbers, a copy is not inside itself.
_NO_FILES = ("invoice_file", "data_export")


def _note_documents(noted: IO[bytes], rows: list[Row]) -> None:
    for row in rows:
        note = {name: row[name] for name in ("number", "issued_on", "customer_name", "gross", "currency", "kind")}
        noted.write(_encode({**note, "sha256": row["sha256"].hex()}) + b"\n")


def _note_pictures(noted: IO[bytes], plan: Plan, hashes: list[str], rows: list[Row]) -> None:
    for row, column in itertools.product(rows, hashes):
        if row[column]:
            key = "id" if "id" in row else plan.columns[0].column
            of = {"of": f"{plan.table}.{column}", "id": str(row[key])}
            noted.write(_encode({"sha256": row[column].hex(), **of}) + b"\n")


def _copy(zip_file: ZipFile, path: str, sheet: IO[bytes]) -> None:
    sheet.seek(0)
    with zip_file.open(path) as file:
        while piece := sheet.read(64 * 1024):
            file.write(piece)


async def _batches(rows: AsyncIterator[Row]) -> AsyncIterator[list[Row]]:
    batch: list[Row] = []
    async for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _value(value: Any, kind: str) -> Any:
    """As JSON has it: hashes in hexadecimal, stored JSON as it is; amounts become text, never floats."""
    if isinstance(value, bytes):
        return value.hex()
    if kind == "data" and isinstance(value, str):
        return msgspec.Raw(value.encode())
    return value


def _cell(value: Any) -> str:
    """As a spreadsheet has it, and never as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | int | UUID):
        return str(value)
    return safe_text(value if isinstance(value, str) else _encode(value).decode())


def _encode(value: Any) -> bytes:
    return msgspec.json.encode(value)


def _pretty(value: Any) -> bytes:
    return msgspec.json.format(_encode(value), indent=2) + b"\n"
