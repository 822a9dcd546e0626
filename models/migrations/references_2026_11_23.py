from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-23T17:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "References of the customer: project, contract, cost centre"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="smartfaktura", description=DESCRIPTION
    )

    for column in ("project_reference", "contract_reference", "accounting_reference"):
        manager.add_column(
            table_class_name="Invoice",
            tablename="invoice",
            column_name=column,
            db_column_name=column,
            column_class_name="Varchar",
            column_class=Varchar,
            params={
                "length": 100,
                "default": "",
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

    return manager
