"""Who may offer a connection without an account: guardians and staff, by what they are at this very moment."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.domain.policy import Actor, Role, Standing
from app.features.contributors import queries

# Students sign in, and nobody writes to them on behalf of this; supervisors speak for their own employer.
STAFF = frozenset({Role.ADVISOR, Role.COORDINATOR, Role.DISTRICT_ADMIN})
_NOBODY = UUID(int=0)


async def by_link(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> Actor | None:
    """Return the actor that somebody with a link is now, or None when they may offer nothing any more."""
    return (await able(session, tenant_id, [person_id])).get(person_id)


async def able(session: AsyncSession, tenant_id: UUID, person_ids: Collection[UUID]) -> dict[UUID, Actor]:
    """Return those of these people who may be asked for connections, as the actors that a link makes of them.

    They are still here, are no students, and are on the staff or guardians whose links stand today. A guardian who
    must not be written to about one of their children is not written to about any of this.
    """
    today = clock.now().date()
    held = await queries.roles(session, tenant_id, person_ids, today)
    children = await queries.children(session, tenant_id, person_ids, today)
    students = {role.person_id for role in held if role.role is Role.STUDENT}
    silent = {child.guardian_id for child in children if child.no_contact}
    standings: dict[UUID, set[Standing]] = {}
    for role in held:
        if role.role in STAFF:
            standings.setdefault(role.person_id, set()).add(Standing(role.role, role.school_id, None))
    for child in children:
        if child.guardian_id not in silent:
            standings.setdefault(child.guardian_id, set()).add(Standing(Role.GUARDIAN, child.school_id, None))
    return {
        person.id: Actor(
            tenant_id,
            _NOBODY,
            _NOBODY,
            person.id,
            person.locale,
            tuple(sorted(standings[person.id], key=str)),
            by_link=True,
        )
        for person in await queries.present(session, tenant_id, person_ids)
        if person.id in standings and person.id not in students
    }
