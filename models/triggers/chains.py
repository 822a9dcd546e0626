"""Rows that carry the hash of the row before them, so that nothing is taken out or changed unseen."""

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
