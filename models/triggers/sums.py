"""Figures that the database adds up itself, in the transaction of their cause."""

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
