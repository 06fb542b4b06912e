"""Every SQL statement of relationship mapping rounds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access import RowActions, allowed, verbs
from app.core import clock
from app.core.ids import new_id
from app.core.paging import Keyset
from app.domain.policy import Actor, Role
from app.domain.relationship_round import TRANSITIONS, RoundScope, RoundStatus
from app.features.relationship_rounds.schemas import RelationshipRoundFilters
from app.models import (
    AdvisorLink,
    Membership,
    Person,
    RelationshipRound,
    RoundMark,
    RoundNomination,
    RoundStudent,
)

NEWEST = Keyset(
    "relationship rounds by creation", RelationshipRound.created_at, RelationshipRound.id, descending=True
)
VERBS = verbs("relationship_round", TRANSITIONS)
VERBS[RoundStatus.OPEN] += ["relationship_round.mark", "relationship_round.nominate"]
VERBS[RoundStatus.CLOSED] += ["relationship_round.read_results"]
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))

_COLUMNS: tuple[Any, ...] = (
    RelationshipRound.id,
    RelationshipRound.school_id,
    RelationshipRound.title,
    RelationshipRound.scope,
    RelationshipRound.grade,
    RelationshipRound.advisor_ids,
    RelationshipRound.status,
    RelationshipRound.opened_at,
    RelationshipRound.closed_at,
    RelationshipRound.answers_erased_at,
    RelationshipRound.created_at,
    RelationshipRound.version,
)


def _selected(actor: Actor, actions: RowActions) -> Select[Any]:
    entered = (
        select(func.count())
        .select_from(RoundStudent)
        .where(
            RoundStudent.tenant_id == RelationshipRound.tenant_id,
            RoundStudent.round_id == RelationshipRound.id,
        )
        .scalar_subquery()
    )
    would_be = (
        _students()
        .with_only_columns(func.count(Membership.person_id.distinct()), maintain_column_froms=True)
        .correlate(RelationshipRound)
        .scalar_subquery()
    )
    students = case((RelationshipRound.status == RoundStatus.DRAFT, would_be), else_=entered)
    return select(*_COLUMNS, students.label("students"), *actions.columns).where(
        allowed(actor, "relationship_round.read", RelationshipRound)
    )


def _finish(found: Any, actions: RowActions) -> dict[str, Any]:
    row = dict(found)
    row["allowed_actions"] = actions.take(row, VERBS[row["status"]])
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: RelationshipRoundFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 rounds the caller may read, latest first."""
    actions = RowActions(actor, RelationshipRound, _ACTIONS)
    statement = _selected(actor, actions)
    if filters.school_id is not None:
        statement = statement.where(RelationshipRound.school_id == filters.school_id)
    if filters.status is not None:
        statement = statement.where(RelationshipRound.status == filters.status)
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(row, actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, round_id: UUID) -> dict[str, Any] | None:
    """Return one round as the caller may see it, or None."""
    actions = RowActions(actor, RelationshipRound, _ACTIONS)
    statement = _selected(actor, actions).where(RelationshipRound.id == round_id)
    row = (await session.execute(statement)).mappings().one_or_none()
    return None if row is None else _finish(row, actions)


# Whom a round is about, and who may answer.


def _members(tenant_id: Any, school_id: Any, roles: Sequence[Role]) -> Select[Any]:
    today = clock.now().date()
    return (
        select(Membership.person_id)
        .join(Person, (Person.tenant_id == Membership.tenant_id) & (Person.id == Membership.person_id))
        .where(
            Membership.tenant_id == tenant_id,
            Membership.school_id == school_id,
            Membership.role.in_(roles),
            Membership.ended_at.is_(None),
            or_(Membership.begins_on.is_(None), Membership.begins_on <= today),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
            Person.enabled,
            Person.ended_at.is_(None),
        )
        .distinct()
    )


def _students() -> Select[Any]:
    """Return whom a row of RelationshipRound would be about if it opened now."""
    in_team = (
        exists()
        .where(
            AdvisorLink.tenant_id == RelationshipRound.tenant_id,
            AdvisorLink.student_id == Membership.person_id,
            AdvisorLink.advisor_id == RelationshipRound.advisor_ids.any_(),
            AdvisorLink.ended_at.is_(None),
        )
        .correlate(RelationshipRound, Membership)
    )
    return _members(RelationshipRound.tenant_id, RelationshipRound.school_id, (Role.STUDENT,)).where(
        or_(RelationshipRound.scope != RoundScope.GRADE, RelationshipRound.grade == Person.grades.any_()),
        or_(RelationshipRound.scope != RoundScope.TEAM, in_team),
    )


def _adults(tenant_id: Any, school_id: Any) -> Select[Any]:
    return _members(tenant_id, school_id, (Role.ADVISOR, Role.COORDINATOR))


async def count_adults(session: AsyncSession, of: RelationshipRound) -> int:
    """Return how many adults of the school could answer now."""
    adults = _adults(of.tenant_id, of.school_id).subquery()
    return await session.scalar(select(func.count()).select_from(adults)) or 0


async def adults_among(session: AsyncSession, tenant_id: UUID, school_id: UUID, ids: list[UUID]) -> set[UUID]:
    """Return those of the people who are adults of the school."""
    found = await session.scalars(_adults(tenant_id, school_id).where(Membership.person_id.in_(ids)))
    return set(found)


async def enter_students(session: AsyncSession, of: RelationshipRound) -> int:
    """Write down whom an opening round is about, for good, and return how many."""
    student_ids = list(
        await session.scalars(
            _students()
            .where(RelationshipRound.tenant_id == of.tenant_id, RelationshipRound.id == of.id)
            .order_by(Membership.person_id)
        )
    )
    if student_ids:
        await session.execute(
            insert(RoundStudent),
            [
                {
                    "tenant_id": of.tenant_id,
                    "id": new_id(),
                    "round_id": of.id,
                    "student_id": student_id,
                    "school_id": of.school_id,
                }
                for student_id in student_ids
            ],
        )
    return len(student_ids)


async def students_among(session: AsyncSession, of: RelationshipRound, ids: list[UUID]) -> set[UUID]:
    """Return those of the people who are students of the round."""
    found = await session.scalars(
        select(RoundStudent.student_id).where(
            RoundStudent.tenant_id == of.tenant_id,
            RoundStudent.round_id == of.id,
            RoundStudent.student_id.in_(ids),
        )
    )
    return set(found)


# Answers.


async def set_marks(session: AsyncSession, of: RelationshipRound, adult_id: UUID, ids: list[UUID]) -> None:
    """Let an adult's marks be these and no others."""
    await _replace(session, of, RoundMark, {"adult_id": adult_id}, "student_id", ids)


async def set_nominations(
    session: AsyncSession, of: RelationshipRound, student_id: UUID, ids: list[UUID]
) -> None:
    """Let a student's nominations be these and no others."""
    await _replace(session, of, RoundNomination, {"student_id": student_id}, "adult_id", ids)


async def _replace(
    session: AsyncSession,
    of: RelationshipRound,
    model: type[Any],
    by: dict[str, UUID],
    whom: str,
    ids: list[UUID],
) -> None:
    answered: dict[str, UUID] = {"tenant_id": of.tenant_id, "round_id": of.id, **by}
    await session.execute(delete(model).filter_by(**answered).where(getattr(model, whom).not_in(ids)))
    rows = [{**answered, "id": new_id(), whom: one} for one in ids]
    if rows:
        await session.execute(upsert(model).on_conflict_do_nothing(), rows)


async def own_marks(session: AsyncSession, of: RelationshipRound, adult_id: UUID) -> list[UUID]:
    """Return whom one adult marked."""
    found = await session.scalars(
        select(RoundMark.student_id)
        .where(
            RoundMark.tenant_id == of.tenant_id, RoundMark.round_id == of.id, RoundMark.adult_id == adult_id
        )
        .order_by(RoundMark.student_id)
    )
    return list(found)


async def adults_for(session: AsyncSession, of: RelationshipRound, student_id: UUID) -> list[dict[str, Any]]:
    """Return the adults of the school by name, and whether one student named them."""
    named = exists().where(
        RoundNomination.tenant_id == Person.tenant_id,
        RoundNomination.adult_id == Person.id,
        RoundNomination.round_id == of.id,
        RoundNomination.student_id == student_id,
    )
    found = await session.execute(
        select(Person.id, Person.given_name, Person.family_name, named.label("named"))
        .where(Person.tenant_id == of.tenant_id, Person.id.in_(_adults(of.tenant_id, of.school_id)))
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    return [dict(row) for row in found.mappings()]


# The close.


async def find_out(session: AsyncSession, of: RelationshipRound, *, mismatches: bool) -> None:
    """Write down of every student of a round what is missing, and where asked for what does not match."""
    mark, named = aliased(RoundMark), aliased(RoundNomination)

    def about(answer: Any, student: Any) -> Any:
        return (
            (answer.tenant_id == student.tenant_id)
            & (answer.round_id == student.round_id)
            & (answer.student_id == student.student_id)
        )

    # Each inner query speaks of the one right around it: of one further out it would read every row there is.
    def alone(one: Any, other: Any) -> Any:
        answered = exists().where(about(other, one), other.adult_id == one.adult_id)
        return exists().where(about(one, RoundStudent), ~answered)

    marked, nominated = exists().where(about(mark, RoundStudent)), exists().where(about(named, RoundStudent))
    marked_not_named = nominated & alone(aliased(RoundMark), aliased(RoundNomination))
    named_not_marked = alone(aliased(RoundNomination), aliased(RoundMark))
    await session.execute(
        update(RoundStudent)
        .where(RoundStudent.tenant_id == of.tenant_id, RoundStudent.round_id == of.id)
        .values(
            without_mark=~marked,
            without_nomination=~nominated,
            marked_not_named=marked_not_named if mismatches else None,
            named_not_marked=named_not_marked if mismatches else None,
            version=RoundStudent.version + literal(1),
            updated_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )


async def findings(session: AsyncSession, of: RelationshipRound) -> list[dict[str, Any]]:
    """Return what a closed round found of its students, by name."""
    found = await session.execute(
        select(
            RoundStudent.id,
            RoundStudent.student_id,
            Person.given_name,
            Person.family_name,
            Person.grades,
            RoundStudent.without_mark,
            RoundStudent.without_nomination,
            RoundStudent.marked_not_named,
            RoundStudent.named_not_marked,
            RoundStudent.volunteer_id,
            RoundStudent.follow_ups_done,
        )
        .join(Person, (Person.tenant_id == RoundStudent.tenant_id) & (Person.id == RoundStudent.student_id))
        .where(RoundStudent.tenant_id == of.tenant_id, RoundStudent.round_id == of.id)
        .order_by(Person.family_name, Person.given_name, RoundStudent.id)
    )
    return [dict(row) for row in found.mappings()]


async def gone_volunteers(session: AsyncSession, tenant_id: UUID, limit: int) -> list[tuple[UUID, UUID]]:
    """Return the students of rounds whose one adult has left the school, with that adult."""
    found = await session.execute(
        select(RoundStudent.id, RoundStudent.volunteer_id)
        .join(
            RelationshipRound,
            (RelationshipRound.tenant_id == RoundStudent.tenant_id)
            & (RelationshipRound.id == RoundStudent.round_id),
        )
        .where(
            RoundStudent.tenant_id == tenant_id,
            RoundStudent.volunteer_id.is_not(None),
            # Later nobody else is looked for any more.
            RelationshipRound.answers_erased_at.is_(None),
            ~_adults(RoundStudent.tenant_id, RoundStudent.school_id)
            .where(Membership.person_id == RoundStudent.volunteer_id)
            .exists(),
        )
        .order_by(RoundStudent.id)
        .limit(limit)
    )
    return [(row.id, row.volunteer_id) for row in found]


# Erasing.


async def with_old_answers(
    session: AsyncSession, tenant_id: UUID, before: datetime, limit: int
) -> list[UUID]:
    """Return the rounds that closed before then and whose answers are still kept."""
    found = await session.scalars(
        select(RelationshipRound.id)
        .where(
            RelationshipRound.tenant_id == tenant_id,
            RelationshipRound.closed_at < before,
            RelationshipRound.answers_erased_at.is_(None),
        )
        .order_by(RelationshipRound.closed_at, RelationshipRound.id)
        .limit(limit)
    )
    return list(found)


async def claim_erasure(
    session: AsyncSession, tenant_id: UUID, round_id: UUID, before: datetime, now: datetime
) -> bool:
    """Claim the erasing of a round's answers; False when somebody else did."""
    claimed = await session.execute(
        update(RelationshipRound)
        .where(
            RelationshipRound.tenant_id == tenant_id,
            RelationshipRound.id == round_id,
            RelationshipRound.closed_at < before,
            RelationshipRound.answers_erased_at.is_(None),
        )
        .values(answers_erased_at=now, version=RelationshipRound.version + 1, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(claimed.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


async def erase_answers(session: AsyncSession, tenant_id: UUID, round_id: UUID) -> None:
    """Erase who marked and who named whom in a round."""
    for answer in (RoundMark, RoundNomination):
        await session.execute(
            delete(answer).where(answer.tenant_id == tenant_id, answer.round_id == round_id)
        )
