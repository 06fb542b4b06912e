"""Every SQL statement of who hosts a session."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.domain.contact import ContactStatus
from app.domain.policy import Actor, Role
from app.domain.session import SessionStatus
from app.models import Contact, Membership, OpportunitySession, Person

_S = OpportunitySession
_HOSTING = (Role.SUPERVISOR, Role.ADVISOR, Role.COORDINATOR, Role.DISTRICT_ADMIN)


async def contact_may_host(
    session: AsyncSession, actor: Actor, contact_id: UUID, employer_id: UUID
) -> ContactStatus | None:
    """Return where a contact stands who belongs to the employer and whom the caller may read, or None."""
    found: ContactStatus | None = await session.scalar(
        select(Contact.status).where(
            Contact.id == contact_id,
            or_(Contact.employer_id == employer_id, Contact.employer_id.is_(None)),
            allowed(actor, "contact.read", Contact),
        )
    )
    return found


async def person_may_host(session: AsyncSession, actor: Actor, person_id: UUID, employer_id: UUID) -> bool:
    """Say whether somebody works for the employer or for a school, and the caller may read who they are."""
    found = await session.scalar(
        select(Membership.id)
        .join(Person, (Person.tenant_id == Membership.tenant_id) & (Person.id == Membership.person_id))
        .where(
            Membership.person_id == person_id,
            Membership.role.in_(_HOSTING),
            Membership.ended_at.is_(None),
            or_(Membership.employer_id.is_(None), Membership.employer_id == employer_id),
            Person.ended_at.is_(None),
            allowed(actor, "person.read", Person),
        )
        .limit(1)
    )
    return found is not None


async def turn_of_host(session: AsyncSession, tenant_id: UUID, host_id: UUID) -> None:
    """Wait for whoever else gives this host a session, until the transaction ends."""
    key = func.hashtextextended(f"host {tenant_id} {host_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def host_is_busy(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    contact_id: UUID | None,
    person_id: UUID | None,
    starts_at: datetime,
    ends_at: datetime,
    besides: UUID | None = None,
) -> bool:
    """Say whether a host has another session that overlaps; one that ends as another begins does not."""
    host = _S.host_contact_id == contact_id if contact_id is not None else _S.host_person_id == person_id
    found = await session.scalar(
        select(_S.id)
        .where(
            _S.tenant_id == tenant_id,
            host,
            _S.status == SessionStatus.SCHEDULED,
            _S.starts_at < ends_at,
            _S.ends_at > starts_at,
            literal(True) if besides is None else _S.id != besides,
        )
        .limit(1)
    )
    return found is not None
