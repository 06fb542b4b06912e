"""Who counts as one family: kept up with the guardian links, and split where a coordinator says so."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import record
from app.core.ids import new_id
from app.core.problems import Conflict, FieldError, NotFound, Unprocessable
from app.domain.household import joined, settle
from app.domain.policy import Actor
from app.features.households import queries
from app.features.households.schemas import HouseholdFilters
from app.features.upkeep import service as upkeep
from app.features.upkeep.schemas import Done
from app.models import Household

_PART = "households"
# A link is stamped before its transaction ends; an import of links takes minutes.
_OVERLAP = timedelta(minutes=5)
# Links also end by their last day, which changes no row.
_AT_LEAST_EVERY = timedelta(days=1)


async def households_of(
    session: AsyncSession, tenant_id: UUID, person_ids: Iterable[UUID]
) -> dict[UUID, UUID]:
    """Return each person's household; whoever is in none is a household of their own, under their own id."""
    people = list(person_ids)
    return {
        **{person_id: person_id for person_id in people},
        **dict(await queries.homes_of(session, tenant_id, people)),
    }


def home(person_id: Any) -> Any:
    """Return, as SQL, the household of a person's column, by the same rule; join HouseholdMember on `is_of`."""
    return queries.home(person_id)


def is_of(tenant_id: Any, person_id: Any) -> Any:
    """Return, as SQL, on what HouseholdMember is joined to a person's column, from outside."""
    return queries.is_of(tenant_id, person_id)


async def refresh_if_due(session: AsyncSession, tenant_id: UUID, now: datetime) -> bool:
    """Refresh a tenant's households when its guardian links changed, and once a day; say whether it was done."""
    seen = await upkeep.last(session, tenant_id, _PART)
    if (
        seen is not None
        and seen.done_at > now - _AT_LEAST_EVERY
        and not await queries.links_changed(session, tenant_id, seen.done_at - _OVERLAP)
        and not await upkeep.is_asked(session, tenant_id, _PART, seen.done_at - _OVERLAP)
    ):
        return False
    if not await upkeep.claim(session, tenant_id, _PART, seen, Done(clock.now())):
        return False
    return await refresh(session, tenant_id, now) > 0


async def refresh(session: AsyncSession, tenant_id: UUID, now: datetime) -> int:
    """Bring every household in line with the guardian links of today; returns how many people moved.

    One pass over all links, whatever changed: families are joined through any number of links.
    """
    homes = await queries.homes(session, tenant_id)
    families = joined(await queries.links(session, tenant_id, now.date()))
    placed, homeless = settle(families, homes)
    new = await queries.found(session, homeless)
    placed |= new
    moved = {
        person_id: household_id
        for person_id, household_id in placed.items()
        if person_id in homes and homes[person_id] != household_id
    }
    added = {person_id: household_id for person_id, household_id in placed.items() if person_id not in homes}
    left = [person_id for person_id in homes if person_id not in placed]
    touched = {homes[person_id] for person_id in (*moved, *left)}
    touched |= {*moved.values(), *added.values()} - set(new.values())
    # Households before their members, as in a split.
    await queries.lock(session, tenant_id, touched)
    if left:
        await queries.remove_members(session, tenant_id, left)
    if moved:
        await queries.move_members(session, tenant_id, moved)
    if added:
        await queries.add_members(session, added)
    if touched:
        await queries.touch(session, tenant_id, touched, clock.now())
    return len(moved) + len(added) + len(left)


async def page(
    session: AsyncSession, actor: Actor, filters: HouseholdFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 households as the caller may see them."""
    return await queries.page(session, actor, filters, after)


async def view(session: AsyncSession, actor: Actor, household_id: UUID) -> dict[str, Any]:
    """Return one household as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, household_id)
    if found is None:
        raise NotFound(
            "there is no household here with this id that you may see",
            spanish="no existe aquí ningún hogar con ese id que usted pueda ver",
        )
    return found


async def split(
    session: AsyncSession,
    actor: Actor,
    household_id: UUID,
    person_ids: list[UUID],
    reason: str,
    version: int,
) -> UUID:
    """Let some members be a household of their own from now on, whatever the links say; returns the new one."""
    household = await get(session, actor, "household.split", Household, household_id, lock=True)
    check_version(household, version)
    _check_lives(household)
    there = await queries.members(session, actor.tenant_id, household_id)
    apart = set(person_ids)
    if not apart <= there:
        raise Unprocessable(
            "name members of this household; read it again to see who is in it",
            spanish="indique miembros de este hogar; vuelva a leerlo para ver quiénes son",
            errors=[FieldError("not a member of this household", "not_a_member", pointer="/person_ids")],
        )
    if apart == there:
        raise Unprocessable(
            "leave at least one member in the household; there is nothing to split otherwise",
            spanish="deje al menos un miembro en el hogar; si no, no hay nada que separar",
            errors=[FieldError("everybody of this household", "everybody", pointer="/person_ids")],
        )
    new = Household(tenant_id=actor.tenant_id, id=new_id(), split_from_id=household_id)
    session.add(new)
    household.updated_at = clock.now()
    await record(
        session,
        "household.split",
        actor=actor,
        subject=household,
        reason=reason,
        facts={"members": len(apart), "household_id": str(new.id)},
    )
    await queries.put(session, actor.tenant_id, apart, new.id, pinned=True)
    await upkeep.ask(session, actor.tenant_id, _PART)
    return new.id


async def rejoin(session: AsyncSession, actor: Actor, household_id: UUID, reason: str, version: int) -> UUID:
    """Undo a split; returns the household where its members are now. From then on the links decide again."""
    household = await get(session, actor, "household.rejoin", Household, household_id, lock=True)
    check_version(household, version)
    _check_lives(household)
    if household.split_from_id is None:
        raise Conflict(
            "this household was never split from another; there is nothing to undo",
            spanish="este hogar nunca se separó de otro; no hay nada que deshacer",
            code="not_split",
        )
    origin = await queries.locked(session, actor.tenant_id, household.split_from_id)
    members = await queries.members(session, actor.tenant_id, household_id)
    home = household if origin is None else origin
    # Where they came from may be split off itself; then they are kept there with the others.
    pinned = origin is not None and origin.split_from_id is not None
    if origin is None:
        household.split_from_id = None
        household.updated_at = clock.now()
    else:
        household.ended_at = origin.updated_at = clock.now()
    await record(
        session,
        "household.rejoin",
        actor=actor,
        subject=household,
        reason=reason,
        facts={"members": len(members), "household_id": str(home.id)},
    )
    await queries.put(session, actor.tenant_id, members, home.id, pinned=pinned)
    await upkeep.ask(session, actor.tenant_id, _PART)
    return home.id


def _check_lives(household: Household) -> None:
    if household.ended_at is not None:
        raise Conflict(
            "nobody is in this household any more; look for the household of the person you mean",
            spanish="ya no queda nadie en este hogar; busque el hogar de la persona a la que se refiere",
            code="household_ended",
        )
