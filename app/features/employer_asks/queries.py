"""Every SQL statement of asks to employers."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.budget import TOLD
from app.domain.policy import Role
from app.models import Employer, EmployerAsk, Membership, Person

_STAFF = (Role.ADVISOR, Role.COORDINATOR, Role.DISTRICT_ADMIN)


class Owner(NamedTuple):
    """Who speaks with an employer."""

    id: UUID
    name: str


def _is_staff(person_id: Any) -> Any:
    return (
        select(Membership.id)
        .where(
            Membership.tenant_id == Employer.tenant_id,
            Membership.person_id == person_id,
            Membership.role.in_(_STAFF),
            Membership.ended_at.is_(None),
        )
        .exists()
    )


async def owner_of(session: AsyncSession, tenant_id: UUID, employer_id: UUID) -> Owner | None:
    """Return who speaks with an employer; somebody who has left the staff speaks with nobody any more."""
    found = await session.execute(
        select(Person.id, func.concat(Person.given_name, " ", Person.family_name))
        .select_from(Employer)
        .join(Person, (Person.tenant_id == Employer.tenant_id) & (Person.id == Employer.owner_id))
        .where(Employer.tenant_id == tenant_id, Employer.id == employer_id, _is_staff(Employer.owner_id))
    )
    row = found.one_or_none()
    return None if row is None else Owner(*row)


async def hold(session: AsyncSession, tenant_id: UUID, employer_id: UUID) -> None:
    """Let one ask after the other be written down, each with its own number among the employer's events.

    Not FOR UPDATE: whoever notes an ask for somebody there only needs the employer's row to stay.
    """
    await session.execute(
        select(Employer.id)
        .where(Employer.tenant_id == tenant_id, Employer.id == employer_id)
        .with_for_update(key_share=True)
    )


async def is_staff(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> bool:
    """Say whether a person works for a school of the community now."""
    found = await session.scalar(
        select(Membership.id)
        .where(
            Membership.tenant_id == tenant_id,
            Membership.person_id == person_id,
            Membership.role.in_(_STAFF),
            Membership.ended_at.is_(None),
        )
        .limit(1)
    )
    return found is not None


async def asks_of(
    session: AsyncSession, tenant_id: UUID, employer_id: UUID, month: date
) -> list[dict[str, Any]]:
    """Return the asks to an employer in a month of which staff are told, the oldest first."""
    found = await session.execute(
        select(
            EmployerAsk.id,
            EmployerAsk.kind,
            EmployerAsk.school_id,
            EmployerAsk.asked_by_id,
            EmployerAsk.asked_at,
        )
        .where(
            EmployerAsk.tenant_id == tenant_id,
            EmployerAsk.employer_id == employer_id,
            EmployerAsk.month == month,
            EmployerAsk.kind.in_(TOLD),
        )
        .order_by(EmployerAsk.asked_at, EmployerAsk.id)
    )
    return [dict(row) for row in found.mappings()]
