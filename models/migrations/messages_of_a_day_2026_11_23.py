"""An index for counting a company's e-mails of the last day."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import run_sql

ID = "2026-11-23T11:31:07:000000"
VERSION = "1.38.0"
DESCRIPTION = "How many e-mails a company has sent today"

MESSAGES_OF_A_DAY = "create index message_by_day on message (organisation_id, queued_at)"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(MESSAGES_OF_A_DAY)

    manager.add_raw(run)
    return manager
