"""Who speaks with an employer, and how often it may be asked: one owner, one budget, all schools together."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import record
from app.core.problems import Conflict, FieldError, Forbidden, Unprocessable
from app.domain.budget import AskKind
from app.domain.policy import Actor, Role
from app.features.budgets import service as budgets
from app.features.employer_asks import queries
from app.features.schools.service import school_is_open
from app.models import Employer


async def budget(session: AsyncSession, actor: Actor, employer_id: UUID) -> dict[str, Any]:
    """Return an employer's budget of this month, the staff's asks, and its owner."""
    await get(session, actor, "employer.read_budget", Employer, employer_id)
    now = clock.now()
    standing = await budgets.standing(session, tenant_id=actor.tenant_id, employer_id=employer_id, now=now)
    owner = await queries.owner_of(session, actor.tenant_id, employer_id)
    return {
        "employer_id": employer_id,
        "month": standing.month,
        "cap": standing.cap,
        "used": standing.used,
        "left": standing.left,
        "reopens_on": standing.reopens_on,
        "owner_id": owner and owner.id,
        "owner_name": owner and owner.name,
        "asks": await queries.asks_of(session, actor.tenant_id, employer_id, standing.month),
    }


async def ask(
    session: AsyncSession, actor: Actor, employer_id: UUID, school_id: UUID | None
) -> dict[str, Any]:
    """Book an ask before calling or writing to an employer, and return the budget after it.

    Raises Forbidden for those who are not the employer's owner, and Conflict when the month is used up.
    """
    employer = await get(session, actor, "employer.ask", Employer, employer_id)
    school_id = await _school(session, actor, school_id)
    owner = await queries.owner_of(session, actor.tenant_id, employer_id)
    if owner is not None and owner.id != actor.person_id and Role.DISTRICT_ADMIN not in actor.roles:
        raise Forbidden(
            f"{owner.name} speaks with this employer; ask them to pass it on, or to hand the employer over to you",
            spanish=f"{owner.name} habla con este empleador; pídale que lo transmita o que se lo ceda a usted",
            code="not_the_owner",
        )
    await queries.hold(session, actor.tenant_id, employer_id)
    await record(
        session,
        "employer.ask",
        actor=actor,
        subject=employer,
        school_id=school_id,
        facts={"kind": AskKind.OUTREACH_BY_STAFF.value},
    )
    now = clock.now()
    taken = await budgets.take(
        session,
        tenant_id=actor.tenant_id,
        employer_id=employer_id,
        kind=AskKind.OUTREACH_BY_STAFF,
        school_id=school_id,
        subject_id=None,
        now=now,
        asked_by_id=actor.person_id,
    )
    if not taken:
        standing = await budgets.standing(
            session, tenant_id=actor.tenant_id, employer_id=employer_id, now=now
        )
        raise _asked_enough(standing, owner)
    await session.flush()  # the ask is among those that the answer lists
    return await budget(session, actor, employer_id)


def _asked_enough(standing: budgets.Standing, owner: queries.Owner | None) -> Conflict:
    if standing.reopens_on is None:
        english, spanish = (
            "this employer does not want to be asked",
            "este empleador no desea que se le pregunte",
        )
    else:
        english = (
            f"this employer has been asked {standing.used} times this month, as often as it allows; "
            f"it may be asked again from {standing.reopens_on.isoformat()}"
        )
        spanish = (
            f"a este empleador ya se le preguntó {standing.used} veces este mes, el máximo que permite; "
            f"se le puede preguntar de nuevo desde el {standing.reopens_on.isoformat()}"
        )
    if owner is not None:
        english += f"; {owner.name} speaks with it"
        spanish += f"; quien habla con él es {owner.name}"
    return Conflict(english, spanish=spanish, code="asked_enough")


async def _school(session: AsyncSession, actor: Actor, wanted: UUID | None) -> UUID | None:
    mine = actor.schools({Role.COORDINATOR})
    if wanted is None:
        return mine[0] if len(mine) == 1 else None
    if wanted in mine:
        return wanted
    if Role.DISTRICT_ADMIN not in actor.roles:
        raise Forbidden(
            "you may do this only for a school where you hold the role",
            spanish="solo puede hacerlo en una escuela donde tenga ese rol",
            code="other_school",
        )
    if not await school_is_open(session, actor.tenant_id, wanted):
        raise Unprocessable(
            "choose a school of this community, or leave it out",
            spanish="elija una escuela de esta comunidad u omítala",
            errors=[FieldError("no such school", "unknown_school", pointer="/school_id")],
        )
    return wanted


async def assign(
    session: AsyncSession, actor: Actor, employer_id: UUID, person_id: UUID | None, version: int
) -> None:
    """Say who speaks with an employer from now on; there is one at a time, or nobody."""
    employer = await get(session, actor, "employer.assign", Employer, employer_id, lock=True)
    check_version(employer, version)
    if person_id is not None and not await queries.is_staff(session, actor.tenant_id, person_id):
        raise Unprocessable(
            "choose an advisor, a coordinator or an administrator of this community",
            spanish="elija a un docente asesor, un coordinador o un administrador de esta comunidad",
            errors=[FieldError("nobody on the staff has this id", "unknown_person", pointer="/person_id")],
        )
    employer.owner_id = person_id
    facts = {"owner_id": None if person_id is None else str(person_id)}
    await record(session, "employer.assign", actor=actor, subject=employer, facts=facts)
