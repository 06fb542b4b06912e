"""Every SQL statement of reconfirmations: what grew old or is over, and what is asked about it."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.domain.freshness import LIVE, ReconfirmationStatus
from app.domain.opportunity import SHOWN_TO_STUDENTS, OpportunityStatus
from app.domain.policy import Role
from app.models import Membership, Opportunity, Person, Reconfirmation, ReconfirmationListing

_STAFF = (Role.ADVISOR, Role.COORDINATOR, Role.DISTRICT_ADMIN)


class Due(NamedTuple):
    """A listing that nobody confirmed for long; `owner_id`: whoever made it, if they can be written to."""

    id: UUID
    employer_id: UUID
    school_id: UUID | None
    connection_id: UUID | None
    owner_id: UUID | None


def _is_staff_still(person: Any) -> ColumnElement[bool]:
    role = (
        select(Membership.id)
        .where(
            Membership.tenant_id == person.tenant_id,
            Membership.person_id == person.id,
            Membership.role.in_(_STAFF),
            Membership.ended_at.is_(None),
        )
        .correlate(person)
        .exists()
    )
    return and_(person.enabled, person.ended_at.is_(None), person.email.is_not(None), role)


def _owner() -> Any:
    owner = aliased(Person)
    return (
        select(owner.id)
        .where(
            owner.tenant_id == Opportunity.tenant_id,
            owner.id == Opportunity.owner_id,
            _is_staff_still(owner),
        )
        .scalar_subquery()
    )


def _asks_open() -> Any:
    return (
        select(ReconfirmationListing.id)
        .join(
            Reconfirmation,
            (Reconfirmation.tenant_id == ReconfirmationListing.tenant_id)
            & (Reconfirmation.id == ReconfirmationListing.reconfirmation_id),
        )
        .where(
            ReconfirmationListing.tenant_id == Opportunity.tenant_id,
            ReconfirmationListing.opportunity_id == Opportunity.id,
            Reconfirmation.status == ReconfirmationStatus.ASKED,
        )
        .exists()
    )


_DUE = (
    Opportunity.id,
    Opportunity.employer_id,
    Opportunity.school_id,
    Opportunity.connection_id,
    _owner().label("owner_id"),
)


async def due_to_ask(session: AsyncSession, tenant_id: UUID, before: datetime, most: int) -> list[Due]:
    """Return the listings whose last confirmation is older than `before`, and about which nobody is asked now."""
    found = await session.execute(
        select(*_DUE)
        .where(
            Opportunity.tenant_id == tenant_id,
            Opportunity.status.in_(SHOWN_TO_STUDENTS),
            Opportunity.confirmed_at < before,
            ~_asks_open(),
        )
        .order_by(Opportunity.confirmed_at, Opportunity.id)
        .limit(most)
    )
    return [Due(*row) for row in found]


async def due_soon(
    session: AsyncSession, tenant_id: UUID, employer_id: UUID, before: datetime, most: int
) -> list[Due]:
    """Return the listings of an employer that grow old a little later, and about which nobody is asked now."""
    found = await session.execute(
        select(*_DUE)
        .where(
            Opportunity.tenant_id == tenant_id,
            Opportunity.employer_id == employer_id,
            Opportunity.status == OpportunityStatus.PUBLISHED,
            Opportunity.confirmed_at < before,
            ~_asks_open(),
        )
        .order_by(Opportunity.confirmed_at, Opportunity.id)
        .limit(most)
    )
    return [Due(*row) for row in found]


async def due_to_archive(session: AsyncSession, tenant_id: UUID, today: date, most: int) -> list[UUID]:
    """Return the listings whose dates have passed."""
    found = await session.scalars(
        select(Opportunity.id)
        .where(
            Opportunity.tenant_id == tenant_id,
            Opportunity.status.in_(LIVE),
            or_(Opportunity.ends_on < today, Opportunity.apply_by < today),
        )
        .order_by(Opportunity.id)
        .limit(most)
    )
    return list(found)


async def due_to_remind(session: AsyncSession, tenant_id: UUID, now: datetime, most: int) -> list[UUID]:
    """Return the letters whose reminder is due."""
    found = await session.scalars(
        select(Reconfirmation.id)
        .where(
            Reconfirmation.tenant_id == tenant_id,
            Reconfirmation.status == ReconfirmationStatus.ASKED,
            Reconfirmation.remind_at <= now,
        )
        .order_by(Reconfirmation.remind_at, Reconfirmation.id)
        .limit(most)
    )
    return list(found)


async def asked_about(
    session: AsyncSession, tenant_id: UUID, reconfirmation_id: UUID
) -> list[tuple[ReconfirmationListing, Opportunity]]:
    """Return the listings of a letter, by their ids."""
    found = await session.execute(
        select(ReconfirmationListing, Opportunity)
        .join(
            Opportunity,
            (Opportunity.tenant_id == ReconfirmationListing.tenant_id)
            & (Opportunity.id == ReconfirmationListing.opportunity_id),
        )
        .where(
            ReconfirmationListing.tenant_id == tenant_id,
            ReconfirmationListing.reconfirmation_id == reconfirmation_id,
        )
        .order_by(Opportunity.id)
    )
    return [(asked, opportunity) for asked, opportunity in found]


async def is_staff_still(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> bool:
    """Say whether a member of staff who was asked is one still, and can be written to."""
    found = await session.scalar(
        select(Person.id).where(
            Person.tenant_id == tenant_id, Person.id == person_id, _is_staff_still(Person)
        )
    )
    return found is not None


async def is_asked_about(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> bool:
    """Say whether somebody is asked about a listing now."""
    found = await session.scalar(
        select(_asks_open()).where(Opportunity.tenant_id == tenant_id, Opportunity.id == opportunity_id)
    )
    return bool(found)
