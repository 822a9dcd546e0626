"""A company that invoices, and who may act for it."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Integer, SmallInt, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import (
    ACCOUNT,
    ACCOUNTING,
    BUSINESS,
    BUSINESS_NAME,
    INVITATION,
    KEY,
    SECRET,
    STATE,
)
from models.data_map import mapped


class Organisation(Table, tablename="organisation"):
    """The tenant itself: its `id` is every other table's `organisation_id`."""

    id = mapped(UUID(primary_key=True, default=None), KEY)
    version = mapped(Integer(default=1), STATE)
    created_at = mapped(Timestamptz(default=None), STATE)
    name = mapped(Varchar(length=200), BUSINESS_NAME)
    form = mapped(Varchar(length=12), BUSINESS)  # ENK, AS, ASA, NUF, DA, ANS, SA, FLI, OTHER
    organisation_number = mapped(Varchar(length=20, default=""), BUSINESS)
    vat_registered = mapped(Boolean(default=False), BUSINESS)
    # Does the company print «Foretaksregisteret»? Law for AS, ASA and NUF (bokføringsforskriften § 5-1-2).
    foretaksregisteret = mapped(Boolean(default=False), BUSINESS)
    address_line1 = mapped(Varchar(length=200, default=""), BUSINESS)
    address_line2 = mapped(Varchar(length=200, default=""), BUSINESS)
    postcode = mapped(Varchar(length=20, default=""), BUSINESS)
    city = mapped(Varchar(length=100, default=""), BUSINESS)
    # Says for how long what it issued is kept, so it stays when the company is closed, with the accounting year.
    country = mapped(Varchar(length=2, default="NO"), ACCOUNTING)
    email = mapped(Varchar(length=254, default=""), BUSINESS)
    phone = mapped(Varchar(length=40, default=""), BUSINESS)
    bank_account = mapped(Varchar(length=34, default=""), BUSINESS)
    iban = mapped(Varchar(length=34, default=""), BUSINESS)
    bic = mapped(Varchar(length=11, default=""), BUSINESS)
    due_days = mapped(SmallInt(default=14), BUSINESS)
    language = mapped(Varchar(length=5, default="nb"), BUSINESS)
    currency = mapped(Varchar(length=3, default="NOK"), BUSINESS)
    time_zone = mapped(Varchar(length=64, default="Europe/Oslo"), BUSINESS)
    accent = mapped(Varchar(length=7, default="#1f5c66"), BUSINESS)
    logo_sha256 = mapped(Bytea(null=True, default=None), BUSINESS)
    # KID: 0 means none. Banks register a fixed length for each account.
    kid_length = mapped(SmallInt(default=0), BUSINESS)
    # One series for ever, or a new one each year ("2027-0001").
    yearly_numbers = mapped(Boolean(default=False), BUSINESS)
    first_number = mapped(BigInt(default=1), BUSINESS)
    # The month with whose last day the accounting year ends: what must be kept is counted from there.
    accounting_year_ends = mapped(SmallInt(default=12), ACCOUNTING)
    # Credit notes in a series of their own ("K1"), or in the series of the invoices.
    own_credit_numbers = mapped(Boolean(default=False), BUSINESS)
    # What the law adds to the name on documents: "under avvikling", or who represents a foreign company for VAT.
    legal_addition = mapped(Varchar(length=200, default=""), BUSINESS)
    # Its deletion was asked for and begins then; until then nobody works in it, and it can be called off.
    closes_at = mapped(Timestamptz(null=True, default=None), STATE)
    # The deletion has begun. The database lets go of what is never deleted otherwise only from here on.
    erased_at = mapped(Timestamptz(null=True, default=None), STATE)
    # How often the address for suppliers' e-mails was renewed (domain.inbox_address).
    inbox_turn = mapped(Integer(default=0), STATE)


class Membership(Table, tablename="membership"):
    """A person's role in a company."""

    organisation_id = mapped(UUID(default=None), KEY)
    person_id = mapped(UUID(primary_key=True, default=None), ACCOUNT)
    role = mapped(Varchar(length=12), ACCOUNT)  # owner, admin, bookkeeper, viewer
    created_at = mapped(Timestamptz(default=None), ACCOUNT)


class Invitation(Table, tablename="invitation"):
    """Somebody who is asked to join a company. One for each address; asked anew, it begins anew.

    The secret in the letter's link is made when the letter is written, and only its SHA-256 is kept.
    """

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    email = mapped(Varchar(length=254), INVITATION)
    # The address as it is compared: case folded.
    email_key = mapped(Varchar(length=254), INVITATION)
    role = mapped(Varchar(length=12), INVITATION)
    token_hash = mapped(Bytea(null=True, default=None), SECRET)
    invited_by = mapped(UUID(default=None), INVITATION)
    created_at = mapped(Timestamptz(default=None), INVITATION)
    expires_at = mapped(Timestamptz(default=None), INVITATION)
    # How it ended before its time: accepted | withdrawn.
    outcome = mapped(Varchar(length=10, default=""), INVITATION)
    ended_at = mapped(Timestamptz(null=True, default=None), INVITATION)


class Agreement(Table, tablename="agreement"):
    """A version of the data-processing agreement that the company has accepted, with who did it as they were then.

    The file is drawn once by a job and kept by its hash; nothing else of a row ever changes.
    """

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    version = mapped(Varchar(length=10), BUSINESS)
    language = mapped(Varchar(length=5), BUSINESS)
    fingerprint = mapped(Bytea(default=None), BUSINESS)
    company = mapped(Varchar(length=200), BUSINESS)
    organisation_number = mapped(Varchar(length=20), BUSINESS)
    signed_by = mapped(UUID(null=True, default=None), BUSINESS)
    signer = mapped(Varchar(length=200), BUSINESS)
    signed_at = mapped(Timestamptz(default=None), BUSINESS)
    sha256 = mapped(Bytea(null=True, default=None), BUSINESS)


class NumberSeries(Table, tablename="number_series"):
    """The counter of a series of documents. `year` is 0 for a series that never restarts."""

    organisation_id = mapped(UUID(default=None), KEY)
    series = mapped(Varchar(length=12, primary_key=True, default=None), ACCOUNTING)
    year = mapped(SmallInt(default=0), ACCOUNTING)
    last = mapped(BigInt(default=0), ACCOUNTING)
