"""Every SQL statement of shares of network maps."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select, text, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access import RowActions, allowed
from app.core import clock
from app.core.paging import Keyset
from app.domain.policy import Actor, Role
from app.features.map_shares.schemas import MapShareFilters
from app.models import AdvisorLink, GuardianLink, MapShare, Membership, Person

NEWEST = Keyset("map shares, latest first", MapShare.shared_at, MapShare.id, descending=True)
_VERBS = ("map_share.revoke",)

_student, _adult = aliased(Person), aliased(Person)


def _shares(actor: Actor, actions: RowActions) -> Select[Any]:
    return (
        select(
            MapShare.id,
            MapShare.student_id,
            func.concat(_student.given_name, " ", _student.family_name).label("student_name"),
            MapShare.adult_id,
            func.concat(_adult.given_name, " ", _adult.family_name).label("adult_name"),
            MapShare.shared_at,
            MapShare.revoked_at,
            MapShare.version,
            *actions.columns,
        )
        .join(_student, (_student.tenant_id == MapShare.tenant_id) & (_student.id == MapShare.student_id))
        .join(_adult, (_adult.tenant_id == MapShare.tenant_id) & (_adult.id == MapShare.adult_id))
        .where(allowed(actor, "map_share.read", MapShare))
    )


def _finish(mapping: Any, actions: RowActions) -> dict[str, Any]:
    row = dict(mapping)
    can = actions.take(row, _VERBS)
    row["allowed_actions"] = can if row["revoked_at"] is None else []
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: MapShareFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 shares that the caller may read, latest first."""
    actions = RowActions(actor, MapShare, _VERBS)
    statement = _shares(actor, actions)
    if filters.live is not None:
        live = MapShare.revoked_at.is_(None)
        statement = statement.where(live if filters.live else ~live)
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(row, actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, share_id: UUID) -> dict[str, Any] | None:
    """Return one share as the caller may see it, or None."""
    actions = RowActions(actor, MapShare, _VERBS)
    found = await session.execute(_shares(actor, actions).where(MapShare.id == share_id))
    row = found.mappings().one_or_none()
    return None if row is None else _finish(row, actions)


async def adults(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> list[dict[str, Any]]:
    """Return the adults who are something to a student today: guardians who may see, advisors, coordinators."""
    today = clock.now().date()
    schools = select(Membership.school_id).where(
        Membership.tenant_id == tenant_id,
        Membership.person_id == student_id,
        Membership.role == Role.STUDENT,
        Membership.ended_at.is_(None),
    )
    guardians = select(
        GuardianLink.guardian_id.label("person_id"), literal(Role.GUARDIAN.value).label("role")
    ).where(
        GuardianLink.tenant_id == tenant_id,
        GuardianLink.student_id == student_id,
        GuardianLink.may_see,
        ~GuardianLink.no_contact,
        GuardianLink.ended_at.is_(None),
        or_(GuardianLink.until_on.is_(None), GuardianLink.until_on >= today),
    )
    advisors = select(AdvisorLink.advisor_id, literal(Role.ADVISOR.value)).where(
        AdvisorLink.tenant_id == tenant_id,
        AdvisorLink.student_id == student_id,
        AdvisorLink.ended_at.is_(None),
    )
    staff = aliased(Membership)
    coordinators = select(staff.person_id, literal(Role.COORDINATOR.value)).where(
        staff.tenant_id == tenant_id,
        staff.role == Role.COORDINATOR,
        staff.school_id.in_(schools),
        staff.ended_at.is_(None),
        or_(staff.begins_on.is_(None), staff.begins_on <= today),
        or_(staff.ends_on.is_(None), staff.ends_on >= today),
    )
    near = union_all(guardians, advisors, coordinators).subquery()
    found = await session.execute(
        select(
            Person.id.label("person_id"),
            func.concat(Person.given_name, " ", Person.family_name).label("name"),
            func.array_agg(near.c.role.distinct()).label("roles"),
        )
        .join(near, near.c.person_id == Person.id)
        .where(Person.tenant_id == tenant_id, Person.enabled, Person.ended_at.is_(None))
        .group_by(Person.tenant_id, Person.id)
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    return [dict(row) for row in found.mappings()]


async def insert_live(session: AsyncSession, share: MapShare) -> bool:
    """Write a share; False when the map is shared already, also when asked twice at once."""
    made = await session.execute(
        insert(MapShare)
        .values(
            tenant_id=share.tenant_id,
            id=share.id,
            student_id=share.student_id,
            adult_id=share.adult_id,
            shared_at=share.shared_at,
        )
        .on_conflict_do_nothing(
            index_elements=["tenant_id", "student_id"], index_where=text("revoked_at IS NULL")
        )
        .returning(MapShare.id)
    )
    return made.one_or_none() is not None
