"""Taking a file of programmes into the tenant: what is new is made, what changed is changed, what people edited stays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.bulk import insert_rows, update_rows
from app.core.ids import new_id
from app.domain.employer import TRANSITIONS as EMPLOYER_TRANSITIONS
from app.domain.employer import EmployerAction, EmployerStatus
from app.domain.intake import Effect
from app.domain.lifecycle import next_status
from app.domain.listing_file import Listing
from app.domain.listing_plan import (
    UNNAMED,
    ListingPlan,
    PlannedOpportunity,
    content_hash,
    employer_key,
    plan_listings,
)
from app.domain.opportunity import TRANSITIONS, OpportunityAction, OpportunityStatus
from app.features.listings import queries
from app.features.match_keys import service as match_keys
from app.features.readiness import service as readiness
from app.models import Employer, Opportunity, Tenant, Worksite

Done = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the importer chose; `owner_id` answers for what is made, and vets and publishes it when `publish` is set."""

    publish: bool
    owner_id: UUID | None
    school_id: UUID | None


@dataclass(slots=True)
class _Host:
    id: UUID
    status: EmployerStatus


@dataclass(slots=True)
class _Writing:
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    effect: Effect = field(default_factory=Effect)


async def take(
    session: AsyncSession, tenant_id: UUID, listings: list[Listing], choices: Choices, done: Done
) -> dict[str, Effect]:
    """Store the listings in this transaction and return what that did, by noun. The same file again changes nothing."""
    tenant = await queries.tenant_of(session, tenant_id)
    plan = plan_listings(listings, tenant.locale)
    hosts, employers = await _employers(session, tenant_id, plan, choices)
    places, worksites = await _worksites(session, tenant, plan, hosts)
    opportunities = await _opportunities(session, tenant_id, plan, hosts, places, choices, done)
    return {"employers": employers, "worksites": worksites, "opportunities": opportunities}


async def _employers(
    session: AsyncSession, tenant_id: UUID, plan: ListingPlan, choices: Choices
) -> tuple[dict[str, _Host], Effect]:
    by_key: dict[str, _Host] = {}
    by_name: dict[str, _Host] = {}
    for own, name, key, status in await queries.employers(session, tenant_id):
        host = _Host(own, status)
        if key is not None:
            by_key.setdefault(key, host)
        # An employer that people entered and the file names too is one employer, not two.
        by_name.setdefault(f"name:{employer_key(name)}", host)
    writing, hosts = _Writing(), {}
    note = "Vetted by the person who imported and published its listings."
    for key, name in plan.employers.items():
        found = by_key.get(key) or by_name.get(key)
        vet = choices.publish and key != UNNAMED
        if found is None:
            status = EmployerStatus.PROSPECT
            if vet:
                status = next_status(EMPLOYER_TRANSITIONS, status, EmployerAction.VET)
            found = _Host(new_id(), status)
            writing.new.append(
                {
                    "id": found.id,
                    "name": name,
                    "external_key": key,
                    "status": found.status,
                    "vetting_note": note if vet else None,
                }
            )
        elif vet and found.status is EmployerStatus.PROSPECT:
            found.status = next_status(EMPLOYER_TRANSITIONS, found.status, EmployerAction.VET)
            writing.changed.append({"id": found.id, "status": found.status, "vetting_note": note})
        else:
            writing.effect.unchanged += 1
        hosts[key] = found
    effect = await _write(session, Employer, writing)
    for row in writing.changed:
        # Connections that waited for their employer to be vetted become active now.
        await readiness.settle(session, tenant_id, employer_id=row["id"])
    return hosts, effect


async def _worksites(
    session: AsyncSession, tenant: Tenant, plan: ListingPlan, hosts: Mapping[str, _Host]
) -> tuple[dict[str, UUID], Effect]:
    places = await queries.worksites(session, tenant.id)
    writing = _Writing()
    for key, place in plan.places.items():
        if key in places:
            writing.effect.unchanged += 1
            continue
        places[key] = new_id()
        writing.new.append(
            {
                "id": places[key],
                "employer_id": hosts[place.employer].id,
                "external_key": key,
                "zone": tenant.zone,
                **place.columns,
            }
        )
    effect = await _write(session, Worksite, writing)
    # Where an employer is tells which other one it may be.
    await match_keys.unkey(session, tenant.id, sorted({row["employer_id"] for row in writing.new}))
    return places, effect


async def _opportunities(
    session: AsyncSession,
    tenant_id: UUID,
    plan: ListingPlan,
    hosts: Mapping[str, _Host],
    places: Mapping[str, UUID],
    choices: Choices,
    done: Done,
) -> Effect:
    stored = await queries.opportunities(session, tenant_id)
    writing = _Writing()
    published: list[dict[str, Any]] = []
    effect = writing.effect
    for key, planned in plan.opportunities.items():
        host = hosts[planned.employer]
        held = stored.get(key)
        if held is None:
            place = None if planned.place is None else places[planned.place]
            writing.new.append(_new(planned, host, place, choices))
            continue
        if held.written_hash != content_hash(held.columns):
            effect.kept += 1
            continue
        columns = {**planned.columns, "seats": max(planned.columns["seats"], held.seats_taken)}
        digest = content_hash(columns)
        rises = _may_publish(choices, host) and held.status is OpportunityStatus.DRAFT
        if digest != held.written_hash:
            writing.changed.append({"id": held.id, "external_hash": digest, **columns})
        if rises:
            published.append({"id": held.id, **_publication(held.status)})
        effect.unchanged += digest == held.written_hash and not rises
    await update_rows(session, Opportunity, published)
    done(effect.unchanged + effect.kept)
    await _write(session, Opportunity, writing, done)
    effect.changed = len({row["id"] for row in (*writing.changed, *published)})
    return effect


def _new(planned: PlannedOpportunity, host: _Host, place: UUID | None, choices: Choices) -> dict[str, Any]:
    unpublished = {"status": OpportunityStatus.DRAFT, "published_at": None, "confirmed_at": None}
    return {
        "id": new_id(),
        "external_key": planned.key,
        "external_hash": content_hash(planned.columns),
        "employer_id": host.id,
        "worksite_id": place,
        "school_id": choices.school_id,
        "owner_id": choices.owner_id,
        **planned.columns,
        **(_publication(OpportunityStatus.DRAFT) if _may_publish(choices, host) else unpublished),
    }


def _may_publish(choices: Choices, host: _Host) -> bool:
    """Students only ever see places that somebody vetted; a suspended employer stays suspended."""
    return choices.publish and host.status is EmployerStatus.VETTED


def _publication(status: OpportunityStatus) -> dict[str, Any]:
    for action in (OpportunityAction.SUBMIT, OpportunityAction.PUBLISH):
        status = next_status(TRANSITIONS, status, action)
    now = clock.now()
    return {"status": status, "published_at": now, "confirmed_at": now}


async def _write(
    session: AsyncSession, model: type[Any], writing: _Writing, done: Done | None = None
) -> Effect:
    await insert_rows(session, model, writing.new, done)
    await update_rows(session, model, writing.changed, done)
    writing.effect.created, writing.effect.changed = len(writing.new), len(writing.changed)
    return writing.effect
