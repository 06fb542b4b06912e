"""What PostgreSQL plans for the statements of a request, as the role and in the tenant that the request has."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from unittest import mock
from uuid import UUID

import psycopg

Plans = list[tuple[str, str]]
Explain = Callable[[UUID, Callable[[], Awaitable[Any]]], Awaitable[Plans]]
_NOT_PLANNED = (";", "SELECT 1", "BEGIN", "COMMIT", "ROLLBACK", "SET LOCAL", "SAVEPOINT", "RELEASE")


@asynccontextmanager
async def recording(statements: list[tuple[str, Any]]) -> AsyncIterator[None]:
    """Keep each statement sent to the database meanwhile, but those of transactions, with its parameters."""
    execute = psycopg.AsyncCursor.execute

    async def recorded(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        text = query if isinstance(query, str) else bytes(query).decode()
        if not text.lstrip().startswith(_NOT_PLANNED):
            statements.append((text, params))
        return await execute(self, query, params, **options)

    with mock.patch.object(psycopg.AsyncCursor, "execute", recorded):
        yield


def explainer(database_url: str) -> Explain:
    """Return what sends requests, and returns each statement they sent with its plan.

    Tables of a test are small, and reading them whole is the cheapest plan: sequential scans are made dear, so that one
    is left in a plan only where no index serves.
    """

    async def run(tenant_id: UUID, requests: Callable[[], Awaitable[Any]]) -> Plans:
        statements: list[tuple[str, Any]] = []
        async with recording(statements):
            await requests()
        plans = []
        with psycopg.connect(database_url) as connection:
            connection.execute(f"SET LOCAL app.tenant_id = '{tenant_id}'".encode())
            connection.execute("SET LOCAL enable_seqscan = off")
            for text, params in statements:
                rows = connection.execute(f"EXPLAIN {text}".encode(), params).fetchall()
                plans.append((text, "\n".join(row[0] for row in rows)))
            connection.rollback()
        return plans

    return run


def whole_reads(plans: Plans, tables: Sequence[str]) -> list[str]:
    """Return the plans that read one of these tables from end to end."""
    return [
        f"{statement}\n{plan}"
        for statement, plan in plans
        if any(f"Seq Scan on {table}" in plan for table in tables)
    ]
