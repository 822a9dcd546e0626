"""What the law asks of who runs the installation: the register of breaches, what companies were told, and since when
which processor is used. No tenant: these are about the service, and hold no data of a company."""

from __future__ import annotations

from piccolo.columns import UUID, Array, Date, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import REGISTER, STATE
from models.data_map import mapped


class BreachEntry(Table, tablename="breach_entry"):
    """All that is known of a breach at one time (GDPR Art. 33(5)). Never changed: what is learnt later is the next
    version."""

    id = mapped(UUID(primary_key=True, default=None), REGISTER)
    breach_id = mapped(UUID(default=None), REGISTER)
    version = mapped(SmallInt(default=1), REGISTER)
    reference = mapped(Varchar(length=12), REGISTER)
    written_at = mapped(Timestamptz(default=None), REGISTER)
    written_by = mapped(UUID(default=None), REGISTER)
    became_aware_at = mapped(Timestamptz(default=None), REGISTER)
    occurred_from = mapped(Timestamptz(null=True, default=None), REGISTER)
    occurred_to = mapped(Timestamptz(null=True, default=None), REGISTER)
    kinds = mapped(Array(base_column=Varchar(length=16)), REGISTER)  # confidentiality | integrity | availability
    facts = mapped(Text(), REGISTER)
    categories = mapped(Array(base_column=Varchar(length=16)), REGISTER)  # domain.privacy.classification.Category
    people = mapped(Integer(null=True, default=None), REGISTER)
    records = mapped(Integer(null=True, default=None), REGISTER)
    effects = mapped(Text(), REGISTER)
    measures = mapped(Text(), REGISTER)
    risk = mapped(Text(), REGISTER)
    decision = mapped(Varchar(length=12), REGISTER)  # undecided | notify | not_notify
    reasons = mapped(Text(), REGISTER)
    authority_notified_at = mapped(Timestamptz(null=True, default=None), REGISTER)
    delay_reasons = mapped(Text(), REGISTER)
    people_notified_at = mapped(Timestamptz(null=True, default=None), REGISTER)
    companies_notified_at = mapped(Timestamptz(null=True, default=None), REGISTER)
    lessons = mapped(Text(), REGISTER)


class BreachAlert(Table, tablename="breach_alert"):
    """A reminder of a running clock that went out: once for each breach and step."""

    id = mapped(UUID(primary_key=True, default=None), REGISTER)
    breach_id = mapped(UUID(default=None), REGISTER)
    step = mapped(SmallInt(default=0), REGISTER)  # hours before the end: domain.privacy.breaches.ALERTS
    at = mapped(Timestamptz(default=None), REGISTER)


class Notice(Table, tablename="notice"):
    """What companies are told: of a breach (Art. 33(2)), or of a new processor (Art. 28(2)); or people, of a breach that
    concerns themselves (Art. 34)."""

    id = mapped(UUID(primary_key=True, default=None), REGISTER)
    kind = mapped(Varchar(length=12), REGISTER)  # breach | processor | people
    written_at = mapped(Timestamptz(default=None), REGISTER)
    breach_id = mapped(UUID(null=True, default=None), REGISTER)
    subject_nb = mapped(Varchar(length=150), REGISTER)
    subject_en = mapped(Varchar(length=150), REGISTER)
    text_nb = mapped(Text(), REGISTER)
    text_en = mapped(Text(), REGISTER)
    # Organisation numbers of the companies it is for; empty: all of them.
    numbers = mapped(Array(base_column=Varchar(length=20)), REGISTER)
    # Of a letter to people: whose account existed then.
    existed_at = mapped(Timestamptz(null=True, default=None), REGISTER)
    # How many companies, or people, have been told, once all have.
    companies = mapped(Integer(null=True, default=None), REGISTER)
    told_at = mapped(Timestamptz(null=True, default=None), REGISTER)


class CompanyNotice(Table, tablename="company_notice"):
    """A notice that this company has received: `id` is the notice's."""

    organisation_id = mapped(UUID(default=None), STATE)
    id = mapped(UUID(primary_key=True, default=None), STATE)
    received_at = mapped(Timestamptz(default=None), STATE)


class ProcessorChange(Table, tablename="processor_change"):
    """The log of processors. `begun` is its first line: what was in use then is no news to anybody."""

    id = mapped(UUID(primary_key=True, default=None), REGISTER)
    at = mapped(Timestamptz(default=None), REGISTER)
    kind = mapped(Varchar(length=10), REGISTER)  # begun | added | announced | removed
    name = mapped(Varchar(length=255), REGISTER)
    starts_on = mapped(Date(null=True, default=None), REGISTER)
