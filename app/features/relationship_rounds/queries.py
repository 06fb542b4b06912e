"""Every SQL statement of relationship mapping rounds."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, exists, func, insert, literal, or_, select, update
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
    students = (
        select(func.count())
        .select_from(RoundStudent)
        .where(
            RoundStudent.tenant_id == RelationshipRound.tenant_id,
            RoundStudent.round_id == RelationshipRound.id,
        )
        .scalar_subquery()
    )
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


def _members(tenant_id: UUID, school_id: UUID, roles: Sequence[Role], today: date) -> Select[Any]:
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


def _students(of: RelationshipRound) -> Select[Any]:
    found = _members(of.tenant_id, of.school_id, (Role.STUDENT,), clock.now().date())
    if of.scope is RoundScope.GRADE:
        found = found.where(Person.grades.contains([of.grade]))
    if of.scope is RoundScope.TEAM:
        team = select(AdvisorLink.student_id).where(
            AdvisorLink.tenant_id == of.tenant_id,
            AdvisorLink.advisor_id.in_(of.advisor_ids),
            AdvisorLink.ended_at.is_(None),
        )
        found = found.where(Membership.person_id.in_(team))
    return found


def _adults(tenant_id: UUID, school_id: UUID) -> Select[Any]:
    return _members(tenant_id, school_id, (Role.ADVISOR, Role.COORDINATOR), clock.now().date())


async def count_students(session: AsyncSession, of: RelationshipRound) -> int:
    """Return how many students a round would be about if it opened now."""
    found = await session.scalar(select(func.count()).select_from(_students(of).subquery()))
    return found or 0


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
    student_ids = list(await session.scalars(_students(of).order_by(Membership.person_id)))
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
    await session.execute(
        delete(RoundMark).where(
            RoundMark.tenant_id == of.tenant_id,
            RoundMark.round_id == of.id,
            RoundMark.adult_id == adult_id,
            RoundMark.student_id.not_in(ids),
        )
    )
    rows = [
        {
            "tenant_id": of.tenant_id,
            "id": new_id(),
            "round_id": of.id,
            "adult_id": adult_id,
            "student_id": one,
        }
        for one in ids
    ]
    if rows:
        await session.execute(upsert(RoundMark).on_conflict_do_nothing(), rows)


async def set_nominations(
    session: AsyncSession, of: RelationshipRound, student_id: UUID, ids: list[UUID]
) -> None:
    """Let a student's nominations be these and no others."""
    await session.execute(
        delete(RoundNomination).where(
            RoundNomination.tenant_id == of.tenant_id,
            RoundNomination.round_id == of.id,
            RoundNomination.student_id == student_id,
            RoundNomination.adult_id.not_in(ids),
        )
    )
    rows = [
        {
            "tenant_id": of.tenant_id,
            "id": new_id(),
            "round_id": of.id,
            "student_id": student_id,
            "adult_id": one,
        }
        for one in ids
    ]
    if rows:
        await session.execute(upsert(RoundNomination).on_conflict_do_nothing(), rows)


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
    mark, other_mark = aliased(RoundMark), aliased(RoundMark)
    named, other_named = aliased(RoundNomination), aliased(RoundNomination)

    def of_student(answer: Any) -> Any:
        return (
            (answer.tenant_id == RoundStudent.tenant_id)
            & (answer.round_id == RoundStudent.round_id)
            & (answer.student_id == RoundStudent.student_id)
        )

    marked, nominated = exists().where(of_student(mark)), exists().where(of_student(named))
    marked_not_named = exists().where(
        of_student(other_mark),
        nominated,
        ~exists().where(of_student(other_named), other_named.adult_id == other_mark.adult_id),
    )
    third_named, third_mark = aliased(RoundNomination), aliased(RoundMark)
    named_not_marked = exists().where(
        of_student(third_named),
        ~exists().where(of_student(third_mark), third_mark.adult_id == third_named.adult_id),
    )
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
