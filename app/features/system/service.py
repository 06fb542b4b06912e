"""Whether the service is well, and who may look at what it counts."""

import hmac
from ipaddress import ip_address

from starlette.requests import Request

from app.core.db import Database
from app.core.migrations import known_revisions
from app.core.problems import Forbidden, Unauthorized, Unavailable
from app.features.system import queries


async def check_ready(database: Database) -> None:
    """Raise Unavailable while the database is away, or behind the migrations that this release needs.

    A database ahead of this release is fine: while a new release is rolled out, the old one still serves.
    """
    if not await database.ping():
        raise Unavailable(
            "the database does not answer; ask again in a moment",
            spanish="la base de datos no responde; vuelva a intentarlo en un momento",
            code="database_away",
            headers={"Retry-After": "2"},
        )
    newest, known = known_revisions()
    found = await queries.schema_revision(database)
    if found is None or (found != newest and found in known):
        raise Unavailable(
            "the database has not been migrated to this release; run `python -m app migrate`",
            spanish="la base de datos no se ha migrado a esta versión; ejecute `python -m app migrate`",
            code="not_migrated",
            headers={"Retry-After": "5"},
        )


def check_may_measure(request: Request, token: str | None) -> None:
    """Let the holder of METRICS_TOKEN see the metrics; without one, callers on this very machine only."""
    if token is not None:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {token}".encode()):
            raise Unauthorized(
                "send METRICS_TOKEN as `Authorization: Bearer`",
                spanish="envíe METRICS_TOKEN como `Authorization: Bearer`",
                headers={"WWW-Authenticate": 'Bearer realm="metrics"'},
            )
        return
    # A proxy on this machine also calls from the loopback; what it passes on comes from elsewhere.
    passed_on = "forwarded" in request.headers or "x-forwarded-for" in request.headers
    if passed_on or not _is_loopback(request):
        raise Forbidden(
            "the metrics are for this machine only; set METRICS_TOKEN to read them from elsewhere",
            spanish="las métricas son solo para esta máquina; defina METRICS_TOKEN para leerlas desde otra",
        )


def _is_loopback(request: Request) -> bool:
    host = request.client.host if request.client else ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
