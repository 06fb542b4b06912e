"""Every SQL statement of households."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, bindparam, false, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed
from app.core.bulk import insert_rows
from app.core.ids import new_id
from app.core.paging import Keyset
from app.domain.policy import Actor, may_ever
from app.features.households.schemas import HouseholdFilters
from app.models import GuardianLink, Household, HouseholdMember, Person

NEWEST = Keyset("households by creation", Household.created_at, Household.id, descending=True)
_ACTIONS = ("household.split", "household.rejoin")
_SPLIT, _REJOIN, _BOTH = ("household.split",), ("household.rejoin",), _ACTIONS
_NOTHING: tuple[str, ...] = ()


async def homes_of(
    session: AsyncSession, tenant_id: UUID, person_ids: Iterable[UUID]
) -> list[tuple[UUID, UUID]]:
    """Return (person, household) of those of these people who are in one."""
    found = await session.execute(
        select(HouseholdMember.person_id, HouseholdMember.household_id).where(
            HouseholdMember.tenant_id == tenant_id,
            # One parameter, however many people: a batch of the pool asks about thousands.
            HouseholdMember.person_id == bindparam("people", list(person_ids), type_=ARRAY(Uuid)).any_(),
        )
    )
    return [(person_id, household_id) for person_id, household_id in found]


def home(person_id: Any) -> Any:
    """Return the household of a person's column; of whoever is in none, their own id. Join with `is_of`."""
    return func.coalesce(HouseholdMember.household_id, person_id)


def is_of(tenant_id: Any, person_id: Any) -> Any:
    """Return on what the members of households are joined to a person's column, from outside."""
    return (HouseholdMember.tenant_id == tenant_id) & (HouseholdMember.person_id == person_id)


async def links_changed(session: AsyncSession, tenant_id: UUID, since: datetime) -> bool:
    """Say whether any guardian link was made, changed or ended since."""
    found = await session.scalar(
        select(GuardianLink.id)
        .where(GuardianLink.tenant_id == tenant_id, GuardianLink.updated_at >= since)
        .limit(1)
    )
    return found is not None


async def links(session: AsyncSession, tenant_id: UUID, today: date) -> list[tuple[UUID, UUID]]:
    """Return (student, guardian) of every link that holds today and joins two people whom nobody split off.

    A link with `no_contact` joins as any other: two households too few are safer than one too many.
    """
    pinned = select(HouseholdMember.person_id).where(
        HouseholdMember.tenant_id == tenant_id, HouseholdMember.pinned
    )
    found = await session.execute(
        select(GuardianLink.student_id, GuardianLink.guardian_id).where(
            GuardianLink.tenant_id == tenant_id,
            GuardianLink.ended_at.is_(None),
            or_(GuardianLink.until_on.is_(None), GuardianLink.until_on >= today),
            GuardianLink.student_id.not_in(pinned),
            GuardianLink.guardian_id.not_in(pinned),
        )
    )
    return [(student_id, guardian_id) for student_id, guardian_id in found]


async def homes(session: AsyncSession, tenant_id: UUID) -> dict[UUID, UUID]:
    """Return the household of everybody who is in one by links, not by a split."""
    found = await session.execute(
        select(HouseholdMember.person_id, HouseholdMember.household_id).where(
            HouseholdMember.tenant_id == tenant_id, ~HouseholdMember.pinned
        )
    )
    return {person_id: household_id for person_id, household_id in found}  # noqa: C416 - rows are no pairs to mypy


async def found(session: AsyncSession, families: Sequence[set[UUID]]) -> dict[UUID, UUID]:
    """Make a household for each of these families, and return who is in which; members are not written yet."""
    made = [(new_id(), family) for family in families]
    await insert_rows(session, Household, [{"id": household_id} for household_id, _ in made])
    return {person_id: household_id for household_id, family in made for person_id in family}


async def add_members(session: AsyncSession, members: Mapping[UUID, UUID]) -> None:
    """Note people as members of households who were in none."""
    await insert_rows(
        session,
        HouseholdMember,
        [
            {"id": new_id(), "person_id": person_id, "household_id": household_id}
            for person_id, household_id in members.items()
        ],
    )


_MOVE = """
UPDATE household_members m SET household_id = g.household_id
FROM unnest(:people, :homes) AS g(person_id, household_id)
WHERE m.tenant_id = :tenant AND m.person_id = g.person_id AND NOT m.pinned
"""
_LEAVE = """
DELETE FROM household_members m USING unnest(:people) AS g(person_id)
WHERE m.tenant_id = :tenant AND m.person_id = g.person_id AND NOT m.pinned
"""
_TOUCH = """
UPDATE households h SET version = h.version + 1, updated_at = :now,
  ended_at = CASE WHEN EXISTS (
    SELECT 1 FROM household_members m WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id
  ) THEN NULL ELSE :now END
FROM unnest(:homes) AS g(household_id)
WHERE h.tenant_id = :tenant AND h.id = g.household_id
"""
_PEOPLE = bindparam("people", type_=ARRAY(Uuid))
_HOMES = bindparam("homes", type_=ARRAY(Uuid))


async def move_members(session: AsyncSession, tenant_id: UUID, members: Mapping[UUID, UUID]) -> None:
    """Put people into other households; who was split off meanwhile stays where they are."""
    await session.execute(
        text(_MOVE).bindparams(_PEOPLE, _HOMES),
        {"tenant": tenant_id, "people": list(members), "homes": list(members.values())},
    )


async def remove_members(session: AsyncSession, tenant_id: UUID, people: Sequence[UUID]) -> None:
    """Let people be in no household, whom no link joins any more."""
    await session.execute(text(_LEAVE).bindparams(_PEOPLE), {"tenant": tenant_id, "people": list(people)})


async def touch(session: AsyncSession, tenant_id: UUID, homes: Iterable[UUID], now: datetime) -> None:
    """Give households whose members changed their next version, and end those that nobody is left in."""
    await session.execute(
        text(_TOUCH).bindparams(_HOMES), {"tenant": tenant_id, "homes": list(homes), "now": now}
    )


async def members(session: AsyncSession, tenant_id: UUID, household_id: UUID) -> set[UUID]:
    """Return who is in a household."""
    found = await session.scalars(
        select(HouseholdMember.person_id).where(
            HouseholdMember.tenant_id == tenant_id, HouseholdMember.household_id == household_id
        )
    )
    return set(found)


async def put(
    session: AsyncSession, tenant_id: UUID, people: Iterable[UUID], household_id: UUID, *, pinned: bool
) -> None:
    """Put members into a household; pinned, they stay whatever the links say."""
    await session.execute(
        update(HouseholdMember)
        .where(HouseholdMember.tenant_id == tenant_id, HouseholdMember.person_id.in_(list(people)))
        .values(household_id=household_id, pinned=pinned)
        .execution_options(synchronize_session=False)
    )


async def lock(session: AsyncSession, tenant_id: UUID, homes: Iterable[UUID]) -> None:
    """Lock households whose members are about to change."""
    await session.execute(
        select(Household.id)
        .where(
            Household.tenant_id == tenant_id,
            Household.id == bindparam("homes", list(homes), type_=ARRAY(Uuid)).any_(),
        )
        .order_by(Household.id)
        .with_for_update()
    )


async def locked(session: AsyncSession, tenant_id: UUID, household_id: UUID) -> Household | None:
    """Return a household that has members, locked; None when it ended."""
    return await session.scalar(
        select(Household)
        .where(Household.tenant_id == tenant_id, Household.id == household_id, Household.ended_at.is_(None))
        .with_for_update()
    )


def _selected(actor: Actor, actions: RowActions) -> Select[Any]:
    return select(
        Household.id,
        Household.split_from_id,
        Household.ended_at,
        Household.created_at,
        Household.version,
        *actions.columns,
    ).where(allowed(actor, "household.read", Household))


async def page(
    session: AsyncSession, actor: Actor, filters: HouseholdFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 households, the latest first; those that ended are left out."""
    actions = RowActions(actor, Household, _ACTIONS)
    statement = _selected(actor, actions).where(Household.ended_at.is_(None))
    if filters.person_id is not None:
        of_person = select(HouseholdMember.household_id).where(
            HouseholdMember.tenant_id == actor.tenant_id, HouseholdMember.person_id == filters.person_id
        )
        statement = statement.where(Household.id.in_(of_person))
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return await _finish(session, actor, [dict(row) for row in rows.mappings()], actions)


async def view(session: AsyncSession, actor: Actor, household_id: UUID) -> dict[str, Any] | None:
    """Return one household as the caller may see it, or None."""
    actions = RowActions(actor, Household, _ACTIONS)
    statement = _selected(actor, actions).where(Household.id == household_id)
    row = (await session.execute(statement)).mappings().one_or_none()
    return None if row is None else (await _finish(session, actor, [dict(row)], actions))[0]


async def _finish(
    session: AsyncSession, actor: Actor, rows: list[dict[str, Any]], actions: RowActions
) -> list[dict[str, Any]]:
    named: ColumnElement[bool] = (
        allowed(actor, "person.read", Person) if may_ever(actor, "person.read") else false()
    )
    found = await session.execute(
        select(HouseholdMember.household_id, Person.id, Person.given_name, Person.family_name, named)
        .join(
            Person, (Person.tenant_id == HouseholdMember.tenant_id) & (Person.id == HouseholdMember.person_id)
        )
        .where(
            HouseholdMember.tenant_id == actor.tenant_id,
            HouseholdMember.household_id.in_([row["id"] for row in rows]),
        )
        .order_by(Person.id)
    )
    people: dict[UUID, list[dict[str, Any]]] = {}
    for household_id, person_id, given_name, family_name, may_see in found:
        name = f"{given_name} {family_name}" if may_see else None
        people.setdefault(household_id, []).append({"person_id": person_id, "name": name})
    for row in rows:
        row["members"] = people.get(row["id"], [])
        lives = row["ended_at"] is None
        splits, rejoins = lives and len(row["members"]) > 1, lives and row["split_from_id"] is not None
        possible = _BOTH if splits and rejoins else _SPLIT if splits else _REJOIN if rejoins else _NOTHING
        row["allowed_actions"] = actions.take(row, possible)
    return rows
