"""Keeping seats of an opportunity for a school or a group, and showing everyone the rule."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import record
from app.core.ids import new_id
from app.core.problems import FieldError, NotFound, Unprocessable
from app.domain.local_time import local_day
from app.domain.policy import Actor
from app.domain.reserve import check_reserves, rule
from app.domain.session import check_open
from app.features.reserves import queries
from app.features.reserves.schemas import ReserveIn, ReservesIn
from app.features.seats import service as seats
from app.models import Opportunity, OpportunitySession, SeatReserve

Target = Opportunity | OpportunitySession


async def shown(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> list[dict[str, Any]]:
    """Return the reserves of an opportunity that hold today, each with its rule in words for everyone."""
    return await _shown(session, tenant_id, Opportunity, opportunity_id)


async def _shown(
    session: AsyncSession, tenant_id: UUID, model: type[Target], target_id: UUID
) -> list[dict[str, Any]]:
    found = []
    for row in await queries.shown(session, tenant_id, model, target_id):
        if row["released_on"] > local_day(clock.now(), row.pop("zone")):
            words = rule(row["seats"], row["kept_for"], row["released_on"])
            found.append(row | {"rule_en": words.en, "rule_es": words.es})
    return found


async def view(session: AsyncSession, actor: Actor, model: type[Target], target_id: UUID) -> dict[str, Any]:
    """Return the reserves of what the caller may read; raises NotFound."""
    known = await queries.standing_of(session, actor, model, target_id)
    if known is None:
        raise NotFound(
            "there is nothing here with this id that you may see",
            spanish="no existe aquí nada con ese id que usted pueda ver",
        )
    reserves = await _shown(session, actor.tenant_id, model, target_id)
    return {**known, "reserves": reserves}


async def put(
    session: AsyncSession, actor: Actor, model: type[Target], target_id: UUID, body: ReservesIn, version: int
) -> None:
    """Make these the reserves; a student who has a kept seat keeps it whatever becomes of the reserve."""
    target: Target
    if model is Opportunity:
        await get(session, actor, "opportunity.reserve", Opportunity, target_id)
        target = await seats.lock(session, actor.tenant_id, target_id)
    else:
        await get(session, actor, "opportunity_session.reserve", OpportunitySession, target_id)
        target = await seats.lock_session(session, actor.tenant_id, target_id)
    check_version(target, version)
    if isinstance(target, OpportunitySession):
        check_open(target.status, target.starts_at, clock.now())
    before = {_for(reserve): reserve for reserve in await queries.held(session, target)}
    await _check(session, actor, target, body.reserves, {group_id for _, group_id in before if group_id})
    kept_back = 0
    for number, asked in enumerate(body.reserves):
        reserve = before.pop(_for(asked), None)
        if reserve is None:
            reserve = SeatReserve(
                tenant_id=actor.tenant_id,
                id=new_id(),
                **queries.names(target),
                school_id=asked.school_id,
                group_id=asked.group_id,
                seats_taken=0,
            )
            session.add(reserve)
        elif asked.seats < reserve.seats_taken:
            raise _fewer_than_taken(number, reserve.seats_taken)
        reserve.seats, reserve.released_on = asked.seats, asked.released_on
        kept_back += asked.seats - reserve.seats_taken
    check_reserves(kept_back, target.seats - target.seats_taken)
    for gone in before.values():
        await session.delete(gone)
    target.updated_at = clock.now()
    await record(
        session,
        "opportunity.reserve" if model is Opportunity else "opportunity_session.reserve",
        actor=actor,
        subject=target,
        facts={"reserves": [asked.model_dump(mode="json", exclude_none=True) for asked in body.reserves]},
    )
    # Fewer seats kept may be more seats free, and the other way round.
    await seats.offer_next(session, target)


def _for(reserve: ReserveIn | SeatReserve) -> tuple[UUID | None, UUID | None]:
    return reserve.school_id, reserve.group_id


async def _check(
    session: AsyncSession,
    actor: Actor,
    target: Target,
    asked: Sequence[ReserveIn],
    held_for: Collection[UUID],
) -> None:
    """Refuse unknown schools and groups, one named twice, and days that have come or come too late."""
    today = local_day(clock.now(), await queries.zone_of(session, actor.tenant_id))
    schools = await queries.known_schools(
        session, actor.tenant_id, [one.school_id for one in asked if one.school_id is not None], today
    )
    # What the district keeps for a group of another school may stay as it is.
    groups = await queries.known_groups(
        session, actor, [one.group_id for one in asked if one.group_id is not None], held_for
    )
    if isinstance(target, OpportunitySession):
        last, too_late = local_day(target.starts_at, target.zone), "after_the_session"
    else:
        last, too_late = target.ends_on or date.max, "after_the_opportunity"
    faults: list[FieldError] = []
    named: set[tuple[UUID | None, UUID | None]] = set()
    for number, one in enumerate(asked):
        if one.school_id is not None and one.school_id not in schools:
            faults.append(_fault(number, "school_id", "unknown school", "unknown_school"))
        if one.group_id is not None and one.group_id not in groups:
            faults.append(_fault(number, "group_id", "unknown group", "unknown_group"))
        if one.released_on <= today:
            faults.append(_fault(number, "released_on", "choose a day after today", "not_ahead"))
        elif one.released_on > last:
            faults.append(_fault(number, "released_on", f"choose {last} or a day before", too_late))
        if _for(one) in named:
            faults.append(_fault(number, None, "named twice", "named_twice"))
        named.add(_for(one))
    if faults:
        raise Unprocessable(
            "name each school and group once, and a day after today until which seats are kept, not one after the day "
            "of the session or the last day of the opportunity",
            spanish="nombre cada escuela y grupo una vez, y un día posterior a hoy hasta el que se reservan las plazas, "
            "no posterior al día de la sesión ni al último día de la oportunidad",
            errors=faults,
        )


def _fault(number: int, field: str | None, detail: str, code: str) -> FieldError:
    pointer = f"/reserves/{number}" if field is None else f"/reserves/{number}/{field}"
    return FieldError(detail, code, pointer=pointer)


def _fewer_than_taken(number: int, taken: int) -> Unprocessable:
    return Unprocessable(
        f"{taken} of these kept seats are taken; keep at least as many",
        spanish=f"{taken} de estas plazas reservadas están ocupadas; reserve al menos esas",
        code="fewer_seats_than_taken",
        errors=[
            FieldError("fewer than are taken", "fewer_seats_than_taken", pointer=f"/reserves/{number}/seats")
        ],
    )
