"""Publishes a known employer's next listing without review; the author of that decision is the rule, with its facts.

Low level, without routes: whoever submits a listing asks here.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.events import SYSTEM
from app.domain.employer import EmployerStatus
from app.domain.opportunity import ConfirmedBy, OpportunityAction, OpportunityStatus
from app.domain.tenant_settings import is_sensitive
from app.domain.trust import REMEMBERED, Verdict, judge
from app.features.standings import service as standings
from app.features.tenant_settings import service as tenant_settings
from app.features.trust import queries
from app.models import Opportunity


async def verdict(session: AsyncSession, opportunity: Opportunity) -> Verdict:
    """Return what the rule says of a listing that was submitted."""
    settings = await tenant_settings.of(session, opportunity.tenant_id)
    employer = await standings.employer_of(session, opportunity)
    return judge(
        await queries.track_record(session, opportunity, clock.now() - REMEMBERED),
        threshold=settings.trusted_after,
        is_vetted=employer.status is EmployerStatus.VETTED,
        is_sensitive=is_sensitive(employer.naics, settings),
        can_open=await standings.may_open(session, opportunity),
    )


async def publish_by_rule(session: AsyncSession, opportunity: Opportunity, found: Verdict) -> bool:
    """Publish a submitted, complete listing if the rule says so; say whether it did."""
    if not found.approved or opportunity.status is not OpportunityStatus.SUBMITTED:
        return False
    await standings.move(
        session,
        opportunity,
        OpportunityAction.PUBLISH,
        actor=SYSTEM,
        reason=found.reason,
        facts=found.facts,
        confirmed_by=ConfirmedBy.STAFF,  # a member of staff submitted it just now
    )
    return True
