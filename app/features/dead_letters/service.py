"""What an operator does about an event that could not be delivered."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import deliveries
from app.core.events import record
from app.core.problems import NotFound
from app.domain.policy import Actor
from app.features.dead_letters import queries


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Name the subject as the subject."""
    return {"subject_id": row.pop("id"), **row}


async def replay(session: AsyncSession, actor: Actor, subject_id: UUID) -> dict[str, Any]:
    """Try the event again, from the first attempt on."""
    delivery = await _dead(session, actor, "dead_letter.replay", subject_id)
    seq = delivery.delivered_seq + 1
    await deliveries.replay(session, actor.tenant_id, subject_id)
    await record(session, "dead_letter.replay", actor=actor, subject=delivery, facts={"subject_seq": seq})
    return {"subject_id": subject_id, "subject_seq": seq, "resolution": "replayed"}


async def skip(session: AsyncSession, actor: Actor, subject_id: UUID, reason: str) -> dict[str, Any]:
    """Leave the event undelivered and go on with the subject's next one."""
    delivery = await _dead(session, actor, "dead_letter.skip", subject_id)
    seq = delivery.delivered_seq + 1
    await deliveries.skip(session, actor.tenant_id, subject_id)
    await record(
        session,
        "dead_letter.skip",
        actor=actor,
        subject=delivery,
        reason=reason,
        facts={"subject_seq": seq},
    )
    return {"subject_id": subject_id, "subject_seq": seq, "resolution": "skipped"}


async def _dead(session: AsyncSession, actor: Actor, action: str, subject_id: UUID) -> Any:
    # Any: a delivery is no row of its own life, but has the two columns that an event asks of its subject.
    found = await queries.dead(session, actor, action, subject_id)
    if found is None:
        raise NotFound(
            "nothing of this subject is held back; look at GET /v1/dead_letters again",
            spanish="no hay nada retenido de este asunto; consulte de nuevo GET /v1/dead_letters",
        )
    return found
