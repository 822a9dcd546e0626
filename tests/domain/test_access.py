from __future__ import annotations

import pytest

from domain.access import Permission, Role, may, may_change_member

GRANTS = {
    Role.OWNER: {"read", "write", "issue", "pay", "settings", "members", "own"},
    Role.ADMIN: {"read", "write", "issue", "pay", "settings", "members"},
    Role.BOOKKEEPER: {"read", "write", "issue", "pay"},
    Role.VIEWER: {"read"},
}


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_exactly_what_is_granted(role: Role) -> None:
    assert {permission.value for permission in Permission if may(role, permission)} == GRANTS[role]


@pytest.mark.parametrize(
    ("actor", "current", "wanted", "allowed"),
    [
        (Role.OWNER, Role.OWNER, None, True),
        (Role.OWNER, None, Role.OWNER, True),
        (Role.ADMIN, None, Role.VIEWER, True),
        (Role.ADMIN, Role.BOOKKEEPER, Role.ADMIN, True),
        (Role.ADMIN, Role.OWNER, None, False),
        (Role.ADMIN, Role.ADMIN, Role.OWNER, False),
        (Role.BOOKKEEPER, None, Role.VIEWER, False),
        (Role.VIEWER, Role.VIEWER, Role.OWNER, False),
    ],
)
def test_only_an_owner_makes_or_unmakes_an_owner(
    actor: Role, current: Role | None, wanted: Role | None, allowed: bool
) -> None:
    assert may_change_member(actor, current, wanted) == allowed
