"""Every SQL statement of the yearly question to hosts."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed
from app.core.paging import Keyset
from app.domain.employer import EmployerStatus
from app.domain.host_again import HostAskStatus
from app.domain.opportunity import OpportunityStatus
from app.domain.placement import PlacementStatus
from app.domain.policy import Actor
from app.features.host_again.schemas import HostAskFilters
from app.models import Employer, EmployerMonth, HostAsk, Opportunity, Placement

LATEST = Keyset("questions to hosts", HostAsk.created_at, HostAsk.id, descending=True)
_ACTIONS = ("host_ask.note_answer",)
_LIVE = (OpportunityStatus.PUBLISHED, OpportunityStatus.STALE, OpportunityStatus.PAUSED)
_HOSTED = (PlacementStatus.COMPLETED, PlacementStatus.ENDED_EARLY)

_ITEM: tuple[Any, ...] = (
    HostAsk.id,
    HostAsk.employer_id,
    Employer.name.label("employer_name"),
    HostAsk.school_id,
    HostAsk.contact_id,
    HostAsk.person_id,
    HostAsk.status,
    HostAsk.asked_at,
    HostAsk.answer_by,
    HostAsk.answered_at,
    HostAsk.answer,
    HostAsk.reasons,
    HostAsk.note,
    HostAsk.next_available_on,
    HostAsk.created_at,
    HostAsk.version,
)


def _selected(actor: Actor, actions: RowActions) -> Any:
    return (
        select(*_ITEM, *actions.columns)
        .join(Employer, (Employer.tenant_id == HostAsk.tenant_id) & (Employer.id == HostAsk.employer_id))
        .where(allowed(actor, "host_ask.read", HostAsk))
    )


def _shown(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    possible = () if row["status"] == HostAskStatus.ANSWERED else _ACTIONS
    row["allowed_actions"] = actions.take(row, possible)
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: HostAskFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 questions the caller may read, the latest first."""
    actions = RowActions(actor, HostAsk, _ACTIONS)
    statement = _selected(actor, actions)
    for column, wanted in (
        (HostAsk.employer_id, filters.employer_id),
        (HostAsk.status, filters.status),
        (HostAsk.answer, filters.answer),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    rows = await session.execute(LATEST.cut(statement, after, filters.limit))
    return [_shown(dict(row), actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, ask_id: UUID) -> dict[str, Any] | None:
    """Return one question as the caller may see it, or None."""
    actions = RowActions(actor, HostAsk, _ACTIONS)
    row = (
        (await session.execute(_selected(actor, actions).where(HostAsk.id == ask_id)))
        .mappings()
        .one_or_none()
    )
    return None if row is None else _shown(dict(row), actions)


class Due(NamedTuple):
    """An employer that is to be asked, and through which listing it is known best."""

    employer_id: UUID
    school_id: UUID | None
    connection_id: UUID | None


def _latest(column: Any) -> Any:
    return (
        select(column)
        .where(
            Opportunity.tenant_id == Employer.tenant_id,
            Opportunity.employer_id == Employer.id,
            Opportunity.published_at.is_not(None),
            column.is_not(None),
        )
        .order_by(Opportunity.published_at.desc(), Opportunity.id)
        .limit(1)
        .correlate(Employer)
        .scalar_subquery()
    )


async def due(session: AsyncSession, tenant_id: UUID, before: datetime, month: date, most: int) -> list[Due]:
    """Return employers that hosted, and were asked nothing of this kind since `before`, and may be asked this month."""
    asked_since = (
        select(HostAsk.id)
        .where(
            HostAsk.tenant_id == Employer.tenant_id,
            HostAsk.employer_id == Employer.id,
            HostAsk.asked_at > before,
        )
        .exists()
    )
    hosted = (
        select(Placement.id)
        .where(
            Placement.tenant_id == Employer.tenant_id,
            Placement.employer_id == Employer.id,
            Placement.status.in_(_HOSTED),
        )
        .exists()
    )
    offered = (
        select(Opportunity.id)
        .where(
            Opportunity.tenant_id == Employer.tenant_id,
            Opportunity.employer_id == Employer.id,
            Opportunity.published_at <= before,
        )
        .exists()
    )
    used_up = (
        select(EmployerMonth.id)
        .where(
            EmployerMonth.tenant_id == Employer.tenant_id,
            EmployerMonth.employer_id == Employer.id,
            EmployerMonth.month == month,
            EmployerMonth.asks >= Employer.monthly_contact_cap,
        )
        .exists()
    )
    found = await session.execute(
        select(Employer.id, _latest(Opportunity.school_id), _latest(Opportunity.connection_id))
        .where(
            Employer.tenant_id == tenant_id,
            Employer.status == EmployerStatus.VETTED,
            Employer.merged_into_id.is_(None),
            Employer.monthly_contact_cap > 0,
            or_(hosted, offered),
            ~asked_since,
            ~used_up,
        )
        .order_by(Employer.id)
        .limit(most)
    )
    return [Due(*row) for row in found]


async def hold(session: AsyncSession, tenant_id: UUID, employer_id: UUID, before: datetime) -> bool:
    """Lock an employer, and say whether it is still vetted and was asked nothing of this kind since `before`."""
    employer: Employer | None = await session.scalar(
        select(Employer)
        .where(Employer.tenant_id == tenant_id, Employer.id == employer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if employer is None or employer.status is not EmployerStatus.VETTED:
        return False
    asked = await session.scalar(
        select(HostAsk.id)
        .where(HostAsk.tenant_id == tenant_id, HostAsk.employer_id == employer_id, HostAsk.asked_at > before)
        .limit(1)
    )
    return asked is None


async def students_hosted(session: AsyncSession, tenant_id: UUID, employer_id: UUID) -> int:
    """Return how many students an employer has hosted so far."""
    found = await session.scalar(
        select(func.count(Placement.student_id.distinct())).where(
            Placement.tenant_id == tenant_id,
            Placement.employer_id == employer_id,
            Placement.status.in_((*_HOSTED, PlacementStatus.ACTIVE, PlacementStatus.END_REQUESTED)),
        )
    )
    return found or 0


async def live_listings(session: AsyncSession, tenant_id: UUID, employer_id: UUID) -> list[Opportunity]:
    """Return what an employer offers now, locked."""
    found = await session.scalars(
        select(Opportunity)
        .where(
            Opportunity.tenant_id == tenant_id,
            Opportunity.employer_id == employer_id,
            Opportunity.status.in_(_LIVE),
        )
        .order_by(Opportunity.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)
