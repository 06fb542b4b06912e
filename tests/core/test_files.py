"""Where files are kept: a folder on disk, and an S3 bucket where a server that speaks S3 is at hand."""

import os
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import ValidationError

from app.core.files import FileStore, open_files
from app.core.problems import Unavailable
from app.settings import Settings

KEY = "0192f3a4/images/0192f3a5/large.webp"
S3_SECRET = "only-for-tests-" + "x" * 25


def _settings(home: Path, **values: Any) -> Settings:
    return Settings(_env_file=None, kithwork_home=home, **values)


def _moto() -> str | None:
    beside = Path(sys.executable).with_name("moto_server")
    return (
        os.environ.get("KITHWORK_TEST_S3_SERVER")
        or shutil.which("moto_server")
        or (str(beside) if beside.exists() else None)
    )


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    """A local server that speaks S3, with one bucket."""
    command = _moto()
    if command is None:
        pytest.skip(
            "no S3-speaking server here: install moto[server], or name its moto_server in KITHWORK_TEST_S3_SERVER"
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(  # noqa: S603 - the server of this test run
        [command, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"]},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                httpx.put(f"{address}/pictures", timeout=2).raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        else:
            pytest.fail("the S3-speaking server did not start")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture(params=["disk", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    """Each of the two places."""
    if request.param == "disk":
        return open_files(_settings(tmp_path))
    return open_files(
        _settings(
            tmp_path,
            files_url=f"s3://pictures/run-{uuid4()}",
            files_endpoint=request.getfixturevalue("s3_endpoint"),
            files_access_key_id="a-key",
            files_secret_access_key=S3_SECRET,
        )
    )


async def _keys(store: FileStore, folder: str) -> list[str]:
    return sorted([found.key async for found in store.listed(folder)])


async def test_a_file_is_read_back_as_it_was_written(store: FileStore) -> None:
    data = bytes(range(256)) * 500

    await store.put(KEY, data, "image/webp")

    assert await store.get(KEY) == data


async def test_a_file_that_is_not_there_is_none_and_removing_it_is_no_fault(store: FileStore) -> None:
    await store.remove([KEY])

    assert await store.get(KEY) is None
    assert await _keys(store, "0192f3a4/images") == []


async def test_files_below_a_folder_are_listed_and_no_others(store: FileStore) -> None:
    for key in ("a/images/1/large.webp", "a/images/1/small.webp", "a/other/x", "ab/images/2/large.webp"):
        await store.put(key, b"x", "image/webp")

    assert await _keys(store, "a/images") == ["a/images/1/large.webp", "a/images/1/small.webp"]


async def test_a_removed_file_is_gone(store: FileStore) -> None:
    await store.put(KEY, b"x", "image/webp")

    await store.remove([KEY, KEY])

    assert await store.get(KEY) is None
    assert await _keys(store, "0192f3a4") == []


async def test_a_file_written_again_is_the_new_one(store: FileStore) -> None:
    await store.put(KEY, b"one", "image/webp")
    await store.put(KEY, b"two", "image/webp")

    assert await store.get(KEY) == b"two"


async def test_the_folder_on_disk_is_for_the_service_alone_and_leaves_nothing_half_written(
    tmp_path: Path,
) -> None:
    store = open_files(_settings(tmp_path / "home"))

    await store.put(KEY, b"x", "image/webp")

    folder = tmp_path / "home" / "files"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()] == [KEY]
    await store.remove([KEY])
    assert list(folder.iterdir()) == []


async def test_a_file_and_every_name_that_leads_to_it_is_on_the_disk_before_put_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_files(_settings(tmp_path / "home"))
    settled: set[tuple[int, int]] = set()
    monkeypatch.setattr(os, "fsync", lambda handle: settled.add(_identity(os.fstat(handle))))

    await store.put(KEY, b"x" * 10_000, "image/webp")

    file = tmp_path / "home" / "files" / KEY
    needed = [file, *(above for above in file.parents if above.is_relative_to(tmp_path / "home"))]
    assert settled == {_identity(each.stat()) for each in needed}
    assert file.read_bytes() == b"x" * 10_000


async def test_a_disk_that_cannot_keep_a_file_is_said_and_not_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_files(_settings(tmp_path))

    def fails(_handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fails)

    with pytest.raises(Unavailable):
        await store.put(KEY, b"x", "image/webp")


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


async def test_a_bucket_that_does_not_answer_is_said_politely_and_soon(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    store = open_files(
        _settings(
            tmp_path,
            files_url="s3://pictures",
            files_endpoint=address,
            files_access_key_id="a-key",
            files_secret_access_key=S3_SECRET,
        )
    )
    began = time.monotonic()

    with pytest.raises(Unavailable) as put:
        await store.put(KEY, b"x", "image/webp")
    with pytest.raises(Unavailable):
        await store.get(KEY)
    with pytest.raises(Unavailable):
        await store.remove([KEY])
    with pytest.raises(Unavailable):
        await _keys(store, "a")

    assert put.value.headers == {"Retry-After": "5"}
    assert S3_SECRET not in str(put.value)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "url", ["", "pictures", "http://x/y", "s3://", "s3://a bucket", "s3://x?y=1", "file:///etc"]
)
def test_a_place_that_is_no_bucket_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="FILES_URL names a bucket"):
        _settings(tmp_path, files_url=url)


@pytest.mark.parametrize("half", [{"files_access_key_id": "a-key"}, {"files_secret_access_key": S3_SECRET}])
def test_half_a_key_is_refused(half: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="both, or neither") as refused:
        _settings(tmp_path, files_url="s3://pictures", **half)

    assert S3_SECRET not in repr(
        _settings(tmp_path, files_access_key_id="a-key", files_secret_access_key=S3_SECRET)
    )
    assert "both" in str(refused.value)
