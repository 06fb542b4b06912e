"""Giving roles and ending them; a role that ends stops acting on the very next request."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get, require_at_school
from app.core import clock
from app.core.events import record
from app.core.problems import Conflict, Forbidden, NotFound
from app.domain.membership import check_may_end, check_not_ended, check_organisation, check_span, may_grant
from app.domain.policy import Actor, Role
from app.features.memberships import queries
from app.features.memberships.schemas import MembershipIn
from app.features.schools import service as schools
from app.models import Membership


async def view(session: AsyncSession, actor: Actor, membership_id: UUID) -> dict[str, Any]:
    """Return one membership as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, membership_id)
    if found is None:
        raise NotFound(
            "there is no membership here with this id that you may see",
            spanish="no existe aquí ninguna membresía con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: MembershipIn) -> UUID:
    """Give a role to a person whom the caller may see."""
    await check_grant(
        session, actor, "membership.create", body.role, school_id=body.school_id, employer_id=body.employer_id
    )
    check_span(body.begins_on, body.ends_on)
    person = await queries.person_of(session, actor, body.person_id)
    if await queries.is_held(
        session,
        actor.tenant_id,
        person.id,
        body.role,
        school_id=body.school_id,
        employer_id=body.employer_id,
    ):
        raise Conflict(
            "this person holds this role there already; end that membership before giving it anew",
            spanish="esta persona ya tiene ese rol allí; termine esa membresía antes de otorgarla de nuevo",
            code="membership_exists",
        )
    return await add(
        session,
        actor,
        person.id,
        body.role,
        school_id=body.school_id,
        employer_id=body.employer_id,
        begins_on=body.begins_on,
        ends_on=body.ends_on,
        reason=body.reason,
    )


async def check_grant(
    session: AsyncSession,
    actor: Actor,
    action: str,
    role: Role,
    *,
    school_id: UUID | None,
    employer_id: UUID | None,
) -> None:
    """Check that the caller may give this role at this organisation, which must exist."""
    _require_grant(actor, role)
    check_organisation(role, school_id, employer_id)
    if school_id is not None:
        await schools.check_school(session, actor, school_id)
        require_at_school(actor, action, school_id)
    if employer_id is not None:
        await queries.employer_of(session, actor, employer_id)


async def add(  # noqa: PLR0913 - a membership has these columns
    session: AsyncSession,
    actor: Actor,
    person_id: UUID,
    role: Role,
    *,
    school_id: UUID | None,
    employer_id: UUID | None,
    begins_on: date | None = None,
    ends_on: date | None = None,
    reason: str | None = None,
) -> UUID:
    """Write a membership that was checked, and what happened."""
    membership = Membership(
        tenant_id=actor.tenant_id,
        person_id=person_id,
        role=role,
        school_id=school_id,
        employer_id=employer_id,
        begins_on=begins_on,
        ends_on=ends_on,
    )
    session.add(membership)
    await record(
        session,
        "membership.create",
        actor=actor,
        subject=membership,
        reason=reason,
        person_id=person_id,
        facts={"role": role.value},
    )
    return membership.id


async def end(
    session: AsyncSession, actor: Actor, membership_id: UUID, version: int, reason: str | None
) -> None:
    """End a role; whoever could not give it may not take it either."""
    membership = await get(session, actor, "membership.end", Membership, membership_id, lock=True)
    check_version(membership, version)
    _require_grant(actor, membership.role)
    check_not_ended(ended=membership.ended_at is not None)
    if membership.role is Role.DISTRICT_ADMIN:
        check_may_end(
            membership.role,
            is_own=membership.person_id == actor.person_id,
            others=await queries.other_district_admins(session, membership),
        )
    membership.ended_at, membership.ended_by_roster = clock.now(), False
    await record(
        session,
        "membership.end",
        actor=actor,
        subject=membership,
        reason=reason,
        person_id=membership.person_id,
        facts={"role": membership.role.value},
    )


def _require_grant(actor: Actor, role: Role) -> None:
    if not may_grant(actor.roles, role):
        raise Forbidden(
            f"only somebody above may give or end the role {role.value}; ask a district administrator",
            spanish=f"usted no puede otorgar ni terminar el rol {role.value}; consulte a la administración del distrito",
            code="higher_role",
        )
