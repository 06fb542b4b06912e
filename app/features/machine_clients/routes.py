"""HTTP of machine clients."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.idempotency import Reservation
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.machine_clients import queries, service
from app.features.machine_clients.schemas import (
    MachineClientFilters,
    MachineClientIn,
    MachineClientOut,
    MachineClientSecret,
)

router = APIRouter(prefix="/v1/machine_clients", tags=["machine clients"], route_class=UnitRoute)


@router.get("", response_model=Page[MachineClientOut], dependencies=[needs("machine_client.read")], **LIST)
async def list_machine_clients(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[MachineClientFilters, Query()]
) -> Response:
    """Page through the machine clients of the tenant, the latest first; revoked ones are among them."""
    after = cursor_values(request, queries.LATEST, filters.cursor)
    rows = await queries.page(session, actor, filters.limit, after)
    return page_response(request, *finish_page(request, queries.LATEST, rows, filters.limit))


@router.get(
    "/{machine_client_id}",
    response_model=MachineClientOut,
    dependencies=[needs("machine_client.read")],
    **READ,
)
async def get_machine_client(
    machine_client_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one machine client; its secret is never shown again."""
    return await _shown(session, actor, machine_client_id, response)


@router.post(
    "",
    response_model=MachineClientSecret,
    dependencies=[once("machine_client.create")],
    **CREATE("get_machine_client"),
)
async def create_machine_client(
    body: MachineClientIn, request: Request, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Make a machine client, such as the student information system, and grant it scopes.

    Its secret is in this answer only: keep it now. It signs in at POST /oauth/token with `client_credentials`.
    """
    _reservation(request).tell_once("client_secret")
    client_id, secret = await service.create(session, actor, body)
    shown = await _shown(session, actor, client_id, response)
    return located(response, f"/v1/machine_clients/{client_id}", {**shown, "client_secret": secret})


@router.post(
    "/{machine_client_id}/rotate",
    response_model=MachineClientSecret,
    dependencies=[once("machine_client.rotate")],
    **ACTION,
)
async def rotate_machine_client(
    machine_client_id: UUID,
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Give a machine client a new secret, shown in this answer only; the old one and its tokens end at once."""
    _reservation(request).tell_once("client_secret")
    secret = await service.rotate(session, actor, machine_client_id, version)
    return {**await _shown(session, actor, machine_client_id, response), "client_secret": secret}


@router.post(
    "/{machine_client_id}/revoke",
    response_model=MachineClientOut,
    dependencies=[once("machine_client.revoke")],
    **ACTION,
)
async def revoke_machine_client(
    machine_client_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Close a machine client for good; its tokens stop working at once."""
    await service.revoke(session, actor, machine_client_id, version)
    return await _shown(session, actor, machine_client_id, response)


def _reservation(request: Request) -> Reservation:
    reservation: Reservation = request.state.reservation
    return reservation


async def _shown(session: Session, actor: Actor, client_id: UUID, response: Response) -> dict[str, Any]:
    shown = await service.view(session, actor, client_id)
    etag(response, shown["version"])
    return shown
