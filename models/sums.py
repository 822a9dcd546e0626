"""Sums that a trigger keeps in the transaction of their cause: no page ever adds up thousands of invoices."""

from __future__ import annotations

from decimal import Decimal

from piccolo.columns import UUID, Date, Integer, Numeric, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import INDEX, KEY, WORDS
from models.data_map import mapped

# In the database each primary key is led by organisation_id; Piccolo needs one column of it named here.


class StateSum(Table, tablename="state_sum"):
    """How many invoices are in each state, and what they come to."""

    organisation_id = mapped(UUID(default=None), KEY)
    state = mapped(Varchar(length=8, primary_key=True, default=None), INDEX)
    currency = mapped(Varchar(length=3), INDEX)
    invoices = mapped(Integer(default=0), INDEX)
    amount = mapped(Numeric(digits=(18, 2), default=Decimal(0)), INDEX)


class DueSum(Table, tablename="due_sum"):
    """What is open on each due date: overdue and ageing are sums over a few hundred of these rows."""

    organisation_id = mapped(UUID(default=None), KEY)
    due_on = mapped(Date(primary_key=True, default=None), INDEX)
    currency = mapped(Varchar(length=3), INDEX)
    invoices = mapped(Integer(default=0), INDEX)
    amount = mapped(Numeric(digits=(18, 2), default=Decimal(0)), INDEX)


class MonthSum(Table, tablename="month_sum"):
    """What was invoiced and what came in, month by month."""

    organisation_id = mapped(UUID(default=None), KEY)
    month = mapped(Date(primary_key=True, default=None), INDEX)
    currency = mapped(Varchar(length=3), INDEX)
    invoices = mapped(Integer(default=0), INDEX)
    net = mapped(Numeric(digits=(18, 2), default=Decimal(0)), INDEX)
    vat = mapped(Numeric(digits=(18, 2), default=Decimal(0)), INDEX)
    paid = mapped(Numeric(digits=(18, 2), default=Decimal(0)), INDEX)


class VatSum(Table, tablename="vat_sum"):
    """What was issued in a month with one VAT category and rate, credit notes taken off, in the documents' own currency
    and in NOK by the rate of each document. `unrated` of them have no such rate; what they come to is `unrated_base`."""

    organisation_id = mapped(UUID(default=None), KEY)
    month = mapped(Date(primary_key=True, default=None), INDEX)
    currency = mapped(Varchar(length=3), INDEX)
    category = mapped(Varchar(length=2), INDEX)
    rate = mapped(Numeric(digits=(5, 2)), INDEX)
    documents = mapped(Integer(default=0), INDEX)
    base = mapped(Numeric(digits=(18, 2), default=Decimal(0)), INDEX)
    vat = mapped(Numeric(digits=(18, 2), default=Decimal(0)), INDEX)
    base_nok = mapped(Numeric(digits=(18, 2), default=Decimal(0)), INDEX)
    vat_nok = mapped(Numeric(digits=(18, 2), default=Decimal(0)), INDEX)
    unrated = mapped(Integer(default=0), INDEX)
    unrated_base = mapped(Numeric(digits=(18, 2), default=Decimal(0)), INDEX)


class SearchWord(Table, tablename="search_word"):
    """The words by which an invoice, customer or product can be found, in C order: a prefix is a range of the index.

    (Operators of LIKE and full-text search are not leakproof, so under row-level security they can not use an index.)
    """

    organisation_id = mapped(UUID(default=None), KEY)
    kind = mapped(Varchar(length=8), WORDS)  # invoice | customer | product | supplier
    word = mapped(Varchar(length=32), WORDS)
    listed_at = mapped(Timestamptz(default=None), WORDS)
    subject_id = mapped(UUID(primary_key=True, default=None), WORDS)
