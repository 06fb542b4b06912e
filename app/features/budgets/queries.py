"""Every SQL statement of the contact-fatigue budget."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.ids import new_id
from app.models import Contact, Employer, EmployerAsk, EmployerMonth


class Budget(NamedTuple):
    """The asks that an employer allows in a month, and those it has had."""

    cap: int
    asks: int


async def budget(session: AsyncSession, tenant_id: UUID, employer_id: UUID, month: date) -> Budget:
    """Return an employer's cap and how often it was asked in a month."""
    found = await session.execute(
        select(Employer.monthly_contact_cap, func.coalesce(EmployerMonth.asks, 0))
        .outerjoin(
            EmployerMonth,
            (EmployerMonth.tenant_id == Employer.tenant_id)
            & (EmployerMonth.employer_id == Employer.id)
            & (EmployerMonth.month == month),
        )
        .where(Employer.tenant_id == tenant_id, Employer.id == employer_id)
    )
    return Budget(*found.one())


async def take(session: AsyncSession, tenant_id: UUID, employer_id: UUID, month: date) -> bool:
    """Count one more ask by compare-and-swap; False when the employer's cap for the month is used up."""
    await _open_month(session, tenant_id, employer_id, month)
    cap = (
        select(Employer.monthly_contact_cap)
        .where(Employer.tenant_id == tenant_id, Employer.id == employer_id)
        .scalar_subquery()
    )
    taken = await session.execute(
        update(EmployerMonth)
        .where(
            EmployerMonth.tenant_id == tenant_id,
            EmployerMonth.employer_id == employer_id,
            EmployerMonth.month == month,
            EmployerMonth.asks < cap,
        )
        .values(asks=EmployerMonth.asks + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


async def invite_from(session: AsyncSession, tenant_id: UUID, employer_id: UUID, now: datetime) -> None:
    """Let the invitations that wait for an employer's next month be tried again now."""
    await session.execute(
        update(Contact)
        .where(
            Contact.tenant_id == tenant_id, Contact.employer_id == employer_id, Contact.invite_at.is_not(None)
        )
        .values(invite_at=now, version=Contact.version + 1)
        .execution_options(synchronize_session=False)
    )


async def recount(session: AsyncSession, tenant_id: UUID, employer_ids: list[UUID]) -> None:
    """Make the counters of these employers agree with the asks that stand under their names."""
    counted = (
        select(func.count())
        .where(
            EmployerAsk.tenant_id == EmployerMonth.tenant_id,
            EmployerAsk.employer_id == EmployerMonth.employer_id,
            EmployerAsk.month == EmployerMonth.month,
        )
        .scalar_subquery()
    )
    asked = await session.execute(
        select(EmployerAsk.employer_id, EmployerAsk.month)
        .where(EmployerAsk.tenant_id == tenant_id, EmployerAsk.employer_id.in_(employer_ids))
        .distinct()
    )
    for employer_id, month in asked.all():
        await _open_month(session, tenant_id, employer_id, month)
    await session.execute(
        update(EmployerMonth)
        .where(EmployerMonth.tenant_id == tenant_id, EmployerMonth.employer_id.in_(employer_ids))
        .values(asks=counted)
        .execution_options(synchronize_session=False)
    )


async def _open_month(session: AsyncSession, tenant_id: UUID, employer_id: UUID, month: date) -> None:
    await session.execute(
        insert(EmployerMonth)
        .values(tenant_id=tenant_id, id=new_id(), employer_id=employer_id, month=month, asks=0)
        .on_conflict_do_nothing()
    )
