"""A worker process to be killed in the middle of an import."""

import asyncio
import multiprocessing
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from uuid import UUID

from app.core.db import Database
from app.core.jobs import Workshop
from app.core.mail import FileMailer
from app.features.imports.jobs import run_import
from app.settings import Settings

_CONTEXT = multiprocessing.get_context("forkserver")


def start(url: str, home: Path, hash_key: bytes, tenant_id: UUID, import_id: UUID) -> ForkServerProcess:
    """Work on an import in a process of its own."""
    _CONTEXT.set_forkserver_preload([__name__])
    process = _CONTEXT.Process(target=_run, args=(url, home, hash_key, tenant_id, import_id), daemon=True)
    process.start()
    return process


def _run(url: str, home: Path, hash_key: bytes, tenant_id: UUID, import_id: UUID) -> None:
    async def work() -> None:
        database = Database(url, pool_size=4)
        await database.open()
        settings = Settings(_env_file=None, kithwork_home=home)
        workshop = Workshop(database, settings, hash_key, FileMailer(home / "mail"))
        await run_import(workshop, tenant_id, import_id)
        await database.close()

    asyncio.run(work())
