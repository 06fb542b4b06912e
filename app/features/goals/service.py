"""What a student does with their goals, and who could help with each.

Goals are part of the network map: the student's own, and read by nobody else but the adult of a live share. An advisor
who should follow a goal is shown the map, by the student.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core.events import record
from app.core.ids import new_id
from app.core.problems import NotFound
from app.domain.fields import FIELDS
from app.domain.goal import TRANSITIONS, GoalAction, check_room, prompt, sentence
from app.domain.lifecycle import next_status
from app.domain.network_map import could_help, tie
from app.domain.policy import Actor
from app.domain.pool import ReachAnswer
from app.features.goals import queries
from app.features.goals.schemas import GoalIn, GoalPatch
from app.features.network_map import service as network_map
from app.models import Goal


async def view(session: AsyncSession, actor: Actor, goal_id: UUID) -> dict[str, Any]:
    """Return one goal as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, goal_id)
    if found is None:
        raise NotFound(
            "there is no goal here with this id that you may see",
            spanish="no hay aquí ninguna meta con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: GoalIn) -> UUID:
    """Set the caller a goal."""
    student_id = network_map.student(actor)
    network_map.check_texts({"/title": body.title})
    check_room(await queries.lock_and_count(session, actor.tenant_id, student_id))
    goal = Goal(tenant_id=actor.tenant_id, id=new_id(), student_id=student_id, **body.model_dump())
    session.add(goal)
    await record(session, "goal.create", actor=actor, subject=goal, person_id=student_id)
    return goal.id


async def change(session: AsyncSession, actor: Actor, goal_id: UUID, body: GoalPatch, version: int) -> None:
    """Change what a goal says."""
    goal = await get(session, actor, "goal.update", Goal, goal_id, lock=True)
    check_version(goal, version)
    network_map.check_texts({"/title": body.title})
    for name in body.model_fields_set:
        setattr(goal, name, getattr(body, name))
    await record(session, "goal.update", actor=actor, subject=goal, person_id=goal.student_id)


async def act(session: AsyncSession, actor: Actor, action: GoalAction, goal_id: UUID, version: int) -> None:
    """Reach, drop or reopen a goal."""
    name = f"goal.{action.value}"
    goal = await get(session, actor, name, Goal, goal_id, lock=True)
    check_version(goal, version)
    goal.status = next_status(TRANSITIONS, goal.status, action)
    await record(session, name, actor=actor, subject=goal, person_id=goal.student_id)


async def remove(session: AsyncSession, actor: Actor, goal_id: UUID) -> None:
    """Delete a goal, out of stored answers as well."""
    goal = await get(session, actor, "goal.delete", Goal, goal_id, lock=True)
    await session.delete(goal)
    await record(session, "goal.delete", actor=actor, subject=goal, person_id=goal.student_id)
    await network_map.forget_answers(session, actor.tenant_id, [goal_id])


async def helpers(session: AsyncSession, actor: Actor, goal_id: UUID, language: str) -> dict[str, Any]:
    """Return who could help with a goal, and what to do about help that is missing; `language` is en or es."""
    goal = await get(session, actor, "goal.read", Goal, goal_id)
    rows = await queries.helpers(session, actor, goal.student_id, goal_id)
    own = []
    for row in rows:
        knows = goal.field in FIELDS and could_help(goal.field, row["fields"])
        because = [why for why, holds in (("named", row["named"]), ("field", knows)) if holds]
        if because:
            own.append(
                {
                    "map_entry_id": row["map_entry_id"],
                    "label": row["label"],
                    "because": because,
                    "tie": tie(row["closeness"], row["frequency"]),
                    "help": row["help"],
                }
            )
    found: dict[str, Any] = {"goal_id": goal_id, "field": goal.field, "own": own, "pool": None, "prompts": []}
    # A release may drop a field from the vocabulary: nothing more is known of it then.
    if goal.field is None or goal.field not in FIELDS:
        return found
    reached = await queries.is_reached(session, actor.tenant_id, goal.student_id, goal.field)
    found["pool"] = {"field": goal.field, "answer": ReachAnswer.YES if reached else ReachAnswer.NOT_KNOWN}
    missing = prompt(has_own=bool(own), pool_reaches=reached)
    if missing is not None:
        text = sentence(missing, goal.field, language)
        found["prompts"].append({"kind": missing, "field": goal.field, "text": text})
    return found
