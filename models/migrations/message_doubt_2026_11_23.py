"""A mark on messages that may have gone out twice, and an index for the drafts that wait to be purged."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Boolean
from piccolo.columns.indexes import IndexMethod

from models.schema import run_sql

ID = "2026-11-23T07:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Messages that may have gone out twice"

PURGED_DRAFTS = (
    "create index invoice_deleted on invoice (organisation_id, deleted_at) where deleted_at is not null"
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    manager.add_column(
        table_class_name="Message",
        tablename="message",
        column_name="maybe_twice",
        db_column_name="maybe_twice",
        column_class_name="Boolean",
        column_class=Boolean,
        params={
            "default": False,
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    async def run() -> None:
        await run_sql(PURGED_DRAFTS)

    manager.add_raw(run)
    return manager
