"""The chain of the proof of consent, and the keys of the counts."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.schema import APP_ROLE, run_sql
from models.triggers.chains import CONSENT_CHAIN

ID = "2026-11-23T15:30:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "Ties of the proof of consent"

STATEMENTS = [
    CONSENT_CHAIN,
    f"grant select, insert, delete on consent_event, consent_text to {APP_ROLE}",
    f"grant select, update on consent_head to {APP_ROLE}",
    f"grant select, insert, update, delete on visit_count to {APP_ROLE}",
    "insert into consent_head (id, seq, hash, base_seq, base_hash) values (1, 0, '\\x', 0, '\\x')",
    "alter table consent_head add check (id = 1)",
    "create trigger chain before insert on consent_event for each row execute function consent_chain()",
    "create trigger let_go after delete on consent_event referencing old table as gone "
    "for each statement execute function consent_let_go()",
    *(
        f"create trigger no_{what} before {what} on {table} for each {each} execute function refuse_change()"
        for table in ("consent_event", "consent_text")
        for what, each in (("update", "row"), ("truncate", "statement"))
    ),
    # A text stays as long as an answer to it.
    "alter table consent_event add foreign key (shown) references consent_text (sha256)",
    "create index consent_event_shown on consent_event (shown)",
    "alter table consent_event add check (action in "
    "('accept_all', 'reject_all', 'save', 'withdraw', 'gpc', 'expire'))",
    "alter table consent_event add check (surface in ('banner', 'settings', 'sign_in', 'signal'))",
    "alter table consent_text add check (sha256 = sha256(convert_to(html, 'UTF8')))",
    "alter table visit_count drop constraint visit_count_pkey",
    "alter table visit_count add primary key (day, page, visit)",
    "alter table visit_count add check (visit in ('new', 'back', 'more') and views > 0)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="smartfaktura", description=DESCRIPTION)

    async def run() -> None:
        await run_sql(*STATEMENTS)

    manager.add_raw(run)
    return manager
