"""What people do with opportunities: load, decide, change, record."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get, require_at_school
from app.core.db import Unit
from app.core.events import Author, record
from app.core.paging import Keyset
from app.core.problems import FieldError, NotFound, Unprocessable
from app.domain.availability import check_meets
from app.domain.connection import ConnectionStatus
from app.domain.errors import Refused
from app.domain.lifecycle import next_status
from app.domain.opportunity import (
    SHOWN_TO_STUDENTS,
    TRANSITIONS,
    ConfirmedBy,
    OpportunityAction,
    OpportunityStatus,
    check_publishable,
)
from app.domain.opportunity_kind import clearances_for
from app.domain.policy import Actor
from app.features.offers import service as offers
from app.features.opportunities import queries
from app.features.opportunities.schemas import OpportunityIn, OpportunityPatch
from app.features.opportunity_types import service as opportunity_types
from app.features.reserves import service as reserves
from app.features.schools import service as schools
from app.features.search_index import service as search_index
from app.features.seats import service as seats
from app.features.standings import service as standings
from app.features.trust import service as trust
from app.models import Connection, Opportunity

# The orders of the register, and what it can be narrowed by.
NEWEST, LATEST_MADE, KEPT_BY = queries.NEWEST, queries.LATEST_MADE, queries.KEPT_BY
# What a change may give another value, and never none.
_NEVER_NULL = (
    "title",
    "description",
    "type",
    "clusters",
    "seats",
    "meets",
    "languages",
    "clearances",
    "skills",
    "tags",
    "fields",
    "remote",
    "pay",
    "credit",
)
_WINDOW = {"starts_on", "ends_on"}
_A, _S = OpportunityAction, OpportunityStatus
# Students see it, or were told of it, and may see it again without another look at what it says.
_SHOWN = {_S.PUBLISHED, _S.STALE, _S.PAUSED, _S.HIDDEN}


async def view(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> dict[str, Any]:
    """Return one opportunity as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, opportunity_id)
    if found is None:
        raise NotFound(
            "there is no opportunity here with this id that you may see",
            spanish="no existe aquí ninguna oportunidad con ese id que usted pueda ver",
        )
    kind = await opportunity_types.version_of(
        session, actor.tenant_id, found["type"], found.pop("type_number")
    )
    found["kind"] = opportunity_types.describe(kind)
    found["all_clearances"] = clearances_for(kind, found["clearances"])
    found["reserves"] = await reserves.shown(session, actor.tenant_id, opportunity_id)
    return found


async def register(
    unit: Unit, actor: Actor, given: Mapping[str, Any], keyset: Keyset, after: list[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Return opportunities in any state that the caller may read: what those who keep the catalogue work through."""
    return await queries.register(unit, actor, given, keyset, after, limit)


async def hits(unit: Unit, actor: Actor, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return those of these opportunities that the caller may read, in no order."""
    return await queries.hits(unit, actor, ids)


async def pins(unit: Unit, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return by their ids those of these opportunities that the caller may read, with what a map shows of each."""
    return await queries.pins(unit, actor, ids)


async def create(session: AsyncSession, actor: Actor, body: OpportunityIn) -> UUID:
    """Draft an opportunity at a school of the caller's."""
    require_at_school(actor, "opportunity.create", body.school_id)
    await schools.check_school(session, actor, body.school_id)
    await queries.employer_of(session, actor, body.employer_id)
    await _check_places(session, actor, body.employer_id, body.worksite_id)
    if body.connection_id is not None:
        await _check_connection(session, actor, body.connection_id, body.employer_id)
    opportunity = Opportunity(
        tenant_id=actor.tenant_id, owner_id=actor.person_id, **_values(body.model_dump(by_alias=True))
    )
    await offers.write(session, opportunity, new_kind=True, new_age=body.minimum_age is not None)
    session.add(opportunity)
    await record(session, "opportunity.create", actor=actor, subject=opportunity)
    return opportunity.id


async def change(
    session: AsyncSession, actor: Actor, opportunity_id: UUID, body: OpportunityPatch, version: int
) -> None:
    """Change what an opportunity says; raises Refused for fewer seats than are taken."""
    opportunity = await get(session, actor, "opportunity.update", Opportunity, opportunity_id, lock=True)
    check_version(opportunity, version)
    if await rewrite(session, actor, opportunity, body):
        await seats.offer_next(session, opportunity)
    await search_index.refresh(session, actor.tenant_id, [opportunity_id])


async def rewrite(
    session: AsyncSession, actor: Actor, opportunity: Opportunity, body: OpportunityPatch
) -> bool:
    """Change what an opportunity says that the caller may change, and has locked; say whether its seats were written.

    What follows from it is left to who calls: the line for its seats, and what search reads.
    """
    changes = body.model_dump(exclude_unset=True, by_alias=True)
    for name in _NEVER_NULL:
        if changes.get(name, ...) is None:
            raise Unprocessable(
                f"give {name} a value, or leave it out to keep the present one",
                spanish=f"dé un valor a {name} u omítalo para conservar el actual",
                errors=[FieldError("may not be null", "null", pointer=f"/{name}")],
            )
    await _check_seats(session, opportunity, changes.get("seats", opportunity.seats))
    if changes.get("worksite_id") is not None:
        await _check_places(session, actor, opportunity.employer_id, changes["worksite_id"])
    if changes.get("connection_id") is not None:
        await _check_other_connection(session, actor, opportunity, changes["connection_id"])
    new_kind = changes.get("type", opportunity.type) != opportunity.type
    lacked = await offers.lacking(session, opportunity) if opportunity.status in _SHOWN else None
    for name, value in _values(changes).items():
        setattr(opportunity, name, value)
    await offers.write(
        session,
        opportunity,
        new_kind=new_kind,
        new_age=bool(changes.get("minimum_age")),
        new_dates=not changes.keys().isdisjoint(_WINDOW),
    )
    if lacked is not None:
        await offers.check_still_complete(session, opportunity, lacked)
    await record(session, "opportunity.update", actor=actor, subject=opportunity)
    return "seats" in changes


async def act(
    session: AsyncSession,
    actor: Actor,
    action: OpportunityAction,
    opportunity_id: UUID,
    version: int,
    reason: str | None = None,
) -> None:
    """Move an opportunity along its life."""
    name = f"opportunity.{action.value}"
    opportunity = await get(session, actor, name, Opportunity, opportunity_id, lock=True)
    check_version(opportunity, version)
    if await move(session, actor, action, opportunity, reason):
        await seats.offer_next(session, opportunity)
    await search_index.refresh(session, actor.tenant_id, [opportunity_id])


async def move(
    session: AsyncSession,
    actor: Actor,
    action: OpportunityAction,
    opportunity: Opportunity,
    reason: str | None,
) -> bool:
    """Move an opportunity that the caller may move, and has locked; say whether its status is another one.

    What follows from it is left to who calls, as in `rewrite`.
    """
    before = opportunity.status
    is_new = before is _S.DRAFT
    next_status(TRANSITIONS, before, action)  # a step that leads nowhere, before what it would need
    if action in {_A.SUBMIT, _A.PUBLISH}:
        await offers.show(session, opportunity)
    # What a person sent back is for a person to look at again.
    trusted = await trust.verdict(session, opportunity) if action is _A.SUBMIT and is_new else None
    await standings.step(
        session,
        opportunity,
        action,
        actor=actor,
        reason=reason,
        # Nobody is asked to publish what the rule publishes in the same breath.
        facts={"published_by_rule": True} if trusted is not None and trusted.approved else None,
        confirmed_by=ConfirmedBy.STAFF,
    )
    if trusted is not None:
        await trust.publish_by_rule(session, opportunity, trusted)
    return opportunity.status is not before


async def pause_all_of(
    session: AsyncSession,
    actor: Author | str,
    tenant_id: UUID,
    reason: str,
    *,
    employer_id: UUID | None = None,
    connection_id: UUID | None = None,
) -> None:
    """Pause every published opportunity of an employer, or through a connection, to which students cannot go now."""
    published = await queries.published_through(session, tenant_id, employer_id, connection_id)
    for opportunity in published:
        await standings.step(session, opportunity, _A.PAUSE, actor=actor, reason=reason)
    await search_index.refresh(session, tenant_id, [opportunity.id for opportunity in published])


def _values(said: dict[str, Any]) -> dict[str, Any]:
    if said.get("meets"):
        plain = [{key: str(value) for key, value in meeting.items()} for meeting in said["meets"]]
        return {**said, "meets": check_meets(plain)}
    return said


async def _check_seats(session: AsyncSession, opportunity: Opportunity, wanted: int) -> None:
    if wanted < opportunity.seats_taken:
        raise Refused(
            "fewer_seats_than_taken",
            f"{opportunity.seats_taken} seats are taken; keep at least as many, or release a pursuit first",
            f"hay {opportunity.seats_taken} plazas ocupadas; deje al menos esas o libere antes una solicitud",
            pointer="/seats",
        )
    await seats.check_kept(session, opportunity, wanted)


async def _check_places(
    session: AsyncSession, actor: Actor, employer_id: UUID, worksite_id: UUID | None
) -> None:
    if worksite_id is not None and not await queries.worksite_belongs(
        session, actor, worksite_id, employer_id
    ):
        raise Unprocessable(
            "choose a worksite of this employer, or add it to the employer first",
            spanish="elija un lugar de trabajo de este empleador o agréguelo primero",
            errors=[FieldError("not a worksite of the employer", "unknown_worksite", pointer="/worksite_id")],
        )


async def _check_other_connection(
    session: AsyncSession, actor: Actor, opportunity: Opportunity, connection_id: UUID
) -> None:
    """Refuse to let students go to a person who has not said yes, by changing through whom it comes."""
    connection = await _check_connection(session, actor, connection_id, opportunity.employer_id)
    if connection.id != opportunity.connection_id and opportunity.status in SHOWN_TO_STUDENTS:
        check_publishable(
            employer_vetted=True,
            has_connection=True,
            connection_active=connection.status is ConnectionStatus.ACTIVE,
        )


async def _check_connection(
    session: AsyncSession, actor: Actor, connection_id: UUID, employer_id: UUID
) -> Connection:
    connection = await get(session, actor, "connection.read", Connection, connection_id)
    if connection.employer_id not in {None, employer_id}:
        raise Unprocessable(
            "this connection leads to another employer; choose one that leads here, or leave it out",
            spanish="esta conexión lleva a otro empleador; elija una que lleve a este u omítala",
            errors=[FieldError("leads to another employer", "other_employer", pointer="/connection_id")],
        )
    return connection
