"""What is said after an account or company was closed, or kept after all: codes beside those of routes.flash."""

from __future__ import annotations

from domain.marking import N_
from routes.flash import SENTENCES, Flash

ACCOUNT_CLOSING = "account-closing"
ACCOUNT_KEPT = "account-kept"
COMPANY_CLOSING = "company-closing"
COMPANY_KEPT = "company-kept"
CUSTOMER_ERASED = "customer-erased"

SENTENCES.update(
    {
        ACCOUNT_CLOSING: Flash(
            "done",
            N_(
                "Your account is deleted in 14 days. You are signed out. Sign in before that day to keep it after all."
            ),
        ),
        ACCOUNT_KEPT: Flash("done", N_("Good to have you back. Everything is as it was.")),
        COMPANY_CLOSING: Flash(
            "done", N_("The company is closed in 14 days. Until then you can keep it after all, on this page.")
        ),
        CUSTOMER_ERASED: Flash(
            "done", N_("The personal data is deleted. What the law keeps stands on the issued documents alone.")
        ),
        COMPANY_KEPT: Flash("done", N_("The company stays. Everything in it is as it was.")),
    }
)
