"""Has the code changed? Looked up by the times of the files, for `bin/dev`."""

from __future__ import annotations

from pathlib import Path

FOLDERS = ("domain", "actions", "models", "routes", "tasks", "templates", "locale")
SUFFIXES = frozenset({".py", ".html", ".txt", ".po", ".json"})


class Sources:
    """The files of the checkout that a running app has read."""

    def __init__(self, checkout: Path) -> None:
        self._checkout = checkout
        self._seen = self._times()

    def changed(self) -> str | None:
        """One of the files that changed since the last question, or None."""
        now = self._times()
        different = sorted(path for path, _ in now.items() ^ self._seen.items())
        self._seen = now
        return different[0] if different else None

    def _times(self) -> dict[str, int]:
        files = [*self._checkout.glob("*.py")]
        for folder in FOLDERS:
            files += (path for path in (self._checkout / folder).rglob("*") if path.suffix in SUFFIXES)
        return {str(path.relative_to(self._checkout)): _time(path) for path in files}


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # removed between listing and looking
        return 0
