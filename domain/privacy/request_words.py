"""Requests in words, for whoever asks and whoever answers."""

from __future__ import annotations

from domain.marking import N_
from domain.privacy.requests import Channel, Identity, Kind, State

KINDS: dict[Kind, str] = {
    Kind.ACCESS: N_("A copy of your data"),
    Kind.PORTABILITY: N_("Your data for another program"),
    Kind.CORRECTION: N_("Correct your data"),
    Kind.DELETION: N_("Delete your data"),
    Kind.RESTRICTION: N_("Restrict the use of your data"),
    Kind.OBJECTION: N_("Object to a use of your data"),
    Kind.CONSENT: N_("Withdraw a consent"),
    Kind.OTHER: N_("Something else about your data"),
}
# The same for whoever answers: it is somebody else's data.
DESK_KINDS: dict[Kind, str] = {
    Kind.ACCESS: N_("A copy of their data"),
    Kind.PORTABILITY: N_("Their data for another program"),
    Kind.CORRECTION: N_("Correction of their data"),
    Kind.DELETION: N_("Deletion of their data"),
    Kind.RESTRICTION: N_("Restriction of their data"),
    Kind.OBJECTION: N_("Objection to a use of their data"),
    Kind.CONSENT: N_("Withdrawal of a consent"),
    Kind.OTHER: N_("Something else about their data"),
}
STATES: dict[State, str] = {
    State.RECEIVED: N_("Received"),
    State.IDENTITY_PENDING: N_("Waiting to know who asks"),
    State.VERIFIED: N_("Waiting for an answer"),
    State.IN_PROGRESS: N_("Being worked on"),
    State.EXTENDED: N_("Takes longer"),
    State.FULFILLED: N_("Done"),
    State.PARTLY_FULFILLED: N_("Partly done"),
    State.REFUSED: N_("Declined"),
    State.WITHDRAWN: N_("Withdrawn"),
}
# The look of a badge that exists (ui/badge.html).
BADGES: dict[State, str] = {
    State.RECEIVED: "waiting",
    State.IDENTITY_PENDING: "draft",
    State.VERIFIED: "waiting",
    State.IN_PROGRESS: "open",
    State.EXTENDED: "part",
    State.FULFILLED: "paid",
    State.PARTLY_FULFILLED: "part",
    State.REFUSED: "declined",
    State.WITHDRAWN: "withdrawn",
}
IDENTITIES: dict[Identity, str] = {
    Identity.UNPROVEN: N_("Nobody has shown yet that the address is theirs"),
    Identity.SIGNED_IN: N_("Signed in to the account"),
    Identity.CODE: N_("Wrote the code that was sent to the address on the document"),
    Identity.LINK: N_("Opened the link that was sent to the address"),
    Identity.OPERATOR: N_("Looked at by whoever registered it"),
}
CHANNELS: dict[Channel, str] = {
    Channel.APP: N_("On the account's privacy page"),
    Channel.HOSTED: N_("On the privacy page of an invoice or quote"),
    Channel.FORM: N_("On the public form"),
    Channel.MAIL: N_("By e-mail"),
}
