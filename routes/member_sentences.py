"""What is said after somebody was invited, taken out or left: codes beside those of routes.flash."""

from __future__ import annotations

from domain.marking import N_
from routes.flash import SENTENCES, Flash

INVITED = "member-invited"
WITHDRAWN = "invitation-withdrawn"
ROLE_CHANGED = "member-role-changed"
REMOVED = "member-removed"
LEFT = "company-left"
HANDED_OVER = "company-handed-over"
JOINED = "company-joined"

SENTENCES.update(
    {
        INVITED: Flash("done", N_("The invitation is on its way. Its link works for 7 days.")),
        WITHDRAWN: Flash("done", N_("The invitation is withdrawn. Its link opens nothing any more.")),
        ROLE_CHANGED: Flash("done", N_("The role is changed. It counts from now on.")),
        REMOVED: Flash("done", N_("They are no longer in the company, and we tell them by e-mail.")),
        LEFT: Flash("done", N_("You have left the company.")),
        HANDED_OVER: Flash("done", N_("The company has a new owner. We tell you both by e-mail.")),
        JOINED: Flash("done", N_("Welcome! You work for this company now.")),
    }
)
