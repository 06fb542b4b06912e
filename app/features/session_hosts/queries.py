"""Every SQL statement of who hosts a session."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access import allowed
from app.domain.contact import CLOSED, ContactStatus
from app.domain.policy import Actor, Role
from app.domain.session import Host, PatternStatus, SessionStatus
from app.models import Contact, Membership, OpportunitySession, Person, WeeklyPattern

_S, _P = OpportunitySession, WeeklyPattern
_Model = type[OpportunitySession] | type[WeeklyPattern]
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
        select(Person.id).where(
            Person.id == person_id,
            _works(actor.tenant_id, Person.id, employer_id),
            allowed(actor, "person.read", Person),
        )
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


def _works(tenant_id: Any, person_id: Any, employer_id: Any) -> ColumnElement[bool]:
    """Say whether somebody is here, and works for this employer or for a school."""
    worker = aliased(Person)
    return (
        select(Membership.id)
        .join(worker, (worker.tenant_id == Membership.tenant_id) & (worker.id == Membership.person_id))
        .where(
            Membership.tenant_id == tenant_id,
            Membership.person_id == person_id,
            Membership.role.in_(_HOSTING),
            Membership.ended_at.is_(None),
            or_(Membership.employer_id.is_(None), Membership.employer_id == employer_id),
            worker.ended_at.is_(None),
        )
        .exists()
    )


def _gone(tenant_id: Any, contact_id: Any) -> ColumnElement[bool]:
    """Say whether a contact takes part no more; who is on a break comes back."""
    return (
        select(Contact.id)
        .where(Contact.tenant_id == tenant_id, Contact.id == contact_id, Contact.status.in_(CLOSED))
        .exists()
    )


async def has_left(session: AsyncSession, tenant_id: UUID, host: Host, employer_id: UUID) -> bool:
    """Say whether a host who was named takes part no more."""
    if host.id is None:
        return False
    left = (
        _gone(tenant_id, host.contact_id)
        if host.contact_id is not None
        else ~_works(tenant_id, host.person_id, employer_id)
    )
    return bool(await session.scalar(select(left)))


def _of_leaver(model: _Model, tenant_id: UUID, now: datetime) -> ColumnElement[bool]:
    """Say of sessions and patterns to come that their host has left, and that nobody has noted it yet."""
    to_come = (
        and_(_S.status == SessionStatus.SCHEDULED, _S.starts_at > now)
        if model is _S
        # A day more than there is: zones differ.
        else and_(_P.status == PatternStatus.ACTIVE, _P.until >= now.date() - timedelta(days=1))
    )
    return and_(
        model.tenant_id == tenant_id,
        to_come,
        model.host_left_at.is_(None),
        or_(
            _gone(model.tenant_id, model.host_contact_id),
            model.host_person_id.is_not(None)
            & ~_works(model.tenant_id, model.host_person_id, model.employer_id),
        ),
    )


def _is(model: _Model, host: Host) -> ColumnElement[bool]:
    return and_(
        model.host_contact_id == host.contact_id
        if host.contact_id
        else model.host_person_id == host.person_id
    )


async def left(session: AsyncSession, tenant_id: UUID, now: datetime, limit: int) -> list[Host]:
    """Return the hosts of sessions and patterns to come who take part no more, where nobody has noted it yet."""
    found = await session.execute(
        union(
            *(
                select(model.host_contact_id, model.host_person_id).where(_of_leaver(model, tenant_id, now))
                for model in (_S, _P)
            )
        ).limit(limit)
    )
    return [Host(contact_id, person_id) for contact_id, person_id in found]


async def patterns_of(
    session: AsyncSession, tenant_id: UUID, host: Host, now: datetime
) -> Sequence[WeeklyPattern]:
    """Return, locked, the patterns of a host who has left."""
    found = await session.scalars(
        select(_P).where(_of_leaver(_P, tenant_id, now), _is(_P, host)).order_by(_P.id).with_for_update()
    )
    return found.all()


async def sessions_of(session: AsyncSession, tenant_id: UUID, host: Host, now: datetime) -> Sequence[UUID]:
    """Return the ids of the sessions to come of a host who has left, in the order of their dates."""
    found = await session.scalars(
        select(_S.id).where(_of_leaver(_S, tenant_id, now), _is(_S, host)).order_by(_S.starts_at, _S.id)
    )
    return found.all()
