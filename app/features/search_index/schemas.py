"""What documents of the search are made of."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID


class Shown(NamedTuple):
    """A listing that the catalogue shows, with its employer and its place."""

    id: UUID
    version: int
    title: str
    description: str
    deliverable: str | None
    schedule: str | None
    type: str
    type_number: int | None
    clusters: list[str]
    categories: list[str]
    fields: list[str]
    skills: list[str]
    tags: list[str]
    pay: str
    remote: bool
    credit: bool
    scope: str
    school_id: UUID | None
    employer_id: UUID
    owner_id: UUID | None
    employer_name: str
    minimum_age: int | None
    maximum_age: int | None
    seats_free: int
    meets: list[dict[str, str]]
    apply_by: date | None
    published_at: datetime
    worksite_name: str | None
    city: str | None
    latitude: float | None
    longitude: float | None
    step_free: bool


class KindNames(NamedTuple):
    """What a tenant calls a kind of opportunity now."""

    code: str
    name_en: str
    name_es: str


# The code of a kind and the number of the version that a listing was written under; None is the first.
Version = tuple[str, int | None]


class KindTerms(NamedTuple):
    """From what age a version of a kind is, and what it asks for."""

    minimum_age: int | None
    clearances: list[str]


Row = dict[str, Any]
