"""The service as processes: API and worker in one, or each alone."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import uvicorn

from app.core.db import Database
from app.core.logs import configure_logs
from app.main import create_app
from app.settings import Settings
from app.worker import run_worker


class PortTakenError(RuntimeError):
    """Somebody else listens where the API should."""


def check_port(settings: Settings) -> None:
    """Refuse early, and with the port's number, to start where somebody listens already."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTakenError(
                f"port {settings.port} on {settings.host} is in use ({error.strerror}); "
                f"stop what listens there, or choose another with PORT={settings.port + 1}"
            ) from error


class _Server(uvicorn.Server):
    """Ends on SIGINT and SIGTERM without raising them again: the worker and the database still have to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let signals ask the server to finish, for as long as it serves."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)


async def serve(settings: Settings, database_url: str, *, with_worker: bool) -> None:
    """Serve the API until a signal ends it; with the worker beside it in the same process if wanted."""
    configure_logs(settings)
    await _check_role(settings, database_url)
    config = uvicorn.Config(
        create_app(settings, database_url),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=10,
        limit_concurrency=None,
    )
    server = _Server(config)
    async with contextlib.AsyncExitStack() as stack:
        if with_worker:
            await stack.enter_async_context(_worker_beside(settings, database_url))
        await server.serve()
    if not server.started:
        raise SystemExit(1)


async def _check_role(settings: Settings, database_url: str) -> None:
    # Before anything is served, so that a wrong role is one sentence and not a traceback out of the server.
    database = Database(database_url, pool_size=1, behind_pooler=settings.database_pooler == "pgbouncer")
    try:
        await database.check_role()
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def _worker_beside(settings: Settings, database_url: str) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(run_worker(settings, database_url, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await task


@contextlib.contextmanager
def worker_process() -> Iterator[None]:
    """Run the worker as a process of its own for as long as the block lasts."""
    process = subprocess.Popen([sys.executable, "-m", "app", "worker"], env=dict(os.environ))
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)
