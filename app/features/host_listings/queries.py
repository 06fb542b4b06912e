"""Every SQL statement of an employer's own listings: of the contact or the supervisor who holds the token, no others."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, literal, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.connection import ConnectionStatus
from app.domain.contact import ContactStatus
from app.domain.employer import EmployerStatus
from app.domain.opportunity import OpportunityStatus
from app.domain.placement import PlacementStatus
from app.domain.policy import Role
from app.domain.pursuit import PursuitStatus
from app.domain.session import EnrollmentStatus, SessionStatus
from app.models import (
    Connection,
    Contact,
    Employer,
    Membership,
    Opportunity,
    OpportunitySession,
    Person,
    Placement,
    Pursuit,
    School,
    SessionEnrollment,
    Tenant,
)

# What an employer is shown of its own; drafts are the school's.
_OWN = (
    OpportunityStatus.SUBMITTED,
    OpportunityStatus.PUBLISHED,
    OpportunityStatus.STALE,
    OpportunityStatus.PAUSED,
    OpportunityStatus.HIDDEN,
)
_MOST = 500
_STAGES: Mapping[str, str] = {
    PursuitStatus.APPROVED.value: "approved",
    PursuitStatus.LANDED.value: "landed",
    PursuitStatus.START_REQUESTED.value: "starting",
}
_PLACED = (
    PlacementStatus.SETUP,
    PlacementStatus.AWAITING_SIGNATURES,
    PlacementStatus.CLEARED,
    PlacementStatus.ACTIVE,
    PlacementStatus.END_REQUESTED,
)


def _of_contact(tenant_id: UUID, contact_id: UUID) -> ColumnElement[bool]:
    """Pick what came through a contact who still agrees, and what their workplace offers through nobody else."""
    through = select(Connection.id).where(
        Connection.tenant_id == tenant_id,
        Connection.contact_id == contact_id,
        Connection.status == ConnectionStatus.ACTIVE,
    )
    agrees = select(Contact.id).where(
        Contact.tenant_id == tenant_id,
        Contact.id == contact_id,
        Contact.status == ContactStatus.CONSENTED,
        Contact.merged_into_id.is_(None),
        or_(Contact.visible_school_ids.is_(None), Opportunity.school_id == Contact.visible_school_ids.any_()),
    )
    at_work = and_(
        Opportunity.connection_id.is_(None),
        Opportunity.employer_id
        == select(Contact.employer_id)
        .where(Contact.tenant_id == tenant_id, Contact.id == contact_id)
        .scalar_subquery(),
    )
    return and_(agrees.correlate(Opportunity).exists(), or_(Opportunity.connection_id.in_(through), at_work))


def _of_supervisor(tenant_id: UUID, person_id: UUID, today: date) -> ColumnElement[bool]:
    return Opportunity.employer_id.in_(
        select(Membership.employer_id)
        .join(Person, (Person.tenant_id == Membership.tenant_id) & (Person.id == Membership.person_id))
        .where(
            Membership.tenant_id == tenant_id,
            Membership.person_id == person_id,
            Membership.role == Role.SUPERVISOR,
            Membership.ended_at.is_(None),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
            Person.enabled,
            Person.ended_at.is_(None),
        )
    )


Whose = ColumnElement[bool]


def own(tenant_id: UUID, contact_id: UUID | None, person_id: UUID | None, today: date) -> ColumnElement[bool]:
    """Pick the listings of whoever holds a token, as they stand at this moment."""
    whose: list[ColumnElement[bool]] = [false()]  # who is nobody has none
    if contact_id is not None:
        whose.append(_of_contact(tenant_id, contact_id))
    if person_id is not None:
        whose.append(_of_supervisor(tenant_id, person_id, today))
    # Of a suspended employer nothing is told, nor changed, by whoever has its mailbox.
    trusted = select(Employer.id).where(
        Employer.tenant_id == tenant_id,
        Employer.status.in_((EmployerStatus.PROSPECT, EmployerStatus.VETTED)),
    )
    return and_(
        Opportunity.tenant_id == tenant_id,
        Opportunity.status.in_(_OWN),
        Opportunity.employer_id.in_(trusted.correlate(None)),
        or_(*whose),
    )


_ITEM = (
    Opportunity.id,
    Opportunity.status,
    Opportunity.title,
    Employer.name.label("employer_name"),
    School.name.label("school_name"),
    Opportunity.seats,
    (Opportunity.seats - Opportunity.seats_taken).label("seats_free"),
    Opportunity.starts_on,
    Opportunity.ends_on,
    Opportunity.apply_by,
    Opportunity.confirmed_at,
    Opportunity.confirmed_by,
    Opportunity.version,
)
_WHOLE = (
    Opportunity.description,
    Opportunity.schedule,
    Opportunity.dress_code,
    Opportunity.deliverable,
    Opportunity.minimum_age,
    Opportunity.pay,
    Opportunity.pay_cents_per_hour,
    Opportunity.next_available_on,
)


async def listings(
    session: AsyncSession, whose: Whose, opportunity_id: UUID | None = None
) -> list[dict[str, Any]]:
    """Return the listings, by title; or the one of that id."""
    only = whose if opportunity_id is None else and_(whose, Opportunity.id == opportunity_id)
    found = await session.execute(
        select(*_ITEM, *_WHOLE)
        .join(
            Employer, (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id)
        )
        .outerjoin(School, (School.tenant_id == Opportunity.tenant_id) & (School.id == Opportunity.school_id))
        .where(only)
        .order_by(Opportunity.title, Opportunity.id)
        .limit(_MOST)
    )
    return [dict(row) for row in found.mappings()]


async def locked(
    session: AsyncSession, whose: ColumnElement[bool], opportunity_id: UUID
) -> Opportunity | None:
    """Return one of their listings as it is now, locked."""
    found: Opportunity | None = await session.scalar(
        select(Opportunity)
        .where(whose, Opportunity.id == opportunity_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def tenant_name(session: AsyncSession, tenant_id: UUID) -> str:
    """Return what the community is called."""
    return (await session.get_one(Tenant, tenant_id)).name


def _short_name() -> Any:
    return func.concat(Person.given_name, " ", func.left(Person.family_name, 1), ".").label("name")


async def coming(
    session: AsyncSession, tenant_id: UUID, opportunity_id: UUID, now: datetime
) -> list[dict[str, Any]]:
    """Return who is coming to a listing, and to its sessions that are not over: first names and initials only."""
    pursued = (
        select(
            _short_name(),
            Pursuit.status.label("stage"),
            null().label("starts_on"),
            null().label("session_starts_at"),
            null().label("session_zone"),
            Pursuit.id,
        )
        .join(Person, (Person.tenant_id == Pursuit.tenant_id) & (Person.id == Pursuit.student_id))
        .where(
            Pursuit.tenant_id == tenant_id,
            Pursuit.opportunity_id == opportunity_id,
            Pursuit.status.in_(list(_STAGES)),
        )
    )
    found = [
        {**row, "stage": _STAGES[row["stage"]]}
        for row in (await session.execute(pursued.order_by(Pursuit.id))).mappings()
    ]
    others = union_all(
        select(
            _short_name(),
            literal("placed").label("stage"),
            Placement.starts_on,
            literal(None, OpportunitySession.starts_at.type).label("session_starts_at"),
            literal(None, OpportunitySession.zone.type).label("session_zone"),
            Placement.id,
        )
        .join(Person, (Person.tenant_id == Placement.tenant_id) & (Person.id == Placement.student_id))
        .where(
            Placement.tenant_id == tenant_id,
            Placement.opportunity_id == opportunity_id,
            Placement.status.in_(_PLACED),
        ),
        select(
            _short_name(),
            literal("enrolled"),
            literal(None, Placement.starts_on.type),
            OpportunitySession.starts_at,
            OpportunitySession.zone,
            SessionEnrollment.id,
        )
        .join(
            OpportunitySession,
            (OpportunitySession.tenant_id == SessionEnrollment.tenant_id)
            & (OpportunitySession.id == SessionEnrollment.session_id),
        )
        .join(
            Person,
            (Person.tenant_id == SessionEnrollment.tenant_id) & (Person.id == SessionEnrollment.student_id),
        )
        .where(
            SessionEnrollment.tenant_id == tenant_id,
            OpportunitySession.opportunity_id == opportunity_id,
            OpportunitySession.status == SessionStatus.SCHEDULED,
            OpportunitySession.ends_at > now,
            SessionEnrollment.status == EnrollmentStatus.ENROLLED,
        ),
    ).subquery()
    rows = await session.execute(
        select(others).order_by(others.c.session_starts_at, others.c.starts_on, others.c.id)
    )
    found += [dict(row) for row in rows.mappings()]
    for row in found:
        del row["id"]
    return found
