"""Every SQL statement of pictures."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, case, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.core.db import Unit
from app.core.hotread import HotSelect
from app.domain.employer import EmployerStatus
from app.domain.opportunity import SHOWN_TO_STUDENTS
from app.domain.policy import Actor
from app.models import Employer, Image, Opportunity

# Whether students find what the picture is of: its addresses then work for as long as they do.
_SHOWN = case(
    (
        Image.opportunity_id.is_not(None),
        or_(*(Opportunity.status == status for status in sorted(SHOWN_TO_STUDENTS))),
    ),
    else_=Employer.status == EmployerStatus.VETTED,
).label("shown")


def _images(*columns: Any) -> Select[Any]:
    return (
        select(*columns, _SHOWN)
        .select_from(Image)
        .outerjoin(
            Opportunity,
            (Opportunity.tenant_id == Image.tenant_id) & (Opportunity.id == Image.opportunity_id),
        )
        .outerjoin(Employer, (Employer.tenant_id == Image.tenant_id) & (Employer.id == Image.employer_id))
    )


_COLUMNS = (Image.id, Image.alt, Image.width, Image.height, Image.created_at)


def _of(parent: Opportunity | Employer) -> ColumnElement[bool]:
    column = Image.opportunity_id if isinstance(parent, Opportunity) else Image.employer_id
    clause: ColumnElement[bool] = (Image.tenant_id == parent.tenant_id) & (column == parent.id)
    return clause


async def of(session: AsyncSession, parent: Opportunity | Employer) -> list[dict[str, Any]]:
    """Return the pictures of an opportunity or an employer, the first one first."""
    found = await session.execute(_images(*_COLUMNS).where(_of(parent)).order_by(Image.created_at, Image.id))
    return [dict(row) for row in found.mappings()]


async def first_of(
    session: AsyncSession, actor: Actor, opportunity_ids: Sequence[UUID]
) -> list[dict[str, Any]]:
    """Return the first picture of each of these opportunities that has one and that the caller may read."""
    found = await session.execute(
        _images(*_COLUMNS, Image.opportunity_id)
        .where(
            Image.tenant_id == actor.tenant_id,
            Image.opportunity_id.in_(opportunity_ids),
            allowed(actor, "opportunity.read", Opportunity),
        )
        .ext(distinct_on(Image.opportunity_id))
        .order_by(Image.opportunity_id, Image.created_at, Image.id)
    )
    return [dict(row) for row in found.mappings()]


async def sums(session: AsyncSession, parent: Opportunity | Employer) -> set[bytes]:
    """Return the checksums of the pictures of a locked parent."""
    return set(await session.scalars(select(Image.sha256).where(_of(parent))))


async def one_of(session: AsyncSession, parent: Opportunity | Employer, image_id: UUID) -> Image | None:
    """Return a picture of this parent, locked; None for any other."""
    found: Image | None = await session.scalar(
        select(Image).where(_of(parent), Image.id == image_id).with_for_update()
    )
    return found


_one = HotSelect()


def _by_id() -> Select[Any]:
    tenant, image = bindparam("tenant", type_=Uuid), bindparam("image", type_=Uuid)
    return _images(Image.id).where(Image.tenant_id == tenant, Image.id == image)


async def is_shown(unit: Unit, tenant_id: UUID, image_id: UUID) -> bool | None:
    """Say whether students find what a picture is of; None where there is no such picture."""
    rows = await _one.rows(unit, (), _by_id, {"tenant": tenant_id, "image": image_id})
    return bool(rows[0]["shown"]) if rows else None


async def known(session: AsyncSession, tenant_id: UUID, image_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these ids are pictures."""
    found = await session.scalars(
        select(Image.id).where(Image.tenant_id == tenant_id, Image.id == func.any(list(image_ids)))
    )
    return set(found)
