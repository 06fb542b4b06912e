"""Every SQL statement of the letters of saved searches."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.opportunity import OPEN_TO_STUDENTS
from app.models import Employer, Opportunity, SavedSearch, Worksite


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


async def told(session: AsyncSession, tenant_id: UUID, ids: Sequence[UUID]) -> list[Told]:
    """Return what a letter says of these listings, as far as students still find them, in their order."""
    rows = await session.execute(
        select(Opportunity.id, Opportunity.title, Employer.name, Worksite.city)
        .join(
            Employer, (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id)
        )
        .outerjoin(
            Worksite, (Worksite.tenant_id == Opportunity.tenant_id) & (Worksite.id == Opportunity.worksite_id)
        )
        .where(
            Opportunity.tenant_id == tenant_id,
            Opportunity.id == bindparam("ids", list(ids), type_=ARRAY(Uuid)).any_(),
            Opportunity.status.in_(sorted(OPEN_TO_STUDENTS)),
        )
    )
    found = {row[0]: Told(*row[1:]) for row in rows}
    return [found[one] for one in ids if one in found]


async def stop_all_mails(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> None:
    """Let no saved search of a person come by mail any more."""
    await session.execute(
        update(SavedSearch)
        .where(SavedSearch.tenant_id == tenant_id, SavedSearch.person_id == person_id, SavedSearch.by_mail)
        .values(by_mail=False, version=SavedSearch.version + 1)
        .execution_options(synchronize_session=False)
    )
