"""Requests about personal data: to SmartFaktura, and to a business about what it keeps of its customers."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Bytea, Date, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import CUSTOMER_REQUEST, KEY, REQUEST, REQUEST_NAME, REQUEST_STATE, SECRET, SHORT
from models.data_map import mapped


class RightsRequest(Table, tablename="rights_request"):
    """To SmartFaktura as controller: by an account holder, a visitor, or in an e-mail. It belongs to no company; while a
    company's data is open, row security shows only the person's own."""

    id = mapped(UUID(primary_key=True, default=None), KEY)
    reference = mapped(Varchar(length=20, unique=True), REQUEST_NAME)
    # None for somebody without an account, and once the account is deleted.
    person_id = mapped(UUID(null=True, default=None, index=True), REQUEST)
    # A request about this company's data as a whole.
    company_id = mapped(UUID(null=True, default=None), REQUEST)
    kind = mapped(Varchar(length=12), REQUEST_STATE)  # domain.privacy.requests.Kind
    # What it is about, where there is more than one: a purpose, a field. A key of our own, for finding duplicates.
    subject = mapped(Varchar(length=60, default=""), REQUEST)
    channel = mapped(Varchar(length=8), REQUEST_STATE)
    state = mapped(Varchar(length=16), REQUEST_STATE)
    identity = mapped(Varchar(length=12), REQUEST_STATE)
    email = mapped(Varchar(length=254, default=""), REQUEST)
    language = mapped(Varchar(length=5, default="nb"), REQUEST_STATE)
    text = mapped(Text(default=""), REQUEST)
    received_at = mapped(Timestamptz(default=None), REQUEST_STATE)
    due_on = mapped(Date(default=None), REQUEST_STATE)
    extended_until = mapped(Date(null=True, default=None), REQUEST_STATE)
    extension_reason = mapped(Text(default=""), REQUEST)
    reasons = mapped(Text(default=""), REQUEST)
    # Who answered it; None where the app did what was asked by itself.
    handled_by = mapped(UUID(null=True, default=None), REQUEST)
    closed_at = mapped(Timestamptz(null=True, default=None), REQUEST_STATE)
    # The last reminder that went out: so many days were left.
    alerted = mapped(SmallInt(null=True, default=None), REQUEST_STATE)
    # SHA-256 of the secret in the link that proves the address.
    token_hash = mapped(Bytea(null=True, default=None), SECRET)
    # The letters about it: [{kind, at, sent_at, problem}].
    letters = mapped(JSONB(default="[]"), REQUEST)
    # Three years after it was closed its content is deleted; what is left counts.
    emptied_at = mapped(Timestamptz(null=True, default=None), REQUEST_STATE)


class CustomerRequest(Table, tablename="customer_request"):
    """To a business as controller: by the customer of an invoice or quote, through its hosted page."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    reference = mapped(Varchar(length=20), CUSTOMER_REQUEST)
    # The document whose page it came from: an invoice or a quote.
    invoice_id = mapped(UUID(null=True, default=None), CUSTOMER_REQUEST)
    quote_id = mapped(UUID(null=True, default=None), CUSTOMER_REQUEST)
    customer_id = mapped(UUID(null=True, default=None), CUSTOMER_REQUEST)
    kind = mapped(Varchar(length=12), CUSTOMER_REQUEST)
    subject = mapped(Varchar(length=60, default=""), CUSTOMER_REQUEST)
    channel = mapped(Varchar(length=8), CUSTOMER_REQUEST)
    state = mapped(Varchar(length=16), CUSTOMER_REQUEST)
    identity = mapped(Varchar(length=12), CUSTOMER_REQUEST)
    name = mapped(Varchar(length=200, default=""), CUSTOMER_REQUEST)
    email = mapped(Varchar(length=254, default=""), CUSTOMER_REQUEST)
    language = mapped(Varchar(length=5, default="nb"), CUSTOMER_REQUEST)
    text = mapped(Text(default=""), CUSTOMER_REQUEST)
    # What a correction proposes: column of `customer` -> the value that is said to be right.
    proposed = mapped(JSONB(default="{}"), CUSTOMER_REQUEST)
    received_at = mapped(Timestamptz(default=None), CUSTOMER_REQUEST)
    due_on = mapped(Date(default=None), CUSTOMER_REQUEST)
    extended_until = mapped(Date(null=True, default=None), CUSTOMER_REQUEST)
    extension_reason = mapped(Text(default=""), CUSTOMER_REQUEST)
    reasons = mapped(Text(default=""), CUSTOMER_REQUEST)
    handled_by = mapped(UUID(null=True, default=None), CUSTOMER_REQUEST)
    closed_at = mapped(Timestamptz(null=True, default=None), CUSTOMER_REQUEST)
    alerted = mapped(SmallInt(null=True, default=None), CUSTOMER_REQUEST)
    letters = mapped(JSONB(default="[]"), CUSTOMER_REQUEST)
    emptied_at = mapped(Timestamptz(null=True, default=None), CUSTOMER_REQUEST)


class CustomerPass(Table, tablename="customer_pass"):
    """A code to the address on an invoice or quote, and the short-lived secret that the right code opens the
    privacy page with."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    invoice_id = mapped(UUID(null=True, default=None), SHORT)
    quote_id = mapped(UUID(null=True, default=None), SHORT)
    email = mapped(Varchar(length=254), SHORT)
    language = mapped(Varchar(length=5), SHORT)
    # HMAC of the code: it is too short for a plain hash. None until the letter with it is written.
    code_hash = mapped(Bytea(null=True, default=None), SECRET)
    tries = mapped(SmallInt(default=0), SHORT)
    created_at = mapped(Timestamptz(default=None), SHORT)
    # SHA-256 of the secret, once the code was right.
    pass_hash = mapped(Bytea(null=True, default=None), SECRET)
    opened_at = mapped(Timestamptz(null=True, default=None), SHORT)
    sent_at = mapped(Timestamptz(null=True, default=None), SHORT)
