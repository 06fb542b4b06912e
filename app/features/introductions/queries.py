"""Every SQL statement of introductions."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access import RowActions, allowed, verbs
from app.core.paging import Keyset
from app.domain.introduction import (
    OPEN,
    REVEALED,
    TRANSITIONS,
    IntroductionState,
    IntroductionStatus,
    what_student_sees,
)
from app.domain.policy import Actor, may_ever
from app.features.introductions.schemas import IntroductionFilters
from app.models import Connection, Contact, Employer, Introduction, Meeting, Person

VERBS = verbs("introduction", TRANSITIONS)
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))

NEWEST = Keyset("introductions by creation", Introduction.created_at, Introduction.id, descending=True)

_Contributor = aliased(Person)

_ITEM: tuple[Any, ...] = (
    Introduction.id,
    Introduction.status,
    Introduction.student_id,
    Person.given_name,
    Person.family_name,
    Introduction.school_id,
    Introduction.field,
    Introduction.goal,
    Introduction.wording,
    Introduction.decision_reason.label("reason"),
    Introduction.ends_at,
    Contact.given_name.label("contact_given_name"),
    Contact.family_name.label("contact_family_name"),
    Contact.job_title,
    Employer.name.label("employer_name"),
    func.concat(_Contributor.given_name, " ", _Contributor.family_name).label("contributor_name"),
    Connection.credit_wanted,
    Introduction.created_at,
    Introduction.version,
)


def _selected(actor: Actor, actions: RowActions) -> Select[Any]:
    progress = "introduction.read_progress"
    sees_progress: ColumnElement[bool] = (
        allowed(actor, progress, Introduction) if may_ever(actor, progress) else false()
    )
    tenant_id = Introduction.tenant_id
    return (
        select(*_ITEM, sees_progress.label("sees_progress"), *actions.columns)
        .join(Person, (Person.tenant_id == tenant_id) & (Person.id == Introduction.student_id))
        .outerjoin(
            # Names are joined once everyone has agreed, and not a moment before.
            Meeting,
            (Meeting.tenant_id == tenant_id)
            & (Meeting.introduction_id == Introduction.id)
            & Introduction.status.in_(REVEALED),
        )
        .outerjoin(Contact, (Contact.tenant_id == tenant_id) & (Contact.id == Meeting.contact_id))
        .outerjoin(Employer, (Employer.tenant_id == tenant_id) & (Employer.id == Meeting.employer_id))
        .outerjoin(
            _Contributor, (_Contributor.tenant_id == tenant_id) & (_Contributor.id == Meeting.contributor_id)
        )
        .outerjoin(Connection, (Connection.tenant_id == tenant_id) & (Connection.id == Meeting.connection_id))
        .where(allowed(actor, "introduction.read", Introduction))
    )


def _finish(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    status: IntroductionStatus = row.pop("status")
    sees_progress = row.pop("sees_progress")
    row["state"] = what_student_sees(status).value
    row["status"] = status.value if sees_progress else None
    row["wording"] = row["wording"] if sees_progress else None
    row["student"] = {
        "id": row.pop("student_id"),
        "given_name": row.pop("given_name"),
        "family_name": row.pop("family_name"),
    }
    names = (row.pop("contact_given_name"), row.pop("contact_family_name"))
    credit_wanted = row.pop("credit_wanted")
    meeting = {
        "contact_name": " ".join(name for name in names if name) or None,
        "job_title": row.pop("job_title"),
        "employer_name": row.pop("employer_name"),
        "contributor_name": row.pop("contributor_name"),
    }
    if not (credit_wanted or sees_progress):
        meeting["contributor_name"] = None
    row["meeting"] = meeting if status in REVEALED else None
    row["allowed_actions"] = actions.take(row, VERBS[status.value])
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: IntroductionFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 introductions the caller may read, newest first, behind `after`."""
    actions = RowActions(actor, Introduction, _ACTIONS)
    statement = _selected(actor, actions)
    if filters.state is not None:
        statement = statement.where(Introduction.status.in_(_statuses(filters.state)))
    if filters.approved is not None:
        approved = Introduction.ends_at.is_not(None)
        statement = statement.where(approved if filters.approved else ~approved)
    if filters.student_id is not None:
        statement = statement.where(Introduction.student_id == filters.student_id)
    if filters.school_id is not None:
        statement = statement.where(Introduction.school_id == filters.school_id)
    if after is not None:
        statement = statement.where(NEWEST.after())
    found = await session.execute(NEWEST.order(statement).limit(filters.limit + 1), NEWEST.binds(after or []))
    return [_finish(dict(row), actions) for row in found.mappings()]


async def view(session: AsyncSession, actor: Actor, introduction_id: UUID) -> dict[str, Any] | None:
    """Return one introduction as the caller may see it, or None."""
    actions = RowActions(actor, Introduction, _ACTIONS)
    statement = _selected(actor, actions).where(Introduction.id == introduction_id)
    found = (await session.execute(statement)).mappings().one_or_none()
    return None if found is None else _finish(dict(found), actions)


def _statuses(state: IntroductionState) -> list[IntroductionStatus]:
    return [status for status in IntroductionStatus if what_student_sees(status) is state]


async def open_fields(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> list[str]:
    """Return the fields of a student's open requests; others of this student wait for this transaction."""
    await session.execute(
        select(
            func.pg_advisory_xact_lock(func.hashtextextended(f"introductions {tenant_id} {student_id}", 0))
        )
    )
    found = await session.scalars(
        select(Introduction.field).where(
            Introduction.tenant_id == tenant_id,
            Introduction.student_id == student_id,
            Introduction.status.in_(OPEN),
        )
    )
    return list(found)


async def names_of(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> list[str]:
    """Return the names by which a text could give a person away: all of them, and the first of each."""
    row = (
        await session.execute(
            select(Person.given_name, Person.family_name).where(
                Person.tenant_id == tenant_id, Person.id == person_id
            )
        )
    ).one()
    return [name for full in row for name in dict.fromkeys((full, full.partition(" ")[0])) if name]


async def lock(session: AsyncSession, introduction: Introduction) -> None:
    """Read an introduction again under its row lock."""
    await session.refresh(introduction, with_for_update=True)
