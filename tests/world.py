"""A small town with two of everything and people with names; a test says only what differs.

Lakeside is the tenant: North and South are its schools. Riverton is another tenant with a school of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Database
from app.core.ids import new_id
from app.core.jobs import working
from app.core.tokens import issue_access_token
from app.domain.connection import ConnectionDomain, ConnectionStatus, ShareScope
from app.domain.contact import ContactStatus
from app.domain.employer import EmployerStatus
from app.domain.opportunity import OpportunityScope, OpportunityStatus
from app.domain.placement import PlacementStatus
from app.domain.policy import Role
from app.domain.pursuit import PursuitStatus
from app.features.search_index import service as search_index
from app.models import (
    Account,
    AccountTenant,
    AdvisorLink,
    Connection,
    Contact,
    Employer,
    GuardianLink,
    LoginSession,
    MachineClient,
    Membership,
    Opportunity,
    Person,
    Placement,
    Pursuit,
    School,
    Tenant,
    Term,
    Worksite,
)


@dataclass
class Resident:
    """Somebody who is signed in."""

    name: str
    tenant_id: UUID
    person_id: UUID | None
    account_id: UUID
    session_id: UUID


@dataclass
class World:
    """The town: rows by the names the tests use."""

    app: FastAPI
    ids: dict[str, UUID] = field(default_factory=dict)
    residents: dict[str, Resident] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> UUID:
        """Return the id of a thing or a person of the town."""
        return self.ids[name]

    @property
    def database(self) -> Database:
        """Return the application's database."""
        database: Database = self.app.state.database
        return database

    def token(self, name: str) -> str:
        """Return a fresh access token of a resident."""
        resident = self.residents[name]
        settings = self.app.state.settings
        return issue_access_token(
            self.app.state.token_keys,
            issuer=settings.token_issuer,
            audience=settings.token_audience,
            account_id=resident.account_id,
            tenant_id=resident.tenant_id,
            session_id=resident.session_id,
            now=clock.now(),
            lifetime=timedelta(minutes=10),
        )

    def as_(self, name: str, **headers: str) -> "Caller":
        """Return a client that is signed in as somebody."""
        return Caller(self.app, self.token(name), headers)


class Caller:
    """One person's HTTP client: adds the token, and an Idempotency-Key to every POST that brings none."""

    def __init__(self, app: FastAPI, token: str, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = {"Authorization": f"Bearer {token}", **headers}

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request to the application."""
        headers = {**self._headers, **options.pop("headers", {})}
        if method == "POST":
            headers.setdefault("Idempotency-Key", str(uuid4()))
        if (version := options.pop("version", None)) is not None:
            headers["If-Match"] = f'"{version}"'
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://kithwork.test") as client:
            return await client.request(method, path, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Read."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        """Create, or act on one thing (`version=` is its If-Match)."""
        return await self.request("POST", path, **options)

    async def patch(self, path: str, **options: Any) -> httpx.Response:
        """Change."""
        return await self.request("PATCH", path, **options)

    async def put(self, path: str, **options: Any) -> httpx.Response:
        """Replace."""
        return await self.request("PUT", path, **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        """Remove."""
        return await self.request("DELETE", path, **options)


# Who lives in Lakeside: (name, role, school).
_LAKESIDE = (
    ("maya", Role.STUDENT, "north"),  # 11th grade; her family knows nobody at a clinic
    ("leo", Role.STUDENT, "north"),
    ("ines", Role.STUDENT, "south"),
    ("rosa", Role.GUARDIAN, "north"),  # Leo's mother; her cousin works at a veterinary clinic
    ("omar", Role.GUARDIAN, "north"),  # Maya's father
    ("petra", Role.GUARDIAN, "south"),  # Ines's mother
    ("ada", Role.ADVISOR, "north"),  # advises Maya and Leo
    ("ben", Role.ADVISOR, "south"),  # advises Ines
    ("clara", Role.COORDINATOR, "north"),
    ("dario", Role.COORDINATOR, "south"),
    ("ellis", Role.DISTRICT_ADMIN, None),
    ("olga", Role.OPERATOR, None),
)
_RIVERTON = (
    ("ria", Role.STUDENT, "river"),
    ("gus", Role.GUARDIAN, "river"),
    ("art", Role.ADVISOR, "river"),
    ("cora", Role.COORDINATOR, "river"),
    ("dora", Role.DISTRICT_ADMIN, None),
    ("otto", Role.OPERATOR, None),
)


async def build(app: FastAPI) -> World:
    """Fill the two tenants and sign everybody in."""
    world = World(app)
    await _tenant(world, "lakeside", ("north", "south"), _LAKESIDE)
    await _tenant(world, "riverton", ("river",), _RIVERTON)
    async with working(world.database, world["lakeside"]) as unit:
        await _network(world, unit.session, "lakeside", "north", contributor="rosa", supervisor="sam")
        await _lives(world, unit.session)
        await search_index.heal(unit, world["lakeside"])
    async with working(world.database, world["riverton"]) as unit:
        await _network(
            world, unit.session, "riverton", "river", contributor="gus", supervisor="sid", prefix="river_"
        )
        await search_index.heal(unit, world["riverton"])
    return world


async def _tenant(
    world: World, slug: str, schools: tuple[str, ...], people: tuple[tuple[str, Role, str | None], ...]
) -> None:
    tenant_id = world.ids[slug] = new_id()
    async with working(world.database, tenant_id) as unit:
        session = unit.session
        session.add(Tenant(id=tenant_id, slug=slug, name=slug.title()))
        await session.flush()
        for name in schools:
            world.ids[name] = new_id()
            session.add(
                School(
                    tenant_id=tenant_id,
                    id=world[name],
                    name=f"{name.title()} School",
                    sourced_id=f"org-{name}",
                )
            )
        today = clock.now().date()
        world.ids[f"{slug}_term"] = new_id()
        session.add(
            Term(
                tenant_id=tenant_id,
                id=world[f"{slug}_term"],
                title="Fall",
                kind="term",
                starts_on=today - timedelta(days=60),
                ends_on=today + timedelta(days=120),
            )
        )
        await session.flush()
        for name, role, school in people:
            await settle(
                world, session, tenant_id, name, role, school_id=None if school is None else world[school]
            )
        await _machine(world, session, tenant_id, f"{slug}_sis")


async def settle(
    world: World,
    session: AsyncSession,
    tenant_id: UUID,
    name: str,
    role: Role,
    *,
    school_id: UUID | None = None,
    employer_id: UUID | None = None,
) -> Resident:
    """Let somebody live in the town, with a role, an account and a login."""
    person_id, account_id, session_id = new_id(), new_id(), new_id()
    born_on = date(clock.now().year - 17, 1, 15) if role is Role.STUDENT else None
    session.add(
        Person(
            tenant_id=tenant_id,
            id=person_id,
            given_name=name.title(),
            family_name=f"{name.title()}son",
            email=f"{name}@example.org",
            born_on=born_on,
            grades=["11"] if role is Role.STUDENT else [],
            sourced_id=f"user-{name}",
        )
    )
    session.add(Account(id=account_id, login=f"{name}@example.org"))
    await session.flush()
    session.add(AccountTenant(account_id=account_id, tenant_id=tenant_id, person_id=person_id))
    session.add(
        Membership(
            tenant_id=tenant_id, person_id=person_id, role=role, school_id=school_id, employer_id=employer_id
        )
    )
    session.add(_login(session_id, account_id, tenant_id, person_id))
    await session.flush()
    world.ids[name] = person_id
    resident = world.residents[name] = Resident(name, tenant_id, person_id, account_id, session_id)
    return resident


def _login(
    session_id: UUID, account_id: UUID, tenant_id: UUID, person_id: UUID | None, *scopes: str
) -> LoginSession:
    return LoginSession(
        id=session_id,
        account_id=account_id,
        tenant_id=tenant_id,
        person_id=person_id,
        scopes=list(scopes),
        expires_at=clock.now() + timedelta(days=30),
    )


async def _machine(world: World, session: AsyncSession, tenant_id: UUID, name: str) -> None:
    account_id, session_id = new_id(), new_id()
    scopes = ("roster.write", "roster.read", "catalogue.read", "placements.read")
    session.add(Account(id=account_id, login=name, kind="machine"))
    await session.flush()
    session.add(AccountTenant(account_id=account_id, tenant_id=tenant_id, person_id=None))
    world.ids[name] = new_id()
    session.add(
        MachineClient(
            tenant_id=tenant_id, id=world[name], account_id=account_id, name=name, scopes=list(scopes)
        )
    )
    session.add(_login(session_id, account_id, tenant_id, None, *scopes))
    await session.flush()
    world.residents[name] = Resident(name, tenant_id, None, account_id, session_id)


async def _network(
    world: World,
    session: AsyncSession,
    slug: str,
    school: str,
    *,
    contributor: str,
    supervisor: str,
    prefix: str = "",
) -> None:
    """An employer that is vetted through a cousin who said yes, and another that is not."""
    tenant_id = world[slug]

    def named(name: str) -> UUID:
        return world.ids.setdefault(f"{prefix}{name}", new_id())

    common = {"tenant_id": tenant_id}
    session.add(
        Employer(
            id=named("clinic"),
            name="Lakeside Veterinary Clinic",
            status=EmployerStatus.VETTED,
            naics="541940",
            **common,
        )
    )
    session.add(
        Employer(id=named("garage"), name="Third Street Garage", status=EmployerStatus.PROSPECT, **common)
    )
    await session.flush()
    session.add(
        Worksite(
            id=named("clinic_site"),
            employer_id=named("clinic"),
            name="Main clinic",
            city="Lakeside",
            latitude=41.8,
            longitude=-87.6,
            **common,
        )
    )
    session.add(
        Contact(
            id=named("cousin"),
            status=ContactStatus.CONSENTED,
            given_name="Vera",
            family_name="Vetter",
            email="vera@clinic.example",
            employer_id=named("clinic"),
            school_id=world[school],
            suggested_by_role="guardian",
            answered_at=clock.now(),
            **common,
        )
    )
    await session.flush()
    session.add(
        Connection(
            id=named("cousin_connection"),
            status=ConnectionStatus.ACTIVE,
            contributor_id=world[contributor],
            school_id=world[school],
            contact_id=named("cousin"),
            employer_id=named("clinic"),
            domain=ConnectionDomain.FAMILY,
            closeness=3,
            frequency=3,
            offers=["host"],
            share_scope=ShareScope.TENANT,
            **common,
        )
    )
    await session.flush()
    session.add(
        Opportunity(
            id=named("internship"),
            status=OpportunityStatus.PUBLISHED,
            title="Veterinary assistant internship",
            description="Care for animals beside a vet, two afternoons a week.",
            type="internship_unpaid",
            clusters=["healthcare_human_services"],
            employer_id=named("clinic"),
            worksite_id=named("clinic_site"),
            connection_id=named("cousin_connection"),
            school_id=world[school],
            seats=2,
            published_at=clock.now(),
            confirmed_at=clock.now(),
            **common,
        )
    )
    session.add(
        Opportunity(
            id=named("draft"),
            status=OpportunityStatus.DRAFT,
            title="Front desk job shadow",
            type="job_shadow",
            employer_id=named("clinic"),
            school_id=world[school],
            seats=1,
            **common,
        )
    )
    session.add(
        Opportunity(
            id=named("school_only"),
            status=OpportunityStatus.PUBLISHED,
            title="School garden project",
            type="service_learning",
            employer_id=named("clinic"),
            school_id=world[school],
            seats=5,
            scope=OpportunityScope.SCHOOL,
            published_at=clock.now() - timedelta(hours=1),
            confirmed_at=clock.now(),
            **common,
        )
    )
    await session.flush()
    await settle(world, session, tenant_id, supervisor, Role.SUPERVISOR, employer_id=named("clinic"))


async def _lives(world: World, session: AsyncSession) -> None:
    """Families and advisees of Lakeside, one pursuit waiting for its decision, and one placement."""
    common = {"tenant_id": world["lakeside"]}
    for student, guardian, advisor, school in (
        ("maya", "omar", "ada", "north"),
        ("leo", "rosa", "ada", "north"),
        ("ines", "petra", "ben", "south"),
    ):
        world.ids[f"{guardian}_{student}"], world.ids[f"{advisor}_{student}"] = new_id(), new_id()
        session.add(
            GuardianLink(
                id=world[f"{guardian}_{student}"],
                student_id=world[student],
                guardian_id=world[guardian],
                **common,
            )
        )
        session.add(
            AdvisorLink(
                id=world[f"{advisor}_{student}"],
                advisor_id=world[advisor],
                student_id=world[student],
                school_id=world[school],
                **common,
            )
        )
    for name in ("leo_pursuit", "leo_converted", "leo_placement"):
        world.ids[name] = new_id()
    now = clock.now()
    session.add(
        Pursuit(
            id=world["leo_pursuit"],
            student_id=world["leo"],
            opportunity_id=world["internship"],
            school_id=world["north"],
            requested_at=now,
            **common,
        )
    )
    session.add(
        Pursuit(
            id=world["leo_converted"],
            status=PursuitStatus.CONVERTED,
            student_id=world["leo"],
            opportunity_id=world["school_only"],
            school_id=world["north"],
            requested_at=now,
            **common,
        )
    )
    garden = await session.get_one(Opportunity, (world["lakeside"], world["school_only"]))
    garden.seats_taken = 1
    await session.flush()
    session.add(
        Placement(
            id=world["leo_placement"],
            status=PlacementStatus.SETUP,
            pursuit_id=world["leo_converted"],
            student_id=world["leo"],
            opportunity_id=world["school_only"],
            employer_id=world["clinic"],
            school_id=world["north"],
            advisor_id=world["ada"],
            goals="Learn to plan a garden.",
            schedule="Tuesdays 14:00-16:00",
            starts_on=now.date(),
            ends_on=now.date() + timedelta(days=60),
            **common,
        )
    )
    await session.flush()
