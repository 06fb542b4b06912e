"""What Kithwork makes of a file of programmes: employers by name, their places by address, and what is offered there."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.listing_file import Listing
from app.domain.listing_file.columns import plain_name
from app.domain.listing_file.more import COLUMN_OF
from app.domain.opportunity import Pay
from app.domain.opportunity_kind import FIRST_KINDS, Kind, age_for
from app.domain.opportunity_offer import ListingFacts

# How many students at a time, where the file does not say.
SEATS = 10
_MOST_SEATS = 10_000
_LONGEST_DESCRIPTION = 20_000

# The organisation of listings that name none; nobody can vet it, so what it offers stays a draft.
UNNAMED = "unnamed"
UNNAMED_NAMES = {"en": "Host not named yet", "es": "Anfitrión sin nombrar"}

# What an import writes of an opportunity, and so what tells whether a person edited it since.
WRITTEN = (
    "title",
    "description",
    "type",
    "clusters",
    "categories",
    "starts_on",
    "ends_on",
    "schedule",
    "minimum_age",
    "maximum_age",
    "remote",
    "pay",
    "seats",
)

# What only some files say beside, in the order of `listing_file.more`.
MORE = tuple(COLUMN_OF[name] for name in COLUMN_OF if name != "clusters")
# Column of a listing → the fields of a file of which one must have a column, or the file says nothing of it.
SAID_BY = {
    **{name: (name,) for name in WRITTEN},
    **{column: (name,) for name, column in COLUMN_OF.items()},
    "description": ("description", "url"),
    "categories": ("category_code", "category_name"),
    "clusters": ("clusters", "category_code", "category_name"),
    "pay": ("paid",),
}

_FACTS = (
    "type",
    "starts_on",
    "ends_on",
    "apply_by",
    "total_hours",
    "deliverable",
    "pay_cents_per_hour",
    "pay_cents_total",
    "hours_a_month",
    "minimum_age",
    "maximum_age",
)


@dataclass(frozen=True, slots=True)
class PlannedPlace:
    """A worksite: `key` is stable over files; columns by name."""

    key: str
    employer: str
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlannedOpportunity:
    """An opportunity by the keys of what it belongs to; `columns` are those of WRITTEN and what of MORE the file says."""

    key: str
    employer: str
    place: str | None
    columns: Mapping[str, Any]
    line: int


@dataclass(slots=True)
class ListingPlan:
    """Everything to store: employers' names by key, places and opportunities."""

    employers: dict[str, str] = field(default_factory=dict)
    places: dict[str, PlannedPlace] = field(default_factory=dict)
    opportunities: dict[str, PlannedOpportunity] = field(default_factory=dict)


def employer_key(name: str) -> str:
    """Reduce an organisation's name to what makes it the same one: letters and digits, whatever their case and accents."""
    return plain_name(name) or name.strip().casefold()


def plan_listings(
    listings: Sequence[Listing], locale: str, kinds: Mapping[str, Kind] = FIRST_KINDS
) -> ListingPlan:
    """Decide what the listings of a file become.

    `locale` names the organisation that is not named; `kinds` are the community's types: one of its own is known by its
    code, and nobody comes younger than a type lets them.
    """
    plan = ListingPlan()
    for listing in listings:
        if listing.organisation is None:
            employer = UNNAMED
            plan.employers.setdefault(UNNAMED, UNNAMED_NAMES.get(locale, UNNAMED_NAMES["en"]))
        else:
            employer = f"name:{employer_key(listing.organisation)}"
            plan.employers.setdefault(employer, listing.organisation)
        place = _place(employer, listing)
        if place is not None:
            plan.places.setdefault(place.key, place)
        key = listing.key
        if key in plan.opportunities and listing.listing_id is not None:
            # Two that were exported from elsewhere and say the same are two here as well.
            key = _digest([key, str(listing.listing_id)])
        columns = columns_of(listing)
        columns["type"] = type_of(listing, kinds)
        columns["minimum_age"] = age_for(kinds[columns["type"]], listing.minimum_age)
        plan.opportunities[key] = PlannedOpportunity(
            key, employer, None if place is None else place.key, columns, listing.lines[0]
        )
    return plan


def type_of(listing: Listing, kinds: Mapping[str, Kind]) -> str:
    """Return the type of a listing: one of the community's own by its code, or what its words speak of."""
    code = plain_name(listing.type_said).replace(" ", "_")
    return code if code in kinds else listing.type


def facts_of(planned: PlannedOpportunity) -> ListingFacts:
    """Return what a planned listing says, as far as its type can need it."""
    said = {name: planned.columns[name] for name in _FACTS if name in planned.columns}
    return ListingFacts(
        **said,
        pay=Pay(planned.columns["pay"]),
        has_timetable=bool(planned.columns.get("meets") or planned.columns["schedule"]),
        has_place=planned.columns["remote"] or planned.place is not None,
    )


def _place(employer: str, listing: Listing) -> PlannedPlace | None:
    parts = (listing.street, listing.city, listing.region, listing.postal_code)
    if not any(parts) and listing.coordinates is None:
        return None
    latitude, longitude = listing.coordinates or (None, None)
    # Where there is an address the coordinates are a property of it: they vary by a few metres from row to row.
    identity = [employer, *(plain_name(part or "") for part in parts)]
    if not any(parts):
        identity += [f"{latitude:.4f}", f"{longitude:.4f}"]
    name = next((part for part in parts if part), "") or f"{latitude:.4f}, {longitude:.4f}"
    return PlannedPlace(
        _digest(identity),
        employer,
        {
            "name": name,
            "street": listing.street,
            "city": listing.city,
            "region": listing.region,
            "postal_code": listing.postal_code,
            "latitude": latitude,
            "longitude": longitude,
        },
    )


def columns_of(listing: Listing) -> dict[str, Any]:
    """Return what a listing of a file says, by the columns of an opportunity."""
    description = listing.description
    if listing.url and listing.url not in description:
        description = f"{description}\n\n{listing.url}".strip()
    names = [name or code for code, name in listing.categories]
    return {
        "title": listing.title,
        "description": description[:_LONGEST_DESCRIPTION],
        "type": listing.type,
        "clusters": list(listing.clusters),
        "categories": list(dict.fromkeys(name for name in names if name)),
        "starts_on": listing.starts_on,
        "ends_on": listing.ends_on,
        "schedule": listing.schedule,
        "minimum_age": listing.minimum_age,
        "maximum_age": listing.maximum_age,
        "remote": listing.remote,
        "pay": listing.pay.value,
        "seats": min(listing.seats or SEATS, _MOST_SEATS),
        **listing.more,
    }


def content_hash(columns: Mapping[str, Any]) -> str:
    """Give a digest of what WRITTEN and MORE name; equal for a row as it was written and as it is read back.

    What is empty of MORE does not count: digests from before those columns hold.
    """
    said = [repr(_plain(columns[name])) for name in WRITTEN]
    more = [f"{name}={_plain(columns[name])!r}" for name in MORE if columns.get(name)]
    return _digest(said + more)


def said_of(fields: Collection[str]) -> frozenset[str]:
    """Return the columns of a listing that a file with these fields speaks of."""
    return frozenset(
        column for column, sources in SAID_BY.items() if any(source in fields for source in sources)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_plain(each) for each in value)
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return str(value) if isinstance(value, str) else value


def _digest(parts: Sequence[str]) -> str:
    digest = hashlib.blake2b(digest_size=20)
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return digest.hexdigest()
