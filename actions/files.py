"""The file store: documents and pictures, each named by the SHA-256 of its content.

`<organisation>/<two digits>/<sha256>` in a folder of the data directory, or in the bucket of SMARTFAKTURA_STORAGE_URL.
A name says what must be inside, so nothing is ever changed, writing the same twice is harmless, and a damaged file is
noticed before its last byte is given out.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from domain.setting_values import PREFIX
from domain.settings import Settings, SettingsError

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import RetryConfig

CHUNK = 256 * 1024
SMALL = 1024 * 1024
# Parts of 5 MB of a large file that are held at once.
PARTS_AT_ONCE = 2
RETRIES: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
# What the provider's library says may hold what was secret in the address.
_NO_STORE = f"{PREFIX}STORAGE_URL must look like s3://bucket, with what its provider asks for in the environment."
_store: ObjectStore | None = None


class FileMissing(Exception):
    """The store has no such file."""


class FileDamaged(Exception):
    """What the store holds is not what was put there."""


class StoreUnavailable(Exception):
    """The store can not be reached or written just now."""


def open_store(settings: Settings) -> None:
    """Use the store that the settings name. Called once, when the process starts; touches no network.

    Raises SettingsError for an address that no store can have.
    """
    global _store
    if settings.storage_url is None:
        _store = LocalStore(settings.data_dir / "files", mkdir=True)
    elif settings.storage_url.startswith("file:"):
        _store = LocalStore.from_url(settings.storage_url, mkdir=True)
    elif settings.storage_url.startswith("memory:"):
        _store = MemoryStore()
    else:
        # Credentials come from the environment, as each provider's own tools read them.
        try:
            _store = from_url(settings.storage_url, retry_config=RETRIES)
        except (BaseError, ValueError) as error:
            raise SettingsError([_NO_STORE]) from error


def is_open() -> bool:
    """Is there a store? Programs that never touch a file open none."""
    return _store is not None


async def put(organisation_id: UUID, data: bytes) -> bytes:
    """Keep `data` for a company and return its SHA-256. When this returns, a power cut does not lose it.

    Raises StoreUnavailable, also for a full disk.
    """
    sha256 = hashlib.sha256(data).digest()
    path = _path(organisation_id, sha256)
    try:
        await _opened().put_async(path, data)
        if (folder := _folder()) is not None:
            await asyncio.to_thread(_settle, folder / path)
    except (BaseError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from error
    return sha256


async def get(organisation_id: UUID, sha256: bytes) -> bytes:
    """The whole file, checked. Raises FileMissing, FileDamaged, StoreUnavailable."""
    return b"".join([chunk async for chunk in chunks(organisation_id, sha256)])


async def chunks(organisation_id: UUID, sha256: bytes) -> AsyncIterator[bytes]:
    """The file piece by piece. The last piece is held back until the whole is known to be undamaged, so that a reader
    who got all of it got what was stored. Raises as `get`."""
    digest = hashlib.sha256()
    held = b""
    try:
        async for piece in _pieces(await _opened().get_async(_path(organisation_id, sha256))):
            digest.update(piece)
            if held:
                yield held
            held = piece
    except (NotFoundError, FileNotFoundError) as error:
        raise FileMissing(sha256.hex()) from error
    except (BaseError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from error
    if digest.digest() != sha256:
        raise FileDamaged(sha256.hex())
    yield held


async def _pieces(result: GetResult) -> AsyncIterator[bytes]:
    if result.meta["size"] <= SMALL:  # one step instead of a stream: a third of the time
        yield bytes(await result.bytes_async())
        return
    async for piece in result.stream(min_chunk_size=CHUNK):
        yield bytes(piece)


async def put_file(name: str, file: Path) -> None:
    """Keep a large file under a name of its own, piece by piece. When this returns, a power cut does not lose it.
    Raises StoreUnavailable."""
    try:
        await _opened().put_async(name, file, max_concurrency=PARTS_AT_ONCE)
        if (folder := _folder()) is not None:
            await asyncio.to_thread(_settle, folder / name)
    except (BaseError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from error


async def put_named(name: str, data: bytes) -> None:
    """Keep a little under a name of its own. When this returns, a power cut does not lose it. Raises StoreUnavailable."""
    try:
        await _opened().put_async(name, data)
        if (folder := _folder()) is not None:
            await asyncio.to_thread(_settle, folder / name)
    except (BaseError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from error


async def names(prefix: str) -> list[str]:
    """What is kept below a folder such as `exports`, in order. Raises StoreUnavailable."""
    try:
        found = [meta["path"] async for page in _opened().list(prefix) for meta in page]
    except (BaseError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from error
    return sorted(found)


async def named(name: str) -> AsyncIterator[bytes]:
    """A file that was kept under a name, piece by piece. Raises FileMissing, StoreUnavailable."""
    try:
        async for piece in _pieces(await _opened().get_async(name)):
            yield piece
    except (NotFoundError, FileNotFoundError) as error:
        raise FileMissing(name) from error
    except (BaseError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from error


async def drop(name: str) -> None:
    """Let go of a file that was kept under a name. One that is not there is no mistake. Raises StoreUnavailable."""
    try:
        await _opened().delete_async(name)
    except (NotFoundError, FileNotFoundError):
        return
    except (BaseError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from error


async def let_go(organisation_id: UUID, sha256: bytes) -> None:
    """Delete a file. The caller has made sure that nothing names it any more."""
    await drop(_path(organisation_id, sha256))


def _opened() -> ObjectStore:
    assert _store is not None, "the file store is not open"
    return _store


def _folder() -> Path | None:
    return _store.prefix if isinstance(_store, LocalStore) else None


def _path(organisation_id: UUID, sha256: bytes) -> str:
    name = sha256.hex()
    return f"{organisation_id}/{name[:2]}/{name}"


def _settle(path: Path) -> None:
    """Make the file and the names that lead to it survive a power cut; the store itself leaves that to the system."""
    for place in (path, path.parent, path.parent.parent, path.parent.parent.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
