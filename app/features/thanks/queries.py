"""Every SQL statement of thanks."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.introduction import IntroductionStatus
from app.domain.placement import PlacementStatus
from app.models import Connection, Event, Introduction, Meeting, Placement

# A placement that is in one of these was active, or is; one that ended early may never have begun.
_BEGAN = (PlacementStatus.ACTIVE, PlacementStatus.END_REQUESTED, PlacementStatus.COMPLETED)


class Thanked(NamedTuple):
    """A connection for which thanks are due, and whose it is."""

    contributor_id: UUID
    school_id: UUID


def students_helped(tenant_id: Any, connection_id: Any) -> Any:
    """Return, as a scalar subquery, how many students a connection led to a placement that began, or to a meeting."""
    ended = (
        select(Placement.student_id)
        .where(
            Placement.tenant_id == tenant_id,
            Placement.connection_id == connection_id,
            Placement.status == PlacementStatus.ENDED_EARLY,
            select(Event.id)
            .where(
                Event.tenant_id == Placement.tenant_id,
                Event.subject_id == Placement.id,
                Event.action == "placement.activate",
            )
            .exists(),
        )
        .correlate_except(Placement, Event)
    )
    placed = (
        select(Placement.student_id)
        .where(
            Placement.tenant_id == tenant_id,
            Placement.connection_id == connection_id,
            Placement.status.in_(_BEGAN),
        )
        .correlate_except(Placement)
    )
    met = (
        select(Meeting.student_id)
        .join(
            Introduction,
            (Introduction.tenant_id == Meeting.tenant_id) & (Introduction.id == Meeting.introduction_id),
        )
        .where(
            Meeting.tenant_id == tenant_id,
            Meeting.connection_id == connection_id,
            Introduction.status == IntroductionStatus.MET,
        )
        .correlate_except(Meeting, Introduction)
    )
    helped = union(placed, ended, met).subquery()
    return select(func.count()).select_from(helped).scalar_subquery()


async def connection_of_placement(session: AsyncSession, tenant_id: UUID, placement_id: UUID) -> UUID | None:
    """Return the connection that a placement came through."""
    found: UUID | None = await session.scalar(
        select(Placement.connection_id).where(Placement.tenant_id == tenant_id, Placement.id == placement_id)
    )
    return found


async def connection_of_meeting(session: AsyncSession, tenant_id: UUID, introduction_id: UUID) -> UUID | None:
    """Return the connection that a meeting came through."""
    found: UUID | None = await session.scalar(
        select(Meeting.connection_id).where(
            Meeting.tenant_id == tenant_id, Meeting.introduction_id == introduction_id
        )
    )
    return found


async def count(session: AsyncSession, tenant_id: UUID, connection_id: UUID) -> int:
    """Return how many students a connection helped; whoever counts the same connection at once waits.

    Two statements: a placement that became active while we waited for the lock shows only in the second's snapshot.
    """
    await session.execute(
        select(Connection.id)
        .where(Connection.tenant_id == tenant_id, Connection.id == connection_id)
        .with_for_update()
    )
    found: int | None = await session.scalar(select(students_helped(tenant_id, connection_id)))
    return found or 0


async def claim(session: AsyncSession, tenant_id: UUID, connection_id: UUID, occasion: int) -> Thanked | None:
    """Take an occasion for thanks by compare-and-swap; None when there were thanks for it, or for a later one.

    The version stays: a contributor who is just editing has lost nothing.
    """
    claimed = await session.execute(
        update(Connection)
        .where(
            Connection.tenant_id == tenant_id,
            Connection.id == connection_id,
            Connection.thanked_for < occasion,
        )
        .values(thanked_for=occasion)
        .returning(Connection.contributor_id, Connection.school_id)
        .execution_options(synchronize_session=False)
    )
    row = claimed.one_or_none()
    return None if row is None else Thanked(*row)
