"""HTTP of the caller's own page. It needs a sign-in and no role: whoever has lost every role still finds out here."""

from typing import Any

from fastapi import APIRouter, Response

from app.access import CurrentActor, IfMatch, Session
from app.core.contract import ACTION, READ
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.features.me import service
from app.features.me.schemas import MeOut, MePatch

router = APIRouter(prefix="/v1/me", tags=["me"], route_class=UnitRoute)


@router.get("", response_model=MeOut, **READ)
async def get_me(response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read who I am: person, tenant, roles, schools, children, language, and what needs me.

    The first request of a client after signing in. Machine clients get `person: null` and their scopes. The ETag is
    the version of the person.
    """
    return _tagged(await service.view(session, actor), response)


@router.patch("", response_model=MeOut, **ACTION)
async def update_me(
    body: MePatch, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Choose the language of my mails and notifications."""
    await service.change(session, actor, body, version)
    return _tagged({**await service.view(session, actor), "locale": body.locale}, response)


def _tagged(found: dict[str, Any], response: Response) -> dict[str, Any]:
    if found["person"] is not None:
        etag(response, found["person"]["version"])
    return found
