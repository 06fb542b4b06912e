"""Every SQL statement of the caller's own page."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.core import clock
from app.domain.connection import ConnectionStatus
from app.domain.opportunity import OpportunityStatus
from app.domain.placement import PlacementStatus
from app.domain.policy import Actor, Role, may_ever
from app.domain.pursuit import PursuitStatus
from app.domain.waitlist import WaitingStatus
from app.models import (
    AccountTenant,
    AdvisorLink,
    Connection,
    Employer,
    GuardianLink,
    MachineClient,
    Membership,
    Notification,
    Opportunity,
    Person,
    Placement,
    Pursuit,
    School,
    Tenant,
    WaitingEntry,
)

# What can wait for somebody: its kind, the action it waits for, the row, its state, and where to find it.
_WAITING: tuple[tuple[str, str, Any, Any, str], ...] = (
    (
        "connections_to_screen",
        "connection.screen",
        Connection,
        Connection.status == ConnectionStatus.PROPOSED,
        "/v1/connections?status=proposed",
    ),
    (
        "pursuits_to_decide",
        "pursuit.approve",
        Pursuit,
        Pursuit.status == PursuitStatus.REQUESTED,
        "/v1/pursuits?status=requested",
    ),
    (
        "opportunities_to_review",
        "opportunity.publish",
        Opportunity,
        Opportunity.status == OpportunityStatus.SUBMITTED,
        "/v1/opportunities?status=submitted&sort=-created_at",
    ),
    (
        "placements_to_clear",
        "placement.clear",
        Placement,
        Placement.status == PlacementStatus.SETUP,
        "/v1/placements?status=setup",
    ),
    (
        "starts_to_approve",
        "pursuit.approve_start",
        Pursuit,
        Pursuit.status == PursuitStatus.START_REQUESTED,
        "/v1/pursuits?status=start_requested",
    ),
    # Only the student asks to start, so this action finds the student's own, and not all that a coordinator may land.
    (
        "pursuits_to_land",
        "pursuit.request_start",
        Pursuit,
        Pursuit.status == PursuitStatus.APPROVED,
        "/v1/pursuits?status=approved",
    ),
)


async def person_of(session: AsyncSession, actor: Actor) -> dict[str, Any] | None:
    """Return the caller's own person; a machine client has none."""
    if actor.person_id is None:
        return None
    columns = (
        Person.id,
        Person.given_name,
        Person.family_name,
        Person.email,
        Person.born_on,
        Person.grades,
        Person.version,
    )
    statement = select(*columns).where(Person.tenant_id == actor.tenant_id, Person.id == actor.person_id)
    return dict((await session.execute(statement)).mappings().one())


async def client_of(session: AsyncSession, actor: Actor) -> dict[str, Any] | None:
    """Return the caller's machine client, if it is one."""
    statement = select(MachineClient.id, MachineClient.name).where(
        MachineClient.tenant_id == actor.tenant_id, MachineClient.account_id == actor.account_id
    )
    found = (await session.execute(statement)).mappings().one_or_none()
    return None if found is None else dict(found)


async def tenants_of(session: AsyncSession, account_id: UUID) -> list[dict[str, Any]]:
    """Return the communities of a login, by name."""
    found = await session.execute(
        select(Tenant.id, Tenant.slug, Tenant.name)
        .join(AccountTenant, AccountTenant.tenant_id == Tenant.id)
        .where(AccountTenant.account_id == account_id)
        .order_by(Tenant.name, Tenant.id)
    )
    return [dict(row) for row in found.mappings()]


async def tenant_of(session: AsyncSession, tenant_id: UUID) -> dict[str, Any]:
    """Return the community that the token names."""
    found = await session.execute(select(Tenant.id, Tenant.slug, Tenant.name).where(Tenant.id == tenant_id))
    return dict(found.mappings().one())


async def names_of(session: AsyncSession, actor: Actor) -> dict[UUID, str]:
    """Return the names of the schools and employers where the caller holds a role."""
    schools = select(School.id, School.name).where(
        School.tenant_id == actor.tenant_id, School.id.in_(actor.schools())
    )
    employers = select(Employer.id, Employer.name).where(
        Employer.tenant_id == actor.tenant_id, Employer.id.in_(actor.employers())
    )
    found = await session.execute(schools.union_all(employers))
    return {row.id: row.name for row in found}


async def children_of(session: AsyncSession, actor: Actor) -> list[dict[str, Any]]:
    """Return the students whom the caller stands for and may see, with one school each, by name."""
    if Role.GUARDIAN not in actor.roles:
        return []
    today = clock.now().date()
    at = (
        select(School.id, School.name)
        .join(
            Membership,
            (Membership.tenant_id == School.tenant_id) & (Membership.school_id == School.id),
        )
        .where(
            Membership.tenant_id == GuardianLink.tenant_id,
            Membership.person_id == GuardianLink.student_id,
            Membership.role == Role.STUDENT,
            Membership.ended_at.is_(None),
        )
        .order_by(School.name, School.id)
        .limit(1)
        .lateral("at")
    )
    statement = (
        select(
            Person.id,
            Person.given_name,
            Person.family_name,
            at.c.id.label("school_id"),
            at.c.name.label("school_name"),
            GuardianLink.relationship_kind.label("relationship"),
            GuardianLink.may_see,
            GuardianLink.may_sign,
            GuardianLink.until_on,
        )
        .join(Person, (Person.tenant_id == GuardianLink.tenant_id) & (Person.id == GuardianLink.student_id))
        .outerjoin(at, true())
        .where(
            GuardianLink.tenant_id == actor.tenant_id,
            GuardianLink.guardian_id == actor.person_id,
            GuardianLink.ended_at.is_(None),
            GuardianLink.may_see,
            ~GuardianLink.no_contact,
            or_(GuardianLink.until_on.is_(None), GuardianLink.until_on >= today),
            allowed(actor, "person.read", Person),
        )
        .order_by(Person.given_name, Person.family_name, Person.id)
    )
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def count_advisees(session: AsyncSession, actor: Actor) -> int:
    """Count the students whom the caller advises now."""
    if Role.ADVISOR not in actor.roles:
        return 0
    found = await session.scalar(
        select(func.count()).where(
            AdvisorLink.tenant_id == actor.tenant_id,
            AdvisorLink.advisor_id == actor.person_id,
            AdvisorLink.ended_at.is_(None),
        )
    )
    return found or 0


async def waiting_for(session: AsyncSession, actor: Actor) -> list[dict[str, Any]]:
    """Count what waits for the caller, in one statement; what does not wait is left out."""
    parts: list[tuple[str, str, Any]] = []
    if may_ever(actor, "notification.read"):
        unread = (
            allowed(actor, "notification.read", Notification),
            Notification.needs_action,
            Notification.read_at.is_(None),
        )
        href = "/v1/notifications?unread=true&needs_action=true"
        parts.append(("notifications", href, select(func.count(Notification.id)).where(*unread)))
    for kind, action, model, waits, href in _WAITING:
        if may_ever(actor, action):
            found = select(func.count(model.id)).where(allowed(actor, action, model), waits)
            parts.append((kind, href, found))
    if may_ever(actor, "waiting_entry.accept"):
        offered = select(func.count(WaitingEntry.id)).where(
            allowed(actor, "waiting_entry.accept", WaitingEntry),
            WaitingEntry.status == WaitingStatus.OFFERED,
            WaitingEntry.offer_until > clock.now(),
        )
        parts.append(("seats_held", "/v1/waiting_entries?status=offered", offered))
    if not parts:
        return []
    statement = select(*(found.scalar_subquery().label(kind) for kind, _, found in parts))
    counts = (await session.execute(statement)).mappings().one()
    return [{"kind": kind, "count": counts[kind], "href": href} for kind, href, _ in parts if counts[kind]]
