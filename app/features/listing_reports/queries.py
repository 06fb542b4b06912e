"""Every SQL statement of reported listings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, null, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.core.ids import new_id
from app.core.paging import Keyset
from app.domain.moderation import TRANSITIONS, CaseStatus
from app.domain.policy import Actor
from app.features.listing_reports.schemas import ListingCaseFilters, ListingReportFilters
from app.models import Employer, ListingCase, ListingReport, Opportunity

REPORTS = Keyset("listing reports by creation", ListingReport.created_at, ListingReport.id, descending=True)
CASES = Keyset("listing cases by creation", ListingCase.created_at, ListingCase.id, descending=True)
VERBS = verbs("listing_case", TRANSITIONS)
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))


async def open_case(
    session: AsyncSession, opportunity: Opportunity, now: datetime
) -> tuple[ListingCase, bool]:
    """Return the open case of a listing, locked, and whether it is new; whoever reports at once shares it."""
    made = await session.execute(
        insert(ListingCase)
        .values(
            tenant_id=opportunity.tenant_id,
            id=new_id(),
            created_at=now,
            updated_at=now,
            version=1,
            opportunity_id=opportunity.id,
            school_id=opportunity.school_id,
            status=CaseStatus.OPEN,
        )
        .on_conflict_do_nothing(
            index_elements=["tenant_id", "opportunity_id"], index_where=ListingCase.status == "open"
        )
        .returning(ListingCase.id)
    )
    is_new = made.scalar_one_or_none() is not None
    found = await session.scalars(
        select(ListingCase)
        .where(
            ListingCase.tenant_id == opportunity.tenant_id,
            ListingCase.opportunity_id == opportunity.id,
            ListingCase.status == CaseStatus.OPEN,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.one(), is_new


async def has_reported(session: AsyncSession, case_row: ListingCase, person_id: UUID) -> bool:
    """Say whether somebody's report is in a case already."""
    found = await session.scalar(
        select(ListingReport.id).where(
            ListingReport.tenant_id == case_row.tenant_id,
            ListingReport.case_id == case_row.id,
            ListingReport.reporter_id == person_id,
        )
    )
    return found is not None


async def count_since(session: AsyncSession, tenant_id: UUID, person_id: UUID, since: datetime) -> int:
    """Return how often somebody reported anything since then."""
    return (
        await session.scalar(
            select(func.count())
            .select_from(ListingReport)
            .where(
                ListingReport.tenant_id == tenant_id,
                ListingReport.reporter_id == person_id,
                ListingReport.created_at > since,
            )
        )
        or 0
    )


async def reports_of(session: AsyncSession, case_row: ListingCase) -> list[ListingReport]:
    """Return the reports of a case, locked."""
    found = await session.scalars(
        select(ListingReport)
        .where(ListingReport.tenant_id == case_row.tenant_id, ListingReport.case_id == case_row.id)
        .order_by(ListingReport.id)
        .with_for_update()
    )
    return list(found)


def _reports(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ListingReport.id,
            ListingReport.opportunity_id,
            Opportunity.title,
            ListingReport.reason,
            ListingReport.words,
            ListingReport.status,
            ListingReport.created_at,
            ListingReport.version,
        )
        .join(
            Opportunity,
            (Opportunity.tenant_id == ListingReport.tenant_id)
            & (Opportunity.id == ListingReport.opportunity_id),
        )
        .where(allowed(actor, "listing_report.read", ListingReport))
    )


async def reports_page(
    session: AsyncSession, actor: Actor, filters: ListingReportFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 of the caller's own reports, the latest first."""
    statement = _reports(actor)
    if filters.status is not None:
        statement = statement.where(ListingReport.status == filters.status)
    rows = await session.execute(REPORTS.cut(statement, after, filters.limit))
    return [dict(row) for row in rows.mappings()]


async def report_view(session: AsyncSession, actor: Actor, report_id: UUID) -> dict[str, Any] | None:
    """Return one of the caller's own reports, or None."""
    found = await session.execute(_reports(actor).where(ListingReport.id == report_id))
    row = found.mappings().one_or_none()
    return None if row is None else dict(row)


def _cases(actor: Actor, actions: RowActions) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ListingCase.id,
            ListingCase.status,
            ListingCase.urgent,
            ListingCase.opportunity_id,
            Opportunity.title,
            Opportunity.status.label("opportunity_status"),
            Opportunity.employer_id,
            Employer.name.label("employer_name"),
            ListingCase.school_id,
            ListingCase.reasons,
            ListingCase.reports,
            ListingCase.created_at,
            ListingCase.decided_at,
            ListingCase.decided_by_id,
            ListingCase.decision,
            ListingCase.version,
            *actions.columns,
        )
        .join(
            Opportunity,
            (Opportunity.tenant_id == ListingCase.tenant_id) & (Opportunity.id == ListingCase.opportunity_id),
        )
        .join(
            Employer, (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id)
        )
        .where(allowed(actor, "listing_case.read", ListingCase))
    )


def _finish(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    row["allowed_actions"] = actions.take(row, VERBS[row["status"]])
    return row


async def cases_page(
    session: AsyncSession, actor: Actor, filters: ListingCaseFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 cases, the latest first."""
    actions = RowActions(actor, ListingCase, _ACTIONS)
    statement = _cases(actor, actions)
    if filters.status is not None:
        statement = statement.where(ListingCase.status == filters.status)
    if filters.urgent is not None:
        statement = statement.where(ListingCase.urgent.is_(filters.urgent))
    if filters.opportunity_id is not None:
        statement = statement.where(ListingCase.opportunity_id == filters.opportunity_id)
    rows = await session.execute(CASES.cut(statement, after, filters.limit))
    return [_finish(dict(row), actions) for row in rows.mappings()]


async def case_view(session: AsyncSession, actor: Actor, case_id: UUID) -> dict[str, Any] | None:
    """Return one case with its reports, or None."""
    actions = RowActions(actor, ListingCase, _ACTIONS)
    found = await session.execute(_cases(actor, actions).where(ListingCase.id == case_id))
    row = found.mappings().one_or_none()
    if row is None:
        return None
    whole = _finish(dict(row), actions)
    # Whoever made the listing does not learn who reported it, whatever else they are at the school.
    reporter = case((Opportunity.owner_id == actor.person_id, null()), else_=ListingReport.reporter_id)
    said = await session.execute(
        select(
            ListingReport.id,
            ListingReport.reason,
            ListingReport.words,
            ListingReport.reporter_role,
            reporter.label("reporter_id"),
            ListingReport.created_at,
        )
        .join(
            Opportunity,
            (Opportunity.tenant_id == ListingReport.tenant_id)
            & (Opportunity.id == ListingReport.opportunity_id),
        )
        .where(ListingReport.tenant_id == actor.tenant_id, ListingReport.case_id == case_id)
        .order_by(ListingReport.created_at, ListingReport.id)
    )
    return {**whole, "said": [dict(each) for each in said.mappings()]}
