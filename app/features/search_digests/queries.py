"""Every SQL statement of the letters of saved searches."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.domain.opportunity import SHOWN_TO_STUDENTS
from app.domain.policy import Actor, Role, Standing
from app.models import Employer, Membership, Opportunity, Person, SavedSearch, Worksite

_NOBODY = UUID(int=0)


class Owner(NamedTuple):
    """Whose search it is: as they stand now, and whether they have a mailbox."""

    actor: Actor
    has_mailbox: bool


class Told(NamedTuple):
    """What a letter says of a listing."""

    title: str
    employer_name: str
    city: str | None


async def search(
    session: AsyncSession, tenant_id: UUID, search_id: UUID, *, lock: bool = False
) -> SavedSearch | None:
    """Return a saved search, if it is still there."""
    statement = select(SavedSearch).where(SavedSearch.tenant_id == tenant_id, SavedSearch.id == search_id)
    found: SavedSearch | None = await session.scalar(statement.with_for_update() if lock else statement)
    return found


async def told(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> list[Told]:
    """Return what a letter says of these listings, as far as its reader finds them now, in their order."""
    rows = await session.execute(
        select(Opportunity.id, Opportunity.title, Employer.name, Worksite.city)
        .join(
            Employer, (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id)
        )
        .outerjoin(
            Worksite, (Worksite.tenant_id == Opportunity.tenant_id) & (Worksite.id == Opportunity.worksite_id)
        )
        .where(
            allowed(actor, "opportunity.read", Opportunity),
            Opportunity.id == bindparam("ids", list(ids), type_=ARRAY(Uuid)).any_(),
            Opportunity.status.in_(sorted(SHOWN_TO_STUDENTS)),
        )
    )
    found = {row[0]: Told(*row[1:]) for row in rows}
    return [found[one] for one in ids if one in found]


async def owner(session: AsyncSession, tenant_id: UUID, person_id: UUID, today: date) -> Owner | None:
    """Return whose search it is, with what they are today; None for somebody who is not here any more."""
    person = (
        await session.execute(
            select(Person.locale, Person.email.is_not(None)).where(
                Person.tenant_id == tenant_id,
                Person.id == person_id,
                Person.enabled,
                Person.ended_at.is_(None),
            )
        )
    ).one_or_none()
    if person is None:
        return None
    held = await session.execute(
        select(Membership.role, Membership.school_id, Membership.employer_id).where(
            Membership.tenant_id == tenant_id,
            Membership.person_id == person_id,
            Membership.ended_at.is_(None),
            or_(Membership.begins_on.is_(None), Membership.begins_on <= today),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
        )
    )
    standings = tuple(Standing(Role(role), school, employer) for role, school, employer in held)
    locale, has_mailbox = person
    return Owner(Actor(tenant_id, _NOBODY, _NOBODY, person_id, locale, standings, by_link=True), has_mailbox)


async def stop_all_mails(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> None:
    """Let no saved search of a person come by mail any more."""
    await session.execute(
        update(SavedSearch)
        .where(SavedSearch.tenant_id == tenant_id, SavedSearch.person_id == person_id, SavedSearch.by_mail)
        .values(by_mail=False, version=SavedSearch.version + 1)
        .execution_options(synchronize_session=False)
    )
