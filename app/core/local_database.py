"""Where the database is: the district's own, named in the settings, or the embedded one beside the service."""

import contextlib
import hashlib
import hmac
from collections.abc import Iterator
from typing import NamedTuple

import psycopg

from app.core.embedded import EmbeddedServer, ServiceLock
from app.settings import Settings

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
    running = EmbeddedServer.running(settings.kithwork_home) if lock is None else None
    server = running or EmbeddedServer.start(settings.kithwork_home, lock=lock)
    try:
        yield _urls(server)
    finally:
        if running is None:
            server.stop()


def _urls(server: EmbeddedServer) -> Urls:
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
        if found is None:
            connection.execute(f"CREATE DATABASE {DATABASE}".encode())
    # Commands beside a running service need the same password, and no further file to keep secret.
    password = hmac.digest(server.superuser_password.encode(), RUNTIME_ROLE.encode(), hashlib.sha256).hex()
    return Urls(server.superuser_url(DATABASE), server.url(DATABASE, RUNTIME_ROLE, password))
