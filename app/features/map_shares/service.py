"""Showing one's network map to one adult, and taking that back: both are the student's own acts."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import record
from app.core.ids import new_id
from app.core.problems import Conflict, FieldError, NotFound, Unprocessable
from app.domain.policy import Actor
from app.features.map_shares import queries
from app.features.network_map import service as network_map
from app.models import MapShare


async def view(session: AsyncSession, actor: Actor, share_id: UUID) -> dict[str, Any]:
    """Return one share as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, share_id)
    if found is None:
        raise NotFound(
            "there is no share here with this id that you may see",
            spanish="no hay aquí ningún permiso con ese id que usted pueda ver",
        )
    return found


async def adults(session: AsyncSession, actor: Actor) -> dict[str, Any]:
    """Return everybody to whom the caller could show their map."""
    return {"items": await queries.adults(session, actor.tenant_id, network_map.student(actor))}


async def create(session: AsyncSession, actor: Actor, adult_id: UUID) -> UUID:
    """Show the caller's map to one adult who is something to them; one at a time."""
    student_id = network_map.student(actor)
    near = {row["person_id"] for row in await queries.adults(session, actor.tenant_id, student_id)}
    if adult_id not in near:
        raise Unprocessable(
            "choose one of the adults in GET /v1/network_map/adults",
            spanish="elige a una de las personas adultas de GET /v1/network_map/adults",
            errors=[FieldError("not an adult of yours", "not_your_adult", pointer="/adult_id")],
        )
    share = MapShare(
        tenant_id=actor.tenant_id,
        id=new_id(),
        student_id=student_id,
        adult_id=adult_id,
        shared_at=clock.now(),
    )
    if not await queries.insert_live(session, share):
        raise Conflict(
            "you show your map to somebody already; take that back first",
            spanish="ya compartes tu mapa con alguien; retira primero ese permiso",
            code="shared_already",
        )
    await record(session, "map_share.create", actor=actor, subject=share, person_id=student_id)
    return share.id


async def revoke(session: AsyncSession, actor: Actor, share_id: UUID, version: int) -> None:
    """Take a share back; the adult's next request finds nothing. Nobody is told: it needs no reason."""
    share = await get(session, actor, "map_share.revoke", MapShare, share_id, lock=True)
    check_version(share, version)
    if share.revoked_at is not None:
        raise Conflict(
            "you took this back already; nothing more is to be done",
            spanish="ya retiraste este permiso; no hay nada más que hacer",
            code="revoked_before",
        )
    share.revoked_at = clock.now()
    await record(session, "map_share.revoke", actor=actor, subject=share, person_id=share.student_id)
