"""Putting together who the caller is."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.problems import Forbidden
from app.domain.policy import Actor
from app.features.me import queries
from app.features.me.schemas import MePatch
from app.features.people import service as people


async def view(session: AsyncSession, actor: Actor) -> dict[str, Any]:
    """Return everything a client needs to know about its user to begin."""
    names = await queries.names_of(session, actor)

    def named(found: UUID | None) -> dict[str, Any] | None:
        return None if found is None else {"id": found, "name": names[found]}

    children = await queries.children_of(session, actor)
    for child in children:
        school_id, school = child.pop("school_id"), child.pop("school_name")
        child["school"] = None if school_id is None else {"id": school_id, "name": school}
    return {
        "person": await queries.person_of(session, actor),
        "client": await queries.client_of(session, actor),
        "tenant": await queries.tenant_of(session, actor.tenant_id),
        "other_tenants": [
            tenant
            for tenant in await queries.tenants_of(session, actor.account_id)
            if tenant["id"] != actor.tenant_id
        ],
        "roles": [
            {"role": held.role, "school": named(held.school_id), "employer": named(held.employer_id)}
            for held in sorted(
                actor.standings, key=lambda held: (held.role, str(held.school_id), str(held.employer_id))
            )
        ],
        "schools": [named(school_id) for school_id in actor.schools()],
        "children": children,
        "advisees": await queries.count_advisees(session, actor),
        "locale": actor.locale,
        "scopes": sorted(actor.oauth_scopes),
        "needs_me": await queries.waiting_for(session, actor),
    }


async def change(session: AsyncSession, actor: Actor, body: MePatch, version: int) -> None:
    """Change the language the caller is written to in."""
    if actor.person_id is None:
        raise Forbidden(
            "a machine client has no language of its own; sign in as a person to change yours",
            spanish="un sistema conectado no tiene idioma propio; inicie sesión como persona para cambiar el suyo",
        )
    await people.change_own_locale(session, actor, actor.person_id, body.locale, version)
