"""Grants and checks of letters and reminders of breaches."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, append_only, run_sql

ID = "2026-11-23T17:26:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of letters and reminders of breaches"

STATEMENTS = [
    "revoke all on breach_alert from public",
    f"grant select, insert on breach_alert to {APP_ROLE}",
    *append_only("breach_alert"),
    # Whichever worker is first reminds; the others do not.
    "create unique index breach_alert_once on breach_alert (breach_id, step)",
    "alter table notice drop constraint notice_kind_check",
    "alter table notice add check (kind in ('breach', 'processor', 'people'))",
    "alter table notice add check ((kind = 'people') = (existed_at is not null))",
    # Nobody gets the same letter twice, however often the job runs.
    "create unique index account_message_breach on account_message (notice_id, person_id) where kind = 'breach'",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
