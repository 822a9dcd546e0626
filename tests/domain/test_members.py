from __future__ import annotations

from uuid import uuid4

import pytest

from domain.access import Permission, Role
from domain.members import MEANINGS, NAMES, Place, Team, loses
from domain.privacy.erasure import Ending

ME, OTHER, THIRD = uuid4(), uuid4(), uuid4()


def test_every_role_has_a_name_and_says_what_it_may_do() -> None:
    assert set(NAMES) == set(MEANINGS) == set(Role)


@pytest.mark.parametrize(
    ("mine", "other", "code"),
    [
        (Place(Role.OWNER), Place(Role.OWNER), None),
        (Place(Role.OWNER), Place(Role.ADMIN), "member.last_owner"),
        (Place(Role.VIEWER), Place(Role.OWNER), None),
        (Place(Role.OWNER), None, "member.only_one"),
        # Who is about to be deleted is no owner to leave a company to.
        (Place(Role.OWNER), Place(Role.OWNER, stays=False), "member.only_one"),
    ],
)
def test_the_last_owner_stays_while_others_are_there(mine: Place, other: Place | None, code: str | None) -> None:
    team = Team({ME: mine} | ({OTHER: other} if other else {}))
    refusal = team.refusal_to_let_go(ME)
    assert (refusal.code if refusal else None) == code


def test_an_owner_whose_account_is_about_to_go_does_not_count() -> None:
    team = Team({ME: Place(Role.OWNER), OTHER: Place(Role.OWNER, stays=False), THIRD: Place(Role.VIEWER)})
    assert team.ending_for(ME) is Ending.BLOCKS
    assert team.ending_for(THIRD) is Ending.LEAVES


def test_what_a_role_loses_by_another_one() -> None:
    assert loses(Role.ADMIN, Role.BOOKKEEPER, Permission.SETTINGS)
    assert loses(Role.ADMIN, None, Permission.MEMBERS)
    assert not loses(Role.OWNER, Role.ADMIN, Permission.MEMBERS)
    assert not loses(Role.VIEWER, None, Permission.MEMBERS)


def test_nobody_from_outside_changes_anybody() -> None:
    team = Team({ME: Place(Role.OWNER)})
    assert not team.may_change(OTHER, ME, Role.VIEWER)
    assert team.may_change(ME, OTHER, Role.OWNER)
