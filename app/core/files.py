"""Where files are kept that are too large for the database: a folder on this machine's disk, or an S3 bucket.

A file is written before the row that names it is committed, and removed after its row is gone: what a crash leaves
behind is a file without a row, never a row without a file. A sweep removes those. So that a crash of the machine leaves
it at that too, a file on disk is on the disk itself before `put` returns, with the folders that lead to it.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from app.core.problems import Unavailable
from app.settings import Settings

_CONNECT = timedelta(seconds=3)
_ANSWER = timedelta(seconds=8)
_RETRIES = 2


class StoredFile(NamedTuple):
    """A file in the store: its key, and when it was last written."""

    key: str
    written_at: datetime


class FileStore:
    """Files by key; a key is a path of plain segments that the service made itself, never a person's text."""

    def __init__(self, store: LocalStore | S3Store, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    async def put(self, key: str, data: bytes, media_type: str) -> None:
        """Write a file whole, or not at all, so that it outlives a crash of the machine; raises Unavailable."""
        # The disk keeps no attributes, and refuses to be given any.
        attributes = {"Content-Type": media_type} if isinstance(self._store, S3Store) else None
        try:
            await self._store.put_async(key, data, attributes=attributes, use_multipart=False)
            if self._folder is not None:
                await asyncio.to_thread(_settle, self._folder, key)
        except (BaseError, OSError) as error:
            raise _away() from error

    async def get(self, key: str) -> bytes | None:
        """Return a file, or None where there is none; raises Unavailable."""
        try:
            found = await self._store.get_async(key)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise _away() from error

    async def remove(self, keys: Iterable[str]) -> None:
        """Remove files; those that are gone already are no fault. Raises Unavailable."""
        for key in keys:
            try:
                with suppress(FileNotFoundError):
                    await self._store.delete_async(key)
            except (BaseError, OSError) as error:
                raise _away() from error

    async def listed(self, folder: str) -> AsyncIterator[StoredFile]:
        """Go through every file below a folder; raises Unavailable."""
        try:
            async for chunk in self._store.list(folder):
                for meta in chunk:
                    yield StoredFile(meta["path"], meta["last_modified"])
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise _away() from error


def open_files(settings: Settings) -> FileStore:
    """Return the store that FILES_URL names, or the folder `files` under KITHWORK_HOME, which is made if missing."""
    if settings.files_url is None:
        folder = settings.kithwork_home / "files"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FileStore(LocalStore(folder, automatic_cleanup=True), folder)
    place = urlsplit(settings.files_url)
    endpoint = settings.files_endpoint
    access: dict[str, Any] = {
        name: secret.get_secret_value()
        for name, secret in (
            ("access_key_id", settings.files_access_key_id),
            ("secret_access_key", settings.files_secret_access_key),
        )
        if secret is not None
    }
    if endpoint is not None:
        access["endpoint"] = endpoint
    return FileStore(
        S3Store(
            place.netloc,
            prefix=place.path.strip("/") or None,
            region=settings.files_region,
            client_options={
                "allow_http": endpoint is not None and endpoint.startswith("http://"),
                "connect_timeout": _CONNECT,
                "timeout": _ANSWER,
            },
            retry_config={"max_retries": _RETRIES, "retry_timeout": _ANSWER},
            **access,
        )
    )


def _settle(folder: Path, key: str) -> None:
    """Have a file written to the disk, and its name, and the names of the folders that lead to it."""
    path = folder / key
    with path.open("r+b") as file:
        os.fsync(file.fileno())
    if os.name == "nt":
        return  # Windows gives nobody a handle to a folder.
    for above in path.parents:
        handle = os.open(above, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if above == folder.parent:
            return


def _away() -> Unavailable:
    return Unavailable(
        "the place where files are kept does not answer; send the same request again in a few seconds",
        spanish="el lugar donde se guardan los archivos no responde; envíe la misma solicitud en unos segundos",
        headers={"Retry-After": "5"},
    )
