"""Recurring invoices: what comes again and again, in which rhythm, and what came of each time."""

from __future__ import annotations

from decimal import Decimal

from piccolo.columns import JSONB, UUID, Boolean, Date, Integer, Numeric, SmallInt, Timestamptz, Varchar
from piccolo.table import Table

from domain.privacy.classification import DRAFT, KEY, STATE
from models.data_map import mapped


class Plan(Table, tablename="plan"):
    organisation_id = mapped(UUID(default=None), KEY)
    id = mapped(UUID(primary_key=True, default=None), KEY)
    state = mapped(Varchar(length=8, default="draft"), STATE)  # domain.recurring.STATES
    version = mapped(Integer(default=1), STATE)
    created_at = mapped(Timestamptz(default=None), STATE)
    # Who started it: the invoices it issues are issued in that person's name.
    started_by = mapped(UUID(null=True, default=None), DRAFT)
    changed_at = mapped(Timestamptz(default=None), STATE)
    deleted_at = mapped(Timestamptz(null=True, default=None), STATE)
    edited_in = mapped(UUID(null=True, default=None), STATE)
    listed_at = mapped(Timestamptz(default=None), STATE)
    customer_id = mapped(UUID(null=True, default=None), DRAFT)
    customer_name = mapped(Varchar(length=200, default=""), DRAFT)
    currency = mapped(Varchar(length=3, default="NOK"), DRAFT)
    gross = mapped(Numeric(digits=(14, 2), default=Decimal(0)), DRAFT)
    # domain.draft.Draft with its domain.totals.Totals, as the editor saved them.
    content = mapped(JSONB(default="{}"), DRAFT)
    # --- domain.recurring.Rhythm
    unit = mapped(Varchar(length=7, default="month"), DRAFT)
    every = mapped(SmallInt(default=1), DRAFT)
    first_on = mapped(Date(null=True, default=None), DRAFT)
    ends_on = mapped(Date(null=True, default=None), DRAFT)
    times = mapped(SmallInt(null=True, default=None), DRAFT)
    in_arrears = mapped(Boolean(default=False), DRAFT)
    # --- domain.recurring.Rise: a day with one of the two, or nothing
    rise_from = mapped(Date(null=True, default=None), DRAFT)
    rise_percent = mapped(Numeric(digits=(5, 2), null=True, default=None), DRAFT)
    rise_amount = mapped(Numeric(digits=(14, 4), null=True, default=None), DRAFT)
    # Issue and send each invoice, or leave it as a draft?
    is_automatic = mapped(Boolean(default=False), DRAFT)
    # --- where it stands
    next_on = mapped(Date(null=True, default=None), STATE)  # null: nothing more comes by itself
    # The day since when several are due and the user was asked; null when nothing waits.
    asked_on = mapped(Date(null=True, default=None), STATE)


class PlanRun(Table, tablename="plan_run"):
    """One time of a plan, by its day: made once, whoever makes it."""

    organisation_id = mapped(UUID(default=None), KEY)
    plan_id = mapped(UUID(primary_key=True, default=None), KEY)
    day = mapped(Date(), DRAFT)
    state = mapped(
        Varchar(length=8, default="drafted"), STATE
    )  # drafted | issuing | issued | refused | skipped | held
    invoice_id = mapped(UUID(null=True, default=None), KEY)
    made_at = mapped(Timestamptz(default=None), STATE)
