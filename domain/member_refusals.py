"""The sentences for what is refused about members and invitations, added to the one table of them."""

from __future__ import annotations

from domain.marking import N_
from domain.refusal_texts import TEXTS

MEMBER_TEXTS: dict[str, str] = {
    "member.last_owner": N_(
        "A company that others work in must have an owner, and there is no other one. Hand the company over first, or "
        "close it."
    ),
    "member.only_one": N_(
        "Nobody else is in this company, so there is nobody to leave it to. You can close it instead."
    ),
    "member.only_owners_change_owners": N_("Only an owner can change or remove an owner."),
    "member.not_allowed": N_("Your role does not include changing who works here."),
    "member.owner_steps_down_first": N_("Give this owner another role first. Then you can take them out."),
    "member.leaves_by_themselves": N_("This is you. Leave the company on the page for that."),
    "member.not_to_hand_over_to": N_("Choose somebody who works here and whose account stays."),
    "member.is_in_already": N_("This person works here already. You find them in the list."),
    "invitation.over": N_("This invitation is over. Invite the person anew."),
    "invitation.has_account": N_("This address has an account already. Sign in with it to accept."),
}
TEXTS.update(MEMBER_TEXTS)
