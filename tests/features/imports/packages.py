"""Sending files as the people and machines of the tests do, and running the jobs that follow."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.core.jobs import Workshop
from app.features.imports.jobs import run_import
from tests.world import World

_SHARED = Path(os.environ.get("KITHWORK_SHARED_DATA", Path(__file__).parents[3] / "../shared/data"))
CSV = {"Content-Type": "text/csv"}
ZIP = {"Content-Type": "application/zip"}


def shared(path: str) -> bytes:
    """A file of the shared data folder; the test is skipped where the folder is absent."""
    found = _SHARED / path
    if not found.is_file():
        pytest.skip(f"the shared data folder with {path} is not here")
    return found.read_bytes()


async def send(
    world: World, kind: str, data: bytes, *, by: str = "ellis", language: str = "en", **params: Any
) -> httpx.Response:
    """Send a file; `dry_run` is true unless given."""
    headers = {**(ZIP if kind == "roster" else CSV), "Accept-Language": language}
    return await world.as_(by).post(f"/v1/imports/{kind}", content=data, headers=headers, params=params)


async def run(
    world: World, workshop: Workshop, kind: str, data: bytes, *, by: str = "ellis", **params: Any
) -> dict[str, Any]:
    """Send a file, let the job run, and return the import as it ended."""
    sent = await send(world, kind, data, by=by, **params)
    assert sent.status_code == 202, sent.text
    tenant_id = world.residents[by].tenant_id
    await run_import(workshop, tenant_id, UUID(sent.json()["id"]))
    return await read(world, sent.json()["id"], by=by)


async def stored(world: World, workshop: Workshop, data: bytes, **params: Any) -> dict[str, Any]:
    """Send a roster to be stored at once."""
    return await run(world, workshop, "roster", data, dry_run=False, **params)


async def read(world: World, import_id: str, *, by: str = "ellis") -> dict[str, Any]:
    """Read an import."""
    answer = await world.as_(by).get(f"/v1/imports/{import_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def remarks(world: World, import_id: str, **params: Any) -> list[dict[str, Any]]:
    """Read the first hundred remarks of a report."""
    answer = await world.as_("ellis").get(f"/v1/imports/{import_id}/rows", params={"limit": 100, **params})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def effect(entry: dict[str, Any], noun: str) -> tuple[int, int, int, int, int]:
    """Created, changed, unchanged, ended and kept of one kind of thing."""
    found = next(each for each in entry["effects"] if each["noun"] == noun)
    return found["created"], found["changed"], found["unchanged"], found["ended"], found["kept"]
