"""Every SQL statement of who speaks for an employer."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.connection import ConnectionStatus
from app.domain.contact import ContactStatus
from app.domain.policy import Role
from app.models import (
    Connection,
    Contact,
    Employer,
    HostAsk,
    Membership,
    Person,
    PhaseFeedback,
    Reconfirmation,
    School,
    Tenant,
)

# So many are looked at; of an employer that many people know, those who came first.
_MOST = 50
# In the life of every question to a host: it is with the host.
ASKED = "asked"


class Setting(NamedTuple):
    """In whose name an employer is written to."""

    tenant_name: str
    school_name: str
    zone: str
    employer_name: str


def _reached(school_id: UUID | None) -> ColumnElement[bool]:
    shown: ColumnElement[bool] = Contact.visible_school_ids.is_(None)
    if school_id is not None:
        shown = or_(shown, literal(school_id, Uuid) == Contact.visible_school_ids.any_())
    return and_(
        Contact.status == ContactStatus.CONSENTED,
        Contact.email.is_not(None),
        Contact.merged_into_id.is_(None),
        shown,
    )


async def contact_of(
    session: AsyncSession, tenant_id: UUID, connection_id: UUID, school_id: UUID | None
) -> Contact | None:
    """Return the contact behind a connection, if they agreed and this school may write to them."""
    found: Contact | None = await session.scalar(
        select(Contact)
        .join(Connection, (Connection.tenant_id == Contact.tenant_id) & (Connection.contact_id == Contact.id))
        .where(Connection.tenant_id == tenant_id, Connection.id == connection_id, _reached(school_id))
    )
    return found


async def contacts_at(
    session: AsyncSession, tenant_id: UUID, employer_id: UUID, school_id: UUID | None
) -> list[Contact]:
    """Return those who work at an employer, or lead to it now, and agreed; who agreed first comes first."""
    leads = select(Connection.contact_id).where(
        Connection.tenant_id == tenant_id,
        Connection.employer_id == employer_id,
        Connection.status == ConnectionStatus.ACTIVE,
    )
    found = await session.scalars(
        select(Contact)
        .where(
            Contact.tenant_id == tenant_id,
            or_(Contact.employer_id == employer_id, Contact.id.in_(leads)),
            _reached(school_id),
        )
        .order_by(Contact.answered_at, Contact.id)
        .limit(_MOST)
    )
    return list(found)


async def agrees(session: AsyncSession, tenant_id: UUID, contact_id: UUID, school_id: UUID | None) -> bool:
    """Say whether a contact still agrees, and this school may write to them."""
    found = await session.scalar(
        select(Contact.id).where(
            Contact.tenant_id == tenant_id, Contact.id == contact_id, _reached(school_id)
        )
    )
    return found is not None


async def supervisors_at(
    session: AsyncSession, tenant_id: UUID, employer_id: UUID, today: date, person_id: UUID | None = None
) -> list[UUID]:
    """Return who supervises for an employer and can be written to, the longest there first; or that person alone."""
    statement = (
        select(Person.id)
        .join(Membership, (Membership.tenant_id == Person.tenant_id) & (Membership.person_id == Person.id))
        .where(
            Membership.tenant_id == tenant_id,
            Membership.employer_id == employer_id,
            Membership.role == Role.SUPERVISOR,
            Membership.ended_at.is_(None),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
            Person.enabled,
            Person.ended_at.is_(None),
            Person.email.is_not(None),
        )
        .order_by(Membership.created_at, Membership.id)
        .limit(_MOST)
    )
    return list(
        await session.scalars(statement if person_id is None else statement.where(Person.id == person_id))
    )


async def is_there(
    session: AsyncSession, tenant_id: UUID, contact_id: UUID | None, person_id: UUID | None, *, hold: bool
) -> bool:
    """Say whether a host is still there; `hold` lets whoever erases or ends them wait."""
    statement = (
        select(Person.id).where(
            Person.tenant_id == tenant_id,
            Person.id == person_id,
            Person.enabled,
            Person.ended_at.is_(None),
        )
        if contact_id is None
        else select(Contact.id).where(
            Contact.tenant_id == tenant_id, Contact.id == contact_id, Contact.erased_at.is_(None)
        )
    )
    found = await session.scalar(statement.with_for_update(read=True) if hold else statement)
    return found is not None


async def setting(
    session: AsyncSession, tenant_id: UUID, employer_id: UUID, school_id: UUID | None
) -> Setting:
    """Return in whose name an employer is written to."""
    row = (
        await session.execute(
            select(
                Tenant.name,
                func.coalesce(School.name, Tenant.name),
                func.coalesce(School.zone, Tenant.zone),
                Employer.name,
            )
            .select_from(Tenant)
            .outerjoin(School, (School.tenant_id == Tenant.id) & (School.id == school_id))
            .join(Employer, (Employer.tenant_id == Tenant.id) & (Employer.id == employer_id))
            .where(Tenant.id == tenant_id)
        )
    ).one()
    return Setting(*row)


async def locale(
    session: AsyncSession, tenant_id: UUID, contact_id: UUID | None, person_id: UUID | None
) -> str:
    """Return the language in which a host is written to."""
    model: Any = Person if contact_id is None else Contact
    found: str | None = await session.scalar(
        select(model.locale).where(model.tenant_id == tenant_id, model.id == (contact_id or person_id))
    )
    return found or "en"


async def unanswered(
    session: AsyncSession,
    model: type[HostAsk | PhaseFeedback | Reconfirmation],
    tenant_id: UUID,
    now: datetime,
    most: int,
) -> list[UUID]:
    """Return the questions whose time to answer is over, and that nobody answered."""
    found = await session.scalars(
        select(model.id)
        .where(model.tenant_id == tenant_id, model.status == ASKED, model.answer_by <= now)
        .order_by(model.answer_by, model.id)
        .limit(most)
    )
    return list(found)
