"""HTTP of the documentation page."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.features.docs import service

router = APIRouter(tags=["system"])


@router.get("/docs", include_in_schema=False)
async def read_docs(request: Request) -> Response:
    """Show the whole contract as one page; it is written once and kept."""
    state = request.app.state
    if not hasattr(state, "docs_page"):
        state.docs_page = service.render(request.app.openapi(), state.settings.base_url)
    return HTMLResponse(state.docs_page, headers={"Content-Security-Policy": service.POLICY})
