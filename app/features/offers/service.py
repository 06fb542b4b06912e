"""What a listing offers, held against its kind: while it is written, and before students see it."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.domain.local_time import local_day
from app.domain.opportunity import check_dates, check_may_change
from app.domain.opportunity_kind import FIRST, Kind, Need, age_for
from app.domain.opportunity_offer import (
    ListingFacts,
    check_age_of_kind,
    check_complete,
    check_not_over,
    check_sense,
    missing,
)
from app.domain.project_phase import check_window
from app.features.offers import queries
from app.features.opportunity_types import service as opportunity_types
from app.features.schools.service import zone_of_tenant
from app.models import Opportunity


async def write(
    session: AsyncSession,
    opportunity: Opportunity,
    *,
    new_kind: bool,
    new_age: bool,
    new_dates: bool = False,
) -> None:
    """Check a listing that is being written: that it may be, its kind, its age, and that it does not contradict itself.

    `new_kind`, `new_age`, `new_dates`: the type, the minimum age, the first or last day was given just now. A listing's
    minimum age is never below its kind's. Raises Unprocessable or Refused with the pointer of what is wrong.
    """
    check_may_change(opportunity.status)
    if new_kind:
        kind = await opportunity_types.kind_for_listing(session, opportunity.tenant_id, opportunity.type)
        _pin(opportunity, kind)
    else:
        kind = await kind_of(session, opportunity)
    if new_age:
        check_age_of_kind(kind, opportunity.minimum_age)
    opportunity.minimum_age = age_for(kind, opportunity.minimum_age)
    check_dates(opportunity.starts_on, opportunity.ends_on)
    if new_dates:
        first, last = await queries.window_of_phases(session, opportunity)
        check_window(first, last, opportunity.starts_on, opportunity.ends_on)
    check_sense(_facts(opportunity))


async def show(session: AsyncSession, opportunity: Opportunity) -> None:
    """Check a listing that students are to see: complete as its kind is now, and not over. Raises Refused."""
    kind = await opportunity_types.kind_of(session, opportunity.tenant_id, opportunity.type)
    _pin(opportunity, kind)
    opportunity.minimum_age = age_for(kind, opportunity.minimum_age)
    check_complete(kind, await _all_facts(session, opportunity, kind))
    await check_dates_ahead(session, opportunity)


async def check_dates_ahead(session: AsyncSession, opportunity: Opportunity) -> None:
    """Refuse to show students a listing whose last day, or day to apply by, is past where it is."""
    check_not_over(_facts(opportunity), await today_at(session, opportunity.tenant_id, opportunity.school_id))


async def lacking(session: AsyncSession, opportunity: Opportunity) -> list[str]:
    """Return what a listing does not say yet, of what its kind needs."""
    kind = await kind_of(session, opportunity)
    return [need.value for need in missing(kind.needs, await _all_facts(session, opportunity, kind))]


async def check_still_complete(
    session: AsyncSession, opportunity: Opportunity, lacked_before: list[str]
) -> None:
    """Refuse a change that takes away what students were promised; what was never said may stay unsaid."""
    if set(await lacking(session, opportunity)) - set(lacked_before):
        kind = await kind_of(session, opportunity)
        check_complete(kind, await _all_facts(session, opportunity, kind))


async def kind_of(session: AsyncSession, opportunity: Opportunity) -> Kind:
    """Return the version of its kind under which a listing was written."""
    return await opportunity_types.version_of(
        session, opportunity.tenant_id, opportunity.type, opportunity.type_number
    )


async def today_at(session: AsyncSession, tenant_id: UUID, school_id: UUID | None) -> date:
    """Return what day it is at a school, or in the community; where that is, is read once in a unit of work."""
    unit: Unit = session.info["unit"]
    zones: dict[tuple[UUID, UUID | None], str] = unit.info.setdefault("zones", {})
    key = (tenant_id, school_id)
    if key not in zones:
        zones[key] = (
            await zone_of_tenant(session, tenant_id)
            if school_id is None
            else await queries.zone_of_school(session, tenant_id, school_id)
        )
    return local_day(clock.now(), zones[key])


def _pin(opportunity: Opportunity, kind: Kind) -> None:
    opportunity.type_number = None if kind.number == FIRST else kind.number


def _facts(opportunity: Opportunity, *, through_alumnus: bool = False, phases: int = 0) -> ListingFacts:
    return ListingFacts(
        type=opportunity.type,
        starts_on=opportunity.starts_on,
        ends_on=opportunity.ends_on,
        apply_by=opportunity.apply_by,
        has_timetable=bool(opportunity.meets or opportunity.schedule),
        has_place=opportunity.remote or opportunity.worksite_id is not None,
        total_hours=opportunity.total_hours,
        deliverable=opportunity.deliverable,
        pay=opportunity.pay,
        pay_cents_per_hour=opportunity.pay_cents_per_hour,
        pay_cents_total=opportunity.pay_cents_total,
        hours_a_month=opportunity.hours_a_month,
        minimum_age=opportunity.minimum_age,
        maximum_age=opportunity.maximum_age,
        through_alumnus=through_alumnus,
        phases=phases,
    )


async def _all_facts(session: AsyncSession, opportunity: Opportunity, kind: Kind) -> ListingFacts:
    """Return all that a kind may need; what stands in other tables is looked up only where it does."""
    return _facts(
        opportunity,
        through_alumnus=Need.ALUMNUS in kind.needs
        and opportunity.connection_id is not None
        and await queries.comes_through_alumnus(session, opportunity),
        phases=await queries.phases(session, opportunity) if Need.PHASES in kind.needs else 0,
    )
