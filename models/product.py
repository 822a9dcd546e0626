"""What is sold."""

from __future__ import annotations

from decimal import Decimal

from piccolo.columns import UUID, Integer, Numeric, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import BUSINESS, KEY, STATE
from models.data_map import mapped


class Product(Table, tablename="product"):
    """A good or service with its price before VAT, offered in the lines of an invoice."""

    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    version = mapped(Integer(default=1), STATE)
    name = mapped(Varchar(length=200), BUSINESS)
    name_key = mapped(Varchar(length=200, default=""), BUSINESS)
    unit = mapped(Varchar(length=3, default="C62"), BUSINESS)  # UN/ECE recommendation 20
    unit_price = mapped(Numeric(digits=(18, 4), default=Decimal(0)), BUSINESS)
    currency = mapped(Varchar(length=3, default="NOK"), BUSINESS)
    vat_treatment = mapped(Varchar(length=16, default="standard"), BUSINESS)
    # What is sold decides where it is taxed (domain.vat_proposal.Supply).
    supply = mapped(Varchar(length=8, default="service"), BUSINESS)  # goods | service
    created_at = mapped(Timestamptz(default=None), BUSINESS)
    changed_at = mapped(Timestamptz(default=None), BUSINESS)
    archived_at = mapped(Timestamptz(null=True, default=None), BUSINESS)
