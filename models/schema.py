"""What Piccolo's migrations can not say, as SQL: composite keys, row-level security, grants, triggers.

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


REFUSE_CHANGE = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$
"""

# An issued invoice: only settlement and delivery move (models.invoice.MUTABLE_WHEN_ISSUED), and it is deleted only when
# nothing keeps it any more (LAW_ENDS).
INVOICE_FROZEN = """
create function invoice_frozen() returns trigger language plpgsql as $$
declare
    moving constant text[] := array[
        'state', 'open_amount', 'paid_amount', 'credited_amount', 'delivery_state', 'version', 'changed_at'];
    parties constant text[] := array['seller', 'buyer'];
    reachless constant jsonb := '{"email": "", "phone": ""}';
    why text;
begin
    if old.state = 'draft' then
        if tg_op = 'DELETE' then
            return old;
        end if;
        if new.state <> 'draft' then
            -- The rule under which it is issued stays its rule: it is never shortened.
            select greatest(new.kept_until, kept_until(new.issued_on, new.seller->>'country', o.accounting_year_ends))
            into new.kept_until from organisation o where o.id = new.organisation_id;
        end if;
        return new;
    end if;
    if tg_op = 'DELETE' then
        why := why_kept(old);
        if why is null then
            return old;
        end if;
        raise exception 'an issued invoice is kept: %', why using errcode = 'restrict_violation';
    end if;
    if new.state <> 'draft' and (to_jsonb(new) - moving) is not distinct from (to_jsonb(old) - moving) then
        return new;
    end if;
    -- Erasure takes e-mail and phone away from the parties (GDPR Art. 17): no law asks for them on an invoice.
    if new.state = 'draft'
        or new.seller not in (old.seller, old.seller || reachless) or new.buyer not in (old.buyer, old.buyer || reachless)
        or (to_jsonb(new) - moving - parties) is distinct from (to_jsonb(old) - moving - parties) then
        raise exception 'an issued invoice never changes' using errcode = 'restrict_violation';
    end if;
    return new;
end $$
"""

# Lines can only come, change or go while their invoice is a draft.
LINE_FROZEN = """
create function invoice_line_frozen() returns trigger language plpgsql as $$
declare
    line invoice_line := case when tg_op = 'DELETE' then old else new end;
    frozen boolean;
begin
    select state <> 'draft' into frozen from invoice
    where organisation_id = line.organisation_id and id = line.invoice_id;
    if frozen or (tg_op = 'UPDATE' and new.invoice_id <> old.invoice_id) then
        raise exception 'the lines of an issued invoice never change' using errcode = 'restrict_violation';
    end if;
    return line;
end $$
"""

# Files can only come and go while their invoice is a draft, and never change; no more than domain.attachments says.
ATTACHMENT_FROZEN = """
create function invoice_attachment_frozen() returns trigger language plpgsql as $$
declare
    file invoice_attachment := case when tg_op = 'DELETE' then old else new end;
    others record;
begin
    if tg_op = 'UPDATE' or exists (
        select from invoice where organisation_id = file.organisation_id and id = file.invoice_id and state <> 'draft'
    ) then
        raise exception 'the files of an issued invoice never change' using errcode = 'restrict_violation';
    end if;
    if tg_op = 'INSERT' then
        select count(*) as files, coalesce(sum(size), 0) as bytes into others from invoice_attachment
        where organisation_id = file.organisation_id and invoice_id = file.invoice_id;
        if others.files >= 5 or others.bytes + file.size > 7 * 1024 * 1024 then
            raise exception 'too many files on an invoice' using errcode = 'restrict_violation';
        end if;
    end if;
    return file;
end $$
"""

# A quote that was sent: only what became of it moves, and who may answer answers once.
QUOTE_FROZEN = """
create function quote_frozen() returns trigger language plpgsql as $$
declare
    moving constant text[] := array[
        'state', 'version', 'changed_at', 'delivery_state', 'pdf_sha256', 'pdf_size', 'answer', 'answered_by',
        'answered_at'];
begin
    if tg_op = 'DELETE' then
        return old;
    end if;
    -- Erasure closes the customer's page of a quote that is kept.
    if old.state <> 'draft' and (
        new.state = 'draft' or ((to_jsonb(new) - moving) is distinct from (to_jsonb(old) - moving)
            and (to_jsonb(new) - moving) is distinct from (to_jsonb(old) - moving || '{"token_hash": null}'))
    ) then
        raise exception 'a quote that was sent never changes' using errcode = 'restrict_violation';
    end if;
    if old.answer is not null and (new.answer, new.answered_by, new.answered_at)
        is distinct from (old.answer, old.answered_by, old.answered_at) then
        raise exception 'a quote is answered once' using errcode = 'restrict_violation';
    end if;
    return new;
end $$
"""

# When the law lets go of an issued document, and what else may keep it. The years are those of
# domain.privacy.accounting, and a test holds that they are the same; the day is the database's own, so that no clock and
# no setting of the app can hurry it.
LAW_ENDS = """
create function legal_today() returns date language sql stable as 'select current_date';
create function kept_until(issued date, country text, last_month integer) returns date language sql immutable as $$
    select case
        when country in ('NO', 'DK') then (make_date(ends + 5, last_month, 1) + interval '1 month - 1 day')::date
        else make_date(ends + case country when 'FI' then 6 when 'SE' then 7 when 'DE' then 8 else 10 end, 12, 31)
    end
    from (select extract(year from issued)::integer + (extract(month from issued) > last_month)::integer as ends) years
$$;
create function law_ends(document invoice) returns date language sql stable as $$
    -- An invoice, its credit notes and its payments explain one another, so they go together, the last deciding.
    select max(ends) from organisation o cross join lateral (
        select coalesce(i.kept_until, kept_until(i.issued_on, i.seller->>'country', o.accounting_year_ends)) as ends
        from invoice i where i.organisation_id = o.id and i.state <> 'draft'
            and (i.id = coalesce(document.credits_id, document.id)
                or i.credits_id = coalesce(document.credits_id, document.id))
        union all
        select kept_until(p.paid_on, o.country, o.accounting_year_ends) from payment p
        where p.organisation_id = o.id and p.invoice_id = coalesce(document.credits_id, document.id)
    ) parts where o.id = document.organisation_id
$$;
create function is_restricted(document invoice) returns boolean language sql stable as $$
    select exists (
        select from restriction r where r.organisation_id = document.organisation_id and r.lifted_at is null
            and (r.scope = 'company' or r.customer_id = document.customer_id
                or r.invoice_id in (document.id, document.credits_id)
                or r.invoice_id in (select n.id from invoice n where n.organisation_id = document.organisation_id
                    and n.credits_id = coalesce(document.credits_id, document.id))))
$$;
create function hold_on(document invoice) returns legal_hold language sql stable as $$
    select h from legal_hold h
    where h.organisation_id = document.organisation_id and h.lifted_at is null
        and (h.until is null or h.until >= legal_today())
        and (h.customer_id = document.customer_id or exists (
            select from invoice i where i.organisation_id = document.organisation_id
                and (i.id = coalesce(document.credits_id, document.id)
                    or i.credits_id = coalesce(document.credits_id, document.id))
                and (i.id = h.invoice_id or i.issued_on between h.from_day and h.to_day)))
    order by h.until desc nulls first limit 1
$$;
create function why_kept(document invoice) returns text language plpgsql stable as $$
declare
    ends constant date := law_ends(document);
begin
    if ends is null or ends >= legal_today() then
        return 'by law until ' || coalesce(ends::text, 'somebody looks');
    end if;
    if is_restricted(document) then
        return 'restricted';
    end if;
    return case when (hold_on(document)).id is not null then 'held' end;
end $$
"""

# What goes with an issued document goes when that goes (its foreign key does it), and not by itself.
GOES_WITH_INVOICE = """
create function goes_with_invoice() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and not exists (
        select from invoice where organisation_id = old.organisation_id and id = old.invoice_id
    ) then
        return old;
    end if;
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create function payment_kept() returns trigger language plpgsql as $$
declare
    ends date;
begin
    if tg_op = 'DELETE' and old.invoice_id is null then
        -- Money that was paid back stands for itself.
        select kept_until(old.paid_on, country, accounting_year_ends) into ends from organisation
        where id = old.organisation_id;
        if ends < legal_today() and not exists (
            select from restriction r where r.organisation_id = old.organisation_id and r.lifted_at is null
                and (r.scope = 'company' or r.customer_id = old.customer_id)
        ) and not exists (
            select from legal_hold h where h.organisation_id = old.organisation_id and h.lifted_at is null
                and (h.until is null or h.until >= legal_today())
                and (h.customer_id = old.customer_id or old.paid_on between h.from_day and h.to_day)
        ) then
            return old;
        end if;
    elsif tg_op = 'DELETE' and not exists (
        select from invoice where organisation_id = old.organisation_id and id = old.invoice_id
    ) then
        return old;
    end if;
    raise exception 'payment is append-only' using errcode = 'restrict_violation';
end $$
"""

# Each event carries the hash over itself and the event before it. The head row makes concurrent writers queue, so the
# chain can not fork; json arrays keep the boundaries of values.
AUDIT_CHAIN = """
create function audit_link(previous bytea, event audit_event) returns bytea language sql immutable as $$
    select sha256(previous || convert_to(jsonb_build_array(
        event.organisation_id, event.seq, extract(epoch from event.at)::text, event.person_id, event.action,
        event.subject_kind, event.subject_id, to_jsonb(event.fields))::text, 'UTF8'))
$$;
create function audit_chain() returns trigger language plpgsql as $$
declare
    head audit_head;
begin
    loop
        select * into head from audit_head where organisation_id = new.organisation_id for update;
        exit when found;
        -- The company's first event; when another writer is faster, its row is the one.
        insert into audit_head (organisation_id, seq, hash) values (new.organisation_id, 0, '\\x')
        on conflict do nothing;
    end loop;
    new.seq := head.seq + 1;
    new.at := coalesce(new.at, clock_timestamp());
    new.hash := audit_link(head.hash, new);
    update audit_head set seq = new.seq, hash = new.hash where organisation_id = new.organisation_id;
    return new;
end $$
"""

# A credit note never takes back more than is left: of its invoice, and of each line. Held at COMMIT, with the invoice
# locked, so that two at once see one another; `credited_amount` is what the issued credit notes come to.
CREDIT_WITHIN = """
create function credit_within() returns trigger language plpgsql as $$
declare
    original invoice;
    noted numeric;
begin
    select * into original from invoice
    where organisation_id = new.organisation_id and id = coalesce(new.credits_id, new.id) for update;
    select coalesce(sum(gross), 0) into noted from invoice
    where organisation_id = new.organisation_id and credits_id = original.id and state = 'note';
    if original.kind <> 'invoice' or original.state = 'draft' or noted <> original.credited_amount
        or (new.kind = 'credit_note' and (new.currency <> original.currency or new.gross < 0)) then
        raise exception 'a credit note takes back an issued invoice, and its amount is noted there'
            using errcode = 'restrict_violation';
    end if;
    if exists (
        select from invoice n join invoice_line l on l.organisation_id = n.organisation_id and l.invoice_id = n.id
        left join invoice_line o on o.organisation_id = l.organisation_id and o.invoice_id = original.id
            and o.id = l.credits_line_id
        where n.organisation_id = new.organisation_id and n.credits_id = original.id and n.state = 'note'
        group by l.credits_line_id, o.id, o.quantity, o.net_shown
        having o.id is null or sum(coalesce(l.credits_quantity, 0)) not between least(0, o.quantity)
            and greatest(0, o.quantity) or sum(l.net_shown) not between least(0, o.net_shown)
            and greatest(0, o.net_shown)
    ) then
        raise exception 'a line is credited beyond what is left of it' using errcode = 'restrict_violation';
    end if;
    return null;
end $$
"""

# The sums follow each change of an invoice or payment; what credit notes come to is subtracted. Rows that many
# transactions share are always taken in the order state_sum (by state), due_sum (by date), month_sum, so that two
# writers can not deadlock.
KEEP_SUMS = """
create function add_state_sum(org uuid, which text, cur text, n integer, sum numeric) returns void language sql as $$
    insert into state_sum (organisation_id, state, currency, invoices, amount) values (org, which, cur, n, sum)
    on conflict (organisation_id, state, currency) do update
    set invoices = state_sum.invoices + excluded.invoices, amount = state_sum.amount + excluded.amount
$$;
create function add_due_sum(org uuid, due date, cur text, n integer, sum numeric) returns void language sql as $$
    insert into due_sum (organisation_id, due_on, currency, invoices, amount) values (org, due, cur, n, sum)
    on conflict (organisation_id, due_on, currency) do update
    set invoices = due_sum.invoices + excluded.invoices, amount = due_sum.amount + excluded.amount
$$;
create function keep_invoice_sums() returns trigger language plpgsql as $$
declare
    before invoice := old;
    after invoice := new;
    counted_before boolean := tg_op <> 'INSERT' and before.deleted_at is null;
    counted_after boolean := tg_op <> 'DELETE' and after.deleted_at is null;
    -- What a credit note comes to is less for the company. Its kind never changes.
    sign integer := case when coalesce(after.kind, before.kind) = 'credit_note' then -1 else 1 end;
    step record;
begin
    for step in
        select org, which, cur, sum(n)::integer as n, sum(amount) as amount from (
            select before.organisation_id as org, before.state as which, before.currency as cur, -1 as n,
                   -before.gross * sign as amount where counted_before
            union all
            select after.organisation_id, after.state, after.currency, 1, after.gross * sign where counted_after
        ) moved group by org, which, cur having sum(n) <> 0 or sum(amount) <> 0 order by which, cur
    loop
        perform add_state_sum(step.org, step.which, step.cur, step.n, step.amount);
    end loop;
    if tg_op = 'UPDATE' and before.state <> 'draft' then
        if before.open_amount <> after.open_amount then
            perform add_due_sum(after.organisation_id, after.due_on, after.currency,
                (after.open_amount <> 0)::integer - (before.open_amount <> 0)::integer,
                after.open_amount - before.open_amount);
        end if;
    elsif tg_op = 'DELETE' and before.open_amount <> 0 then
        -- Let go after its time: lists and what is due no longer count it. What was sold in its month stays a figure.
        perform add_due_sum(before.organisation_id, before.due_on, before.currency, -1, -before.open_amount);
    elsif tg_op <> 'DELETE' and after.state <> 'draft' then
        if after.open_amount <> 0 then
            perform add_due_sum(after.organisation_id, after.due_on, after.currency, 1, after.open_amount);
        end if;
        insert into month_sum (organisation_id, month, currency, invoices, net, vat, paid)
        values (after.organisation_id, date_trunc('month', after.issued_on)::date, after.currency,
                greatest(sign, 0), after.net * sign, after.vat * sign, 0)
        on conflict (organisation_id, month, currency) do update
        set invoices = month_sum.invoices + excluded.invoices, net = month_sum.net + excluded.net,
            vat = month_sum.vat + excluded.vat;
    end if;
    return null;
end $$;
create function keep_payment_sums() returns trigger language plpgsql as $$
begin
    if new.kind not in ('payment', 'refund') then
        return null;  -- no money came in or went out
    end if;
    insert into month_sum (organisation_id, month, currency, invoices, net, vat, paid)
    values (new.organisation_id, date_trunc('month', new.paid_on)::date, new.currency, 0, 0, 0, new.amount)
    on conflict (organisation_id, month, currency) do update set paid = month_sum.paid + excluded.paid;
    return null;
end $$
"""

# What was issued, by month, currency, VAT category and rate; a credit note takes its part away. Each document's figures
# in NOK were fixed when it was issued, so nothing is rounded here.
KEEP_VAT_SUMS = """
create function add_vat_sums(document invoice) returns void language sql as $$
    insert into vat_sum (organisation_id, month, currency, category, rate, documents, base, vat, base_nok, vat_nok,
        unrated, unrated_base)
    select document.organisation_id, date_trunc('month', document.issued_on)::date, document.currency, category, rate,
        1, sign * base, sign * vat, sign * coalesce(base_nok, 0), sign * coalesce(vat_nok, 0),
        (base_nok is null)::integer, case when base_nok is null then sign * base else 0 end
    from (
        select part->>'category' as category, (part->>'rate')::numeric as rate, (part->>'base')::numeric as base,
            (part->>'vat')::numeric as vat, case document.kind when 'credit_note' then -1 else 1 end as sign,
            coalesce((part->>'base_nok')::numeric, case document.currency when 'NOK' then (part->>'base')::numeric end)
                as base_nok,
            coalesce((part->>'vat_nok')::numeric, case document.currency when 'NOK' then (part->>'vat')::numeric end)
                as vat_nok
        from jsonb_array_elements(document.vat_groups) part
        order by 1, 2
    ) parts
    on conflict (organisation_id, month, currency, category, rate) do update set
        documents = vat_sum.documents + 1, base = vat_sum.base + excluded.base, vat = vat_sum.vat + excluded.vat,
        base_nok = vat_sum.base_nok + excluded.base_nok, vat_nok = vat_sum.vat_nok + excluded.vat_nok,
        unrated = vat_sum.unrated + excluded.unrated, unrated_base = vat_sum.unrated_base + excluded.unrated_base
$$;
create function keep_vat_sums() returns trigger language plpgsql as $$
begin
    perform add_vat_sums(new);
    return null;
end $$
"""

# The proof of consent: one chain, which only grows at its end. Its beginning may be let go after its time, in order; the
# head remembers where it begins now, so what is taken out of the middle shows, and what is let go too early as well.
CONSENT_CHAIN = """
create function consent_link(previous bytea, event consent_event) returns bytea language sql immutable as $$
    select sha256(previous || convert_to(jsonb_build_array(
        event.seq, extract(epoch from event.at)::text, event.consent_id, event.person_id, event.action, event.surface,
        event.revision, event.answers_before, event.answers_after, encode(event.shown, 'hex'), event.browser,
        event.path)::text, 'UTF8'))
$$;
create function consent_chain() returns trigger language plpgsql as $$
declare
    head consent_head;
begin
    select * into strict head from consent_head where id = 1 for update;
    new.seq := head.seq + 1;
    new.hash := consent_link(head.hash, new);
    update consent_head set seq = new.seq, hash = new.hash where id = 1;
    return new;
end $$;
create function consent_let_go() returns trigger language plpgsql as $$
declare
    head consent_head;
    last consent_event;
begin
    if not exists (select from gone) then
        return null;
    end if;
    select * into strict head from consent_head where id = 1 for update;
    select * into last from gone order by seq desc limit 1;
    if last.seq - head.base_seq <> (select count(*) from gone) then
        raise exception 'the proof of consent is let go from its beginning only' using errcode = 'restrict_violation';
    end if;
    update consent_head set base_seq = last.seq, base_hash = last.hash, base_at = last.at where id = 1;
    return null;
end $$
"""
