"""What Kithwork makes of a file of programmes: employers by name, their places by address, and what is offered there."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.listing_file import Listing
from app.domain.listing_file.columns import plain_name

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


@dataclass(frozen=True, slots=True)
class PlannedPlace:
    """A worksite: `key` is stable over files; columns by name."""

    key: str
    employer: str
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlannedOpportunity:
    """An opportunity by the keys of what it belongs to; `columns` are those of WRITTEN."""

    key: str
    employer: str
    place: str | None
    columns: Mapping[str, Any]


@dataclass(slots=True)
class ListingPlan:
    """Everything to store: employers' names by key, places and opportunities."""

    employers: dict[str, str] = field(default_factory=dict)
    places: dict[str, PlannedPlace] = field(default_factory=dict)
    opportunities: dict[str, PlannedOpportunity] = field(default_factory=dict)


def employer_key(name: str) -> str:
    """Reduce an organisation's name to what makes it the same one: letters and digits, whatever their case and accents."""
    return plain_name(name) or name.strip().casefold()


def plan_listings(listings: Sequence[Listing], locale: str) -> ListingPlan:
    """Decide what the listings of a file become; `locale` names the organisation that is not named."""
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
        plan.opportunities[listing.key] = PlannedOpportunity(
            listing.key, employer, None if place is None else place.key, _columns(listing)
        )
    return plan


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


def _columns(listing: Listing) -> dict[str, Any]:
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
    }


def content_hash(columns: Mapping[str, Any]) -> str:
    """Give a digest of what WRITTEN names; equal for a row as it was written and as it is read back."""
    return _digest([repr(_plain(columns[name])) for name in WRITTEN])


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else (str(value) if isinstance(value, str) else value)


def _digest(parts: Sequence[str]) -> str:
    digest = hashlib.blake2b(digest_size=20)
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return digest.hexdigest()
