"""Keys, walls and checks for acknowledgements and agreements."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, run_sql, tenant_table

ID = "2026-11-23T14:01:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of acknowledgements and agreements"

# A signed agreement is what it was: only its file is added, once.
AGREEMENT_FROZEN = """
create function agreement_frozen() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.sha256 is not null
            or (to_jsonb(new) - 'sha256') is distinct from (to_jsonb(old) - 'sha256') then
        raise exception 'a signed agreement never changes' using errcode = 'restrict_violation';
    end if;
    return new;
end $$
"""
STATEMENTS = [
    f"grant select, insert, delete on acknowledgement to {APP_ROLE}",
    "alter table acknowledgement add foreign key (person_id) references person (id) on delete cascade",
    "alter table acknowledgement add check (document in ('privacy', 'terms'))",
    "alter table acknowledgement add check (kind in ('accepted', 'read'))",
    "create unique index acknowledgement_once on acknowledgement (person_id, document, version)",
    *tenant_table("agreement", grants="select, insert, update"),
    "create unique index agreement_once on agreement (organisation_id, version)",
    AGREEMENT_FROZEN,
    "create trigger frozen before update or delete on agreement for each row execute function agreement_frozen()",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
