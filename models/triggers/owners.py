"""Who owns a company, as the database itself holds it."""

# A company that others are in has an owner. Who takes one away holds the company, so that of two at once the second sees
# what the first did. Where a deletion has begun the person goes in any case.
KEEP_AN_OWNER = """
create function keep_an_owner() returns trigger language plpgsql as $$
begin
    perform from organisation where id = old.organisation_id for no key update;
    if exists (select from membership where organisation_id = old.organisation_id)
        and not exists (select from membership where organisation_id = old.organisation_id and role = 'owner')
        and not exists (select from organisation where id = old.organisation_id and erased_at is not null)
        and not exists (select from erasure where person_id = old.person_id and state = 'running') then
        raise exception 'a company with members has an owner' using errcode = 'restrict_violation';
    end if;
    return null;
end $$
"""
