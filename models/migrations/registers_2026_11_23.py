"""Indexes for searching by several words, for the archive, and for what one customer owes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql

ID = "2026-11-23T07:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Search by several words, archives, what a customer owes"

STATEMENTS = [
    # With the word in the index, "has this customer such a word?" is answered without looking at the table.
    "drop index search_word_by_subject",
    "create index search_word_by_subject on search_word (organisation_id, kind, subject_id, word)",
    "create index customer_archived on customer (organisation_id, name_key, id) where archived_at is not null",
    "create index product_archived on product (organisation_id, name_key, id) where archived_at is not null",
    "create index invoice_open_by_customer on invoice (organisation_id, customer_id) where state = 'open'",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
