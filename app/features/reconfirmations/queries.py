"""Every SQL statement of reconfirmations: what grew old, and whom to ask about it."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.domain.contact import ContactStatus
from app.domain.freshness import ReconfirmationStatus
from app.domain.opportunity import OpportunityStatus
from app.domain.policy import Role
from app.models import (
    Connection,
    Contact,
    Employer,
    Membership,
    Opportunity,
    Person,
    Reconfirmation,
    ReconfirmationListing,
    School,
    Tenant,
)

# What can be over by its dates, and what a word can be asked for.
LIVE = (OpportunityStatus.PUBLISHED, OpportunityStatus.STALE, OpportunityStatus.PAUSED)
_SHOWN = (OpportunityStatus.PUBLISHED, OpportunityStatus.STALE)


class Due(NamedTuple):
    """A listing that nobody confirmed for long, and who could be asked about it, the nearest first."""

    id: UUID
    employer_id: UUID
    school_id: UUID | None
    contact_id: UUID | None
    supervisor_id: UUID | None
    colleague_id: UUID | None
    owner_id: UUID | None

    @property
    def asked(self) -> tuple[str, UUID | None]:
        """Return whom to ask: the person it came through, who supervises there, who works there, who made it."""
        if self.contact_id is not None:
            return "contact", self.contact_id
        if self.supervisor_id is not None:
            return "supervisor", self.supervisor_id
        if self.colleague_id is not None:
            return "contact", self.colleague_id
        return self.staff

    @property
    def staff(self) -> tuple[str, UUID | None]:
        """Return whom of the school to ask."""
        return ("nobody", None) if self.owner_id is None else ("staff", self.owner_id)


def _reached(contact: Any) -> ColumnElement[bool]:
    return and_(
        contact.status == ContactStatus.CONSENTED,
        contact.email.is_not(None),
        contact.merged_into_id.is_(None),
        or_(
            contact.visible_school_ids.is_(None),
            Opportunity.school_id == contact.visible_school_ids.any_(),
        ),
    )


def _supervisor() -> Any:
    return (
        select(Membership.person_id)
        .join(Person, (Person.tenant_id == Membership.tenant_id) & (Person.id == Membership.person_id))
        .where(
            Membership.tenant_id == Opportunity.tenant_id,
            Membership.employer_id == Opportunity.employer_id,
            Membership.role == Role.SUPERVISOR,
            Membership.ended_at.is_(None),
            Person.enabled,
            Person.ended_at.is_(None),
            Person.email.is_not(None),
        )
        .order_by(Membership.created_at, Membership.id)
        .limit(1)
        .scalar_subquery()
    )


def _colleague() -> Any:
    colleague = aliased(Contact)
    return (
        select(colleague.id)
        .where(
            colleague.tenant_id == Opportunity.tenant_id,
            colleague.employer_id == Opportunity.employer_id,
            Opportunity.connection_id.is_(None),
            _reached(colleague),
        )
        .order_by(colleague.answered_at, colleague.id)
        .limit(1)
        .scalar_subquery()
    )


def _owner() -> Any:
    owner = aliased(Person)
    return (
        select(owner.id)
        .where(
            owner.tenant_id == Opportunity.tenant_id,
            owner.id == Opportunity.owner_id,
            owner.enabled,
            owner.ended_at.is_(None),
            owner.email.is_not(None),
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


def _with_whom_to_ask() -> Select[Any]:
    return (
        select(
            Opportunity.id,
            Opportunity.employer_id,
            Opportunity.school_id,
            Contact.id.label("contact_id"),
            _supervisor().label("supervisor_id"),
            _colleague().label("colleague_id"),
            _owner().label("owner_id"),
        )
        .outerjoin(
            Connection,
            (Connection.tenant_id == Opportunity.tenant_id) & (Connection.id == Opportunity.connection_id),
        )
        .outerjoin(
            Contact,
            (Contact.tenant_id == Connection.tenant_id)
            & (Contact.id == Connection.contact_id)
            & _reached(Contact),
        )
    )


async def due_to_ask(session: AsyncSession, tenant_id: UUID, before: datetime, most: int) -> list[Due]:
    """Return the listings whose last confirmation is older than `before`, and about which nobody is asked now."""
    found = await session.execute(
        _with_whom_to_ask()
        .where(
            Opportunity.tenant_id == tenant_id,
            Opportunity.status.in_(_SHOWN),
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
        _with_whom_to_ask()
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


async def due_to_end(session: AsyncSession, tenant_id: UUID, now: datetime, most: int) -> list[UUID]:
    """Return the letters whose time to answer is over."""
    found = await session.scalars(
        select(Reconfirmation.id)
        .where(
            Reconfirmation.tenant_id == tenant_id,
            Reconfirmation.status == ReconfirmationStatus.ASKED,
            Reconfirmation.answer_by <= now,
        )
        .order_by(Reconfirmation.answer_by, Reconfirmation.id)
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


async def locked(session: AsyncSession, tenant_id: UUID, reconfirmation_id: UUID) -> Reconfirmation | None:
    """Return a letter as it is now, locked."""
    found: Reconfirmation | None = await session.scalar(
        select(Reconfirmation)
        .where(Reconfirmation.tenant_id == tenant_id, Reconfirmation.id == reconfirmation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


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


class Setting(NamedTuple):
    """In whose name somebody is asked."""

    tenant_name: str
    school_name: str
    zone: str
    employer_name: str


async def setting(session: AsyncSession, asked: Reconfirmation) -> Setting:
    """Return in whose name a letter is written, and to which employer."""
    row = (
        await session.execute(
            select(
                Tenant.name,
                func.coalesce(School.name, Tenant.name),
                func.coalesce(School.zone, Tenant.zone),
                Employer.name,
            )
            .select_from(Tenant)
            .outerjoin(School, (School.tenant_id == Tenant.id) & (School.id == asked.school_id))
            .join(Employer, (Employer.tenant_id == Tenant.id) & (Employer.id == asked.employer_id))
            .where(Tenant.id == asked.tenant_id)
        )
    ).one()
    return Setting(*row)


async def locale(session: AsyncSession, asked: Reconfirmation) -> str:
    """Return the language in which the person who is asked is written to."""
    model, row_id = (Contact, asked.contact_id) if asked.contact_id is not None else (Person, asked.person_id)
    found: str | None = await session.scalar(
        select(model.locale).where(model.tenant_id == asked.tenant_id, model.id == row_id)
    )
    return found or "en"


async def is_asked_about(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> bool:
    """Say whether somebody is asked about a listing now."""
    found = await session.scalar(
        select(_asks_open()).where(Opportunity.tenant_id == tenant_id, Opportunity.id == opportunity_id)
    )
    return bool(found)
