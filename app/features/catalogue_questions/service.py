"""Making a question of a caller's filters: the lexemes to look for, and what is asked of each row beside them."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from app.core.problems import FieldError, Unprocessable
from app.domain.availability import WHOLE_WEEK, Grid, grid_bits
from app.domain.catalogue_rank import Order, Question, turn_of
from app.domain.policy import Actor, Scope, scopes
from app.domain.search_document import cells, from_ages, prefix, to_ages, weeks
from app.domain.travel import TravelMode, bounding_box, kilometres_within
from app.features.catalogue.schemas import CatalogueFilters, CatalogueSort
from app.features.catalogue_hits.schemas import Look, Reading
from app.features.catalogue_items.schemas import Viewer

_NEW_DAYS = 14
_ORDERS = {
    CatalogueSort.RELEVANCE: Order.NEWEST,
    CatalogueSort.NEWEST: Order.NEWEST,
    CatalogueSort.DEADLINE: Order.DEADLINE,
    CatalogueSort.DISTANCE: Order.DISTANCE,
}
_NOBODY = ("for:nobody",)


def mode_of(viewer: Viewer, filters: CatalogueFilters) -> TravelMode:
    """Return how the caller travels: as they ask, as they have said, or by public transport."""
    return filters.travel_mode or viewer.profile.travel_mode or TravelMode.TRANSIT


def everything(actor: Actor) -> Question:
    """Return the question of all that the caller may find; the policy decides again on every hit."""
    return Question(prefix=prefix(actor.tenant_id), shown_to=_shown_to(actor))


def look(
    viewer: Viewer, filters: CatalogueFilters, reading: Reading, now: datetime, day: date | None = None
) -> Look:
    """Return what is asked; raises Unprocessable for what would need to be known of the caller and is not.

    `day` is the one that the orders go by, where a list was begun on an earlier one.
    """
    day = day or now.date()
    near = viewer.profile.home if filters.latitude is None else (filters.latitude, filters.longitude)
    sort = filters.sort or CatalogueSort.RELEVANCE
    km = filters.within_km
    if filters.within_minutes is not None:
        km = kilometres_within(filters.within_minutes, mode_of(viewer, filters))
    if near is None and (km is not None or sort is CatalogueSort.DISTANCE):
        raise _needs("latitude", "from where? give latitude and longitude, or add your home to your profile")
    since = now - timedelta(days=_NEW_DAYS) if filters.new else None
    question = replace(
        everything(viewer.actor),
        words=reading.words,
        without=reading.without,
        facets=_facets(filters),
        others=tuple(_others(filters, near, km, since, now)),
    )
    return Look(
        tenant_id=viewer.actor.tenant_id,
        question=question,
        order=_ORDERS.get(sort, Order.NEWEST),
        today=day,
        now=now,
        tiered=sort is CatalogueSort.RELEVANCE,
        turn=turn_of(day),
        seats_free=filters.seats_free,
        busy=_busy(viewer) if filters.fits else None,
        since=since,
        near=near,  # type: ignore[arg-type] # both or neither, as the filters check
        within_km=km,
    )


def _shown_to(actor: Actor) -> tuple[str, ...]:
    """Return whose listings the caller may find, as filters."""
    found = scopes(actor, "opportunity.read")
    if found.keys() & {Scope.TENANT, Scope.GRANTED}:
        return ()
    names: list[str] = []
    for scope, roles in sorted(found.items()):
        if scope is Scope.CATALOGUE:
            names += ["for:everyone", *(f"for:{school.hex}" for school in actor.schools(roles))]
        elif scope is Scope.SCHOOL:
            names += [f"school:{school.hex}" for school in actor.schools(roles)]
        elif scope is Scope.HOSTED:
            names += [f"employer:{employer.hex}" for employer in actor.employers()]
        elif scope is Scope.OWN and actor.person_id is not None:
            names.append(f"owner:{actor.person_id.hex}")
    return tuple(dict.fromkeys(names)) or _NOBODY


def _facets(filters: CatalogueFilters) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if filters.type is not None:
        found["type"] = (f"type:{filters.type}",)
    if filters.cluster is not None:
        found["cluster"] = (f"cluster:{filters.cluster.value}",)
    if filters.skill is not None:
        found["skill"] = (f"skill:{filters.skill}",)
    if filters.pay is not None:
        found["pay"] = (f"pay:{filters.pay.value}",)
    if filters.paid is not None:
        found["pay"] = ("pay:paid", "pay:stipend") if filters.paid else ("pay:unpaid",)
    if filters.remote is not None:
        found["remote"] = (f"remote:{int(filters.remote)}",)
    return found


def _others(
    filters: CatalogueFilters,
    near: tuple[float | None, float | None] | None,
    km: float | None,
    since: datetime | None,
    now: datetime,
) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    if filters.employer_id is not None:
        found.append((f"employer:{filters.employer_id.hex}",))
    if filters.school_id is not None:
        found.append((f"school:{filters.school_id.hex}",))
    if filters.credit is not None:
        found.append((f"credit:{int(filters.credit)}",))
    if filters.step_free is not None:
        found.append((f"step_free:{int(filters.step_free)}",))
    if filters.age is not None:
        found += [tuple(from_ages(filters.age)), tuple(to_ages(filters.age))]
    if since is not None:
        found.append(tuple(weeks(since.date(), now.date())))
    if near is not None and near[0] is not None and near[1] is not None and km is not None:
        touched = cells(bounding_box(near[0], near[1], km))
        if touched is not None:
            found.append(tuple(touched))
    return found


def _busy(viewer: Viewer) -> str:
    free = viewer.profile.availability
    if free is None:
        raise _needs(
            "fits", "when are you free? add your week to your profile first; this filter is for students"
        )
    return grid_bits(Grid(WHOLE_WEEK & ~free))


def _needs(name: str, sentence: str) -> Unprocessable:
    spanish = {
        "latitude": "¿desde dónde? indica latitude y longitude, o agrega tu casa a tu perfil",
        "fits": "¿cuándo estás libre? agrega primero tu semana a tu perfil; este filtro es para estudiantes",
    }
    return Unprocessable(
        sentence,
        spanish=spanish[name],
        errors=[FieldError("not known of the caller", "unknown_of_caller", name=name)],
    )
