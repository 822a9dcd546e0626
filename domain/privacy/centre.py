"""The privacy centre of an account: each purpose with its ground, and whether there is anything to switch (P-04)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.marking import N_
from domain.privacy.classification import Basis, Purpose
from domain.privacy.register import Register, Subject


@dataclass(frozen=True, slots=True)
class Choice:
    """What a ground lets one choose. `why` tells why there is no switch; else `action` leads to the section `place`."""

    why: str
    action: str = ""
    place: str = ""


# A ground that is not here is consent: that is withdrawn where it was given.
CHOICES: dict[str, Choice] = {
    "CONTRACT": Choice(N_("We can not do what you asked us for without it. It ends with your account.")),
    "LAW": Choice(N_("The law says that we must. It ends when the law lets it.")),
    "INTEREST": Choice(
        N_("We may do it because it is worth more than it disturbs. You may object."), N_("Object"), "objection"
    ),
}
CONSENT = Choice(N_("Only if you said yes, and only as long as you do."), N_("Withdraw"), "consents")


def choices(register: Register) -> tuple[tuple[Purpose, Basis, Choice], ...]:
    """Every purpose for which data of account holders is used, on which ground, and what there is to choose."""
    return tuple(
        (activity.purpose, activity.basis, CHOICES.get(activity.basis.name, CONSENT))
        for activity in register.activities()
        if Subject.HOLDER in activity.subjects
    )
