"""A ZIP written piece by piece, with the hash of each file in it: however much goes in, little is held in memory."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Self

# Compressed inside already: to try it again costs most of the time of a large copy and saves next to nothing.
DENSE = (".pdf", ".png", ".jpg", ".zip")


@dataclass(slots=True)
class Entry:
    """One file of the ZIP: its size and SHA-256 as it will be unpacked."""

    path: str
    sha256: str
    size: int


class Writing:
    """One file while it is written."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._stream.write(data)
        self.digest.update(data)
        self.size += len(data)


class ZipFile:
    """A new ZIP at `path`; every file in it is dated `moment`. Closing makes it survive a power cut."""

    def __init__(self, path: Path, moment: datetime) -> None:
        self.entries: list[Entry] = []
        self._names: set[str] = set()
        self._path = path
        self._moment = moment
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=6)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        if kind is None:
            with self._path.open("rb") as file:
                os.fsync(file.fileno())

    @contextmanager
    def open(self, path: str) -> Iterator[Writing]:
        """Write one file. A name that would leave the folder, or is there already, is a mistake of ours."""
        parts = PurePosixPath(path)
        assert not parts.is_absolute() and ".." not in parts.parts and path not in self._names, path
        self._names.add(path)
        info = zipfile.ZipInfo(path, self._moment.timetuple()[:6])
        is_dense = path.endswith(DENSE)
        info.compress_type = zipfile.ZIP_STORED if is_dense else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self._zip.open(info, "w", force_zip64=True) as stream:
            writing = Writing(stream)
            yield writing
        self.entries.append(Entry(path, writing.digest.hexdigest(), writing.size))

    def add(self, path: str, data: bytes) -> None:
        """Write one small file."""
        with self.open(path) as file:
            file.write(data)

    def free_name(self, path: str) -> str:
        """The path, with a number where it is taken."""
        name, count = path, 1
        while name in self._names:
            count += 1
            stem, dot, suffix = path.rpartition(".")
            name = f"{stem}-{count}{dot}{suffix}"
        return name
