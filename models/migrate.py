"""Bring the database to the newest migration: all of them or none, one process at a time.

`python -m models.migrate` reads the owner's address from SMARTFAKTURA_MIGRATION_DATABASE_URL.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import sys
from datetime import date, datetime
from pathlib import Path

import asyncpg

from models.engine import DB

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7226001  # any number, the same in every process


# Wrong in the address, not in the database: the name, the password, the role, or nobody lets us in yet.
_NO_ENTRY = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
)


class Unreachable(Exception):
    """There is no way into the database; the words are the driver's reason."""


def expected_ids() -> set[str]:
    """The ids of the migrations in this version of the app, read without importing them."""
    texts = (path.read_text(encoding="utf-8") for path in MIGRATIONS.glob("*_*.py"))
    return {found[1] for text in texts if (found := re.search(r'^ID = "(.+)"$', text, re.MULTILINE))}


async def is_at_head(database_url: str) -> bool:
    """Has the database every migration of this version? Cheap: one query."""
    connection = await _connect(database_url)
    try:
        return expected_ids() <= await _done(connection)
    finally:
        await connection.close()


async def migrate(owner_url: str) -> bool:
    """Run what is missing as the owner; says whether anything ran. A failure leaves the database as it was."""
    if await is_at_head(owner_url):
        return False
    DB.config = {"dsn": owner_url}
    async with DB.transaction() as transaction:
        await transaction.connection.execute("set local lock_timeout = '10s'")
        await transaction.connection.execute("select pg_advisory_xact_lock($1)", LOCK)
        await transaction.connection.execute(_APP_ROLE)
        await _forwards()
        await transaction.connection.execute(_READ_MIGRATIONS)
    return True


async def set_legal_day(owner_url: str, day: date | None) -> None:
    """Let the database, which asks its own clock what the law still keeps, tell the day of a test clock; with None its
    own again. Only who owns the database can do this."""
    body = f"select date '{day}'" if day else "select current_date"
    connection = await asyncpg.connect(owner_url)
    try:
        if await connection.fetchval("select prosrc from pg_proc where proname = 'legal_today'") != body:
            await connection.execute(
                f"create or replace function legal_today() returns date language sql stable as $${body}$$"
            )
    finally:
        await connection.close()


async def _connect(url: str) -> asyncpg.Connection:
    try:
        return await asyncpg.connect(url)
    except (OSError, ValueError, *_NO_ENTRY) as error:
        raise Unreachable(getattr(error, "strerror", None) or str(error)) from error


async def _done(connection: asyncpg.Connection) -> set[str]:
    try:
        return {row["name"] for row in await connection.fetch("select name from migration")}
    except asyncpg.UndefinedTableError:
        return set()


async def _forwards() -> None:
    # Imported late: reading all migrations takes longer than a start at head should.
    os.environ.setdefault("PICCOLO_CONF", "piccolo_conf")
    from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager

    with contextlib.redirect_stdout(io.StringIO()):
        result = await ForwardsMigrationManager(app_name="smartfaktura").run()
    if not result.success:
        raise RuntimeError(result.message)


_APP_ROLE = """
do $$ begin
    if not exists (select from pg_roles where rolname = 'smartfaktura_app') then
        create role smartfaktura_app login nosuperuser nobypassrls nocreatedb nocreaterole;
    end if;
end $$
"""
# The app checks at its start, and for /readyz, that it meets the schema it was written for.
_READ_MIGRATIONS = "grant select on migration to smartfaktura_app"


def main() -> int:
    """Run the migrations from the command line."""
    url = os.environ.get("SMARTFAKTURA_MIGRATION_DATABASE_URL")
    if not url:
        sys.stderr.write("SMARTFAKTURA_MIGRATION_DATABASE_URL must name the database, as its owner.\n")
        return 1
    try:
        ran = asyncio.run(migrate(url))
    except Unreachable as reason:
        sys.stderr.write(f"The database of SMARTFAKTURA_MIGRATION_DATABASE_URL can not be reached: {reason}.\n")
        return 1
    clock = os.environ.get("SMARTFAKTURA_TEST_CLOCK")
    asyncio.run(set_legal_day(url, datetime.fromisoformat(clock).date() if clock else None))
    sys.stdout.write("The database was brought up to date.\n" if ran else "The database is up to date.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
