"""Who is invoiced."""

from __future__ import annotations

from decimal import Decimal

from piccolo.columns import UUID, Integer, Numeric, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import ACCOUNTING, CUSTOMER, CUSTOMER_RIGHT, KEY, STATE
from models.data_map import mapped


class Customer(Table, tablename="customer"):
    """A business or a consumer. What is printed on an invoice is copied there; this row is for the next one."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    version = mapped(Integer(default=1), STATE)
    kind = mapped(Varchar(length=10), CUSTOMER)  # business | consumer
    name = mapped(Varchar(length=200), CUSTOMER)
    # The name as it is sorted and matched: folded, without marks.
    name_key = mapped(Varchar(length=200, default=""), CUSTOMER)
    organisation_number = mapped(Varchar(length=20, default=""), CUSTOMER)
    vat_number = mapped(Varchar(length=20, default=""), CUSTOMER)
    # As Brønnøysundregistrene writes it, such as AS or KOMM; "" when nobody fetched it.
    organisation_form = mapped(Varchar(length=10, default=""), CUSTOMER)
    # What the EU's register (VIES) said of the VAT number, and when: "" while nobody has asked or nobody answered.
    vat_status = mapped(Varchar(length=8, default=""), CUSTOMER)  # valid | invalid
    vat_checked_at = mapped(Timestamptz(null=True, default=None), CUSTOMER)
    # Its proof that we asked; only given to who asks with an EU VAT number.
    vat_consultation = mapped(Varchar(length=40, default=""), CUSTOMER)
    address_line1 = mapped(Varchar(length=200, default=""), CUSTOMER)
    address_line2 = mapped(Varchar(length=200, default=""), CUSTOMER)
    postcode = mapped(Varchar(length=20, default=""), CUSTOMER)
    city = mapped(Varchar(length=100, default=""), CUSTOMER)
    country = mapped(Varchar(length=2, default="NO"), CUSTOMER)
    delivery_line1 = mapped(Varchar(length=200, default=""), CUSTOMER)
    delivery_postcode = mapped(Varchar(length=20, default=""), CUSTOMER)
    delivery_city = mapped(Varchar(length=100, default=""), CUSTOMER)
    delivery_country = mapped(Varchar(length=2, default=""), CUSTOMER)
    email = mapped(Varchar(length=254, default=""), CUSTOMER)
    phone = mapped(Varchar(length=40, default=""), CUSTOMER)
    # How invoices reach the customer: best | email | print (domain.ladder).
    delivery = mapped(Varchar(length=8, default="best"), CUSTOMER)
    language = mapped(Varchar(length=5, default="nb"), CUSTOMER)
    currency = mapped(Varchar(length=3, default="NOK"), CUSTOMER)
    # None: the company's own default.
    due_days = mapped(SmallInt(null=True, default=None), CUSTOMER)
    reference = mapped(Varchar(length=100, default=""), CUSTOMER)
    notes = mapped(Text(default=""), CUSTOMER)
    created_at = mapped(Timestamptz(default=None), CUSTOMER)
    changed_at = mapped(Timestamptz(default=None), CUSTOMER)
    archived_at = mapped(Timestamptz(null=True, default=None), CUSTOMER)
    # Since when the data is only kept (Art. 18); the reason stands in `restriction`. Here it costs no statement to ask.
    restricted_at = mapped(Timestamptz(null=True, default=None), CUSTOMER_RIGHT)
    # What the customer does not want (Art. 21), as words with spaces between: domain.privacy.objection.CustomerPurpose.
    objects_to = mapped(Varchar(length=40, default=""), CUSTOMER_RIGHT)


class CustomerCredit(Table, tablename="customer_credit"):
    """What the customer has to their credit in one currency, waiting to be used or paid back: the sum of the
    `to_credit` of their entries in `payment`. In the database the key is (organisation_id, customer_id, currency)."""

    organisation_id = mapped(UUID(default=None), KEY)
    customer_id = mapped(UUID(primary_key=True, default=None), ACCOUNTING)
    currency = mapped(Varchar(length=3), ACCOUNTING)
    amount = mapped(Numeric(digits=(14, 2), default=Decimal(0)), ACCOUNTING)
