"""What Piccolo's migrations can not say, as SQL: composite keys, row-level security, grants. Triggers are beside it.

Migrations call these helpers, so that a new tenant table can not forget a part:
`tenant_table("quote", references={"customer_id": "customer"})`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.engine import DB

APP_ROLE = "smartfaktura_app"
ORGANISATION = "nullif(current_setting('app.organisation_id', true), '')::uuid"
PERSON = "nullif(current_setting('app.person_id', true), '')::uuid"


async def run_sql(*scripts: str) -> None:
    """Run scripts of any number of statements inside the migration's transaction."""
    transaction = DB.current_transaction.get()
    assert transaction is not None, "migrations run inside a transaction"
    for script in scripts:
        await transaction.connection.execute(script)


def tenant_table(
    table: str,
    key: Sequence[str] = ("id",),
    references: Mapping[str, str] | None = None,
    grants: str = "select, insert, update, delete",
    tenant: str = "organisation_id",
    also_visible: str = "",
) -> list[str]:
    """Make `table` belong to a tenant: keys led by the organisation, forced row-level security, grants.

    `references` maps a column to the tenant table that it points to; the foreign key is composite, so no row can point
    into another company (referential checks bypass row-level security). `also_visible` is a further condition to read.
    """
    columns = ", ".join(dict.fromkeys((tenant, *key)))
    statements = [
        f"alter table {table} drop constraint {table}_pkey",
        f"alter table {table} add primary key ({columns})",
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy tenant on {table} to {APP_ROLE} "
        f"using ({tenant} = {ORGANISATION}) with check ({tenant} = {ORGANISATION})",
        f"revoke all on {table} from public",
        f"grant {grants} on {table} to {APP_ROLE}",
    ]
    if also_visible:
        statements.append(f"create policy own on {table} for select to {APP_ROLE} using ({also_visible})")
    if tenant == "organisation_id":
        statements.append(
            f"alter table {table} add constraint {table}_organisation_fkey "
            "foreign key (organisation_id) references organisation (id)"
        )
    statements += [
        f"alter table {table} add constraint {table}_{column}_fkey "
        f"foreign key (organisation_id, {column}) references {target} (organisation_id, id)"
        for column, target in (references or {}).items()
    ]
    return statements


def append_only(table: str) -> list[str]:
    """Refuse UPDATE, DELETE and TRUNCATE of `table` to everybody, the owner included."""
    return [
        f"create trigger append_only before update or delete on {table} "
        "for each row execute function refuse_change()",
        f"create trigger append_only_truncate before truncate on {table} "
        "for each statement execute function refuse_change()",
    ]
