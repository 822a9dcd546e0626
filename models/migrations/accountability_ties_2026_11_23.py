"""Keys, grants and checks of breaches, notices and processors. What is written there is never changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, append_only, run_sql, tenant_table

ID = "2026-11-23T15:00:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of breaches, notices and processors"

STATEMENTS = [
    *(f"revoke all on {table} from public" for table in ("breach_entry", "notice", "processor_change")),
    f"grant select, insert on breach_entry, processor_change to {APP_ROLE}",
    f"grant select, insert, update on notice to {APP_ROLE}",
    *append_only("breach_entry"),
    *append_only("processor_change"),
    # Two people who write at once: the second one is told.
    "create unique index breach_entry_version on breach_entry (breach_id, version)",
    "create unique index breach_entry_reference on breach_entry (reference, version)",
    "alter table breach_entry add check (version >= 1)",
    "alter table breach_entry add check (decision in ('undecided', 'notify', 'not_notify'))",
    "alter table breach_entry add check (decision <> 'not_notify' or reasons <> '')",
    "alter table notice add check (kind in ('breach', 'processor'))",
    "alter table processor_change add check (kind in ('begun', 'added', 'announced', 'removed'))",
    # The same change is noted once, whichever worker is first.
    "create unique index processor_change_begun on processor_change (kind) where kind = 'begun'",
    *tenant_table("company_notice", grants="select, insert"),
    "alter table company_notice add constraint company_notice_fkey foreign key (id) references notice (id)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
