"""What a file of programmes says, once read: the listings, and everything that was not taken or was changed."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.listing_file.columns import ColumnMapping
from app.domain.listing_file.faults import Fault, Notice
from app.domain.opportunity import Pay


@dataclass(slots=True)
class Listing:
    """One programme, merged from all rows that repeat it.

    `key` is a stable name of it (hex SHA-256 of its identity), so that the same file sent twice changes nothing. `categories`
    are (code, name) as in the file, in order; `clusters` the codes guessed from them. `type_guessed` is False where no word
    spoke of a type and the default was used, and `type_said` what the file calls it. `lines` are the first lines of all its
    rows. `more` holds what only some files say (apply_by, skills, tags, …), by column, for the columns that this file has.
    `listing_id` and `listing_state` stand in files that were exported from here: which listing, and what it said
    then; of these the `cells` of the first row are kept.
    """

    key: str
    title: str
    organisation: str | None
    description: str
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    coordinates: tuple[float, float] | None
    minimum_age: int | None
    maximum_age: int | None
    type: str
    type_guessed: bool
    seats: int | None
    starts_on: date | None
    ends_on: date | None
    url: str | None
    remote: bool
    pay: Pay
    schedule: str | None
    type_said: str = ""
    listing_id: UUID | None = None
    listing_state: str | None = None
    cells: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)
    categories: list[tuple[str | None, str | None]] = field(default_factory=list)
    clusters: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ListingFile:
    """A read file; `len(listings) + merged + len(rejected) == rows_read` always holds.

    `rows_read` counts every row below the column names, rows of empty cells included, lines without any character not.
    `notices` are about the whole file; those about a row are with its listing.
    """

    file: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    mapping: ColumnMapping
    rows_read: int
    merged: int
    listings: list[Listing]
    rejected: list[Fault]
    notices: list[Notice]
