"""The unit of work around every handler: begin, handler, stored answer, jobs, commit, and only then the answer."""

import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

import psycopg
import psycopg_pool
from fastapi.routing import APIRoute
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from app.core import clock, idempotency
from app.core.db import Database, Manner, is_lost_connection, may_succeed_again, unavailable
from app.core.jobs import enqueue
from app.core.limits import Verdict, headers
from app.core.problems import TooManyRequests
from app.core.tokens import InvalidToken

_TRIES = 3

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class UnitRoute(APIRoute):
    """One request, one unit of work.

    A FastAPI dependency cannot own it: it ends after the answer is built and may end after it was sent, so a
    client could read 201 before the commit. On a lost race (40001, 40P01) the whole handler runs again.
    """

    manner = Manner.SESSION

    def get_route_handler(self) -> Handler:
        """Wrap FastAPI's own handler."""
        handle = self.bare_handler()
        manner = self.manner

        async def handle_in_unit(request: Request) -> Response:
            database: Database = request.app.state.database
            await self.count(request)
            for attempt in range(1, _TRIES + 1):
                request.state.actor = None
                try:
                    response = await _once(database, handle, request, manner)
                except idempotency.Replay as replay:
                    response = replay.response
                except (
                    SQLAlchemyError,
                    psycopg.Error,
                    psycopg_pool.PoolTimeout,
                    psycopg_pool.PoolClosed,
                ) as error:
                    if may_succeed_again(error) and attempt < _TRIES:
                        continue
                    if is_lost_connection(error) or may_succeed_again(error):
                        raise unavailable() from error
                    raise
                response.headers.update(request.state.rate_headers)
                return response
            raise unavailable()

        return handle_in_unit

    async def count(self, request: Request) -> None:
        """Count this request, and refuse it when there are too many; a subclass may know better whose it is."""
        await limit(request)

    def bare_handler(self) -> Handler:
        """Return what runs inside the unit of work: FastAPI's own handler, unless a subclass knows better."""
        return super().get_route_handler()


class BareRoute(UnitRoute):
    """A hot write without the ORM: the unit of work stands on the bare driver."""

    manner = Manner.BARE


async def limit(request: Request, key: str | None = None) -> None:
    """Count this request against `key`, or its account, or its address when nobody is signed in."""
    state = request.app.state
    request.state.rate_headers = {}
    if state.limiter is None:
        return
    if key is None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        key = f"address {request.client.host if request.client else ''}"
        if scheme.lower() == "bearer":
            with contextlib.suppress(InvalidToken):
                key = f"account {state.tokens.read(token, clock.now()).account_id}"
    try:
        verdict: Verdict = await state.limiter.hit(key)
    except psycopg.Error as error:  # where the count is in the database, and that is away
        if is_lost_connection(error):
            raise unavailable() from error
        raise
    request.state.rate_headers = headers(verdict)
    if not verdict.allowed:
        raise TooManyRequests(
            f"more than {verdict.limit} requests in {verdict.window_seconds} s; go on after the seconds in Retry-After",
            spanish=f"más de {verdict.limit} solicitudes en {verdict.window_seconds} s; continúe cuando indique Retry-After",
        )


async def _once(database: Database, handle: Handler, request: Request, manner: Manner) -> Response:
    info = {"request_id": getattr(request.state, "request_id", None)}
    async with database.unit(manner=manner, info=info) as unit:
        request.state.unit = unit
        request.state.reservation = None
        response = await handle(request)
        if unit.is_open and manner is not Manner.READING:
            # What the handler changed is written before its jobs and its stored answer are.
            await unit.flush()
            reservation: idempotency.Reservation | None = request.state.reservation
            if reservation is not None and response.status_code < 300:  # noqa: PLR2004 - 2xx answers are stored
                await reservation.store(unit, response)
            await enqueue(unit)
        await unit.commit()
        return response
