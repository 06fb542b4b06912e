"""Making, showing and changing people."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core.events import record
from app.core.ids import new_id
from app.core.problems import Forbidden, NotFound
from app.domain.membership import may_grant
from app.domain.policy import Actor, Role
from app.features.memberships import service as memberships
from app.features.people import queries
from app.features.people.schemas import PersonIn, PersonPatch
from app.models import Person


async def view(session: AsyncSession, actor: Actor, person_id: UUID) -> dict[str, Any]:
    """Return one person as the caller may see them; raises NotFound."""
    found = await queries.view(session, actor, person_id)
    if found is None:
        raise NotFound(
            "there is no person here with this id that you may see",
            spanish="no existe aquí ninguna persona con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: PersonIn) -> UUID:
    """Add a person with a first role, by somebody who may give that role there."""
    await memberships.check_grant(
        session, actor, "person.create", body.role, school_id=body.school_id, employer_id=body.employer_id
    )
    person = Person(
        tenant_id=actor.tenant_id,
        id=new_id(),
        **body.model_dump(exclude={"role", "school_id", "employer_id"}),
    )
    session.add(person)
    await record(
        session,
        "person.create",
        actor=actor,
        subject=person,
        school_id=body.school_id,
        person_id=person.id,
        facts={"role": body.role.value},
    )
    await memberships.add(
        session, actor, person.id, body.role, school_id=body.school_id, employer_id=body.employer_id
    )
    return person.id


async def change(
    session: AsyncSession, actor: Actor, person_id: UUID, body: PersonPatch, version: int
) -> None:
    """Change what is known of a person; whoever could not give all of their roles may not change them either."""
    person = await get(session, actor, "person.update", Person, person_id, lock=True)
    check_version(person, version)
    held = await queries.live_memberships(session, actor.tenant_id, person_id)
    if not all(may_grant(actor.roles, member.role) for member in held):
        raise Forbidden(
            "this person holds a role that you cannot give; ask a district administrator to make the change",
            spanish="esta persona tiene un rol que usted no puede otorgar; pida el cambio a la administración del distrito",
            code="higher_role",
        )
    for name, value in body.model_dump(exclude_unset=True, exclude={"reason"}).items():
        setattr(person, name, value)
    mine = actor.schools()
    schools = [member.school_id for member in held if member.school_id is not None]
    await record(
        session,
        "person.update",
        actor=actor,
        subject=person,
        reason=body.reason,
        school_id=next((one for one in schools if one in mine), schools[0] if schools else None),
        person_id=person.id,
    )


async def change_own_locale(
    session: AsyncSession, actor: Actor, person_id: UUID, locale: str, version: int
) -> None:
    """Change the language somebody is written to in, by themselves: it needs no role, as reading /v1/me needs none."""
    person = await queries.person_themselves(session, actor.tenant_id, person_id)
    check_version(person, version)
    person.locale = locale
    await record(
        session,
        "person.update",
        actor=actor,
        subject=person,
        school_id=next(iter(actor.schools()), None),
        person_id=person.id,
    )


async def holds_role(session: AsyncSession, actor: Actor, person_id: UUID, role: Role) -> bool:
    """Say whether a person holds a role now."""
    return role in await queries.live_roles(session, actor.tenant_id, person_id)


async def schools_as(session: AsyncSession, actor: Actor, person_id: UUID, role: Role) -> list[UUID]:
    """Return the schools where a person holds a role now."""
    held = await queries.live_memberships(session, actor.tenant_id, person_id)
    return [member.school_id for member in held if member.role is role and member.school_id is not None]
