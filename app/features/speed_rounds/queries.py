"""Every SQL statement of speed networking rotas."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access import allowed
from app.core.clock import now
from app.core.ids import new_id
from app.domain.contact import ContactStatus
from app.domain.policy import Actor, Role
from app.domain.session import PRESENT
from app.domain.speed_networking import Table
from app.features.speed_rounds.schemas import Professional
from app.models import (
    Contact,
    Employer,
    Membership,
    OpportunitySession,
    Person,
    SessionEnrollment,
    SpeedRound,
    SpeedSeat,
)


async def students(session: AsyncSession, tenant_id: UUID, session_id: UUID) -> list[UUID]:
    """Return the students of a session in the order in which they enrolled, without those who did not come."""
    found = await session.scalars(
        select(SessionEnrollment.student_id)
        .where(
            SessionEnrollment.tenant_id == tenant_id,
            SessionEnrollment.session_id == session_id,
            SessionEnrollment.status.in_(PRESENT),
        )
        .order_by(SessionEnrollment.created_at, SessionEnrollment.id)
    )
    return list(found)


async def contacts_who_may_come(session: AsyncSession, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Return those of these contacts who said yes and whom the caller may read."""
    found = await session.scalars(
        select(Contact.id).where(
            Contact.id.in_(ids),
            Contact.status == ContactStatus.CONSENTED,
            allowed(actor, "contact.read", Contact),
        )
    )
    return set(found)


async def people_who_may_come(session: AsyncSession, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Return those of these people who work at an employer and whom the caller may read."""
    at_employers = select(Membership.person_id).where(
        Membership.tenant_id == actor.tenant_id,
        Membership.role == Role.SUPERVISOR,
        Membership.ended_at.is_(None),
    )
    found = await session.scalars(
        select(Person.id).where(
            Person.id.in_(ids),
            Person.ended_at.is_(None),
            Person.id.in_(at_employers),
            allowed(actor, "person.read", Person),
        )
    )
    return set(found)


async def replace(
    session: AsyncSession,
    tenant_id: UUID,
    session_id: UUID,
    rounds: list[tuple[datetime, datetime, list[Table[UUID, Professional]]]],
) -> None:
    """Write a session's rota in place of the one it had."""
    await session.execute(
        delete(SpeedRound).where(SpeedRound.tenant_id == tenant_id, SpeedRound.session_id == session_id)
    )
    at = now()
    made: list[dict[str, Any]] = []
    seats: list[dict[str, Any]] = []
    for number, (starts_at, ends_at, tables) in enumerate(rounds, 1):
        common = {"tenant_id": tenant_id, "created_at": at}
        round_id = new_id()
        made.append(
            {
                **common,
                "id": round_id,
                "session_id": session_id,
                "number": number,
                "starts_at": starts_at,
                "ends_at": ends_at,
            }
        )
        for table in tables:
            sitting = [(student, None, None) for student in table.students]
            seats += [
                {
                    **common,
                    "id": new_id(),
                    "round_id": round_id,
                    "table_number": table.number,
                    "student_id": student_id,
                    "contact_id": contact_id,
                    "person_id": person_id,
                }
                for student_id, contact_id, person_id in (
                    *sitting,
                    *((None, who.contact_id, who.person_id) for who in table.professionals),
                )
            ]
    await session.execute(insert(SpeedRound), made)
    await session.execute(insert(SpeedSeat), seats)


async def runs_it(session: AsyncSession, actor: Actor, session_id: UUID) -> bool:
    """Say whether the caller is one of those who run a session, and read its whole rota."""
    found = await session.scalar(
        select(OpportunitySession.id).where(
            OpportunitySession.id == session_id,
            allowed(actor, "opportunity_session.read_joining", OpportunitySession),
        )
    )
    return found is not None


async def readable_students(session: AsyncSession, actor: Actor, session_id: UUID) -> set[UUID]:
    """Return the students of a session whose place the caller may read: oneself, a child, advisees."""
    found = await session.scalars(
        select(SessionEnrollment.student_id).where(
            SessionEnrollment.session_id == session_id,
            SessionEnrollment.status.in_(PRESENT),
            allowed(actor, "session_enrollment.read", SessionEnrollment),
        )
    )
    return set(found)


async def seats(session: AsyncSession, tenant_id: UUID, session_id: UUID) -> list[dict[str, Any]]:
    """Return every seat of a session's rota with the name of who sits there, round by round and table by table."""
    student, professional = aliased(Person), aliased(Person)
    supervises = (
        Membership.tenant_id == SpeedSeat.tenant_id,
        Membership.person_id == SpeedSeat.person_id,
        Membership.role == Role.SUPERVISOR,
        Membership.ended_at.is_(None),
    )
    works_at = (
        select(func.min(Employer.name))
        .join(
            Membership, (Membership.tenant_id == Employer.tenant_id) & (Membership.employer_id == Employer.id)
        )
        .where(*supervises)
        .correlate(SpeedSeat)
        .scalar_subquery()
    )
    still_here = professional.ended_at.is_(None) & (
        select(Membership.id).where(*supervises).correlate(SpeedSeat).exists()
    )

    def short(who: Any) -> Any:
        return func.concat(who.given_name, " ", func.left(who.family_name, 1), ".")

    agreed = (Contact.status == ContactStatus.CONSENTED) & (Contact.id == SpeedSeat.contact_id)
    found = await session.execute(
        select(
            SpeedRound.number,
            SpeedRound.starts_at,
            SpeedRound.ends_at,
            SpeedSeat.table_number,
            SpeedSeat.student_id,
            short(student).label("student_name"),
            Contact.id.label("contact_id"),
            short(Contact).label("contact_name"),
            Contact.job_title,
            Employer.name.label("employer_name"),
            professional.id.label("person_id"),
            short(professional).label("person_name"),
            works_at.label("works_at"),
        )
        .select_from(SpeedRound)
        .join(
            SpeedSeat, (SpeedSeat.tenant_id == SpeedRound.tenant_id) & (SpeedSeat.round_id == SpeedRound.id)
        )
        .outerjoin(student, (student.tenant_id == SpeedSeat.tenant_id) & (student.id == SpeedSeat.student_id))
        # Somebody who has left the network since is not named any more.
        .outerjoin(Contact, (Contact.tenant_id == SpeedSeat.tenant_id) & agreed)
        .outerjoin(Employer, (Employer.tenant_id == Contact.tenant_id) & (Employer.id == Contact.employer_id))
        .outerjoin(
            professional,
            (professional.tenant_id == SpeedSeat.tenant_id)
            & (professional.id == SpeedSeat.person_id)
            & still_here,
        )
        .where(SpeedRound.tenant_id == tenant_id, SpeedRound.session_id == session_id)
        .order_by(SpeedRound.number, SpeedSeat.table_number, SpeedSeat.id)
    )
    return [dict(row) for row in found.mappings()]


async def move(session: AsyncSession, tenant_id: UUID, session_id: UUID, by: timedelta) -> None:
    """Let the rounds of a session begin and end so much later."""
    await session.execute(
        update(SpeedRound)
        .where(SpeedRound.tenant_id == tenant_id, SpeedRound.session_id == session_id)
        .values(starts_at=SpeedRound.starts_at + by, ends_at=SpeedRound.ends_at + by)
        .execution_options(synchronize_session=False)
    )
