"""HTTP of the service itself: health and metrics."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core import metrics
from app.core.contract import refusals
from app.features.system import service
from app.features.system.schemas import HealthOut, ServiceOut

router = APIRouter(tags=["system"])


@router.get("/livez", response_model=HealthOut, status_code=200, responses=refusals())
async def livez() -> Any:
    """Say that the process runs. Asks nobody else, so that a database restart does not restart the service."""
    return {"status": "ok"}


@router.get("/readyz", response_model=HealthOut, status_code=200, responses=refusals())
async def readyz(request: Request) -> Any:
    """Say that requests can be served: the database answers and is migrated to this release."""
    await service.check_ready(request.app.state.database)
    return {"status": "ok"}


@router.get("/metrics", include_in_schema=False)
async def read_metrics(request: Request) -> Response:
    """Show what the service counts, in Prometheus's text format."""
    token = request.app.state.settings.metrics_token
    service.check_may_measure(request, None if token is None else token.get_secret_value())
    body, content_type = metrics.render()
    return Response(body, media_type=content_type)


@router.get("/", include_in_schema=False)
async def read_root(request: Request) -> ServiceOut:
    """Say what this is, to whoever opens the bare address."""
    return ServiceOut(
        name=request.app.title, version=request.app.version, docs="/docs", openapi="/openapi.json"
    )
