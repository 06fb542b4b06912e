"""Households: the persons joined through guardian links, under ids that stay while families change."""

from collections.abc import Iterable, Mapping
from uuid import UUID


def joined(links: Iterable[tuple[UUID, UUID]]) -> list[set[UUID]]:
    """Return the sets of persons whom links join, each link with every one that shares a person with it."""
    parent: dict[UUID, UUID] = {}

    def head(person: UUID) -> UUID:
        parent.setdefault(person, person)
        while parent[person] != person:
            parent[person] = parent[parent[person]]
            person = parent[person]
        return person

    for one, other in links:
        parent[head(one)] = head(other)
    found: dict[UUID, set[UUID]] = {}
    for person in parent:
        found.setdefault(head(person), set()).add(person)
    return list(found.values())


def settle(
    families: Iterable[set[UUID]], homes: Mapping[UUID, UUID]
) -> tuple[dict[UUID, UUID], list[set[UUID]]]:
    """Say who lives in which household: (persons in households that exist, families that need a new one).

    `homes` are the households of today; they sort by age. A household keeps its id. Where two merge, the
    older one stays; where one falls apart, the id stays with the part that most of its members are in (of equal
    parts, with the one whose first member sorts first).
    """
    members: dict[UUID, dict[int, int]] = {}
    everybody = list(families)
    for number, family in enumerate(everybody):
        for person in family:
            home = homes.get(person)
            if home is not None:
                parts = members.setdefault(home, {})
                parts[number] = parts.get(number, 0) + 1
    taken: dict[int, UUID] = {}
    for home in sorted(members):
        parts = members[home]
        free = [number for number in parts if number not in taken]
        if free:
            best = max(parts[number] for number in free)
            tied = [number for number in free if parts[number] == best]
            keeps = min(tied, key=lambda number: min(everybody[number])) if len(tied) > 1 else tied[0]
            taken[keeps] = home
    placed = {person: home for number, home in taken.items() for person in everybody[number]}
    return placed, [family for number, family in enumerate(everybody) if number not in taken]
