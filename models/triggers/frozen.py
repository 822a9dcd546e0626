"""What never changes any more, and until when it stays: triggers that refuse, whoever asks."""

REFUSE_CHANGE = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$
"""

# An issued invoice: only settlement and delivery move, and it is deleted only when
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

# The same, looked at once for all lines of a statement instead of for each.
LINES_FROZEN = """
create function invoice_lines_frozen() returns trigger language plpgsql as $$
begin
    if exists (
        select from (select distinct organisation_id, invoice_id from changed) line
        join invoice i on i.organisation_id = line.organisation_id and i.id = line.invoice_id
        where i.state <> 'draft'
    ) then
        raise exception 'the lines of an issued invoice never change' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create function invoice_lines_stay() returns trigger language plpgsql as $$
begin
    if exists (
        select organisation_id, invoice_id, id from old_lines except
        select organisation_id, invoice_id, id from changed
    ) then
        raise exception 'a line never moves to another invoice' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger frozen_added after insert on invoice_line referencing new table as changed
    for each statement execute function invoice_lines_frozen();
create trigger frozen_removed after delete on invoice_line referencing old table as changed
    for each statement execute function invoice_lines_frozen();
create trigger frozen_changed after update on invoice_line referencing new table as changed
    for each statement execute function invoice_lines_frozen();
create trigger stays after update on invoice_line referencing old table as old_lines new table as changed
    for each statement execute function invoice_lines_stay();
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
    erased constant text[] := array['token_hash', 'document'];
    parties constant text[] := array['seller', 'buyer'];
    reachless constant jsonb := '{"email": "", "phone": ""}';
begin
    if tg_op = 'DELETE' then
        return old;
    end if;
    -- Erasure closes the customer's page of a quote that is kept, and takes e-mail and phone away from the parties.
    if old.state <> 'draft' and (to_jsonb(new) - moving) is distinct from (to_jsonb(old) - moving) and (
        new.state = 'draft' or (to_jsonb(new) - moving - erased) is distinct from (to_jsonb(old) - moving - erased)
        or (new.token_hash is not null and new.token_hash is distinct from old.token_hash)
        or (new.document - parties) is distinct from (old.document - parties)
        or new.document -> 'seller' not in (old.document -> 'seller', old.document -> 'seller' || reachless)
        or new.document -> 'buyer' not in (old.document -> 'buyer', old.document -> 'buyer' || reachless)
    ) or old.state <> 'draft' and new.state = 'draft' then
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
