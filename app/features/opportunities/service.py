"""What people do with opportunities: load, decide, change, record."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get, require_at_school
from app.core import clock
from app.core.events import Author, record
from app.core.problems import FieldError, NotFound, Unprocessable
from app.domain.connection import ConnectionStatus
from app.domain.employer import EmployerStatus
from app.domain.errors import Refused
from app.domain.lifecycle import next_status
from app.domain.opportunity import (
    TRANSITIONS,
    OpportunityAction,
    OpportunityStatus,
    check_dates,
    check_publishable,
)
from app.domain.policy import Actor
from app.features.opportunities import queries
from app.features.opportunities.schemas import OpportunityIn, OpportunityPatch
from app.features.schools import service as schools
from app.models import Connection, Opportunity


async def view(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> dict[str, Any]:
    """Return one opportunity as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, opportunity_id)
    if found is None:
        raise NotFound(
            "there is no opportunity here with this id that you may see",
            spanish="no existe aquí ninguna oportunidad con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: OpportunityIn) -> UUID:
    """Draft an opportunity at a school of the caller's."""
    require_at_school(actor, "opportunity.create", body.school_id)
    await schools.check_school(session, actor, body.school_id)
    await queries.employer_of(session, actor, body.employer_id)
    await _check_places(session, actor, body.employer_id, body.worksite_id)
    if body.connection_id is not None:
        await _check_connection(session, actor, body.connection_id, body.employer_id)
    check_dates(body.starts_on, body.ends_on)
    opportunity = Opportunity(
        tenant_id=actor.tenant_id, owner_id=actor.person_id, **body.model_dump(mode="python")
    )
    session.add(opportunity)
    await record(session, "opportunity.create", actor=actor, subject=opportunity)
    return opportunity.id


async def change(
    session: AsyncSession, actor: Actor, opportunity_id: UUID, body: OpportunityPatch, version: int
) -> None:
    """Change what an opportunity says; raises Refused for fewer seats than are taken."""
    opportunity = await get(session, actor, "opportunity.update", Opportunity, opportunity_id, lock=True)
    check_version(opportunity, version)
    changes = body.model_dump(exclude_unset=True)
    for name in ("title", "description", "type", "clusters", "seats", "remote", "pay", "credit"):
        if changes.get(name, ...) is None:
            raise Unprocessable(
                f"give {name} a value, or leave it out to keep the present one",
                spanish=f"dé un valor a {name} u omítalo para conservar el actual",
                errors=[FieldError("may not be null", "null", pointer=f"/{name}")],
            )
    if changes.get("seats", opportunity.seats) < opportunity.seats_taken:
        raise Refused(
            "fewer_seats_than_taken",
            f"{opportunity.seats_taken} seats are taken; keep at least as many, or release a pursuit first",
            f"hay {opportunity.seats_taken} plazas ocupadas; deje al menos esas o libere antes una solicitud",
            pointer="/seats",
        )
    if changes.get("worksite_id") is not None:
        await _check_places(session, actor, opportunity.employer_id, changes["worksite_id"])
    check_dates(changes.get("starts_on", opportunity.starts_on), changes.get("ends_on", opportunity.ends_on))
    for name, value in changes.items():
        setattr(opportunity, name, value)
    await record(session, "opportunity.update", actor=actor, subject=opportunity)


async def act(
    session: AsyncSession,
    actor: Actor,
    action: OpportunityAction,
    opportunity_id: UUID,
    version: int,
    reason: str | None = None,
) -> None:
    """Move an opportunity along its life."""
    name = f"opportunity.{action.value}"
    opportunity = await get(session, actor, name, Opportunity, opportunity_id, lock=True)
    check_version(opportunity, version)
    opportunity.status = next_status(TRANSITIONS, opportunity.status, action)
    if opportunity.status is OpportunityStatus.PUBLISHED:
        await _open_to_students(session, actor, opportunity)
    await record(
        session, name, actor=actor, subject=opportunity, reason=reason, person_id=opportunity.owner_id
    )


async def pause_all_of(
    session: AsyncSession,
    actor: Author | str,
    tenant_id: UUID,
    reason: str,
    *,
    employer_id: UUID | None = None,
    connection_id: UUID | None = None,
) -> None:
    """Pause every published opportunity of an employer, or through a connection, to which students cannot go now."""
    for opportunity in await queries.published_through(session, tenant_id, employer_id, connection_id):
        opportunity.status = next_status(TRANSITIONS, opportunity.status, OpportunityAction.PAUSE)
        await record(
            session,
            "opportunity.pause",
            actor=actor,
            subject=opportunity,
            reason=reason,
            person_id=opportunity.owner_id,
        )


async def take_seat(session: AsyncSession, opportunity: Opportunity) -> bool:
    """Take one seat; False when none is free."""
    return await queries.take_seat(session, opportunity.tenant_id, opportunity.id)


async def give_seat_back(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> None:
    """Give one seat back that nobody in line is waiting for."""
    await queries.give_seat_back(session, tenant_id, opportunity_id)


async def _open_to_students(session: AsyncSession, actor: Actor, opportunity: Opportunity) -> None:
    employer = await queries.employer_of(session, actor, opportunity.employer_id)
    connection = await queries.connection_of(session, opportunity)
    check_publishable(
        employer_vetted=employer.status is EmployerStatus.VETTED,
        has_connection=connection is not None,
        connection_active=connection is not None and connection.status is ConnectionStatus.ACTIVE,
    )
    now = clock.now()
    opportunity.published_at = opportunity.published_at or now
    opportunity.confirmed_at = now


async def _check_places(
    session: AsyncSession, actor: Actor, employer_id: UUID, worksite_id: UUID | None
) -> None:
    if worksite_id is not None and not await queries.worksite_belongs(
        session, actor, worksite_id, employer_id
    ):
        raise Unprocessable(
            "choose a worksite of this employer, or add it to the employer first",
            spanish="elija un lugar de trabajo de este empleador o agréguelo primero",
            errors=[FieldError("not a worksite of the employer", "unknown_worksite", pointer="/worksite_id")],
        )


async def _check_connection(
    session: AsyncSession, actor: Actor, connection_id: UUID, employer_id: UUID
) -> None:
    connection = await get(session, actor, "connection.read", Connection, connection_id)
    if connection.employer_id not in {None, employer_id}:
        raise Unprocessable(
            "this connection leads to another employer; choose one that leads here, or leave it out",
            spanish="esta conexión lleva a otro empleador; elija una que lleve a este u omítala",
            errors=[FieldError("leads to another employer", "other_employer", pointer="/connection_id")],
        )
