"""HTTP of a tenant's settings."""

from typing import Any

from fastapi import APIRouter, Response

from app.access import CurrentActor, IfMatch, Session, needs
from app.core.contract import ACTION, READ
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.tenant_settings import service
from app.features.tenant_settings.schemas import TenantSettingsOut, TenantSettingsPatch

router = APIRouter(prefix="/v1/settings", tags=["tenant_settings"], route_class=UnitRoute)


@router.get("", response_model=TenantSettingsOut, dependencies=[needs("tenant_setting.read")], **READ)
async def get_settings(response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read how long things last in this tenant, and what needs a human's review; the defaults until somebody changes them."""
    return await _shown(session, actor, response)


@router.patch("", response_model=TenantSettingsOut, dependencies=[needs("tenant_setting.update")], **ACTION)
async def update_settings(
    body: TenantSettingsPatch, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Change some of the settings. What is offered, approved or asked already keeps the time it was given.

    Send `If-Match: "0"` for the first change of all.
    """
    await service.change(session, actor, body, version)
    return await _shown(session, actor, response)


async def _shown(session: Session, actor: Actor, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor)
    etag(response, found["version"])
    return found
