"""What currencies were worth, as central banks published it: the same for every company."""

from __future__ import annotations

from decimal import Decimal

from piccolo.columns import Date, Numeric, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import KEY, STATE
from models.data_map import mapped


class ExchangeRate(Table, tablename="exchange_rate"):
    """What one unit of `currency` cost in NOK on a banking day. In the database the key is (currency, day, source)."""

    currency = mapped(Varchar(length=3, primary_key=True, default=None), KEY)
    day = mapped(Date(default=None), KEY)
    source = mapped(Varchar(length=20), KEY)
    nok = mapped(Numeric(digits=(18, 8), default=Decimal(0)), STATE)
    fetched_at = mapped(Timestamptz(default=None), STATE)
