"""The town with more in it: of every noun something at each school and in the other community, for the matrix."""

import hashlib
from datetime import time, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import working
from app.domain.connection import ConnectionDomain, ConnectionStatus, ShareScope
from app.domain.contact import ContactStatus
from app.domain.duplicates import Reason
from app.domain.duplicates.lives import DuplicateKind, ScanStatus
from app.domain.employer import EmployerStatus
from app.domain.intake import ImportKind, ImportStatus
from app.domain.introduction_hop import HopKind, HopStatus
from app.domain.moderation import ReportReason
from app.domain.opportunity import OpportunityScope, OpportunityStatus
from app.domain.placement import PlacementStatus
from app.domain.policy import Role
from app.domain.project_phase import FeedbackStatus
from app.domain.pursuit import PursuitStatus
from app.domain.relationship_round import RoundScope, RoundStatus
from app.domain.tie import TieOrigin
from app.domain.waitlist import WaitingStatus
from app.features.search_index import service as search_index
from app.models import (
    AdvisorLink,
    Connection,
    Contact,
    Delivery,
    DuplicatePair,
    DuplicateScan,
    Employer,
    Event,
    Favorite,
    Goal,
    GuardianLink,
    Hop,
    HostAsk,
    Household,
    HouseholdMember,
    Import,
    ImportRow,
    Introduction,
    ListingCase,
    ListingChange,
    ListingReport,
    MapEntry,
    MapShare,
    Membership,
    Merge,
    Notification,
    Opportunity,
    OpportunitySession,
    OutreachCampaign,
    Person,
    PhaseFeedback,
    Placement,
    ProjectPhase,
    ProjectTeam,
    Pursuit,
    RelationshipRound,
    RoundStudent,
    SavedSearch,
    SessionEnrollment,
    StudentGroup,
    TeamMember,
    Tie,
    Upload,
    VideoConsent,
    WaitingEntry,
    WeeklyPattern,
    Worksite,
)
from tests.world import World

METHODS = ("get", "post", "put", "patch", "delete")
_KEPT: dict[str, World] = {}


@pytest.fixture(scope="session")
def operations(app: FastAPI) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Every operation of the contract: its method, path and description, by its id."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, item in app.openapi()["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


@pytest.fixture
async def fresh(world: World) -> World:
    """The town with something of every noun, for rows that leave traces."""
    await furnish(world)
    return world


@pytest.fixture
def kept(request: pytest.FixtureRequest, owner: psycopg.Connection[Any]) -> World:
    """The same town, used again while it stands: these rows leave no trace."""
    found = _KEPT.get("town")
    stuck = "SELECT 1 FROM deliveries WHERE id = %s"
    if found is None or owner.execute(stuck, (found["lakeside_stuck"],)).fetchone() is None:
        found = _KEPT["town"] = request.getfixturevalue("fresh")
    return found


async def furnish(world: World) -> None:
    """Add what the matrix asks for to both communities."""
    async with working(world.database, world["lakeside"]) as unit:
        await _Furnisher(world, unit.session, "lakeside").lakeside()
        await search_index.heal(unit, world["lakeside"])
    async with working(world.database, world["riverton"]) as unit:
        await _Furnisher(world, unit.session, "riverton").riverton()
        await search_index.heal(unit, world["riverton"])


class _Furnisher:
    """Adds rows to one community under names of their own."""

    def __init__(self, world: World, session: AsyncSession, tenant: str) -> None:
        self.world = world
        self.session = session
        self.tenant_id = world[tenant]

    def named(self, name: str) -> UUID:
        """Give a new thing its name."""
        found: UUID = self.world.ids.setdefault(name, new_id())
        return found

    def add(self, model: type[Any], **values: Any) -> None:
        """Add a row of this community."""
        self.session.add(model(tenant_id=self.tenant_id, **values))

    async def lakeside(self) -> None:
        """Fill Lakeside: South School gets what North School has."""
        await self.student("noah", "north")
        await self.student("nina", "south")
        await self.network()
        await self.lives("maya", "north", pursues="internship")
        await self.lives("leo", "north", favors="internship")
        internship = await self.session.get_one(Opportunity, (self.tenant_id, self.world["internship"]))
        internship.seats_taken = internship.seats
        await self.lives("ines", "south", pursues="south_only", placed="south_tour", employer="clinic_two")
        await self.project("leo", "north", "internship", "school_only")
        await self.project("ines", "south", "south_only", "south_tour")
        self.host_ask("garage")
        self.host_ask("library")
        await self.home("maya", "omar")
        await self.home("ines", "petra")
        await self.dates("north", "internship", "clinic", "leo")
        await self.dates("south", "south_only", "library", "ines")
        for name, listing, employer, school in (
            ("open", "internship", "clinic", "north"),
            ("draft", "draft", "clinic", "north"),
            ("ada", "ada_draft", "garage", "north"),
            ("pooled", "pooled_draft", "garage", None),
        ):
            await self.dates(name, listing, employer, school=school)
        self.campaign("north")
        self.campaign("south")
        await self.round("north", "leo", "clara")
        await self.round("south", "ines", "dario")
        for name in ("rosa", "sam", "ada", "clara", "ellis", "olga"):
            self.note(name)
        for student, adult in (("maya", "ada"), ("noah", "clara"), ("leo", "rosa"), ("ines", "ben")):
            self.map(student, adult, taken_back=student == "leo")
        self.event("leo", "north")
        await self.hop("rosa", "maya", "north", "cousin")
        await self.hop("ada", "leo", "north", "aunt")
        await self.hop("petra", "ines", "south", "uncle")
        self.event("leo", "north", private=True)
        self.event("rosa", "north")
        self.event("ines", "south")
        self.event(None, None)
        await self.twice("", "clinic", "garage")
        self.pair("contact_pair", DuplicateKind.CONTACT, "cousin", "aunt")
        self.pair("south_contact_pair", DuplicateKind.CONTACT, "uncle", "aunt")
        await self.merge("contact_merge", DuplicateKind.CONTACT, "uncle")
        await self.intake("lakeside", "ellis")
        for coordinator in ("clara", "dario"):
            await self.file_sent(f"{coordinator}_import", ImportKind.CONNECTIONS, coordinator)
        await self.session.flush()
        await self.name_memberships()

    async def riverton(self) -> None:
        """Fill Riverton with one of each."""
        await self.student("nico", "river")
        await self.home("ria", "gus")
        self.add(
            GuardianLink,
            id=self.named("gus_ria"),
            student_id=self.world["ria"],
            guardian_id=self.world["gus"],
        )
        self.add(
            AdvisorLink,
            id=self.named("art_ria"),
            student_id=self.world["ria"],
            advisor_id=self.world["art"],
            school_id=self.world["river"],
        )
        await self.lives(
            "ria",
            "river",
            pursues="river_internship",
            placed="river_school_only",
            employer="river_clinic",
            favors="river_internship",
        )
        await self.project("ria", "river", "river_internship", "river_school_only")
        self.host_ask("river_garage")
        await self.dates("river", "river_internship", "river_clinic", "ria")
        self.campaign("river")
        await self.round("river", "ria", "cora")
        self.map("ria", "art")
        self.event("ria", "river")
        await self.hop("gus", "ria", "river", "river_cousin")
        await self.twice("river_", "river_clinic", "river_garage")
        await self.intake("riverton", "dora")
        await self.session.flush()
        await self.name_memberships()

    async def dates(
        self,
        name: str,
        listing: str,
        employer: str,
        student: str | None = None,
        *,
        school: str | None = "",
    ) -> None:
        """A weekly pattern of a listing and a date, and a student who has a seat and may be seen on video."""
        now = clock.now().replace(microsecond=0)
        school_id = self.world[name] if school == "" else None if school is None else self.world[school]
        common: dict[str, Any] = {
            "opportunity_id": self.world[listing],
            "employer_id": self.world[employer],
            "school_id": school_id,
            "zone": "America/New_York",
            "seats": 5,
        }
        if name not in {"open", "draft"}:
            self.add(
                WeeklyPattern,
                id=self.named(f"{name}_pattern"),
                rule="FREQ=WEEKLY",
                starts_time=time(14),
                minutes=60,
                starts_on=now.date(),
                until=now.date() + timedelta(days=7),
                **common,
            )
        self.add(
            OpportunitySession,
            id=self.named(f"{name}_session"),
            starts_at=now + timedelta(days=9 if name == "open" else 5),
            ends_at=now + timedelta(days=9 if name == "open" else 5, hours=2),
            seats_taken=0 if student is None else 1,
            **common,
        )
        await self.session.flush()
        if student is None:
            return
        about: dict[str, Any] = {"student_id": self.world[student], "school_id": school_id}
        self.add(
            SessionEnrollment,
            id=self.named(f"{student}_seat"),
            session_id=self.world[f"{name}_session"],
            opportunity_id=self.world[listing],
            host_school_id=school_id,
            employer_id=self.world[employer],
            **about,
        )
        self.add(
            VideoConsent,
            id=self.named(f"{student}_consent"),
            given_by_id=self.world[student],
            given_at=now,
            **about,
        )

    async def twice(self, prefix: str, one: str, other: str) -> None:
        """Two employers that may be one, a merge, and a search for more."""
        self.pair(f"{prefix}employer_pair", DuplicateKind.EMPLOYER, one, other)
        await self.merge(f"{prefix}employer_merge", DuplicateKind.EMPLOYER, one)
        tenant = "riverton" if prefix else "lakeside"
        self.add(DuplicateScan, id=self.named(f"{tenant}_scan"), status=ScanStatus.DONE)
        await self.session.flush()

    def pair(self, name: str, kind: DuplicateKind, one: str, other: str) -> None:
        """Suggest that two are one."""
        left, right = sorted((self.world[one], self.world[other]))
        self.add(
            DuplicatePair,
            id=self.named(name),
            kind=kind,
            left_id=left,
            right_id=right,
            score=0.9,
            reasons=[Reason.SIMILAR_NAME.value],
        )

    async def merge(self, name: str, kind: DuplicateKind, kept: str) -> None:
        """Say that another, which was known beside this one, was merged into it."""
        about: dict[str, Any] = {"id": self.named(f"{name}_lost"), "merged_into_id": self.world[kept]}
        if kind is DuplicateKind.EMPLOYER:
            self.add(Employer, name=f"{kept.title()} again", status=EmployerStatus.VETTED, **about)
        else:
            self.add(
                Contact,
                status=ContactStatus.CONSENTED,
                given_name=kept.title(),
                family_name="Underwood",
                email=f"{name}@library.example",
                school_id=self.world["south"],
                suggested_by_role="guardian",
                answered_at=clock.now(),
                **about,
            )
        await self.session.flush()
        self.add(
            Merge,
            id=self.named(name),
            kind=kind,
            kept_id=self.world[kept],
            lost_id=self.world[f"{name}_lost"],
        )

    async def student(self, name: str, school: str) -> None:
        """Enrol a student who has no account yet."""
        self.add(Person, id=self.named(name), given_name=name.title(), family_name="Newman", email=None)
        await self.session.flush()
        self.add(Membership, person_id=self.world[name], role=Role.STUDENT, school_id=self.world[school])

    async def home(self, student: str, guardian: str) -> None:
        """Let a student and a guardian be one household."""
        self.add(Household, id=self.named(f"{student}_home"))
        await self.session.flush()
        for name in (student, guardian):
            self.add(
                HouseholdMember,
                household_id=self.world[f"{student}_home"],
                person_id=self.world[name],
            )

    async def network(self) -> None:
        """Employers, contacts, connections and listings of Lakeside that are not North's, or nobody's yet."""
        now = clock.now()
        for name, status in (("library", EmployerStatus.VETTED), ("clinic_two", EmployerStatus.VETTED)):
            self.add(Employer, id=self.named(name), name=name.title(), status=status)
        await self.session.flush()
        for name in ("library", "garage"):
            self.add(
                Worksite, id=self.named(f"{name}_site"), employer_id=self.world[name], name=f"The {name}"
            )
        for name in ("uncle", "aunt"):
            self.add(
                Contact,
                id=self.named(name),
                status=ContactStatus.CONSENTED,
                given_name=name.title(),
                family_name="Underwood",
                email=f"{name}@library.example",
                employer_id=self.world["library"],
                school_id=self.world["south"],
                suggested_by_role="guardian",
                answered_at=now,
            )
        self.add(
            Contact,
            id=self.named("godmother"),
            status=ContactStatus.CONSENTED,
            given_name="Godmother",
            family_name="Underwood",
            email="godmother@library.example",
            school_id=self.world["north"],
            suggested_by_role="guardian",
            answered_at=now,
            visible_school_ids=[self.world["south"]],
        )
        await self.session.flush()
        # The aunt belongs to South, and an advisor of North knows her too.
        for name, contributor, school, contact in (
            ("uncle_connection", "petra", "south", "uncle"),
            ("aunt_connection", "ada", "north", "aunt"),
            ("leo_connection", "leo", "north", None),
        ):
            self.add(
                Connection,
                id=self.named(name),
                status=ConnectionStatus.ACTIVE,
                contributor_id=self.world[contributor],
                school_id=self.world[school],
                contact_id=None if contact is None else self.world[contact],
                employer_id=self.world["library"],
                domain=ConnectionDomain.FAMILY,
                closeness=2,
                frequency=2,
                offers=["host"],
                share_scope=ShareScope.TENANT,
            )
        await self.session.flush()
        listings: tuple[tuple[str, str | None, str, OpportunityScope, str | None, OpportunityStatus], ...] = (
            ("south_only", "south", "library", OpportunityScope.SCHOOL, None, OpportunityStatus.PUBLISHED),
            ("south_tour", "south", "clinic_two", OpportunityScope.TENANT, None, OpportunityStatus.PUBLISHED),
            ("south_draft", "south", "library", OpportunityScope.TENANT, "ben", OpportunityStatus.DRAFT),
            ("ada_draft", "north", "garage", OpportunityScope.TENANT, "ada", OpportunityStatus.DRAFT),
            ("pooled_draft", None, "garage", OpportunityScope.TENANT, None, OpportunityStatus.DRAFT),
        )
        for title, looked_after_by, employer, scope, owner, state in listings:
            shown = state is OpportunityStatus.PUBLISHED
            self.add(
                Opportunity,
                id=self.named(title),
                status=state,
                title=title.replace("_", " ").title(),
                type="worksite_tour",
                employer_id=self.world[employer],
                school_id=None if looked_after_by is None else self.world[looked_after_by],
                scope=scope,
                owner_id=None if owner is None else self.world[owner],
                seats=3,
                seats_taken=1 if title == "south_tour" else 0,
                published_at=now if shown else None,
                confirmed_at=now if shown else None,
            )
        await self.session.flush()

    async def lives(
        self,
        student: str,
        school: str,
        *,
        pursues: str | None = None,
        placed: str | None = None,
        employer: str | None = None,
        favors: str | None = None,
    ) -> None:
        """A student's wish, pursuit, placement and notification."""
        now = clock.now()
        person = self.world[student]
        common = {"student_id": person, "school_id": self.world[school]}
        self.note(student)
        self.add(
            Favorite,
            id=self.named(f"{student}_favorite"),
            student_id=person,
            opportunity_id=self.world[favors or pursues or "internship"],
        )
        if pursues is not None:
            self.add(
                Pursuit,
                id=self.named(f"{student}_pursuit"),
                opportunity_id=self.world[pursues],
                requested_at=now,
                **common,
            )
        self.add(
            WaitingEntry,
            id=self.named(f"{student}_place"),
            opportunity_id=self.world[pursues or favors or "internship"],
            # Leo let an offer go by, so that he can come back to the line of what is full.
            status=WaitingStatus.LAPSED if student == "leo" else WaitingStatus.WAITING,
            ended_at=now if student == "leo" else None,
            joined_at=now,
            **common,
        )
        self.add(Introduction, id=self.named(f"{student}_introduction"), field="nurse", **common)
        if placed is None or employer is None:
            return
        self.add(
            Pursuit,
            id=self.named(f"{student}_converted"),
            status=PursuitStatus.CONVERTED,
            opportunity_id=self.world[placed],
            requested_at=now,
            **common,
        )
        await self.session.flush()
        self.add(
            Placement,
            id=self.named(f"{student}_placement"),
            status=PlacementStatus.SETUP,
            pursuit_id=self.world[f"{student}_converted"],
            opportunity_id=self.world[placed],
            employer_id=self.world[employer],
            goals="Learn the trade.",
            schedule="Mondays",
            starts_on=now.date(),
            ends_on=now.date() + timedelta(days=30),
            **common,
        )

    async def hop(self, contributor: str, student: str, school: str, contact: str) -> None:
        """A contributor is asked on the way of a student's introduction."""
        await self.session.flush()
        self.add(
            Hop,
            id=self.named(f"{contributor}_hop"),
            status=HopStatus.ASKED,
            introduction_id=self.world[f"{student}_introduction"],
            school_id=self.world[school],
            slot=1,
            kind=HopKind.CONTRIBUTOR,
            person_id=self.world[contributor],
            connection_id=self.world[f"{contact}_connection"],
            contributor_id=self.world[contributor],
            household_id=self.world[contributor],
            contact_id=self.world[contact],
            asked_at=clock.now(),
            answer_by=clock.now() + timedelta(days=5),
        )

    async def project(self, student: str, school: str, opportunity: str, other: str) -> None:
        """A project's phase, a student's team with feedback on it, and another project where there is no team yet."""
        today = clock.now().date()
        common = {"school_id": self.world[school]}
        await self.session.flush()
        for phase, project in ((f"{student}_phase", opportunity), (f"{student}_other_phase", other)):
            self.add(
                ProjectPhase,
                id=self.named(phase),
                opportunity_id=self.world[project],
                position=1,
                title="Plan",
                deliverable="A plan",
                starts_on=today,
                ends_on=today + timedelta(days=30),
            )
        self.add(
            ProjectTeam,
            id=self.named(f"{student}_team"),
            opportunity_id=self.world[opportunity],
            number=1,
            **common,
        )
        await self.session.flush()
        self.add(
            TeamMember,
            opportunity_id=self.world[opportunity],
            team_id=self.world[f"{student}_team"],
            student_id=self.world[student],
        )
        self.add(
            PhaseFeedback,
            id=self.named(f"{student}_feedback"),
            phase_id=self.world[f"{student}_phase"],
            team_id=self.world[f"{student}_team"],
            status=FeedbackStatus.SHARED,
            strong="Clear.",
            next_step="Costs.",
            quality=3,
            thinking=3,
            presentation=3,
            answered_at=clock.now(),
            **common,
        )
        await self.session.flush()

    def host_ask(self, employer: str) -> None:
        """An employer that was asked whether it hosts again."""
        self.add(
            HostAsk,
            id=self.named(f"{employer}_ask"),
            employer_id=self.world[employer],
            asked_at=clock.now(),
            answer_by=clock.now() + timedelta(days=30),
            reasons=[],
        )

    def note(self, person: str) -> None:
        """Tell somebody something."""
        self.add(
            Notification,
            id=self.named(f"{person}_note"),
            person_id=self.world[person],
            event_id=new_id(),
            kind="pursuit_approved",
            subject_type="pursuit",
            subject_id=new_id(),
        )

    async def round(self, school: str, student: str, coordinator: str) -> None:
        """An open relationship mapping round with one student, a tie of that student's, and a group."""
        today = clock.now().date()
        self.add(
            StudentGroup, id=self.named(f"{school}_group"), school_id=self.world[school], name="Early birds"
        )
        self.add(
            RelationshipRound,
            id=self.named(f"{school}_round"),
            school_id=self.world[school],
            title="Fall",
            scope=RoundScope.SCHOOL,
            status=RoundStatus.OPEN,
            created_by_id=self.world[coordinator],
        )
        await self.session.flush()
        self.add(
            RoundStudent,
            id=self.named(f"{student}_round_student"),
            round_id=self.world[f"{school}_round"],
            student_id=self.world[student],
            school_id=self.world[school],
        )
        self.add(
            Tie,
            id=self.named(f"{student}_tie"),
            student_id=self.world[student],
            person_id=self.world[coordinator],
            origin=TieOrigin.STAFF,
            formed_on=today,
            last_confirmed_on=today,
            strength=30,
            uses=0,
            entries=1,
        )
        listing = {"north": "school_only", "south": "south_only", "river": "river_school_only"}[school]
        await self.reported(school, student, listing)

    async def reported(self, school: str, student: str, listing: str) -> None:
        """A listing that a student reported, and that its employer would like to change."""
        about = {"opportunity_id": self.world[listing], "school_id": self.world[school]}
        self.add(ListingCase, id=self.named(f"{school}_case"), reports=1, reasons=["closed"], **about)
        self.add(
            ListingChange,
            id=self.named(f"{school}_change"),
            wanted={"title": "Another title"},
            present={"title": "This title"},
            **about,
        )
        await self.session.flush()
        self.add(
            ListingReport,
            id=self.named(f"{student}_report"),
            case_id=self.world[f"{school}_case"],
            opportunity_id=self.world[listing],
            reporter_id=self.world[student],
            reporter_role="student",
            reason=ReportReason.CLOSED,
        )

    def campaign(self, school: str) -> None:
        """Draft an outreach campaign of a school."""
        today = clock.now().date()
        self.add(
            OutreachCampaign,
            id=self.named(f"{school}_campaign"),
            school_id=self.world[school],
            title="Who do we know?",
            message="Our students want to meet people at work.",
            opens_on=today,
            closes_on=today + timedelta(days=30),
        )

    def map(self, student: str, adult: str, *, taken_back: bool = False) -> None:
        """Somebody on a student's map, a goal, and the adult to whom the map is shown."""
        whose = {"student_id": self.world[student]}
        self.add(
            MapEntry,
            id=self.named(f"{student}_entry"),
            label="Aunt Bea",
            domain=ConnectionDomain.FAMILY,
            closeness=3,
            frequency=4,
            **whose,
        )
        self.add(Goal, id=self.named(f"{student}_goal"), title="See a surgery", field="nurse", **whose)
        now = clock.now()
        search = {"name": "Animals", "filters": {"q": "animals"}, "news_from": now, "last_found_at": now}
        self.add(SavedSearch, id=self.named(f"{student}_search"), person_id=self.world[student], **search)
        self.add(
            MapShare,
            id=self.named(f"{student}_share"),
            adult_id=self.world[adult],
            shared_at=clock.now(),
            revoked_at=clock.now() if taken_back else None,
            **whose,
        )

    def event(self, person: str | None, school: str | None, *, private: bool = False) -> None:
        """Write something into the audit trail; `private`: about somebody's network map."""
        noun = "map_entry" if private else "person"
        self.add(
            Event,
            id=self.named(f"{person}_map_event" if private else f"{person or 'tenant'}_event"),
            action=f"{noun}.update",
            subject_type=noun,
            subject_id=new_id(),
            subject_seq=1,
            actor_kind="system",
            school_id=None if school is None else self.world[school],
            person_id=None if person is None else self.world[person],
        )

    async def intake(self, tenant: str, sender: str) -> None:
        """Send a file that is erased by now, with one line in its report; and an event that is held back."""
        await self.file_sent(f"{tenant}_import", ImportKind.OPPORTUNITIES, sender)
        self.add(
            Delivery, id=self.named(f"{tenant}_stuck"), attempts=9, dead_at=clock.now(), fault="ValueError"
        )

    async def file_sent(self, name: str, kind: ImportKind, sender: str) -> None:
        """Send a file that was only tried and is erased by now."""
        upload_id = new_id()
        self.add(
            Upload, id=upload_id, data=None, size=1, sha256=hashlib.sha256(b"").digest(), erase_at=clock.now()
        )
        await self.session.flush()
        self.add(
            Import,
            id=self.named(name),
            kind=kind,
            status=ImportStatus.TRIED,
            upload_id=upload_id,
            created_by_id=self.world[sender],
            counts={
                "files": {
                    "opportunities.csv": dict.fromkeys(
                        (
                            "read",
                            "taken",
                            "merged",
                            "rejected",
                            "ignored",
                            "created",
                            "changed",
                            "unchanged",
                            "ended",
                        ),
                        0,
                    )
                }
            },
        )
        await self.session.flush()
        self.add(
            ImportRow,
            id=self.named(f"{name}_row"),
            import_id=self.world[name],
            position=1,
            file="opportunities.csv",
            line=2,
            code="row_empty",
            severity="rejected",
        )

    async def name_memberships(self) -> None:
        """Name everybody's role after the person: maya_role."""
        people = {person_id: name for name, person_id in self.world.ids.items()}
        rows = await self.session.execute(
            select(Membership.id, Membership.person_id).where(Membership.tenant_id == self.tenant_id)
        )
        for membership_id, person_id in rows.all():
            self.world.ids[f"{people[person_id]}_role"] = membership_id
