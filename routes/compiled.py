"""Compiled pages are kept beside their sources, as Python keeps its modules: only the first start of a version takes
seconds of the processor to compile them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from pickle import UnpicklingError

from jinja2.bccache import Bucket, FileSystemBytecodeCache

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates" / "__pycache__"
# What is worked out when a page is compiled (routes.compiling) comes from all of these.
SOURCES = {"templates": "*.html", "static": "*", "locale": "*.po", "routes": "*.py", "domain": "*.py"}


class CompiledPages(FileSystemBytecodeCache):
    """The compiled pages of one language; those of another version are written over."""

    def __init__(self, language: str, folder: Path = FOLDER, root: Path = ROOT) -> None:
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
        super().__init__(str(folder), f"{language}-%s.page")
        self._version = version_of(root)

    def get_source_checksum(self, source: str) -> str:
        """A page holds parts, words and addresses of other files too, so it is of the version of all of them."""
        return self._version

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, UnpicklingError):  # unreadable, or half a file from a full disk
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Where nothing may be written, pages are compiled at each start."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


@cache
def version_of(root: Path) -> str:
    """A hash over all that a compiled page is made of."""
    found = hashlib.sha256(version("jinja2").encode())
    for path in _sources(root):
        found.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    for folder, pattern in SOURCES.items():
        yield from sorted(path for path in (root / folder).rglob(pattern) if path.is_file())
