"""The file store: named by content, safe on disk, checked on the way out."""

from __future__ import annotations

import asyncio
import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from actions import files
from actions.files import FileDamaged, FileMissing, StoreUnavailable
from domain.settings import Settings, SettingsError
from tests.bucket import Bucket

COMPANY, OTHER = uuid.uuid4(), uuid.uuid4()


@pytest.fixture(autouse=True)
def the_store_of_others() -> Iterator[None]:
    """These tests open stores of their own; whoever comes after gets back the one that was open."""
    before = files._store
    yield
    files._store = before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files.open_store(Settings(data_dir=tmp_path))
    return tmp_path / "files"


@pytest.mark.parametrize("address", ["s3:///x", "gs://", "az://container"])
def test_an_address_that_no_store_can_have_is_told_in_a_sentence(address: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as told:
        files.open_store(Settings(data_dir=tmp_path, storage_url=address))
    (problem,) = told.value.problems
    assert problem.startswith("SMARTFAKTURA_STORAGE_URL must look like") and address not in problem


async def test_a_file_is_kept_under_its_company_and_its_hash(folder: Path) -> None:
    sha256 = await files.put(COMPANY, b"content")
    name = hashlib.sha256(b"content").hexdigest()
    assert sha256.hex() == name
    assert (folder / str(COMPANY) / name[:2] / name).read_bytes() == b"content"
    assert await files.get(COMPANY, sha256) == b"content"


async def test_the_same_content_is_one_file_and_belongs_to_each_company_apart(folder: Path) -> None:
    hashes = [await files.put(COMPANY, b"same") for _ in range(3)]
    assert len(set(hashes)) == 1
    with pytest.raises(FileMissing):
        await files.get(OTHER, hashes[0])
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


async def test_many_writers_of_the_same_file_leave_it_whole(folder: Path) -> None:
    data = os.urandom(300_000)
    hashes = await asyncio.gather(*(files.put(COMPANY, data) for _ in range(12)))
    assert set(hashes) == {hashlib.sha256(data).digest()}
    assert await files.get(COMPANY, hashes[0]) == data
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


async def test_a_damaged_file_is_noticed_before_its_last_byte_is_given_out(folder: Path) -> None:
    data = os.urandom(3 * files.SMALL)
    sha256 = await files.put(COMPANY, data)
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    given_out = b""
    with pytest.raises(FileDamaged):
        async for piece in files.chunks(COMPANY, sha256):
            given_out += piece
    assert 0 < len(given_out) < len(data)
    with pytest.raises(FileDamaged):
        await files.get(COMPANY, sha256)


async def test_a_small_damaged_file_gives_nothing_out(folder: Path) -> None:
    sha256 = await files.put(COMPANY, b"the original")
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    path.write_bytes(b"something else")
    with pytest.raises(FileDamaged):
        async for _ in files.chunks(COMPANY, sha256):
            pytest.fail("given out")


async def test_a_large_file_comes_in_pieces(folder: Path) -> None:
    data = os.urandom(2 * files.SMALL + 17)
    pieces = [piece async for piece in files.chunks(COMPANY, await files.put(COMPANY, data))]
    assert b"".join(pieces) == data
    assert len(pieces) > 3


@hypothesis_settings(max_examples=30)
@given(data=st.binary(max_size=5000))
def test_what_is_put_is_what_is_got(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    async def round_trip() -> None:
        files.open_store(Settings(data_dir=tmp_path_factory.getbasetemp() / "round-trips"))
        assert await files.get(COMPANY, await files.put(COMPANY, data)) == data

    asyncio.run(round_trip())


async def test_t08_a_store_that_can_not_be_written_says_so(tmp_path: Path) -> None:
    files.open_store(Settings(data_dir=tmp_path))
    (tmp_path / "files" / str(COMPANY)).write_text("in the way of the folder")
    with pytest.raises(StoreUnavailable):
        await files.put(COMPANY, b"content")


async def test_a_store_may_be_another_folder(tmp_path: Path) -> None:
    files.open_store(Settings(data_dir=tmp_path, storage_url=f"file://{tmp_path}/elsewhere"))
    sha256 = await files.put(COMPANY, b"content")
    assert await files.get(COMPANY, sha256) == b"content"
    assert any((tmp_path / "elsewhere").rglob(sha256.hex()))


async def test_a_store_may_be_a_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Bucket() as bucket:
        for name, value in {
            "AWS_ENDPOINT": f"http://127.0.0.1:{bucket.port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "eu-north-1",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }.items():
            monkeypatch.setenv(name, value)
        files.open_store(Settings(data_dir=tmp_path, storage_url="s3://invoices/smartfaktura"))
        sha256 = await files.put(COMPANY, b"content")
        assert list(bucket.files) == [f"/invoices/smartfaktura/{COMPANY}/{sha256.hex()[:2]}/{sha256.hex()}"]
        assert await files.get(COMPANY, sha256) == b"content"
        with pytest.raises(FileMissing):
            await files.get(OTHER, sha256)
        bucket.is_down = True
        with pytest.raises(StoreUnavailable):
            await files.put(COMPANY, b"more")
        with pytest.raises(StoreUnavailable):
            await files.get(COMPANY, sha256)
