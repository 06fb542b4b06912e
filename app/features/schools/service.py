"""Making and showing schools."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import record
from app.core.problems import FieldError, NotFound, Unprocessable
from app.domain.policy import Actor
from app.features.schools import queries
from app.features.schools.schemas import SchoolIn
from app.models import School


async def view(session: AsyncSession, actor: Actor, school_id: UUID) -> dict[str, Any]:
    """Return one school as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, school_id)
    if found is None:
        raise NotFound(
            "there is no school here with this id; list them at GET /v1/schools",
            spanish="no existe aquí ninguna escuela con ese id; consulte GET /v1/schools",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: SchoolIn) -> UUID:
    """Add a school to the tenant."""
    if body.parent_id is not None:
        await check_school(session, actor, body.parent_id, pointer="/parent_id")
    zone = body.zone or await queries.zone_of_tenant(session, actor.tenant_id)
    school = School(tenant_id=actor.tenant_id, **body.model_dump(exclude={"zone"}), zone=zone)
    session.add(school)
    await record(session, "school.create", actor=actor, subject=school, facts={"kind": body.kind.value})
    return school.id


async def check_school(
    session: AsyncSession, actor: Actor, school_id: UUID, *, pointer: str = "/school_id"
) -> None:
    """Refuse an id that is no school of the tenant's; the other features name schools too."""
    if not await queries.exists(session, actor, school_id):
        raise Unprocessable(
            "choose a school from GET /v1/schools that has not ended",
            spanish="elija una escuela vigente de GET /v1/schools",
            errors=[FieldError("no such school", "unknown_school", pointer=pointer)],
        )


async def school_is_open(session: AsyncSession, tenant_id: UUID, school_id: UUID) -> bool:
    """Say whether a school is one of the tenant's and has not ended, whoever asks."""
    return await queries.is_open(session, tenant_id, school_id)


async def zone_of_tenant(session: AsyncSession, tenant_id: UUID) -> str:
    """Return the time zone of the community: its calendar is everybody's."""
    return await queries.zone_of_tenant(session, tenant_id)
