"""What employers want to be different about listings that students see: a person of the school looks first."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import LINK, Author, record
from app.core.ids import new_id
from app.core.jobs import Workshop
from app.core.languages import Language
from app.core.problems import NotFound
from app.domain.errors import Refused
from app.domain.freshness import LIVE
from app.domain.lifecycle import next_status
from app.domain.listing_change import TRANSITIONS, ListingChangeAction, ListingChangeStatus
from app.domain.opportunity import Pay
from app.domain.policy import Actor
from app.features.hosts import service as hosts
from app.features.hosts.service import Host
from app.features.listing_changes import queries
from app.features.offers import service as offers
from app.features.search_index import service as search_index
from app.features.standings import service as standings
from app.models import ListingChange, Mail, Opportunity


async def propose(
    session: AsyncSession,
    opportunity: Opportunity,
    wanted: dict[str, Any],
    *,
    actor: Author | str = LINK,
    contact_id: UUID | None,
    person_id: UUID | None,
) -> ListingChange:
    """Keep what an employer wants of a locked listing until a person of the school has looked; the latest wish counts."""
    before = await queries.proposed(session, opportunity.tenant_id, opportunity.id)
    if before is not None:
        wanted = before.wanted | wanted
        before.status = next_status(TRANSITIONS, before.status, ListingChangeAction.REPLACE)
        before.decided_at = clock.now()
        await record(session, "listing_change.replace", actor=actor, subject=before)
    change = ListingChange(
        tenant_id=opportunity.tenant_id,
        id=new_id(),
        opportunity_id=opportunity.id,
        school_id=opportunity.school_id,
        wanted=wanted,
        present={name: _plain(getattr(opportunity, name)) for name in wanted},
        contact_id=contact_id,
        person_id=person_id,
    )
    session.add(change)
    await record(
        session, "listing_change.propose", actor=actor, subject=change, facts={"fields": sorted(wanted)}
    )
    return change


async def last(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> ListingChange | None:
    """Return the latest change that was wanted of a listing."""
    return await queries.last(session, tenant_id, opportunity_id)


async def view(session: AsyncSession, actor: Actor, change_id: UUID) -> dict[str, Any]:
    """Return one change; raises NotFound."""
    found = await queries.view(session, actor, change_id)
    if found is None:
        raise NotFound(
            "there is no listing change here with this id that you may see",
            spanish="no existe aquí ningún cambio con ese id que usted pueda ver",
        )
    return found


async def decide(
    session: AsyncSession,
    actor: Actor,
    action: ListingChangeAction,
    change_id: UUID,
    version: int,
    reason: str | None = None,
) -> None:
    """Let students see a change, or keep the listing as it is."""
    name = f"listing_change.{action.value}"
    seen = await get(session, actor, name, ListingChange, change_id)
    # The listing first, as whoever proposes locks them.
    opportunity = await standings.locked(session, actor.tenant_id, seen.opportunity_id)
    change = await get(session, actor, name, ListingChange, change_id, lock=True)
    check_version(change, version)
    change.status = next_status(TRANSITIONS, change.status, action)
    change.decided_at, change.decision = clock.now(), reason
    if change.status is ListingChangeStatus.ACCEPTED and opportunity is not None:
        await _write_in(session, opportunity, change)
        await record(
            session,
            "opportunity.update",
            actor=actor,
            subject=opportunity,
            reason="the employer asked for it",
            facts={"listing_change_id": str(change.id)},
            person_id=opportunity.owner_id,
        )
        await search_index.refresh(session, actor.tenant_id, [opportunity.id])
    await record(session, name, actor=actor, subject=change, reason=reason)
    _write_back(session, change)


async def _write_in(session: AsyncSession, opportunity: Opportunity, change: ListingChange) -> None:
    """Write what was wanted into a listing, as it is by now; raises Refused where it no longer fits."""
    wanted = change.wanted
    if any(_plain(getattr(opportunity, field)) != change.present[field] for field in wanted):
        raise Refused(
            "changed_since",
            "the listing was changed after the employer asked for this; decline it, or change the listing yourself",
            "la oferta cambió después de que el empleador lo pidiera; rechácelo o cambie usted la oferta",
        )
    lacked = await offers.lacking(session, opportunity) if opportunity.status in LIVE else None
    for field, value in wanted.items():
        setattr(opportunity, field, Pay(value) if field == "pay" else value)
    await offers.write(session, opportunity, new_kind=False, new_age=wanted.get("minimum_age") is not None)
    if lacked is not None:
        await offers.check_still_complete(session, opportunity, lacked)


async def link_for(_session: AsyncSession, _mail: Mail) -> str:
    """Return the path where an employer asks for a code."""
    return "/my_listings"


async def letter(
    _work: Workshop, session: AsyncSession, mail: Mail, _language: Language
) -> dict[str, Any] | None:
    """Return the values of the letter that tells an employer what became of a change, all but its links."""
    found = None if mail.subject_id is None else await queries.told(session, mail.tenant_id, mail.subject_id)
    if found is None:
        return None
    title, school, reason = found
    values = {"opportunity_title": title, "school_name": school}
    return values | {"reason": reason} if mail.template.startswith("listing_change_declined") else values


def _write_back(session: AsyncSession, change: ListingChange) -> None:
    if change.contact_id is None and change.person_id is None:
        return
    # Who holds both is written to as a supervisor.
    host = Host(change.contact_id if change.person_id is None else None, change.person_id)
    hosts.write(session, change.tenant_id, f"listing_change_{change.status.value}", host, change.id)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
