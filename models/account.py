"""People, their sessions and the secrets that prove an e-mail address.

No tenant: a person may have several companies.
"""

from __future__ import annotations

from piccolo.columns import UUID, Bytea, Date, Integer, SmallInt, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

from domain.privacy.classification import ACCOUNT, ACCOUNT_NAME, KEY, SECRET, SECURITY, SESSION, SHORT
from models.data_map import mapped


class Person(Table, tablename="person"):
    """An account holder."""

    id = mapped(UUID(primary_key=True, default=None), KEY)
    name = mapped(Varchar(length=200), ACCOUNT_NAME)
    email = mapped(Varchar(length=254), ACCOUNT)
    # The address as it is compared: case folded.
    email_key = mapped(Varchar(length=254, unique=True), ACCOUNT_NAME)
    password_hash = mapped(Varchar(length=255), SECRET)
    language = mapped(Varchar(length=5), ACCOUNT)
    email_confirmed_at = mapped(Timestamptz(null=True, default=None), ACCOUNT)
    created_at = mapped(Timestamptz(default=None), ACCOUNT)
    # Changes of policy and terms that take effect up to this day are known to be read; None: as of the sign-up.
    policies_read_until = mapped(Date(null=True, default=None), ACCOUNT)
    # The same for those they were told of by e-mail.
    policies_told_until = mapped(Date(null=True, default=None), ACCOUNT)
    # The newest answers to what is optional (domain.consent.body).
    consents = mapped(Varchar(length=1000, null=True, default=None), ACCOUNT)
    # The owner asked for its deletion, which begins then; until then it can be called off, and nothing else be done.
    closes_at = mapped(Timestamptz(null=True, default=None), ACCOUNT)


class Acknowledgement(Table, tablename="acknowledgement"):
    """Which version of the policy or terms a person accepted or confirmed to have read, and when."""

    id = mapped(UUID(primary_key=True, default=None), KEY)
    person_id = mapped(UUID(default=None, index=True), ACCOUNT)
    document = mapped(Varchar(length=12), ACCOUNT)  # privacy | terms
    version = mapped(Varchar(length=10), ACCOUNT)
    kind = mapped(Varchar(length=8), ACCOUNT)  # accepted | read
    language = mapped(Varchar(length=5), ACCOUNT)
    # SHA-256 of the text as it was shown.
    fingerprint = mapped(Bytea(default=None), ACCOUNT)
    at = mapped(Timestamptz(default=None), ACCOUNT)


class Session(Table, tablename="session"):
    """A signed-in browser. The cookie holds the id, this row only its SHA-256.

    (current_organisation_id, person_id, role) is a foreign key to membership: a changed role reaches the session at
    once, a lost membership ends its place in the company, and no join is needed to know the actor.
    """

    id_hash = mapped(Bytea(primary_key=True, default=None), SECRET)
    person_id = mapped(UUID(default=None, index=True), SESSION)
    current_organisation_id = mapped(UUID(null=True, default=None), SESSION)
    role = mapped(Varchar(length=12, null=True, default=None), SESSION)
    # The company's name as it is now (a trigger follows a rename), so that no page has to look it up.
    organisation_name = mapped(Varchar(length=200, null=True, default=None), SESSION)
    csrf_secret = mapped(Bytea(default=None), SECRET)
    created_at = mapped(Timestamptz(default=None), SESSION)
    last_seen_at = mapped(Timestamptz(default=None), SESSION)
    # When the password was last given: sensitive actions want it fresh.
    authenticated_at = mapped(Timestamptz(default=None), SESSION)
    ip_prefix = mapped(Varchar(length=45), SESSION)
    browser = mapped(Varchar(length=60), SESSION)


class AccountToken(Table, tablename="account_token"):
    """A single-use secret that was mailed to a person; only its SHA-256 is kept."""

    token_hash = mapped(Bytea(primary_key=True, default=None), SECRET)
    person_id = mapped(UUID(default=None, index=True), SECURITY)
    purpose = mapped(Varchar(length=16), SECURITY)  # confirm_email | reset_password | change_email
    # The address that a change_email token proves.
    email = mapped(Varchar(length=254, null=True, default=None), ACCOUNT)
    created_at = mapped(Timestamptz(default=None), SECURITY)
    expires_at = mapped(Timestamptz(default=None), SECURITY)
    used_at = mapped(Timestamptz(null=True, default=None), SECURITY)


class AccountMessage(Table, tablename="account_message"):
    """A message asked for on the account pages. Made for known and unknown addresses alike, so that the answer and
    its time tell nobody which addresses have an account; the job decides what to send."""

    id = mapped(UUID(primary_key=True, default=None), KEY)
    kind = mapped(Varchar(length=16), SHORT)  # a key of actions.account_letters.KINDS
    # Who asked, when that is known: a signed-in person, or one who gave the right password.
    person_id = mapped(UUID(null=True, default=None), SHORT)
    email = mapped(Varchar(length=254), SHORT)
    language = mapped(Varchar(length=5), SHORT)
    created_at = mapped(Timestamptz(default=None, index=True), SHORT)
    # The notice to companies that this letter carries, when it is one.
    notice_id = mapped(UUID(null=True, default=None), SHORT)
    # The company that the letter is about, and the invitation into it that it carries, when it does.
    company_id = mapped(UUID(null=True, default=None), SHORT)
    invitation_id = mapped(UUID(null=True, default=None), SHORT)
    message_id = mapped(Varchar(length=200), SHORT)
    attempts = mapped(SmallInt(default=0), SHORT)
    sent_at = mapped(Timestamptz(null=True, default=None), SHORT)
    problem = mapped(Varchar(length=200, null=True, default=None), SHORT)


class SecurityEvent(Table, tablename="security_event"):
    """What happened to an account: signed in, wrong password, password changed. For its owner to see."""

    id = mapped(UUID(primary_key=True, default=None), KEY)
    person_id = mapped(UUID(default=None, index=True), SECURITY)
    kind = mapped(Varchar(length=30), SECURITY)
    at = mapped(Timestamptz(default=None, index=True, index_method=IndexMethod.btree), SECURITY)
    ip_prefix = mapped(Varchar(length=45), SECURITY)
    browser = mapped(Varchar(length=60), SECURITY)


class Attempt(Table, tablename="attempt"):
    """Counts of tries in a window of time, shared by all processes. The key is an HMAC: it names nobody."""

    key = mapped(Bytea(primary_key=True, default=None), SECURITY)
    window_ends_at = mapped(Timestamptz(default=None, index=True), SECURITY)
    tries = mapped(Integer(default=0), SECURITY)
