"""What an employer without an account does with its own listings, while the half hour of a mailed code lasts.

Whose the listings are is asked again at every request: who no longer agrees, or left, finds nothing.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version
from app.core import clock
from app.core.events import LINK, Author, ByAccount, record
from app.core.problems import FieldError, NotFound, Unprocessable
from app.domain.errors import Refused
from app.domain.freshness import LIVE
from app.domain.listing_change import significant
from app.domain.opportunity import ConfirmedBy, OpportunityAction, OpportunityStatus
from app.features.host_listings import queries
from app.features.host_listings.schemas import HostAction
from app.features.listing_changes import service as listing_changes
from app.features.listing_codes import service as listing_codes
from app.features.offers import service as offers
from app.features.search_index import service as search_index
from app.features.seats import service as seats
from app.features.standings import service as standings
from app.models import Opportunity

_S = OpportunityStatus
_NEVER_NULL = ("title", "description", "seats", "pay")
_PAUSED = "the employer paused it"


class Holder(NamedTuple):
    """Who holds a token: in which community, and as whom."""

    tenant_id: UUID
    contact_id: UUID | None
    person_id: UUID | None
    open_until: datetime

    @property
    def author(self) -> Author | str:
        """Return who acts, for the record."""
        return LINK if self.person_id is None else ByAccount(self.person_id, self.person_id, by_link=True)

    @property
    def facts(self) -> dict[str, str]:
        """Return whom the record names where no person can be the author."""
        return {} if self.contact_id is None else {"contact_id": str(self.contact_id)}

    @property
    def own(self) -> queries.Whose:
        """Pick the listings that are theirs now."""
        return queries.own(self.tenant_id, self.contact_id, self.person_id, clock.now().date())


async def holder(session: AsyncSession, secret: str) -> Holder:
    """Return who holds a token; raises NotFound or Gone. The unit of work is in their community after this."""
    opened = await listing_codes.opened_by(session, secret)
    contacts = [UUID(key["contact_id"]) for key in opened.keys if "contact_id" in key]
    people = [UUID(key["person_id"]) for key in opened.keys if "person_id" in key]
    return Holder(
        opened.tenant_id, contacts[0] if contacts else None, people[0] if people else None, opened.open_until
    )


async def listings(session: AsyncSession, secret: str) -> dict[str, Any]:
    """Return the listings that a token opens."""
    who = await holder(session, secret)
    return {
        "tenant_name": await queries.tenant_name(session, who.tenant_id),
        "open_until": who.open_until,
        "items": [await _finish(session, who, row) for row in await queries.listings(session, who.own)],
    }


async def view(session: AsyncSession, secret: str, opportunity_id: UUID) -> dict[str, Any]:
    """Return one of the listings that a token opens; raises NotFound."""
    return await _view(session, await holder(session, secret), opportunity_id)


async def coming(session: AsyncSession, secret: str, opportunity_id: UUID) -> dict[str, Any]:
    """Return who is coming to one of the listings that a token opens; of one that the school hid, nobody."""
    who = await holder(session, secret)
    listing = await _view(session, who, opportunity_id)
    if listing["status"] is _S.HIDDEN:
        return {"title": listing["title"], "items": []}
    items = await queries.coming(session, who.tenant_id, opportunity_id, clock.now())
    for item in items:
        starts_at, zone = item["session_starts_at"], item["session_zone"]
        item["session_local"] = None if starts_at is None else starts_at.astimezone(ZoneInfo(zone))
    return {"title": listing["title"], "items": items}


async def act(session: AsyncSession, secret: str, opportunity_id: UUID, action: HostAction) -> dict[str, Any]:
    """Confirm, pause or resume a listing; raises Refused for what staff hid or paused."""
    who = await holder(session, secret)
    opportunity = await _locked(session, who, opportunity_id)
    if action is HostAction.RESUME and not await standings.may_host_resume(session, opportunity):
        raise Refused(
            "not_yours_to_resume",
            "the school paused this listing, or it is not paused; ask the school",
            "la escuela puso en pausa esta oferta, o no está en pausa; consulte a la escuela",
        )
    await standings.move(
        session,
        opportunity,
        OpportunityAction(action.value),
        actor=who.author,
        reason=_PAUSED if action is HostAction.PAUSE else None,
        facts=who.facts,
        confirmed_by=ConfirmedBy.EMPLOYER,
    )
    return await _view(session, who, opportunity_id)


async def change(
    session: AsyncSession, secret: str, opportunity_id: UUID, changes: dict[str, Any], version: int
) -> dict[str, Any]:
    """Change a listing: at once what the school need not look at, and keep the rest until somebody there has.

    Raises Refused for what cannot be, such as fewer seats than are taken; Conflict for an old version.
    """
    who = await holder(session, secret)
    opportunity = await _locked(session, who, opportunity_id)
    check_version(opportunity, version)
    if opportunity.status is _S.HIDDEN:
        raise Refused(
            "hidden_listing",
            "the school looks at this listing now; it can be changed after that",
            "la escuela está revisando esta oferta; podrá cambiarla después",
        )
    _check(opportunity, changes)
    await seats.check_kept(session, opportunity, changes.get("seats", opportunity.seats))
    changes = {name: value for name, value in changes.items() if getattr(opportunity, name) != value}
    if not changes:
        return await _view(session, who, opportunity_id)
    is_shown = opportunity.status in LIVE  # the school vetted its words
    waiting = significant(changes) if is_shown else []
    before = {name: getattr(opportunity, name) for name in (*waiting, "minimum_age")}
    lacked = await offers.lacking(session, opportunity) if is_shown else None
    for name, value in changes.items():
        setattr(opportunity, name, value)
    # Whole, as the employer wants it, it has to make sense before anybody looks at it.
    await offers.write(
        session,
        opportunity,
        new_kind=False,
        new_age=changes.get("minimum_age") is not None,
        new_dates=not changes.keys().isdisjoint(("starts_on", "ends_on")),
    )
    if lacked is not None:
        await offers.check_still_complete(session, opportunity, lacked)
        await offers.check_dates_ahead(session, opportunity)
    for name in waiting:
        setattr(opportunity, name, before[name])
    at_once = sorted(set(changes) - set(waiting))
    if at_once:
        await record(
            session,
            "opportunity.update",
            actor=who.author,
            subject=opportunity,
            reason="the employer changed it",
            facts=who.facts,
            person_id=opportunity.owner_id,
        )
        if "seats" in at_once:
            await seats.offer_next(session, opportunity)
        await search_index.refresh(session, who.tenant_id, [opportunity.id])
    if waiting:
        await listing_changes.propose(
            session,
            opportunity,
            {name: _plain(changes[name]) for name in waiting},
            actor=who.author,
            contact_id=who.contact_id,
            person_id=who.person_id,
        )
    return await _view(session, who, opportunity_id)


def _check(opportunity: Opportunity, changes: dict[str, Any]) -> None:
    for name in _NEVER_NULL:
        if changes.get(name, ...) is None:
            raise Unprocessable(
                f"give {name} a value, or leave it out to keep the present one",
                spanish=f"dé un valor a {name} u omítalo para conservar el actual",
                errors=[FieldError("may not be null", "null", pointer=f"/{name}")],
            )
    if changes.get("seats", opportunity.seats) < opportunity.seats_taken:
        raise Refused(
            "fewer_seats_than_taken",
            f"{opportunity.seats_taken} seats are taken; keep at least as many, or speak with the school",
            f"hay {opportunity.seats_taken} plazas ocupadas; deje al menos esas o hable con la escuela",
            pointer="/seats",
        )


async def _view(session: AsyncSession, who: Holder, opportunity_id: UUID) -> dict[str, Any]:
    await session.flush()  # it is read again from the database
    found = await queries.listings(session, who.own, opportunity_id)
    if not found:
        raise _not_here()
    last = await listing_changes.last(session, who.tenant_id, opportunity_id)
    change = (
        None if last is None else {"status": last.status, "wanted": last.wanted, "decision": last.decision}
    )
    return {**await _finish(session, who, found[0]), "change": change}


async def _locked(session: AsyncSession, who: Holder, opportunity_id: UUID) -> Opportunity:
    opportunity = await queries.locked(session, who.own, opportunity_id)
    if opportunity is None:
        raise _not_here()
    return opportunity


async def _finish(session: AsyncSession, who: Holder, row: dict[str, Any]) -> dict[str, Any]:
    status: OpportunityStatus = row["status"]
    can = [] if status is _S.HIDDEN else ["update"]
    if status in {_S.PUBLISHED, _S.STALE}:
        can += ["confirm", "pause"]
    elif status is _S.PAUSED:
        opportunity = await session.get_one(Opportunity, (who.tenant_id, row["id"]))
        can += ["resume"] if await standings.may_host_resume(session, opportunity) else []
    return {**row, "allowed_actions": sorted(can)}


def _not_here() -> NotFound:
    return NotFound(
        "there is no listing of yours with this id",
        spanish="no hay ninguna oferta suya con ese id",
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value
