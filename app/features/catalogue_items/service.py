"""Telling listings to whoever looks: marks, snippets, distances, and for students what they may not take yet, and why."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.core.db import Unit
from app.domain.availability import fits
from app.domain.catalogue_barriers import Offered, Seeker, barriers
from app.domain.opportunity import OpportunityStatus
from app.domain.policy import Actor, Role
from app.domain.reserve import Kept, free
from app.domain.snippets import marks, may_match, snippet
from app.domain.travel import TravelMode, about_minutes, kilometres
from app.features.catalogue_items import queries
from app.features.catalogue_items.schemas import Viewer
from app.features.search_index import service as search_index
from app.features.search_index.schemas import KindTerms
from app.features.student_profiles import service as student_profiles

Row = dict[str, Any]
# What is told of a listing beside what it says itself, where nothing was searched for.
_PLAIN: Row = {
    "title_marks": [],
    "snippet": None,
    "distance_km": None,
    "about_minutes": None,
    "fits_timetable": None,
    "hidden_gem": False,
    "barriers": [],
}


async def viewer_of(unit: Unit, actor: Actor) -> Viewer:
    """Return what is known of whoever looks."""
    if Role.STUDENT not in actor.roles or actor.person_id is None:
        return Viewer(actor)
    profile = await student_profiles.of(unit, actor.tenant_id, actor.person_id)
    born_on, groups = await queries.student(unit, actor.tenant_id, actor.person_id)
    seeker = Seeker(born_on, actor.schools([Role.STUDENT]), groups, profile.availability)
    return Viewer(actor, profile, seeker)


def plainly(rows: Sequence[Row]) -> list[Row]:
    """Tell listings as they are."""
    return [row | _PLAIN for row in rows]


async def tell(
    unit: Unit,
    viewer: Viewer,
    found: Sequence[tuple[Row, bool]],
    wanted: frozenset[str],
    *,
    near: tuple[float, float] | None,
    mode: TravelMode,
    today: date,
    language: str,
) -> list[Row]:
    """Tell hits, each with whether it is a hidden gem; `wanted` are the stems that were looked for."""
    rows = [row for row, _ in found]
    said = await _marked(unit, rows, wanted)
    stood = await _barriers(unit, viewer, rows, today, language)
    told = []
    for (row, gem), matched, reasons in zip(found, said, stood, strict=True):
        item = row | _PLAIN | matched | {"hidden_gem": gem, "barriers": reasons}
        del item["text"], item["clearances"], item["type_number"]
        if near is not None and row["latitude"] is not None:
            km = kilometres(*near, row["latitude"], row["longitude"])
            item["distance_km"], item["about_minutes"] = round(km, 1), about_minutes(km, mode)
        item["fits_timetable"] = fits(viewer.profile.availability, row["meets"])
        told.append(item)
    return told


async def _marked(unit: Unit, rows: Sequence[Row], wanted: frozenset[str]) -> list[Row]:
    if not wanted:
        return [{} for _ in rows]
    words = may_match((text for row in rows for text in (row["title"], row["text"])), wanted)
    stems = await search_index.stems_for(unit, words)
    found = []
    for row in rows:
        piece = snippet(row["text"], wanted, stems)
        found.append(
            {
                "title_marks": marks(row["title"], wanted, stems),
                "snippet": None if piece is None else {"text": piece.text, "marks": piece.marks},
            }
        )
    return found


async def _barriers(
    unit: Unit, viewer: Viewer, rows: Sequence[Row], today: date, language: str
) -> list[list[Row]]:
    if viewer.seeker is None or not rows:
        return [[] for _ in rows]
    tenant_id = viewer.actor.tenant_id
    terms = await search_index.terms_in(unit, tenant_id, {(row["type"], row["type_number"]) for row in rows})
    kept = await queries.reserves(unit, tenant_id, [row["id"] for row in rows], today)
    return [
        _of(
            row,
            viewer.seeker,
            terms[row["type"], row["type_number"]],
            kept.get(row["id"], []),
            today,
            language,
        )
        for row in rows
    ]


def _of(
    row: Row, seeker: Seeker, terms: KindTerms, kept: Sequence[Kept], today: date, language: str
) -> list[Row]:
    ages = [age for age in (row["minimum_age"], terms.minimum_age) if age is not None]
    offered = Offered(
        minimum_age=max(ages, default=None),
        maximum_age=row["maximum_age"],
        clearances=list(dict.fromkeys([*terms.clearances, *row["clearances"]])),
        meets=row["meets"],
        seats=free(row["seats"], row["seats"] - row["seats_free"], kept, today),
        apply_by=row["apply_by"],
        next_available_on=row["next_available_on"],
        starts_on=row["starts_on"],
        being_reconfirmed=row["status"] == OpportunityStatus.STALE,
    )
    return [
        {
            "code": barrier.code,
            "detail": barrier.sentence.in_language(language),
            "opens_on": barrier.opens_on,
            "clearances": list(barrier.clearances),
        }
        for barrier in barriers(offered, seeker, today)
    ]
