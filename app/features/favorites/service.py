"""What students do with their wish lists."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import get
from app.core.db import Unit
from app.core.events import record
from app.core.ids import new_id
from app.core.problems import Forbidden, NotFound
from app.domain.policy import Actor
from app.features.favorites import queries
from app.models import Favorite, Opportunity


async def view(unit: Unit, actor: Actor, favorite_id: UUID) -> dict[str, Any]:
    """Return one favorite as the caller may see it; raises NotFound."""
    found = await queries.view(unit, actor, favorite_id)
    if found is None:
        raise NotFound(
            "there is no favorite here with this id that you may see",
            spanish="no existe aquí ningún favorito con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> UUID:
    """Put an opportunity on the caller's wish list; the same wish twice is one wish."""
    if actor.person_id is None:
        raise Forbidden("only students have wish lists", spanish="solo los estudiantes tienen favoritos")
    opportunity = await get(session, actor, "opportunity.read", Opportunity, opportunity_id)
    favorite = Favorite(
        tenant_id=actor.tenant_id, id=new_id(), student_id=actor.person_id, opportunity_id=opportunity.id
    )
    if not await queries.insert_new(session, favorite):
        return await queries.id_of(session, favorite)
    await record(session, "favorite.create", actor=actor, subject=favorite, person_id=favorite.student_id)
    return favorite.id


async def delete(session: AsyncSession, actor: Actor, favorite_id: UUID) -> None:
    """Take an opportunity off the caller's wish list."""
    favorite = await get(session, actor, "favorite.delete", Favorite, favorite_id, lock=True)
    await session.delete(favorite)
    await record(session, "favorite.delete", actor=actor, subject=favorite, person_id=favorite.student_id)
