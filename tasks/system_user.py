"""PostgreSQL refuses to run as root. When we are root it runs as a user of its own, who may walk to its folder."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import stat
import struct
from pathlib import Path

from tasks import children
from tasks.children import Account

NAME = "pgserver"
ACL = "system.posix_acl_access"
ACL_VERSION = struct.pack("<I", 2)
ACL_ENTRY = struct.Struct("<HHI")
ACL_OWNER, ACL_USER, ACL_GROUP, ACL_MASK, ACL_OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
ACL_NOBODY = 0xFFFFFFFF
WALK = 1


class NoSystemUser(Exception):
    """There is no user to run PostgreSQL as; the text says what to do."""


def account_for(data: Path) -> Account | None:
    """Whom PostgreSQL with the folder `data` runs as; None means: as we ourselves."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(f"user {owner.st_uid}", owner.st_uid, owner.st_gid)
    return _find() or _create()


def _find() -> Account | None:
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        return None
    return Account(NAME, entry.pw_uid, entry.pw_gid)


def _create() -> Account:
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    else:
        command = ["adduser", "-S", "-D", "-H", "-h", "/nonexistent"]
    command += ["-s", "/usr/sbin/nologin", NAME]
    with contextlib.suppress(OSError):  # neither program is here
        children.run(command)
    if account := _find():
        return account
    raise NoSystemUser(
        f"PostgreSQL can not run as root, and the system user {NAME} could not be made: "
        "start as an ordinary user, or set SMARTFAKTURA_DATABASE_URL."
    )


def let_walk_to(path: Path, account: Account) -> None:
    """Open exactly the folders above `path` that stop `account`, only for walking through, never for listing.

    Where the file system keeps access lists, only for that one user: /root stays closed to everybody else.
    """
    opened: set[Path] = set()
    while (folder := _first_closed(path, account)) is not None:
        if folder in opened:
            raise NoSystemUser(
                f"PostgreSQL runs as {account.name}, who can not get to {path}: {folder} is closed. "
                "Move the checkout or the data folder to a place that others may walk through."
            )
        opened.add(folder)
        _open(folder, account)


def _first_closed(path: Path, account: Account) -> Path | None:
    folders = [str(folder) for folder in reversed([path, *path.parents])]
    script = 'for folder; do [ -x "$folder" ] || { printf %s "$folder"; exit; }; done'
    answer = children.run(["/bin/sh", "-c", script, "sh", *folders], account=account)
    return Path(answer.stdout) if answer.stdout else None


def _open(folder: Path, account: Account) -> None:
    try:
        os.setxattr(folder, ACL, _with_walker(folder, account))
    except (OSError, AttributeError):  # no access lists on this file system or system
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXOTH)


def _with_walker(folder: Path, account: Account) -> bytes:
    entries = [entry for entry in _entries(folder) if entry[0] != ACL_MASK and entry[::2] != (ACL_USER, account.uid)]
    entries.append((ACL_USER, WALK, account.uid))
    limited = [entry[1] for entry in entries if entry[0] not in (ACL_OWNER, ACL_OTHER)]
    mask = 0
    for permission in limited:
        mask |= permission
    entries.append((ACL_MASK, mask, ACL_NOBODY))
    # The kernel wants them in the order of their tags, then of their ids.
    entries.sort(key=lambda entry: (entry[0], entry[2]))
    return ACL_VERSION + b"".join(ACL_ENTRY.pack(*entry) for entry in entries)


def _entries(folder: Path) -> list[tuple[int, int, int]]:
    try:
        return list(ACL_ENTRY.iter_unpack(os.getxattr(folder, ACL)[len(ACL_VERSION) :]))
    except OSError:
        mode = folder.stat().st_mode
        return [
            (ACL_OWNER, mode >> 6 & 7, ACL_NOBODY),
            (ACL_GROUP, mode >> 3 & 7, ACL_NOBODY),
            (ACL_OTHER, mode & 7, ACL_NOBODY),
        ]
