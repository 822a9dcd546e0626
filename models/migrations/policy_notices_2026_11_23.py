"""Up to which change of policy and terms a person was told by e-mail."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Date
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-23T14:03:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Who was told of which change"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="policies_told_until",
        db_column_name="policies_told_until",
        column_class_name="Date",
        column_class=Date,
        params={
            "default": None,
            "null": True,
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

    return manager
