"""Who may do what in a company."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a company; `may` says what each role may do."""

    OWNER = "owner"
    ADMIN = "admin"
    BOOKKEEPER = "bookkeeper"
    VIEWER = "viewer"


class Permission(StrEnum):
    """READ sees everything, WRITE changes customers, products and drafts, ISSUE issues and sends, PAY registers
    payments, SETTINGS changes the company, MEMBERS invites and removes people, OWN hands the company over and closes
    it."""

    READ = "read"
    WRITE = "write"
    ISSUE = "issue"
    PAY = "pay"
    SETTINGS = "settings"
    MEMBERS = "members"
    OWN = "own"


_DAILY = frozenset({Permission.READ, Permission.WRITE, Permission.ISSUE, Permission.PAY})
_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMIN: frozenset(Permission) - {Permission.OWN},
    Role.BOOKKEEPER: _DAILY,
    Role.VIEWER: frozenset({Permission.READ}),
}


def may(role: Role, permission: Permission) -> bool:
    """May somebody with `role` do what `permission` names?"""
    return permission in _GRANTS[role]


def may_change_member(actor: Role, current: Role | None, wanted: Role | None) -> bool:
    """May `actor` move a member from the role `current` (None: not a member yet) to `wanted` (None: out)?

    Only an owner makes or unmakes an owner: an administrator can not take a company over.
    """
    if not may(actor, Permission.MEMBERS):
        return False
    return actor is Role.OWNER or Role.OWNER not in (current, wanted)
