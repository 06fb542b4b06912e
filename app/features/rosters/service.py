"""Taking a roster into the tenant: everything that differs is written, what the roster no longer lists ends.

One import is one event with its counts; a row of its own for each of a hundred thousand people would bury the audit trail.
Which import made, changed or ended a membership or a link stands in the row (`import_id`).
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.bulk import ends, insert_rows, update_rows
from app.core.ids import new_id
from app.domain.advising import advisory_pairs
from app.domain.intake import Effect
from app.domain.oneroster import FILES, Org, Package, RosterPlan, RosterSchool, RosterUnit, plan, read_package
from app.domain.oneroster.rows import Source
from app.domain.oneroster.schools import SchoolFinder
from app.domain.policy import Role
from app.domain.roster_changes import (
    LinkChanges,
    MembershipChanges,
    Pair,
    Place,
    Row,
    Stored,
    compare,
    compare_links,
    ending,
)
from app.features.rosters import queries
from app.features.rosters.queries import COLUMNS, KINDS
from app.features.schools.service import zone_of_tenant
from app.models import (
    AdvisorLink,
    GuardianLink,
    Membership,
)

# What the rows of each file become, by the name of the thing.
FILE_OF = {noun: FILES[name].file for name, (noun, _) in KINDS.items()}

Done = Callable[[str], None]
"""Called with the manifest's name of a file ("users") once what it brings is stored."""


@dataclass(frozen=True, slots=True)
class StoredBefore:
    """What a delta may refer to: sourcedIds by file, the roles people hold, the school each organisation stands for."""

    known: Mapping[str, AbstractSet[str]]
    roles: Mapping[str, AbstractSet[str]]
    schools: Mapping[str, str]


@dataclass(slots=True)
class Taken:
    """What a roster did: effects by noun, rows that repeated another by file, and how many people it ends of how many."""

    effects: dict[str, Effect] = field(default_factory=dict)
    merged: dict[str, int] = field(default_factory=dict)
    people_active: int = 0
    people_ending: int = 0


async def stored_before(session: AsyncSession, tenant_id: UUID) -> StoredBefore:
    """Return what is stored already, in the roster's own ids."""
    known = {
        name: await queries.live_ids(session, tenant_id, model)
        for name, (_, model) in KINDS.items()
        if model is not Membership
    }
    roles: dict[str, set[str]] = {}
    for sourced_id, role in await queries.roles_held(session, tenant_id):
        roles.setdefault(sourced_id, set()).add(role.value)
    nowhere = Source("", 0, (), ())
    orgs = tuple(
        Org(nowhere, own, name, kind, "", parent)
        for own, name, kind, parent in await queries.organisations(session, tenant_id)
    )
    finder = SchoolFinder(orgs, {})
    schools = {org.sourced_id: found for org in orgs if (found := finder.of(org.sourced_id)) is not None}
    return StoredBefore(known, roles, schools)


def read(data: bytes, before: StoredBefore) -> tuple[Package, RosterPlan]:
    """Read a package and decide what it means beside what is stored; raises PackageRefused. Slow: call it in a thread."""
    package = read_package(data, before.known)
    # A bulk roles.csv says everything about roles; what was stored before must not speak against it.
    roles = {} if "roles" in package.bulk_files else before.roles
    return package, plan(package, before.known, stored_roles=roles, stored_schools=before.schools)


async def take(
    session: AsyncSession, tenant_id: UUID, import_id: UUID, roster: RosterPlan, done: Done
) -> Taken:
    """Store a roster in this transaction. What staff made or decided is never ended, changed or brought back."""
    taking = _Taking(session, tenant_id, import_id, roster, done)
    before = await queries.standing(session, tenant_id)
    await taking.run()
    after = await queries.standing(session, tenant_id)
    taken = taking.taken
    taken.people_active = len(before)
    taken.people_ending = sum(
        person not in after or (placed and not after[person]) for person, placed in before.items()
    )
    return taken


class _Taking:
    """One roster on its way in; each step needs the ids that the steps before it found or made."""

    def __init__(
        self, session: AsyncSession, tenant_id: UUID, import_id: UUID, roster: RosterPlan, done: Done
    ) -> None:
        self.session = session
        self.tenant_id = tenant_id
        self.import_id = import_id
        self.roster = roster
        self.done = done
        self.now = clock.now()
        self.mark = {"import_id": import_id, "ended_by_roster": False}
        self.ids: dict[str, dict[str, UUID]] = {}
        self.taken = Taken()

    async def run(self) -> None:
        """Store everything, in the order in which rows refer to each other."""
        await self._schools()
        await self._terms()
        gone = await self._people()
        links = await self._guardian_links(gone)
        await self._memberships(gone, links)
        await self._classes()
        await self._advisor_links(gone)

    async def _kind(
        self,
        name: str,
        stored: Mapping[str, Stored],
        wanted: Mapping[str, tuple[Any, ...]],
        *,
        ids: Mapping[str, UUID] | None = None,
        spared: AbstractSet[str] = frozenset(),
        more: Mapping[str, Any] | None = None,
    ) -> list[UUID]:
        """Write what differs of one file; return the ids of what has ended. `ids` are those of new rows, if made before."""
        noun, model = KINDS[name]
        columns = COLUMNS[name]
        may_end = self._ending(name)
        changes = await asyncio.to_thread(
            compare, stored, wanted, lambda key: key not in spared and may_end(key)
        )
        changes.effect.kept = sum(
            held.live and key not in wanted and key in spared and may_end(key) for key, held in stored.items()
        )
        own = self.ids[name] = {key: held.id for key, held in stored.items()} | dict(ids or {})
        for key in changes.new:
            own.setdefault(key, new_id())
        await insert_rows(
            self.session,
            model,
            (
                {"id": own[key], "sourced_id": key, **dict(zip(columns, values, strict=True)), **(more or {})}
                for key, values in changes.new.items()
            ),
        )
        await update_rows(
            self.session,
            model,
            (
                {"id": row_id, **dict(zip(columns, values, strict=True)), "ended_at": None}
                for row_id, values in changes.changed.items()
            ),
        )
        await update_rows(self.session, model, ends(changes.ended, self.now))
        self.taken.effects[noun] = changes.effect
        self.done(name)
        return changes.ended

    def _ending(self, name: str) -> Callable[[str], bool]:
        return ending(
            name in self.roster.bulk_files,
            self.roster.ended.get(name, frozenset()),
            self.roster.held.get(name, frozenset()),
        )

    async def _stored(self, name: str) -> dict[str, Stored]:
        return await queries.stored(self.session, self.tenant_id, KINDS[name][1], COLUMNS[name])

    async def _schools(self) -> None:
        stored = await self._stored("orgs")
        orgs: list[tuple[RosterSchool | RosterUnit, str]] = [
            *((each, "school") for each in self.roster.schools),
            *((each, "district" if each.kind == "district" else "other") for each in self.roster.units),
        ]
        # A school may come before its district, so the new ones have their ids before any is written.
        ids = {each.sourced_id: new_id() for each, _ in orgs if each.sourced_id not in stored}
        parents = {key: held.id for key, held in stored.items()} | ids
        wanted = {each.sourced_id: (each.name, kind, parents.get(each.parent)) for each, kind in orgs}
        zone = await zone_of_tenant(self.session, self.tenant_id)
        spared = await queries.schools_with_staff_roles(self.session, self.tenant_id)
        await self._kind("orgs", stored, wanted, ids=ids, spared=spared, more={"zone": zone})

    async def _terms(self) -> None:
        wanted = {
            each.sourced_id: (
                each.title,
                each.kind,
                each.starts_on,
                each.ends_on,
                None if each.school_year is None else str(each.school_year),
            )
            for each in self.roster.terms
        }
        await self._kind("academicSessions", await self._stored("academicSessions"), wanted)

    async def _people(self) -> set[UUID]:
        stored = await self._stored("users")
        # A blank cell says that the SIS does not know, not that nobody may: an address that staff entered stays.
        known = {key: held.values[2:4] for key, held in stored.items()}
        wanted = {}
        for each in self.roster.people:
            email, phone = known.get(each.sourced_id, (None, None))
            wanted[each.sourced_id] = (
                each.given_name,
                each.family_name,
                each.email or email,
                each.phone or each.sms or phone,
                each.grades,
                each.username or None,
                each.enabled,
            )
        # Whoever holds a role that staff gave is theirs to end.
        spared = await queries.people_with_staff_roles(self.session, self.tenant_id)
        return set(await self._kind("users", stored, wanted, spared=spared))

    async def _guardian_links(self, gone: AbstractSet[UUID]) -> set[Pair]:
        people = self.ids["users"]
        complete = {people[each] for each in self.roster.students if each in people}
        wanted = {
            (people[each.student], people[each.guardian]): each.relationship
            for each in self.roster.guardian_links
        }
        changes = await asyncio.to_thread(
            compare_links,
            await queries.guardian_links(self.session, self.tenant_id),
            wanted,
            lambda pair: pair[0] in complete or not gone.isdisjoint(pair),
        )
        await self._write_links(
            GuardianLink, changes, ("student_id", "guardian_id"), "relationship_kind", "guardian_links"
        )
        return changes.live

    async def _write_links(
        self, model: type[Any], changes: LinkChanges, ends_of_it: tuple[str, str], value: str, noun: str
    ) -> None:
        first, second = ends_of_it
        await insert_rows(
            self.session,
            model,
            (
                {"id": new_id(), first: one, second: other, value: held, "source": "roster", **self.mark}
                for (one, other), held in changes.new.items()
            ),
        )
        await update_rows(
            self.session,
            model,
            (
                {"id": own, value: held, "ended_at": None, **self.mark}
                for own, held in changes.changed.items()
            ),
        )
        await update_rows(self.session, model, self._ended(changes.ended))
        self.taken.effects[noun] = changes.effect

    def _ended(self, ids: Sequence[UUID]) -> list[dict[str, Any]]:
        return ends(ids, self.now, import_id=self.import_id, ended_by_roster=True)

    async def _memberships(self, gone: AbstractSet[UUID], links: Iterable[Pair]) -> None:
        before = await queries.memberships(self.session, self.tenant_id)
        changes = await asyncio.to_thread(self._decide_memberships, MembershipChanges(before), gone, links)
        await self._write_memberships(changes)
        self.done("roles")

    def _decide_memberships(
        self, changes: MembershipChanges, gone: AbstractSet[UUID], links: Iterable[Pair]
    ) -> MembershipChanges:
        people, schools = self.ids["users"], self.ids["orgs"]
        names: dict[Place, str] = {}
        rows = []
        for each in self.roster.memberships:
            place = (people[each.person], each.role, schools[each.school])
            if each.derived:
                names[place] = each.sourced_id
            else:
                rows.append(Row(each.sourced_id, place, each.begins_on, each.ends_on))
        self.taken.merged["roles"] = changes.take(rows, self._ending("roles"))
        changes.leave(gone)
        self._name_guardians(changes, links, names)
        changes.derive({place: name for place, name in names.items() if place[0] not in gone})
        return changes

    def _name_guardians(
        self, changes: MembershipChanges, links: Iterable[Pair], names: dict[Place, str]
    ) -> None:
        """Name the places of guardians beside all their children, those whom a delta did not send included."""
        person_key = {own: key for key, own in self.ids["users"].items()}
        school_key = {own: key for key, own in self.ids["orgs"].items()}
        attends = changes.schools_of(Role.STUDENT.value)
        for student, guardian in links:
            for school in attends.get(student, ()):
                if guardian in person_key and school in school_key:
                    name = f"agent:{person_key[guardian]}@{school_key[school]}"
                    names[guardian, Role.GUARDIAN.value, school] = name

    async def _write_memberships(self, changes: MembershipChanges) -> None:
        new, changed, ended = changes.result()
        await update_rows(self.session, Membership, self._ended(ended))
        await insert_rows(
            self.session,
            Membership,
            (
                {
                    "id": new_id(),
                    "person_id": person,
                    "role": role,
                    "school_id": school,
                    "source": "roster",
                    **wanted.columns(),
                    **self.mark,
                }
                for (person, role, school), wanted in new.items()
            ),
        )
        await update_rows(
            self.session,
            Membership,
            ({"id": wanted.id, **wanted.columns(), **self.mark} for wanted in changed),
        )
        self.taken.effects["memberships"] = changes.effect

    async def _classes(self) -> None:
        schools, people = self.ids["orgs"], self.ids["users"]
        courses = {
            each.sourced_id: (each.title, each.code or None, schools[each.org])
            for each in self.roster.courses
        }
        await self._kind("courses", await self._stored("courses"), courses)
        classes = {
            each.sourced_id: (
                each.title,
                schools[each.school],
                self.ids["courses"][each.course],
                "homeroom" if each.class_type == "homeroom" else "scheduled",
            )
            for each in self.roster.classes
        }
        await self._kind("classes", await self._stored("classes"), classes)
        enrollments = {
            each.sourced_id: (
                self.ids["classes"][each.class_id],
                people[each.person],
                each.role,
                each.begins_on,
                each.ends_on,
            )
            for each in self.roster.enrollments
        }
        await self._kind("enrollments", await self._stored("enrollments"), enrollments)

    async def _advisor_links(self, gone: AbstractSet[UUID]) -> None:
        members = await queries.class_members(self.session, self.tenant_id)
        pairs = await asyncio.to_thread(advisory_pairs, members)
        changes = await asyncio.to_thread(
            compare_links,
            await queries.advisor_links(self.session, self.tenant_id),
            {pair: school for pair, school in pairs.items() if gone.isdisjoint(pair)},
            lambda _pair: True,
        )
        await self._write_links(
            AdvisorLink, changes, ("advisor_id", "student_id"), "school_id", "advisor_links"
        )
