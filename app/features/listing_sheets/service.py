"""Listings as a sheet: written for a spreadsheet program, and taken back from one."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import Unit
from app.core.events import Author, record
from app.core.jobs import provisionally
from app.core.problems import AppError
from app.domain.errors import Refused
from app.domain.intake import Effect
from app.domain.listing_file import Fault, Listing, ListingFile, Notice, exporting, read_listings
from app.domain.listing_file.columns import plain_name
from app.domain.listing_plan import (
    MORE,
    SAID_BY,
    WRITTEN,
    columns_of,
    content_hash,
    employer_key,
    said_of,
    type_of,
)
from app.domain.opportunity import ENDED, OpportunityStatus
from app.domain.opportunity_kind import Kind
from app.features.listing_sheets import queries
from app.features.offers import service as offers
from app.features.opportunity_types import service as opportunity_types
from app.features.seats import service as seats
from app.models import Opportunity

_PLACE = ("street", "city", "region", "postal_code")
# Why a row is refused: the code, the column and the values of its fault.
_Why = tuple[str, str | None, dict[str, str]]
_SHOWN = {OpportunityStatus.PUBLISHED, OpportunityStatus.STALE, OpportunityStatus.PAUSED}


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who brings a sheet back, and whose listings they keep: those of `schools`, or everybody's where that is None.

    `may_change` is false for a machine, which may send listings and not change what people keep.
    """

    author: Author | str
    schools: Collection[UUID] | None = None
    may_change: bool = True

    def keeps(self, school_id: UUID | None) -> bool:
        """Say whether a listing of this school, or of none, is theirs to keep."""
        return self.schools is None or school_id in self.schools


@dataclass(slots=True)
class TakenBack:
    """What came of the rows that were exported from here; `others` are the listings that were not."""

    others: list[Listing]
    effect: Effect = field(default_factory=Effect)
    refused: list[Fault] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    changed_ids: list[UUID] = field(default_factory=list)


async def sheet(session: AsyncSession, clauses: Collection[queries.Clause]) -> AsyncIterator[bytes]:
    """Write the listings that all clauses let through, in parts, as they are read."""
    yield exporting.head().encode()
    async for rows in queries.every(session, clauses):
        # In a thread: others are answered meanwhile.
        yield await asyncio.to_thread(_written, rows)


def _written(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return exporting.rows(_exported(row) for row in rows).encode()


def _exported(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "state": content_hash(row)}


async def take_back(
    session: AsyncSession,
    tenant_id: UUID,
    file: ListingFile,
    keeper: Keeper,
    facts: Mapping[str, Any],
) -> TakenBack:
    """Change what somebody changed in the sheet, and nothing else.

    Rows of listings that the keeper does not keep are refused, whatever they say. Each other row is held against what an export would say of the listing now: where a cell says the same, the listing keeps
    what it has, to the letter. A listing that somebody edited since the export is left as it is, with a notice; what
    a listing may not become is refused with the row, the column and the reason.
    """
    wanted = {each.listing_id for each in file.listings if each.listing_id is not None}
    stored = await queries.by_ids(session, tenant_id, wanted) if wanted else {}
    taken = TakenBack([each for each in file.listings if each.listing_id not in stored])
    if not stored:
        return taken
    before = await asyncio.to_thread(_as_read, list(stored.values()))
    kinds = await opportunity_types.kinds_of(session, tenant_id)
    said = said_of(file.mapping.columns)
    back = _Back(session, tenant_id, file, keeper, facts, taken)
    # Always in the same order, so that two edits of the same listings wait for each other, not crosswise.
    for listing in sorted(file.listings, key=lambda each: str(each.listing_id)):
        if listing.listing_id in stored and listing.listing_id in before:
            row, old = stored[listing.listing_id], before[listing.listing_id]
            await back.take(listing, row, old, _differences(listing, old, said, kinds))
        elif listing.listing_id in stored:
            taken.effect.unchanged += 1
    return taken


def _as_read(rows: Sequence[Mapping[str, Any]]) -> dict[UUID | None, Listing]:
    """Read what an export would say of these listings now."""
    text = exporting.head() + exporting.rows([_exported(row) for row in rows])
    return {listing.listing_id: listing for listing in read_listings(text.encode()).listings}


def _differences(
    listing: Listing, old: Listing, said: Collection[str], kinds: Mapping[str, Kind]
) -> dict[str, Any]:
    new, present = columns_of(listing), columns_of(old)
    found = {name: new[name] for name in said if name in new and new[name] != present[name]}
    if "type" in said and plain_name(listing.type_said) != plain_name(old.type_said):
        found["type"] = type_of(listing, kinds)
    else:
        found.pop("type", None)
    return found


@dataclass(slots=True)
class _Back:
    session: AsyncSession
    tenant_id: UUID
    file: ListingFile
    keeper: Keeper
    facts: Mapping[str, Any]
    taken: TakenBack

    async def take(
        self, listing: Listing, row: Mapping[str, Any], old: Listing, changes: dict[str, Any]
    ) -> None:
        """Take one listing back."""
        fixed = self._not_theirs(row) or self._fixed(listing, old)
        if fixed is not None:
            self._refuse(listing, *fixed)
        elif not changes:
            self.taken.effect.unchanged += 1
        elif (listing.listing_state or row["external_hash"]) != content_hash(row):
            self._keep(listing)
        else:
            await self._change(listing, row, changes)

    def _keep(self, listing: Listing) -> None:
        self.taken.effect.kept += 1
        self.taken.notices.append(Notice(self.file.file, listing.lines[0], "listing_edited"))

    def _not_theirs(self, row: Mapping[str, Any]) -> _Why | None:
        column = self.file.mapping.columns.get("listing_id")
        if not self.keeper.may_change:
            return "listing_for_people", column, {}
        if not self.keeper.keeps(row["school_id"]):
            return "listing_elsewhere", column, {}
        return None

    def _fixed(self, listing: Listing, old: Listing) -> _Why | None:
        columns = self.file.mapping.columns
        if "organisation" in columns and employer_key(listing.organisation or "") != employer_key(
            old.organisation or ""
        ):
            return "employer_fixed", columns["organisation"], {"value": listing.organisation or ""}
        for name in _PLACE:
            if name in columns and plain_name(getattr(listing, name) or "") != plain_name(
                getattr(old, name) or ""
            ):
                return "place_fixed", columns[name], {}
        if {"latitude", "longitude"} <= columns.keys() and listing.coordinates != old.coordinates:
            return "place_fixed", columns["latitude"], {}
        return None

    async def _change(self, listing: Listing, row: Mapping[str, Any], changes: dict[str, Any]) -> None:
        unit: Unit = self.session.info["unit"]
        opportunity = await queries.locked(self.session, self.tenant_id, row["id"])
        now = {name: getattr(opportunity, name) for name in (*WRITTEN, *MORE)}
        if content_hash(now) != content_hash(row) or opportunity.school_id != row["school_id"]:
            # Somebody was quicker, after the work on this file had begun.
            self._keep(listing)
            return
        is_over = opportunity.status in ENDED
        try:
            async with provisionally(unit) as effect:
                await self._write(opportunity, changes)
                effect.kept = True
        except Refused as refused:
            # What is over for good may not say anything else: the first cell that does is named.
            pointer = next(iter(changes)) if is_over else refused.pointer
            self._refuse_because(listing, refused.sentence, refused.spanish, pointer)
        except AppError as refused:
            pointer = refused.errors[0].pointer if refused.errors else None
            self._refuse_because(listing, refused.detail, refused.spanish or refused.detail, pointer)
        else:
            self.taken.effect.changed += 1
            self.taken.changed_ids.append(opportunity.id)

    async def _write(self, opportunity: Opportunity, changes: dict[str, Any]) -> None:
        await seats.check_kept(self.session, opportunity, changes.get("seats", opportunity.seats))
        lacked = await offers.lacking(self.session, opportunity) if opportunity.status in _SHOWN else None
        for name, value in changes.items():
            setattr(opportunity, name, value)
        await offers.write(
            self.session,
            opportunity,
            new_kind="type" in changes,
            new_age=changes.get("minimum_age") is not None,
        )
        if lacked is not None:
            await offers.check_still_complete(self.session, opportunity, lacked)
        await record(
            self.session,
            "opportunity.update",
            actor=self.keeper.author,
            subject=opportunity,
            facts=self.facts,
        )
        if "seats" in changes:
            await seats.offer_next(self.session, opportunity)

    def _refuse_because(self, listing: Listing, english: str, spanish: str, pointer: str | None) -> None:
        name = (pointer or "").strip("/").partition("/")[0]
        sources = SAID_BY.get(name, ())
        column = next(
            (self.file.mapping.columns[each] for each in sources if each in self.file.mapping.columns), None
        )
        self._refuse(
            listing, "row_refused", column, {"reason_en": english, "reason_es": spanish, "reason": ""}
        )

    def _refuse(self, listing: Listing, code: str, column: str | None, values: dict[str, str]) -> None:
        line = listing.lines[0]
        self.taken.refused.append(
            Fault(self.file.file, line, code, column, values, end_line=line, cells=listing.cells)
        )
