"""The one place that makes connections, opens transactions and names the tenant."""

import asyncio
import contextlib
from collections.abc import Sequence
from enum import Enum
from typing import Any, Self, TypeVar
from uuid import UUID

import psycopg
import psycopg_pool
from psycopg.rows import TupleRow
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm.exc import StaleDataError

from app.core.problems import Unavailable

Driver = psycopg.AsyncConnection[TupleRow]
Row = TypeVar("Row")

# Serialization failure and deadlock: the same work, done again, can succeed.
_AGAIN = ("40001", "40P01")
# A row was somebody else's for longer than `lock_timeout`: more callers than it can serve, and no fault of the work.
_WAITED_TOO_LONG = "55P03"
_AGAIN_CONSTRAINTS = (
    "uq_events_tenant_id_subject_id_subject_seq",
    "uq_stored_answers_tenant_id_account_id_key",
)


async def locked(session: AsyncSession, model: type[Row], tenant_id: UUID, row_id: UUID) -> Row | None:
    """Return a row as it is now, locked until this transaction ends."""
    return await session.get(model, (tenant_id, row_id), with_for_update=True, populate_existing=True)


class UnsafeRoleError(RuntimeError):
    """The service was about to run as a role that row-level security does not bind."""


def sqlalchemy_url(url: str) -> str:
    """Return a PostgreSQL URL in the form SQLAlchemy wants, driver named."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def libpq_url(url: str) -> str:
    """Return a PostgreSQL URL in the form libpq wants, no driver named."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def may_succeed_again(error: BaseException) -> bool:
    """Say whether the unit of work lost a race and may simply be run once more."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.Error):
        if cause.sqlstate in _AGAIN:
            return True
        return cause.sqlstate == "23505" and cause.diag.constraint_name in _AGAIN_CONSTRAINTS
    return isinstance(error, StaleDataError)


def is_lost_connection(error: BaseException) -> bool:
    """Say whether the database went away (restart, network) or had no room or time, rather than refused the work."""
    if isinstance(
        error, PoolTimeout | psycopg_pool.PoolTimeout | psycopg_pool.PoolClosed | PendingRollbackError
    ):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        state = cause.sqlstate
        return state is None or state[:2] in {"08", "53", "57"} or state == _WAITED_TOO_LONG
    return isinstance(error, OperationalError | InterfaceError)


class Manner(Enum):
    """What a unit of work stands on: the ORM's session, the bare driver, or the bare driver for reading only."""

    SESSION = "session"
    BARE = "BEGIN"
    READING = "BEGIN READ ONLY"


class Unit:
    """One unit of work: one connection, one transaction, one tenant; it ends in one commit or nothing.

    It costs nothing until `open`. In the manner of a session, `driver` is the connection beneath the session, in the
    same transaction; the hot paths do without a session (docs/performance.md says what that saves).
    """

    def __init__(
        self, database: "Database", *, manner: Manner = Manner.SESSION, info: dict[str, Any] | None = None
    ) -> None:
        self._database = database
        self._manner = manner
        self._stack = contextlib.AsyncExitStack()
        self._driver: Driver | None = None
        self._connection: AsyncConnection | None = None
        self._session: AsyncSession | None = None
        self.tenant_id: UUID | None = None
        self.info: dict[str, Any] = {} if info is None else info

    @property
    def is_open(self) -> bool:
        """Say whether a transaction was begun."""
        return self._driver is not None

    @property
    def driver(self) -> Driver:
        """Return the psycopg connection of this transaction."""
        if self._driver is None:
            raise RuntimeError("open the unit of work before using it")
        return self._driver

    @property
    def session(self) -> AsyncSession:
        """Return the ORM session of this transaction; a bare one has none."""
        if self._session is None:
            raise RuntimeError("a bare unit of work has no session; use the driver")
        return self._session

    async def flush(self) -> None:
        """Send what the session still holds back, so that what is written next comes after it."""
        if self._session is not None:
            await self._session.flush()

    async def open(self, tenant_id: UUID | None) -> None:
        """Begin the transaction and name the tenant; a second call may only name it."""
        naming = "" if tenant_id is None else f"SET LOCAL app.tenant_id = '{UUID(str(tenant_id))}'"
        if self._driver is None:
            if self._manner is not Manner.SESSION:
                self._driver = await self._begin_bare(f"{self._manner.value}; {naming}".encode())
            else:
                self._connection = await self._stack.enter_async_context(self._database.engine.connect())
                raw = await self._connection.get_raw_connection()
                self._driver = raw.driver_connection
                self._session = AsyncSession(bind=self._connection, expire_on_commit=False, autoflush=False)
                self._session.info["unit"] = self
                await self._connection.begin()
                if naming:
                    await self.driver.execute(naming.encode())
        elif naming:
            if self.tenant_id not in {None, tenant_id}:
                raise RuntimeError("a unit of work belongs to one tenant")
            await self.driver.execute(naming.encode())
        self.tenant_id = tenant_id

    async def _begin_bare(self, opening: bytes) -> Driver:
        # A connection that died in the pool shows only here; asking each one first would cost a round trip a page.
        for _ in range(self._database.pool_size + 1):
            connection = await self._stack.enter_async_context(self._database.bare.connection())
            try:
                await connection.execute(opening)
            except psycopg.OperationalError:
                await self._stack.aclose()
                continue
            return connection
        raise unavailable()

    async def rows(self, sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> list[TupleRow]:
        """Run one SELECT, or one change with RETURNING, on the driver and return its rows."""
        cursor = await self.driver.execute(sql, params)
        return await cursor.fetchall()

    async def commit(self) -> None:
        """Make the work durable; after this, and only then, an answer may say it happened."""
        if self._driver is None:
            return
        if self._connection is None:
            await self._driver.execute(b"COMMIT")
        else:
            await self._connection.commit()

    async def rollback(self) -> None:
        """Undo everything since `open`."""
        if self._driver is None or self._driver.closed:
            return
        if self._connection is None:
            await self._driver.execute(b"ROLLBACK")
        else:
            await self._connection.rollback()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is not None:
                with contextlib.suppress(psycopg.Error, DBAPIError):
                    await self.rollback()
        finally:
            if self._session is not None:
                await self._session.close()
            await self._stack.aclose()


class Database:
    """The pools of one process: SQLAlchemy's for work, psycopg's own for the hot paths."""

    def __init__(
        self, url: str, *, pool_size: int = 10, pool_timeout: float = 2.0, behind_pooler: bool = False
    ) -> None:
        self.url = url
        self._timeout = pool_timeout
        self.pool_size = pool_size
        # A transaction pooler hands each transaction another server connection, where a prepared statement of
        # the one before does not exist.
        prepare: dict[str, Any] = {"prepare_threshold": None} if behind_pooler else {}
        self.engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=pool_timeout,
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args={"connect_timeout": 5, **prepare},
            hide_parameters=True,
        )
        if behind_pooler:
            event.listen(self.engine.sync_engine, "connect", _without_prepared_statements)
        self.bare = psycopg_pool.AsyncConnectionPool(
            libpq_url(url),
            min_size=1,
            max_size=pool_size,
            timeout=pool_timeout,
            open=False,
            kwargs={"autocommit": True, "connect_timeout": 5, **prepare},
        )

    async def open(self) -> None:
        """Open the pool of bare connections; SQLAlchemy's opens by itself."""
        await self.bare.open()

    async def close(self) -> None:
        """Give every connection back to the server."""
        await self.bare.close()
        await self.engine.dispose()

    def unit(self, *, manner: Manner = Manner.SESSION, info: dict[str, Any] | None = None) -> Unit:
        """Start a unit of work (nothing is sent before it is opened)."""
        return Unit(self, manner=manner, info=info)

    async def check_role(self) -> None:
        """Refuse to run as an owner, a superuser or a role that bypasses row-level security."""
        async with self.unit() as unit:
            await unit.open(None)
            ((name, strong, owns),) = await unit.rows(
                "SELECT current_user, rolsuper OR rolbypassrls OR EXISTS ("
                "  SELECT 1 FROM pg_roles s WHERE (s.rolsuper OR s.rolbypassrls)"
                "  AND pg_has_role(current_user, s.oid, 'MEMBER')),"
                " EXISTS (SELECT 1 FROM pg_class c WHERE c.relkind IN ('r', 'p')"
                "  AND c.relnamespace = 'public'::regnamespace AND pg_has_role(current_user, c.relowner, 'MEMBER'))"
                " FROM pg_roles r WHERE r.rolname = current_user"
            )
            await unit.commit()
        if strong or owns:
            why = "is a superuser or bypasses row-level security" if strong else "owns tables"
            raise UnsafeRoleError(
                f'the database role "{name}" {why}, so the walls between tenants would not hold; '
                "run `python -m app migrate` and connect as the runtime role it makes"
            )

    async def alone(self, sql: str, params: Any = ()) -> TupleRow | None:
        """Run one statement that commits by itself, outside any unit of work, and return its first row.

        It is sent again when its connection had died in the pool, so it must bear being done twice.
        """
        for _ in range(self.pool_size + 1):
            async with self.bare.connection() as connection:
                try:
                    return await (await connection.execute(sql, params)).fetchone()
                except psycopg.OperationalError:
                    if not connection.closed:
                        raise
        raise unavailable()

    async def ping(self) -> bool:
        """Say whether the database answers within the pool's time-out."""
        try:
            async with asyncio.timeout(self._timeout):
                await self.alone("SELECT 1")
        except (TimeoutError, psycopg.Error, Unavailable):
            return False
        return True


def unavailable() -> Unavailable:
    """Build the polite refusal for a database that is away or has no room."""
    return Unavailable(
        "the service is busy or restarting; nothing was changed that you were not told of: send this again shortly",
        spanish="el servicio está ocupado o reiniciándose; vuelva a enviar la solicitud en un momento",
        headers={"Retry-After": "2"},
    )


def _without_prepared_statements(connection: Any, _record: object) -> None:
    connection.driver_connection.prepare_threshold = None
