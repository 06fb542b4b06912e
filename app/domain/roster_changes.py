"""What a roster changes: what is stored compared with what was sent, and what may be ended or brought back."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.intake import Effect

Pair = tuple[UUID, UUID]
Place = tuple[UUID, str, UUID]
"""Person, role, school."""

AGENT = "agent:"
"""How the id of a membership begins that no row of the roster gives, but a child at the school."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as it is stored: its values in the order of its kind's columns."""

    id: UUID
    values: tuple[Any, ...]
    live: bool


@dataclass(slots=True)
class Changes:
    """What is to be written: new rows by sourcedId, changed ones by id, and the ids of those that end."""

    new: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    changed: dict[UUID, tuple[Any, ...]] = field(default_factory=dict)
    ended: list[UUID] = field(default_factory=list)
    effect: Effect = field(default_factory=Effect)


def compare(
    stored: Mapping[str, Stored], wanted: Mapping[str, tuple[Any, ...]], may_end: Callable[[str], bool]
) -> Changes:
    """Compare rows by sourcedId; a row that comes back after its end counts as changed."""
    changes = Changes()
    effect = changes.effect
    for key, values in wanted.items():
        held = stored.get(key)
        if held is None:
            changes.new[key] = values
        elif held.live and held.values == values:
            effect.unchanged += 1
        else:
            changes.changed[held.id] = values
    changes.ended = [
        held.id for key, held in stored.items() if held.live and key not in wanted and may_end(key)
    ]
    effect.created, effect.changed, effect.ended = (
        len(changes.new),
        len(changes.changed),
        len(changes.ended),
    )
    return changes


def ending(bulk: bool, ended: AbstractSet[str], held: AbstractSet[str]) -> Callable[[str], bool]:
    """Say of a stored sourcedId that the file lacks whether it has ended: by name, or by absence from a bulk file.

    A row that could not be taken (`held`) is not an absent row.
    """
    return lambda key: key in ended or (bulk and key not in held)


@dataclass(frozen=True, slots=True)
class StoredLink:
    """A link between two people; `value` is the kind of relationship, or the school."""

    id: UUID
    value: Any
    by_roster: bool
    live: bool
    ended_by_roster: bool


@dataclass(slots=True)
class LinkChanges:
    """What is to be written of links, and the pairs that hold afterwards."""

    new: dict[Pair, Any] = field(default_factory=dict)
    changed: dict[UUID, Any] = field(default_factory=dict)
    ended: list[UUID] = field(default_factory=list)
    live: set[Pair] = field(default_factory=set)
    effect: Effect = field(default_factory=Effect)


def compare_links(
    stored: Mapping[Pair, StoredLink], wanted: Mapping[Pair, Any], may_end: Callable[[Pair], bool]
) -> LinkChanges:
    """Compare links; those that staff made are never changed or ended, and what staff ended is not brought back."""
    changes = LinkChanges()
    effect = changes.effect
    for pair, value in wanted.items():
        held = stored.get(pair)
        if held is None:
            changes.new[pair] = value
        elif held.live and (not held.by_roster or held.value == value):
            effect.unchanged += 1
        elif held.live or (held.by_roster and held.ended_by_roster):
            changes.changed[held.id] = value
        else:
            effect.kept += 1
            continue
        changes.live.add(pair)
    for pair, held in stored.items():
        if not held.live or pair in wanted:
            continue
        if held.by_roster and may_end(pair):
            changes.ended.append(held.id)
        else:
            changes.live.add(pair)
    effect.created, effect.changed, effect.ended = (
        len(changes.new),
        len(changes.changed),
        len(changes.ended),
    )
    return changes


@dataclass(frozen=True, slots=True)
class Row:
    """A row of roles.csv, resolved: it gives one person one role at one school for a while."""

    sourced_id: str
    place: Place
    begins_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class StoredMembership:
    """A membership as it is stored; a roster one names the rows that give it."""

    id: UUID
    place: Place
    begins_on: date | None
    ends_on: date | None
    sourced_ids: frozenset[str]
    by_roster: bool
    live: bool
    ended_by_roster: bool


@dataclass(slots=True)
class Wanted:
    """A membership as it is to be: `id` is None for a new one."""

    id: UUID | None
    sourced_ids: set[str]
    begins_on: date | None
    ends_on: date | None

    def columns(self) -> dict[str, Any]:
        """Return what is stored of it, by column."""
        return {
            "sourced_ids": sorted(self.sourced_ids),
            "begins_on": self.begins_on,
            "ends_on": self.ends_on,
        }


class MembershipChanges:
    """Memberships before and after: take the rows, give guardians a place beside their children, read the result."""

    def __init__(self, stored: Iterable[StoredMembership]) -> None:
        self.effect = Effect()
        self._before: dict[UUID, StoredMembership] = {}
        self._places: dict[Place, Wanted] = {}
        self._by_staff: set[Place] = set()
        ended_by_staff: set[Place] = set()
        for each in stored:
            if each.live and each.by_roster:
                self._before[each.id] = each
                self._places[each.place] = Wanted(
                    each.id, set(each.sourced_ids), each.begins_on, each.ends_on
                )
            elif each.live:
                self._by_staff.add(each.place)
            elif each.by_roster and not each.ended_by_roster:
                ended_by_staff.add(each.place)
        self._closed = ended_by_staff - self._places.keys() - self._by_staff

    def take(self, rows: Iterable[Row], may_end: Callable[[str], bool]) -> int:
        """Take the rows of the roster; return how many of them say what another row says already."""
        merged = 0
        given: dict[Place, list[Row]] = {}
        for row in rows:
            beside = given.setdefault(row.place, [])
            merged += bool(beside)
            beside.append(row)
        moved = {row.sourced_id: row.place for rows_ in given.values() for row in rows_}
        for place, wanted in self._places.items():
            wanted.sourced_ids = {
                each
                for each in wanted.sourced_ids
                if each.startswith(AGENT) or (moved[each] == place if each in moved else not may_end(each))
            }
        for place, rows_ in given.items():
            self._give(place, rows_)
        return merged

    def _give(self, place: Place, rows: list[Row]) -> None:
        if place in self._by_staff:
            self.effect.unchanged += 1
            return
        if place in self._closed:
            self.effect.kept += 1
            return
        wanted = self._places.get(place)
        names = {row.sourced_id for row in rows}
        begins = [row.begins_on for row in rows]
        ends = [row.ends_on for row in rows]
        if wanted is None:
            self._places[place] = Wanted(None, names, _first(begins), _last(ends))
            return
        if any(not each.startswith(AGENT) for each in wanted.sourced_ids - names):
            # Rows that a delta did not send give this place too, for their own while.
            begins.append(wanted.begins_on)
            ends.append(wanted.ends_on)
        wanted.sourced_ids |= names
        wanted.begins_on, wanted.ends_on = _first(begins), _last(ends)

    def leave(self, people: AbstractSet[UUID]) -> None:
        """End what a roster gave people who have ended."""
        for place, wanted in self._places.items():
            if place[0] in people:
                wanted.sourced_ids = set()

    def schools_of(self, role: str) -> dict[UUID, set[UUID]]:
        """Give the schools where each person holds a role."""
        found: dict[UUID, set[UUID]] = {}
        for place in (*(p for p, w in self._places.items() if w.sourced_ids), *self._by_staff):
            if place[1] == role:
                found.setdefault(place[0], set()).add(place[2])
        return found

    def derive(self, names: Mapping[Place, str]) -> None:
        """Give the places that no row gives but a child at the school, by the id of each; take back those that are not named."""
        for place, wanted in self._places.items():
            own = {each for each in wanted.sourced_ids if not each.startswith(AGENT)}
            wanted.sourced_ids = own or ({names[place]} if place in names and wanted.sourced_ids else set())
        for place, name in names.items():
            held = self._places.get(place)
            if held is None and place not in self._by_staff and place not in self._closed:
                self._places[place] = Wanted(None, {name}, None, None)
            elif held is not None and not held.sourced_ids:
                held.sourced_ids, held.begins_on, held.ends_on = {name}, None, None

    def result(self) -> tuple[dict[Place, Wanted], list[Wanted], list[UUID]]:
        """Return the new, the changed and the ids of the ended memberships, and complete the effect."""
        new: dict[Place, Wanted] = {}
        changed: list[Wanted] = []
        ended: list[UUID] = []
        for place, wanted in self._places.items():
            if wanted.id is None:
                if wanted.sourced_ids:
                    new[place] = wanted
                continue
            before = self._before[wanted.id]
            if not wanted.sourced_ids:
                ended.append(wanted.id)
            elif (frozenset(wanted.sourced_ids), wanted.begins_on, wanted.ends_on) == (
                before.sourced_ids,
                before.begins_on,
                before.ends_on,
            ):
                self.effect.unchanged += 1
            else:
                changed.append(wanted)
        self.effect.created, self.effect.changed, self.effect.ended = len(new), len(changed), len(ended)
        return new, changed, ended


def _first(days: Iterable[date | None]) -> date | None:
    found = list(days)
    return None if None in found else min(day for day in found if day is not None)


def _last(days: Iterable[date | None]) -> date | None:
    found = list(days)
    return None if None in found else max(day for day in found if day is not None)
