"""Every SQL statement of a round's students."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.core import clock
from app.core.paging import Keyset
from app.domain.policy import Actor, may_ever
from app.domain.relationship_round import RoundStatus
from app.features.round_students.schemas import RoundStudentFilters
from app.models import Person, RelationshipRound, RoundMark, RoundStudent

NEWEST = Keyset("students of rounds", RoundStudent.created_at, RoundStudent.id, descending=True)

_NEEDS = RoundStudent.without_mark | RoundStudent.without_nomination


def _marked(adult_id: UUID | None) -> Any:
    return exists().where(
        RoundMark.tenant_id == RoundStudent.tenant_id,
        RoundMark.round_id == RoundStudent.round_id,
        RoundMark.student_id == RoundStudent.student_id,
        RoundMark.adult_id == adult_id,
    )


def _hidden(adult_id: UUID | None) -> Any:
    """Say of whose need an adult hears nothing: to whoever marked them, it would say that the student named nobody.

    Once the answers are erased, who marked them is not known any more, and so nobody hears of it.
    """
    return or_(_marked(adult_id), RelationshipRound.answers_erased_at.is_not(None))


def _selected(actor: Actor) -> Select[Any]:
    mine = func.coalesce(RoundStudent.volunteer_id == actor.person_id, False)
    hidden = _hidden(actor.person_id) & ~mine
    return (
        select(
            RoundStudent.id,
            RoundStudent.round_id,
            RoundStudent.student_id,
            Person.given_name,
            Person.family_name,
            Person.grades,
            _marked(actor.person_id).label("marked"),
            case((hidden, None), else_=_NEEDS).label("needs_someone"),
            (RoundStudent.volunteer_id.is_not(None) & ~hidden).label("has_volunteer"),
            mine.label("mine"),
            case((mine, RoundStudent.volunteered_at)).label("volunteered_at"),
            case((mine, RoundStudent.follow_ups_asked)).label("follow_ups_asked"),
            case((mine, RoundStudent.follow_ups_done)).label("follow_ups_done"),
            (RelationshipRound.status == RoundStatus.CLOSED).label("closed"),
            # A version that rises says as well that somebody stepped forward.
            case((hidden, 1), else_=RoundStudent.version).label("version"),
            RoundStudent.created_at,
        )
        .join(Person, (Person.tenant_id == RoundStudent.tenant_id) & (Person.id == RoundStudent.student_id))
        .join(
            RelationshipRound,
            (RelationshipRound.tenant_id == RoundStudent.tenant_id)
            & (RelationshipRound.id == RoundStudent.round_id),
        )
        .where(allowed(actor, "round_student.read", RoundStudent))
    )


def _finish(found: Any, actor: Actor) -> dict[str, Any]:
    row = dict(found)
    can = []
    if row.pop("closed"):
        if row["mine"]:
            can = ["follow_up", "step_back"]
        elif not row["has_volunteer"] and row["needs_someone"]:
            can = ["volunteer"]
    row["allowed_actions"] = [verb for verb in can if may_ever(actor, f"round_student.{verb}")]
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: RoundStudentFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 students of rounds that the caller may see, latest first."""
    statement = _selected(actor)
    if filters.round_id is not None:
        statement = statement.where(RoundStudent.round_id == filters.round_id)
    if filters.needs_someone is not None:
        waits = _NEEDS & RoundStudent.volunteer_id.is_(None) & ~_hidden(actor.person_id)
        statement = statement.where(func.coalesce(waits, False) == filters.needs_someone)
    if filters.mine is not None:
        mine = RoundStudent.volunteer_id == actor.person_id
        others = or_(RoundStudent.volunteer_id.is_(None), RoundStudent.volunteer_id != actor.person_id)
        statement = statement.where(mine if filters.mine else others)
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(row, actor) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, row_id: UUID) -> dict[str, Any] | None:
    """Return one student of a round as the caller may see them, or None."""
    row = (await session.execute(_selected(actor).where(RoundStudent.id == row_id))).mappings().one_or_none()
    return None if row is None else _finish(row, actor)


async def may_hear(session: AsyncSession, of: RoundStudent, adult_id: UUID) -> bool:
    """Say whether an adult may hear that somebody is needed for a student, or not: see `_hidden`."""
    found = await session.scalar(
        select(RoundStudent.id)
        .join(
            RelationshipRound,
            (RelationshipRound.tenant_id == RoundStudent.tenant_id)
            & (RelationshipRound.id == RoundStudent.round_id),
        )
        .where(
            RoundStudent.tenant_id == of.tenant_id,
            RoundStudent.id == of.id,
            ~_hidden(adult_id),
        )
    )
    return found is not None


async def step_forward(session: AsyncSession, of: RoundStudent, adult_id: UUID, due_at: datetime) -> bool:
    """Let an adult be the one, by compare-and-swap; False when somebody else is already."""
    now = clock.now()
    done = await session.execute(
        update(RoundStudent)
        .where(
            RoundStudent.tenant_id == of.tenant_id,
            RoundStudent.id == of.id,
            RoundStudent.volunteer_id.is_(None),
        )
        .values(
            volunteer_id=adult_id,
            volunteered_at=now,
            follow_ups_asked=0,
            follow_ups_done=0,
            follow_up_at=due_at,
            version=RoundStudent.version + 1,
            updated_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


async def due(session: AsyncSession, tenant_id: UUID, now: datetime, limit: int) -> list[UUID]:
    """Return the students about whom a follow-up is due."""
    found = await session.scalars(
        select(RoundStudent.id)
        .where(RoundStudent.tenant_id == tenant_id, RoundStudent.follow_up_at <= now)
        .order_by(RoundStudent.follow_up_at, RoundStudent.id)
        .limit(limit)
    )
    return list(found)


async def claim_due(
    session: AsyncSession, tenant_id: UUID, row_id: UUID, now: datetime
) -> RoundStudent | None:
    """Return a student about whom a follow-up is due, locked; None when somebody else saw to it."""
    found: RoundStudent | None = await session.scalar(
        select(RoundStudent)
        .where(
            RoundStudent.tenant_id == tenant_id, RoundStudent.id == row_id, RoundStudent.follow_up_at <= now
        )
        .with_for_update()
    )
    return found


async def claim_of(
    session: AsyncSession, tenant_id: UUID, row_id: UUID, volunteer_id: UUID
) -> RoundStudent | None:
    """Return a student for whom this adult stepped forward, locked; None when that is over."""
    found: RoundStudent | None = await session.scalar(
        select(RoundStudent)
        .where(
            RoundStudent.tenant_id == tenant_id,
            RoundStudent.id == row_id,
            RoundStudent.volunteer_id == volunteer_id,
        )
        .with_for_update()
    )
    return found
