"""Every SQL statement of duplicates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.core.paging import Keyset
from app.domain.contact import standing
from app.domain.duplicates.lives import TRANSITIONS, DuplicateKind, DuplicateStatus, ScanStatus
from app.domain.policy import Actor, Role
from app.features.duplicates.schemas import DuplicateFilters
from app.models import Connection, Contact, DuplicatePair, DuplicateScan, Employer, Worksite

VERBS = verbs("duplicate", TRANSITIONS)
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))
SUREST = Keyset("duplicates by score", DuplicatePair.score, DuplicatePair.id, descending=True)


def _stand_alone() -> ColumnElement[bool]:
    """Keep the pairs of which neither side was merged into something else; those of the kept one say it all."""
    gone = [
        select(model.id)
        .where(
            model.tenant_id == DuplicatePair.tenant_id,
            or_(model.id == DuplicatePair.left_id, model.id == DuplicatePair.right_id),
            model.merged_into_id.is_not(None),
        )
        .correlate(DuplicatePair)
        .exists()
        for model in (Employer, Contact)
    ]
    return ~or_(*gone)


async def page(
    session: AsyncSession, actor: Actor, filters: DuplicateFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 pairs the caller may read, the surest first, behind `after`."""
    actions = RowActions(actor, DuplicatePair, _ACTIONS)
    status = filters.status or DuplicateStatus.SUGGESTED
    statement = select(DuplicatePair, *actions.columns).where(
        allowed(actor, "duplicate.read", DuplicatePair), DuplicatePair.status == status
    )
    if filters.kind is not None:
        statement = statement.where(DuplicatePair.kind == filters.kind)
    if status is DuplicateStatus.SUGGESTED:
        statement = statement.where(_stand_alone())
    found = (await session.execute(SUREST.cut(statement, after, filters.limit))).mappings()
    return await _shown(session, actor, [dict(row) for row in found], actions)


async def view(session: AsyncSession, actor: Actor, pair_id: UUID) -> dict[str, Any] | None:
    """Return one pair as the caller may see it, or None."""
    actions = RowActions(actor, DuplicatePair, _ACTIONS)
    statement = select(DuplicatePair, *actions.columns).where(
        DuplicatePair.id == pair_id, allowed(actor, "duplicate.read", DuplicatePair)
    )
    found = (await session.execute(statement)).mappings().one_or_none()
    if found is None:
        return None
    (shown,) = await _shown(session, actor, [dict(found)], actions)
    return shown


async def _shown(
    session: AsyncSession, actor: Actor, rows: list[dict[str, Any]], actions: RowActions
) -> list[dict[str, Any]]:
    pairs: list[DuplicatePair] = [row.pop("DuplicatePair") for row in rows]
    ids = {
        kind: [each for pair in pairs if pair.kind is kind for each in (pair.left_id, pair.right_id)]
        for kind in DuplicateKind
    }
    sides = await _employers(session, actor, ids[DuplicateKind.EMPLOYER])
    sides |= await _contacts(session, actor, ids[DuplicateKind.CONTACT])
    return [
        {
            "id": pair.id,
            "kind": pair.kind.value,
            "status": pair.status.value,
            "score": pair.score,
            "reasons": pair.reasons,
            "left": sides[pair.left_id],
            "right": sides[pair.right_id],
            "created_at": pair.created_at,
            "version": pair.version,
            "allowed_actions": actions.take(row, VERBS[pair.status.value]),
        }
        for row, pair in zip(rows, pairs, strict=True)
    ]


_NOTHING: dict[str, Any] = dict.fromkeys(
    (
        "name",
        "naics",
        "website",
        "given_name",
        "family_name",
        "email",
        "phone",
        "job_title",
        "employer_id",
        "employer_name",
        "school_id",
    )
)


async def _counts(session: AsyncSession, actor: Actor, column: Any, ids: Sequence[UUID]) -> dict[UUID, int]:
    found = await session.execute(
        select(column, func.count())
        .where(Connection.tenant_id == actor.tenant_id, column.in_(ids))
        .group_by(column)
    )
    return {row[0]: row[1] for row in found}


async def _employers(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    if not ids:
        return {}
    counts = await _counts(session, actor, Connection.employer_id, ids)
    places: dict[UUID, list[dict[str, Any]]] = {}
    sites = (
        select(Worksite.employer_id, Worksite.street, Worksite.city, Worksite.postal_code)
        .where(Worksite.tenant_id == actor.tenant_id, Worksite.employer_id.in_(ids))
        .order_by(Worksite.id)
    )
    for employer_id, street, city, postal_code in await session.execute(sites):
        places.setdefault(employer_id, []).append(
            {"street": street, "city": city, "postal_code": postal_code}
        )
    columns = (Employer.id, Employer.status, Employer.name, Employer.naics, Employer.website, Employer.phone)
    found = await session.execute(
        select(*columns).where(Employer.tenant_id == actor.tenant_id, Employer.id.in_(ids))
    )
    return {
        row["id"]: {
            **_NOTHING,
            **row,
            "status": row["status"].value,
            "places": places.get(row["id"], []),
            "connections": counts.get(row["id"], 0),
        }
        for row in map(dict, found.mappings())
    }


async def _contacts(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    if not ids:
        return {}
    counts = await _counts(session, actor, Connection.contact_id, ids)
    found = await session.execute(
        select(
            Contact.id,
            Contact.status,
            Contact.given_name,
            Contact.family_name,
            Contact.email,
            Contact.phone,
            Contact.job_title,
            Contact.employer_id,
            Employer.name.label("employer_name"),
            Contact.school_id,
        )
        .outerjoin(Employer, (Employer.tenant_id == Contact.tenant_id) & (Employer.id == Contact.employer_id))
        .where(Contact.tenant_id == actor.tenant_id, Contact.id.in_(ids))
    )
    hidden = {} if Role.COORDINATOR in actor.roles else {"email": None, "phone": None}
    return {
        row["id"]: {
            **_NOTHING,
            **row,
            **hidden,
            "status": standing(row["status"]).value,
            "places": [],
            "connections": counts.get(row["id"], 0),
        }
        for row in map(dict, found.mappings())
    }


async def scan(session: AsyncSession, actor: Actor, scan_id: UUID) -> DuplicateScan | None:
    """Return a search the caller may read, or None."""
    found: DuplicateScan | None = await session.scalar(
        select(DuplicateScan).where(
            DuplicateScan.id == scan_id, allowed(actor, "duplicate_scan.read", DuplicateScan)
        )
    )
    return found


async def under_way(session: AsyncSession, tenant_id: UUID) -> DuplicateScan | None:
    """Return the search that waits or runs, if there is one; two who ask at once are let in one after the other."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"duplicate scan {tenant_id}", 0)))
    )
    found: DuplicateScan | None = await session.scalar(
        select(DuplicateScan).where(
            DuplicateScan.tenant_id == tenant_id,
            DuplicateScan.status.in_((ScanStatus.WAITING, ScanStatus.RUNNING)),
        )
    )
    return found


async def locked_scan(session: AsyncSession, tenant_id: UUID, scan_id: UUID) -> DuplicateScan | None:
    """Return a search as it is now, locked."""
    found: DuplicateScan | None = await session.scalar(
        select(DuplicateScan)
        .where(DuplicateScan.tenant_id == tenant_id, DuplicateScan.id == scan_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def stranded(session: AsyncSession, tenant_id: UUID, before: datetime) -> list[UUID]:
    """Return searches that nobody has worked on since `before`."""
    found = await session.scalars(
        select(DuplicateScan.id).where(
            DuplicateScan.tenant_id == tenant_id,
            DuplicateScan.status.in_((ScanStatus.WAITING, ScanStatus.RUNNING)),
            DuplicateScan.updated_at < before,
        )
    )
    return list(found)
