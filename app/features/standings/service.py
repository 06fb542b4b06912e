"""Moves listings along their life, whoever does it: staff, the clock, a rule, or the employer by a link.

Low level, without routes: nothing else gives a listing that students may see another status.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.core.events import Author, record
from app.domain.connection import ConnectionStatus
from app.domain.employer import EmployerStatus
from app.domain.errors import Refused
from app.domain.lifecycle import next_status
from app.domain.opportunity import (
    TRANSITIONS,
    ConfirmedBy,
    OpportunityAction,
    OpportunityStatus,
    check_publishable,
)
from app.features.offers import service as offers
from app.features.search_index import service as search_index
from app.features.seats import service as seats
from app.features.standings import queries
from app.models import Employer, Opportunity


async def locked(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> Opportunity | None:
    """Return a listing as it is now, locked until this transaction ends."""
    return await db.locked(session, Opportunity, tenant_id, opportunity_id)


async def move(
    session: AsyncSession,
    opportunity: Opportunity,
    action: OpportunityAction,
    *,
    actor: Author | str,
    reason: str | None = None,
    facts: Mapping[str, Any] | None = None,
    confirmed_by: ConfirmedBy | None = None,
) -> None:
    """Take one step as `step` does, and what follows from it: the line for its seats, and what search reads."""
    if await step(
        session, opportunity, action, actor=actor, reason=reason, facts=facts, confirmed_by=confirmed_by
    ):
        await seats.offer_next(session, opportunity)
    await search_index.refresh(session, opportunity.tenant_id, [opportunity.id])


async def step(
    session: AsyncSession,
    opportunity: Opportunity,
    action: OpportunityAction,
    *,
    actor: Author | str,
    reason: str | None = None,
    facts: Mapping[str, Any] | None = None,
    confirmed_by: ConfirmedBy | None = None,
) -> bool:
    """Take one step of a locked listing's life, record it, and say whether its status is another one now.

    What students see afterwards was confirmed now by `confirmed_by`; its employer must be vetted, its connection
    active, and its days not over. Raises Refused for a step that leads nowhere from here.
    """
    before = opportunity.status
    opportunity.status = next_status(TRANSITIONS, before, action)
    if opportunity.status is OpportunityStatus.PUBLISHED:
        await check_open(session, opportunity)
        now = clock.now()
        opportunity.published_at = opportunity.published_at or now
        opportunity.confirmed_at = now
        opportunity.confirmed_by = confirmed_by
    await record(
        session,
        f"opportunity.{action.value}",
        actor=actor,
        subject=opportunity,
        reason=reason,
        facts={"from": before.value, "to": opportunity.status.value, **(facts or {})},
        person_id=opportunity.owner_id,
    )
    return opportunity.status is not before


async def check_open(session: AsyncSession, opportunity: Opportunity) -> None:
    """Refuse to show students a place that nobody vetted, a person who has not said yes, or what is over."""
    employer = await queries.employer_of(session, opportunity)
    connection = await queries.connection_of(session, opportunity)
    check_publishable(
        employer_vetted=employer.status is EmployerStatus.VETTED,
        has_connection=connection is not None,
        connection_active=connection is not None and connection.status is ConnectionStatus.ACTIVE,
    )
    await offers.check_dates_ahead(session, opportunity)


async def may_host_resume(session: AsyncSession, opportunity: Opportunity) -> bool:
    """Say whether the employer itself may show a paused listing again: not what a member of staff paused."""
    if opportunity.status is not OpportunityStatus.PAUSED:
        return False
    return await queries.last_paused_by(session, opportunity.tenant_id, opportunity.id) != "account"


async def may_open(session: AsyncSession, opportunity: Opportunity) -> bool:
    """Say whether students may be shown it, as far as its employer, its connection and its days go."""
    try:
        await check_open(session, opportunity)
    except Refused:
        return False
    return True


async def employer_of(session: AsyncSession, opportunity: Opportunity) -> Employer:
    """Return who hosts it."""
    return await queries.employer_of(session, opportunity)
