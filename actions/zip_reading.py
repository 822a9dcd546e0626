"""Opening a copy of data that somebody uploads: nothing of it is believed before it is checked.

A ZIP may be a bomb, may name files outside its folder, may be changed or only look like one of ours. Every file is read
once against its hash before a single row is used, and never more than it says it is.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self

import msgspec

from domain.privacy.export import FORMAT, FORMAT_VERSION
from domain.refusals import Refusal, Refused

MOST_UNPACKED = 2 * 1024**3
MOST_FILES = 100_000
MOST_MANIFEST = 32 * 1024**2
# The list of files at the end of a ZIP, which is read at once, before anybody can count it.
MOST_LIST = 16 * 1024**2
LONGEST_TAIL = 128 * 1024
MOST_LINE = 8 * 1024**2
MOST_FILE = 64 * 1024**2
PIECE = 256 * 1024
_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class DataCopy:
    """An opened copy of a company's data, every file of it checked by its hash. Raises Refused on opening."""

    def __init__(self, path: Path) -> None:
        self._file = _Careful(path)
        try:
            self._zip = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            self._file.close()
            raise Refused(Refusal("import.not_a_zip")) from None
        try:
            self._infos = _safe(self._zip.infolist())
            self.manifest = self._manifest()
            self._paths = self._verified()
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        self._zip.close()
        self._file.close()

    def rows(self, name: str) -> Iterator[Any]:
        """The rows of `data/<name>.json`, one after the other; none when the copy has no such file."""
        path = f"data/{name}.json"
        if path not in self._infos:
            return
        with self._open(path) as file:
            while line := file.readline(MOST_LINE):
                text = line.strip().removesuffix(b",")
                if text not in (b"[", b"]", b"[]", b""):
                    yield _decoded(text, path)

    def file(self, sha256: str) -> bytes:
        """The archived file with this hash. Raises Refused when the copy does not have it."""
        path = self._paths.get(sha256)
        if path is None or self._infos[path].file_size > MOST_FILE:
            raise _incomplete(path or sha256)
        return self._read(path)

    def _manifest(self) -> dict[str, Any]:
        info = self._infos.get("manifest.json")
        if info is None or info.file_size > MOST_MANIFEST:
            raise Refused(Refusal("import.not_a_copy"))
        found = _decoded(self._read("manifest.json"), "manifest.json")
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise Refused(Refusal("import.not_a_copy"))
        if found.get("format_version") != FORMAT_VERSION:
            version = str(found.get("format_version"))[:20]
            raise Refused(Refusal("import.other_version", None, {"version": version}))
        subject = found.get("subject")
        if not isinstance(subject, dict) or subject.get("kind") != "account_holder" or not found.get("company"):
            raise Refused(Refusal("import.of_account"))
        return found

    def _verified(self) -> dict[str, str]:
        """The place of each file by its hash. Every file of the ZIP is listed, and is what it was."""
        listed = self._listed()
        if stray := sorted(set(self._infos) - set(listed) - {"SHA256SUMS"}):
            raise Refused(Refusal("import.changed", None, {"file": stray[0][:100]}))
        for path, digest in listed.items():
            if path not in self._infos:
                raise _incomplete(path)
            if self._digest(path) != digest:
                raise Refused(Refusal("import.changed", None, {"file": path[:100]}))
        return {digest: path for path, digest in listed.items() if not path.startswith(("data/", "csv/", "schema/"))}

    def _listed(self) -> dict[str, str]:
        info = self._infos.get("SHA256SUMS")
        if info is None or info.file_size > MOST_MANIFEST:
            raise _incomplete("SHA256SUMS")
        lines = self._read("SHA256SUMS").decode("utf-8", "replace").splitlines()
        listed = {line[66:]: line[:64] for line in lines}
        for entry in self.manifest.get("files", ()):
            if not isinstance(entry, dict) or listed.get(str(entry.get("path"))) != entry.get("sha256"):
                raise Refused(Refusal("import.changed", None, {"file": "manifest.json"}))
        return listed

    def _digest(self, path: str) -> str:
        digest = hashlib.sha256()
        with self._open(path) as file:
            try:
                while piece := file.read(PIECE):
                    digest.update(piece)
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
                return ""
        return digest.hexdigest()

    def _read(self, path: str) -> bytes:
        try:
            with self._open(path) as file:
                content: bytes = file.read()
                return content
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
            raise Refused(Refusal("import.changed", None, {"file": path[:100]})) from None

    def _open(self, path: str) -> Any:
        try:
            return self._zip.open(self._infos[path])
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
            raise Refused(Refusal("import.changed", None, {"file": path[:100]})) from None


class _Careful(io.FileIO):
    """A file that gives out only so much at once: a list of millions of files would be in memory before it is counted."""

    def read(self, size: int | None = -1, /) -> bytes:
        left = os.fstat(self.fileno()).st_size - self.tell()
        is_all = size is None or size < 0
        if (is_all and left > LONGEST_TAIL) or (not is_all and min(size or 0, left) > MOST_LIST):
            raise zipfile.BadZipFile("more than a copy of ours would have")
        return super().read(size) or b""


def _safe(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The files by their names. What a copy of ours never has is refused before anything is unpacked."""
    found = {info.filename: info for info in infos}
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise Refused(Refusal("import.unpacked_too_large"))
    if len(found) != len(infos) or not all(map(_is_plain, infos)):
        raise Refused(Refusal("import.unsafe"))
    return found


def _is_plain(info: zipfile.ZipInfo) -> bool:
    path, mode = PurePosixPath(info.filename), info.external_attr >> 16
    return (
        not path.is_absolute()
        and ".." not in path.parts
        and "\\" not in info.filename
        and info.filename.isprintable()
        and not info.is_dir()
        and (mode == 0 or stat.S_IFMT(mode) in (0, stat.S_IFREG))
        and not info.flag_bits & 1  # encrypted
        and info.compress_type in _KINDS
    )


def _decoded(text: bytes, path: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Refused(Refusal("import.row", None, {"file": path})) from None


def _incomplete(path: str) -> Refused:
    return Refused(Refusal("import.incomplete", None, {"file": path[:100]}))
