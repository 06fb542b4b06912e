"""Taking a file of programmes into the tenant: what is new is made, what changed is changed, what people edited stays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.bulk import insert_rows, update_rows
from app.core.events import SYSTEM
from app.core.ids import new_id
from app.domain.employer import TRANSITIONS as EMPLOYER_TRANSITIONS
from app.domain.employer import EmployerAction, EmployerStatus
from app.domain.errors import Refused
from app.domain.intake import Effect
from app.domain.lifecycle import next_status
from app.domain.listing_file import Fault, ListingFile, Notice
from app.domain.listing_plan import (
    SAID_BY,
    UNNAMED,
    ListingPlan,
    PlannedOpportunity,
    content_hash,
    employer_key,
    facts_of,
    plan_listings,
)
from app.domain.local_time import local_day
from app.domain.opportunity import (
    ENDED,
    TRANSITIONS,
    ConfirmedBy,
    OpportunityAction,
    OpportunityStatus,
    ended,
)
from app.domain.opportunity_kind import FIRST, Kind
from app.domain.opportunity_offer import check_complete, check_not_over
from app.features.listing_sheets import service as listing_sheets
from app.features.listing_sheets.service import Keeper
from app.features.listings import queries
from app.features.listings.queries import StoredOpportunity
from app.features.match_keys import service as match_keys
from app.features.opportunity_types import service as opportunity_types
from app.features.readiness import service as readiness
from app.features.search_index import service as search_index
from app.features.seats import service as seats
from app.models import Employer, Opportunity, Tenant, Worksite

Done = Callable[[int], None]
# So many documents of the search are written by one statement.
_DOCUMENTS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """What the importer chose; `owner_id` answers for what is made, and vets and publishes it when `publish` is set.

    `keeper` says what of the listings that are here already is theirs to change; `facts` go with the record of that.
    """

    publish: bool
    owner_id: UUID | None
    school_id: UUID | None
    keeper: Keeper = field(default_factory=lambda: Keeper(SYSTEM))
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Taken:
    """What storing a file did, by noun; the rows that were not taken after all, and remarks on rows that were."""

    effects: dict[str, Effect]
    refused: list[Fault]
    notices: list[Notice]


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
    session: AsyncSession, tenant_id: UUID, file: ListingFile, choices: Choices, done: Done
) -> Taken:
    """Store the listings of a file in this transaction. The same file again changes nothing."""
    tenant = await queries.tenant_of(session, tenant_id)
    back = await listing_sheets.take_back(session, tenant_id, file, choices.keeper, choices.facts)
    done(len(file.listings) - len(back.others))
    kinds = await opportunity_types.kinds_of(session, tenant_id)
    plan = plan_listings(back.others, tenant.locale, kinds)
    hosts, employers = await _employers(session, tenant_id, plan, choices)
    places, worksites = await _worksites(session, tenant, plan, hosts)
    today = local_day(clock.now(), tenant.zone)
    storing = _Storing(
        file, plan, hosts, places, choices, kinds, today, back.notices, back.refused, back.changed_ids
    )
    opportunities = await _opportunities(session, tenant_id, storing, done)
    for at in range(0, len(storing.changed_ids), _DOCUMENTS_AT_ONCE):
        some = storing.changed_ids[at : at + _DOCUMENTS_AT_ONCE]
        await search_index.refresh(session, tenant_id, some)
    opportunities.changed += back.effect.changed
    opportunities.unchanged += back.effect.unchanged
    opportunities.kept += back.effect.kept
    effects = {"employers": employers, "worksites": worksites, "opportunities": opportunities}
    return Taken(effects, back.refused, back.notices)


@dataclass(frozen=True, slots=True)
class _Storing:
    file: ListingFile
    plan: ListingPlan
    hosts: Mapping[str, _Host]
    places: Mapping[str, UUID]
    choices: Choices
    kinds: Mapping[str, Kind]
    today: date
    notices: list[Notice]
    refused: list[Fault]
    changed_ids: list[UUID]

    def notice(self, planned: PlannedOpportunity, code: str, **values: str) -> None:
        """Remark on the row that a listing stands in."""
        self.notices.append(Notice(self.file.file, planned.line, code, None, values))

    def refuse(self, planned: PlannedOpportunity, name: str, why: Refused) -> None:
        """Leave a listing as it is: name its row, the column that says `name`, and why."""
        cells = next(each.cells for each in self.file.listings if each.lines[0] == planned.line)
        values = {"reason": "", "reason_en": why.sentence, "reason_es": why.spanish}
        columns = self.file.mapping.columns
        column = next((columns[each] for each in SAID_BY.get(name, ()) if each in columns), None)
        self.refused.append(
            Fault(
                self.file.file,
                planned.line,
                "row_refused",
                column,
                values,
                end_line=planned.line,
                cells=cells,
            )
        )

    def may_publish(self, planned: PlannedOpportunity, status: OpportunityStatus) -> bool:
        """Say whether a draft is shown to students now; a remark says why one that should be is not.

        Students only ever see places that somebody vetted; a suspended employer stays suspended.
        """
        if not self.choices.publish or status is not OpportunityStatus.DRAFT:
            return False
        if self.hosts[planned.employer].status is not EmployerStatus.VETTED:
            return False
        facts = facts_of(planned)
        try:
            check_complete(self.kinds[planned.columns["type"]], facts)
            check_not_over(facts, self.today)
        except Refused as refused:
            self.notice(
                planned, "not_published", reason="", reason_en=refused.sentence, reason_es=refused.spanish
            )
            return False
        return True


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


async def _opportunities(session: AsyncSession, tenant_id: UUID, storing: _Storing, done: Done) -> Effect:
    stored = await queries.opportunities(session, tenant_id)
    refused = await seats.not_to_be_lowered(session, tenant_id, _lowered(stored, storing.plan))
    writing = _Writing()
    published: list[dict[str, Any]] = []
    effect = writing.effect
    for key, planned in storing.plan.opportunities.items():
        held = stored.get(key)
        if held is None:
            writing.new.append(_new(planned, storing))
            continue
        if not storing.choices.keeper.keeps(held.school_id):
            effect.kept += 1
            storing.notice(planned, "kept_elsewhere")
            continue
        if held.written_hash != content_hash(held.columns):
            effect.kept += 1
            storing.notice(planned, "listing_edited")
            continue
        if held.id in refused:
            storing.refuse(planned, "seats", refused[held.id])
            continue
        columns = planned.columns
        digest = content_hash({**held.columns, **columns})
        rises = storing.may_publish(planned, held.status)
        if digest != held.written_hash and held.status in ENDED:
            storing.refuse(planned, _first_other(columns, held.columns), ended(held.status))
            continue
        if digest != held.written_hash:
            number = _number(storing.kinds, columns["type"])
            writing.changed.append({"id": held.id, "external_hash": digest, "type_number": number, **columns})
        if rises:
            published.append({"id": held.id, **_publication(held.status)})
        effect.unchanged += digest == held.written_hash and not rises
    await update_rows(session, Opportunity, published)
    done(len(storing.plan.opportunities) - len(writing.new) - len(writing.changed))
    await _write(session, Opportunity, writing, done)
    changed = {row["id"] for row in (*writing.changed, *published)}
    shown = {row["id"] for row in writing.new if row["published_at"] is not None}
    storing.changed_ids.extend(sorted(changed | shown))
    effect.changed = len(changed)
    return effect


def _lowered(stored: Mapping[str, StoredOpportunity], plan: ListingPlan) -> dict[UUID, int]:
    """Return the seats that a file gives to each listing that has more of them."""
    said = {key: planned.columns["seats"] for key, planned in plan.opportunities.items()}
    return {
        stored[key].id: n for key, n in said.items() if key in stored and n < stored[key].columns["seats"]
    }


def _first_other(said: Mapping[str, Any], present: Mapping[str, Any]) -> str:
    """Return the first thing that a file says of a listing otherwise than the listing does."""
    return next((name for name in said if said[name] != present[name]), "title")


def _new(planned: PlannedOpportunity, storing: _Storing) -> dict[str, Any]:
    unpublished = {
        "status": OpportunityStatus.DRAFT,
        "published_at": None,
        "confirmed_at": None,
        "confirmed_by": None,
    }
    rises = storing.may_publish(planned, OpportunityStatus.DRAFT)
    return {
        "id": new_id(),
        "external_key": planned.key,
        "external_hash": content_hash(planned.columns),
        "employer_id": storing.hosts[planned.employer].id,
        "worksite_id": None if planned.place is None else storing.places[planned.place],
        "school_id": storing.choices.school_id,
        "owner_id": storing.choices.owner_id,
        "type_number": _number(storing.kinds, planned.columns["type"]),
        **planned.columns,
        **(_publication(OpportunityStatus.DRAFT) if rises else unpublished),
    }


def _number(kinds: Mapping[str, Kind], code: str) -> int | None:
    """Return the version of a kind as listings keep it: none for the first."""
    return None if kinds[code].number == FIRST else kinds[code].number


def _publication(status: OpportunityStatus) -> dict[str, Any]:
    for action in (OpportunityAction.SUBMIT, OpportunityAction.PUBLISH):
        status = next_status(TRANSITIONS, status, action)
    now = clock.now()
    return {"status": status, "published_at": now, "confirmed_at": now, "confirmed_by": ConfirmedBy.STAFF}


async def _write(
    session: AsyncSession, model: type[Any], writing: _Writing, done: Done | None = None
) -> Effect:
    await insert_rows(session, model, writing.new, done)
    await update_rows(session, model, writing.changed, done)
    writing.effect.created, writing.effect.changed = len(writing.new), len(writing.changed)
    return writing.effect
