"""An API process to be killed: forked from one that has imported everything, so that twenty of them start quickly."""

import asyncio
import multiprocessing
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from pydantic import SecretStr

from app.serving import serve
from app.settings import Settings

_CONTEXT = multiprocessing.get_context("forkserver")


def start(runtime: str, home: Path, port: int) -> ForkServerProcess:
    """Start the API on a port, as `python -m app serve` does."""
    _CONTEXT.set_forkserver_preload([__name__])
    process = _CONTEXT.Process(target=_run, args=(runtime, home, port), daemon=True)
    process.start()
    return process


def _run(runtime: str, home: Path, port: int) -> None:
    settings = Settings(
        _env_file=None,
        database_url=SecretStr(runtime),
        kithwork_home=home,
        port=port,
        rate_limit="1000000/minute",
        log_format="json",
    )
    asyncio.run(serve(settings, runtime, with_worker=False))
