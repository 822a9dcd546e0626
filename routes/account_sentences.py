"""What is said after something was done to an account: codes for `see_other`, beside those of routes.flash."""

from __future__ import annotations

from domain.marking import N_
from routes.flash import SENTENCES, Flash

CHECK_NEW_EMAIL = "check-new-email"
EMAIL_CHANGED = "email-changed"
PASSWORD_RENEWED = "password-renewed"
SESSIONS_ENDED = "sessions-ended"

SENTENCES.update(
    {
        CHECK_NEW_EMAIL: Flash("done", N_("We sent a link to your new address. Open it there to start using it.")),
        EMAIL_CHANGED: Flash("done", N_("Your new e-mail address is in use. Sign in with it.")),
        PASSWORD_RENEWED: Flash("done", N_("Your password is changed. Other browsers are signed out.")),
        SESSIONS_ENDED: Flash("done", N_("All other browsers are signed out.")),
    }
)
