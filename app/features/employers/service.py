"""What people do with employers and worksites: load, decide, change, record."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get, was_merged
from app.core import clock
from app.core.events import record
from app.core.problems import FieldError, NotFound, Unprocessable
from app.domain.employer import TRANSITIONS, EmployerAction, EmployerStatus
from app.domain.free_text import check_reason
from app.domain.lifecycle import next_status
from app.domain.policy import Actor
from app.features.budgets import service as budgets
from app.features.employers import queries
from app.features.employers.schemas import EmployerIn, EmployerPatch, WorksiteIn, WorksitePatch
from app.features.match_keys import service as match_keys
from app.features.opportunities import service as opportunities
from app.features.readiness import service as readiness
from app.features.schools.service import zone_of_tenant
from app.features.search_index import service as search_index
from app.models import Employer, Worksite

# What an employer is compared by with others.
_COMPARED = {"name", "phone", "website"}
_UNTOLD = "students should not go to this employer now"


async def view(session: AsyncSession, actor: Actor, employer_id: UUID) -> dict[str, Any]:
    """Return one employer as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, employer_id)
    if found is None:
        standing = await queries.standing_for(session, actor, employer_id)
        if standing is not None:
            raise was_merged(standing)
        raise NotFound(
            "there is no employer here with this id that you may see",
            spanish="no existe aquí ningún empleador con ese id que usted pueda ver",
        )
    return found


async def view_worksite(session: AsyncSession, actor: Actor, worksite_id: UUID) -> dict[str, Any]:
    """Return one worksite as the caller may see it; raises NotFound."""
    found = await queries.worksite(session, actor, worksite_id)
    if found is None:
        raise NotFound(
            "there is no worksite here with this id that you may see",
            spanish="no existe aquí ningún lugar de trabajo con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: EmployerIn) -> UUID:
    """Note a new employer, to be vetted."""
    employer = Employer(tenant_id=actor.tenant_id, **body.model_dump())
    session.add(employer)
    await record(session, "employer.create", actor=actor, subject=employer)
    match_keys.employer_changed(session, actor.tenant_id, employer.id)
    return employer.id


async def find_or_note(session: AsyncSession, actor: Actor, name: str, place: dict[str, str]) -> UUID:
    """Return the employer of this name, however it is written, or note a prospect: anyone may name a workplace.

    `place` (street, city, region, postal_code) becomes the worksite of a new prospect; a known employer keeps
    its own.
    """
    known = await queries.named(session, actor.tenant_id, name)
    if known is not None:
        return known
    employer = Employer(tenant_id=actor.tenant_id, name=name)
    session.add(employer)
    await record(session, "employer.create", actor=actor, subject=employer)
    if place:
        zone = await zone_of_tenant(session, actor.tenant_id)
        site = Worksite(tenant_id=actor.tenant_id, employer_id=employer.id, name=name, zone=zone, **place)
        session.add(site)
        await record(session, "worksite.create", actor=actor, subject=site)
    match_keys.employer_changed(session, actor.tenant_id, employer.id)
    return employer.id


async def change(
    session: AsyncSession, actor: Actor, employer_id: UUID, body: EmployerPatch, version: int
) -> None:
    """Change what is said of an employer."""
    employer = await get(session, actor, "employer.update", Employer, employer_id, lock=True)
    check_version(employer, version)
    changes = body.model_dump(exclude_unset=True)
    for name in ("name", "monthly_contact_cap"):
        if changes.get(name, ...) is None:
            raise Unprocessable(
                f"give {name} a value, or leave it out to keep the present one",
                spanish=f"dé un valor a {name} u omítalo para conservar el actual",
                errors=[FieldError("may not be null", "null", pointer=f"/{name}")],
            )
    raised = changes.get("monthly_contact_cap", 0) > employer.monthly_contact_cap
    for name, value in changes.items():
        setattr(employer, name, value)
    if raised:
        await budgets.cap_was_raised(
            session, tenant_id=actor.tenant_id, employer_id=employer_id, now=clock.now()
        )
    await record(session, "employer.update", actor=actor, subject=employer)
    if changes.keys() & _COMPARED:
        match_keys.employer_changed(session, actor.tenant_id, employer.id)
    if "name" in changes:
        listings = await queries.shown_of(session, actor.tenant_id, employer.id)
        await search_index.refresh(session, actor.tenant_id, listings)


async def act(
    session: AsyncSession,
    actor: Actor,
    action: EmployerAction,
    employer_id: UUID,
    version: int,
    reason: str | None,
) -> None:
    """Move an employer along its life; what leads to it starts or rests with it."""
    name = f"employer.{action.value}"
    employer = await get(session, actor, name, Employer, employer_id, lock=True)
    check_version(employer, version)
    check_reason(reason)
    employer.status = next_status(TRANSITIONS, employer.status, action)
    if action is EmployerAction.VET:
        employer.vetting_note = reason
    # The vetting note is in the row, where it can be corrected; an event's reason stays for ever.
    told = None if action is EmployerAction.VET else reason
    await record(session, name, actor=actor, subject=employer, reason=told)
    if employer.status is not EmployerStatus.VETTED:
        await opportunities.pause_all_of(
            session, actor, actor.tenant_id, reason or _UNTOLD, employer_id=employer_id
        )
    await readiness.settle(session, actor.tenant_id, employer_id=employer_id)


async def add_worksite(session: AsyncSession, actor: Actor, employer_id: UUID, body: WorksiteIn) -> UUID:
    """Add a place to an employer."""
    await get(session, actor, "employer.read", Employer, employer_id)
    values = body.model_dump()
    values["zone"] = values["zone"] or await zone_of_tenant(session, actor.tenant_id)
    site = Worksite(tenant_id=actor.tenant_id, employer_id=employer_id, **values)
    session.add(site)
    await record(session, "worksite.create", actor=actor, subject=site)
    match_keys.employer_changed(session, actor.tenant_id, employer_id)
    return site.id


async def change_worksite(
    session: AsyncSession, actor: Actor, worksite_id: UUID, body: WorksitePatch, version: int
) -> None:
    """Change what is said of a worksite; raises Unprocessable for half a place on the map."""
    site = await get(session, actor, "worksite.update", Worksite, worksite_id, lock=True)
    check_version(site, version)
    changes = body.model_dump(exclude_unset=True)
    for name in ("name", "zone", "access_step_free", "access_sensory", "access_transit"):
        if changes.get(name, ...) is None:
            raise Unprocessable(
                f"give {name} a value, or leave it out to keep the present one",
                spanish=f"dé un valor a {name} u omítalo para conservar el actual",
                errors=[FieldError("may not be null", "null", pointer=f"/{name}")],
            )
    for name, value in changes.items():
        setattr(site, name, value)
    if (site.latitude is None) != (site.longitude is None):
        missing = "/latitude" if site.latitude is None else "/longitude"
        raise Unprocessable(
            "give both latitude and longitude, or neither",
            spanish="indique la latitud y la longitud, o ninguna de las dos",
            errors=[FieldError("half a place", "half_a_place", pointer=missing)],
        )
    await record(session, "worksite.update", actor=actor, subject=site)
    match_keys.employer_changed(session, actor.tenant_id, site.employer_id)
    listings = await queries.shown_of(session, actor.tenant_id, site.employer_id)
    await search_index.refresh(session, actor.tenant_id, listings)
