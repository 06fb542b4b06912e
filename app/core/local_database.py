"""Where the database is: the district's own, named in the settings, or the embedded one beside the service."""

import contextlib
import hashlib
import hmac
import threading
from collections.abc import Iterator
from typing import NamedTuple, Self

import psycopg
import structlog

from app.core.embedded import EmbeddedError, EmbeddedServer, ServiceLock
from app.settings import Settings

log = structlog.get_logger(__name__)

_LOOK_EVERY_SECONDS = 1.0

DATABASE = "kithwork"
RUNTIME_ROLE = "kithwork_app"


class Urls(NamedTuple):
    """How to reach one database: as its owner, for migrations, and as the role that the service runs as."""

    owner: str | None
    runtime: str


@contextlib.contextmanager
def database_urls(settings: Settings, lock: ServiceLock | None = None) -> Iterator[Urls]:
    """Say where the database is, for as long as the block runs.

    Without DATABASE_URL that is the embedded server: a running service's, or one started here and stopped at the end.
    """
    if settings.database_url is not None:
        owner = settings.migration_database_url
        yield Urls(
            None if owner is None else owner.get_secret_value(), settings.database_url.get_secret_value()
        )
        return
    if lock is not None:
        with _Keeper(lock) as keeper:
            yield _urls(keeper.server)
        return
    running = EmbeddedServer.running(settings.kithwork_home)
    if running is not None:
        yield _urls(running)
        return
    with EmbeddedServer.start(settings.kithwork_home) as server:
        yield _urls(server)


class _Keeper:
    """Keeps the embedded server running under a service: one that ends by itself is started again."""

    def __init__(self, lock: ServiceLock) -> None:
        self._lock = lock
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="postgresql-keeper", daemon=True)
        self.server = EmbeddedServer.start(lock.home, lock=lock)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self.server.stop()

    def _watch(self) -> None:
        while not self._done.wait(_LOOK_EVERY_SECONDS):
            if self.server.alive:
                continue
            log.error("postgresql ended by itself and is started again", data=str(self.server.data))
            self.server.stop()
            try:
                self.server = EmbeddedServer.start(self._lock.home, lock=self._lock)
            except EmbeddedError as error:
                log.error("postgresql cannot be started", reason=str(error))  # noqa: TRY400 - the sentence says it


def _urls(server: EmbeddedServer) -> Urls:
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
        if found is None:
            connection.execute(f"CREATE DATABASE {DATABASE}".encode())
    # Commands beside a running service need the same password, and no further file to keep secret.
    password = hmac.digest(server.superuser_password.encode(), RUNTIME_ROLE.encode(), hashlib.sha256).hex()
    return Urls(server.superuser_url(DATABASE), server.url(DATABASE, RUNTIME_ROLE, password))
