"""Who is told when something happens, and who is not."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import update

from app.access import MODELS
from app.core.events import LINK, SYSTEM, Author, ByAccount, record
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.domain.notices import NOTICES
from app.domain.policy import Role
from app.features.notices import jobs
from app.models import (
    Connection,
    Employer,
    GuardianLink,
    Import,
    Membership,
    Opportunity,
    Person,
    RoundStudent,
)
from tests.furnished import furnish
from tests.world import World

Owner = psycopg.Connection[Any]

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

# One thing of every noun that people are told of; what the town does not have, tests/furnished.py adds.
SUBJECTS = {
    "connection": "cousin_connection",
    "contact": "cousin",
    "employer": "clinic",
    "host_ask": "garage_ask",
    "import": "roster",
    "introduction": "leo_introduction",
    "introduction_hop": "rosa_hop",
    "listing_case": "north_case",
    "listing_change": "north_change",
    "listing_report": "leo_report",
    "map_entry": "maya_entry",
    "map_share": "maya_share",
    "opportunity": "internship",
    "opportunity_session": "north_session",
    "outreach_campaign": "north_campaign",
    "phase_feedback": "leo_feedback",
    "placement": "leo_placement",
    "pursuit": "leo_pursuit",
    "relationship_round": "north_round",
    "round_student": "leo_round_student",
    "saved_search": "leo_search",
    "session_enrollment": "leo_seat",
    "video_consent": "leo_consent",
    "waiting_entry": "leo_place",
    "weekly_pattern": "north_pattern",
}


def by(world: World, name: str) -> Author:
    resident = world.residents[name]
    return ByAccount(resident.account_id, resident.person_id)


async def happen(
    work: Workshop, world: World, action: str, subject: str, actor: Author | str = SYSTEM, **options: Any
) -> UUID:
    """Record that something happened, and deliver it."""
    tenant = world["lakeside"]
    async with working(work.database, tenant) as unit:
        row = await unit.session.get_one(MODELS[action.split(".", maxsplit=1)[0]], (tenant, world[subject]))
        event_id = await record(unit.session, action, actor=actor, subject=row, **options)
    await jobs.deliver(work, tenant, world[subject])
    return event_id


async def change(work: Workshop, world: World, statement: Any) -> None:
    async with working(work.database, world["lakeside"]) as unit:
        await unit.session.execute(statement)


def told(owner: Owner, world: World) -> set[tuple[str, str, bool]]:
    names = {person_id: name for name, person_id in world.ids.items()}
    rows = owner.execute("SELECT person_id, kind, needs_action FROM notifications").fetchall()
    return {(names[person_id], kind, needs_action) for person_id, kind, needs_action in rows}


def mailed(owner: Owner, world: World) -> list[tuple[str, str]]:
    names = {person_id: name for name, person_id in world.ids.items()}
    rows = owner.execute("SELECT person_id, template FROM mails WHERE person_id IS NOT NULL").fetchall()
    return sorted((names[person_id], template) for person_id, template in rows)


async def own(work: Workshop, world: World, name: str) -> None:
    """Let somebody own the internship and its employer, and have started an import."""
    tenant = world["lakeside"]
    await change(
        work,
        world,
        update(Opportunity).where(Opportunity.id == world["internship"]).values(owner_id=world[name]),
    )
    await change(
        work, world, update(Employer).where(Employer.id == world["clinic"]).values(owner_id=world[name])
    )
    world.ids["roster"] = new_id()
    async with working(work.database, tenant) as unit:
        unit.session.add(
            Import(tenant_id=tenant, id=world["roster"], kind="roster", created_by_id=world[name])
        )


STEPS = [
    ("connection.create", "cousin_connection", "rosa", {("clara", "connection_proposed", True)}, []),
    ("connection.screen", "cousin_connection", "clara", {("rosa", "connection_screened", False)}, []),
    (
        "connection.activate",
        "cousin_connection",
        None,
        {("rosa", "connection_active", False), ("clara", "connection_ready", False)},
        [("rosa", "connection_active")],
    ),
    ("contact.accept", "cousin", LINK, {("clara", "contact_agreed", True)}, []),
    ("contact.close", "cousin", LINK, {("clara", "contact_closed", False)}, []),
    ("opportunity.submit", "internship", "ada", {("clara", "opportunity_submitted", True)}, []),
    (
        "opportunity.request_changes",
        "internship",
        "clara",
        {("ada", "opportunity_changes_requested", True)},
        [("ada", "opportunity_changes_requested")],
    ),
    (
        "opportunity.publish",
        "internship",
        "clara",
        {("ada", "opportunity_published", False), ("rosa", "opportunity_through_you", False)},
        [("ada", "opportunity_published")],
    ),
    (
        "pursuit.create",
        "leo_pursuit",
        "leo",
        {("clara", "student_asks", True), ("ada", "student_asks", False), ("rosa", "student_asks", False)},
        [("clara", "pursuit_requested")],
    ),
    (
        "pursuit.approve",
        "leo_pursuit",
        "clara",
        {
            ("leo", "pursuit_approved", True),
            ("ada", "student_approved", False),
            ("rosa", "student_approved", False),
        },
        [("leo", "pursuit_approved")],
    ),
    (
        "pursuit.land",
        "leo_pursuit",
        "leo",
        {
            ("clara", "student_landed", False),
            ("ada", "student_landed", False),
            ("rosa", "student_landed", False),
        },
        [("ada", "pursuit_landed"), ("clara", "pursuit_landed")],
    ),
    (
        "pursuit.request_start",
        "leo_pursuit",
        "leo",
        {("ada", "student_asks_to_start", True), ("clara", "student_asks_to_start", False)},
        [("ada", "pursuit_start_requested")],
    ),
    (
        "placement.create",
        "leo_placement",
        "ada",
        {
            ("leo", "placement_made", False),
            ("rosa", "placement_made", False),
            ("clara", "placement_made", True),
            ("sam", "placement_made", False),
        },
        [("clara", "placement_made"), ("leo", "placement_made"), ("rosa", "placement_made")],
    ),
    (
        "placement.complete",
        "leo_placement",
        "clara",
        {
            ("leo", "placement_completed", False),
            ("rosa", "placement_completed", False),
            ("ada", "placement_completed", False),
            ("sam", "placement_completed", False),
        },
        [("ada", "placement_completed"), ("leo", "placement_completed"), ("rosa", "placement_completed")],
    ),
    ("employer.assign", "clinic", "clara", {("ada", "employer_assigned", False)}, []),
    ("import.finish", "roster", None, {("ada", "import_finished", False)}, [("ada", "import_finished")]),
    ("import.hold", "roster", None, {("ada", "import_held", True)}, []),
]


@pytest.mark.parametrize(
    ("action", "subject", "actor", "notifications", "letters"), STEPS, ids=[step[0] for step in STEPS]
)
async def test_each_step_is_told_to_the_right_people(
    world: World,
    workshop: Workshop,
    owner: Owner,
    action: str,
    subject: str,
    actor: str | None,
    notifications: set[tuple[str, str, bool]],
    letters: list[tuple[str, str]],
) -> None:
    await own(workshop, world, "ada")
    author: Author | str = by(world, actor) if actor in world.residents else (actor or SYSTEM)

    await happen(workshop, world, action, subject, author)

    assert told(owner, world) == notifications
    assert mailed(owner, world) == letters


@pytest.mark.parametrize("action", sorted(NOTICES))
async def test_every_step_of_the_table_finds_its_people(
    world: World, workshop: Workshop, owner: Owner, action: str
) -> None:
    await furnish(world)
    await own(workshop, world, "ada")
    volunteer = {"volunteer_id": world["ada"], "volunteered_at": LONG_AGO}
    await change(workshop, world, update(RoundStudent).values(**volunteer))
    subject = SUBJECTS[action.split(".", maxsplit=1)[0]]

    event_id = await happen(workshop, world, action, subject)

    found = owner.execute("SELECT count(*) FROM notifications WHERE event_id = %s", (event_id,)).fetchone()
    assert found is not None
    assert found[0] > 0
    assert owner.execute("SELECT attempts FROM deliveries WHERE id = %s", (world[subject],)).fetchone() == (
        0,
    )


@pytest.mark.parametrize(
    "limits",
    [{"may_see": False}, {"no_contact": True}, {"until_on": LONG_AGO.date()}, {"ended_at": LONG_AGO}],
    ids=["may not see", "no contact", "until yesterday", "ended"],
)
async def test_a_guardian_whose_link_does_not_allow_it_is_not_told(
    world: World, workshop: Workshop, owner: Owner, limits: dict[str, Any]
) -> None:
    await change(workshop, world, update(GuardianLink).values(**limits))

    await happen(workshop, world, "placement.create", "leo_placement")

    assert "rosa" not in {name for name, *_ in told(owner, world)}
    assert "rosa" not in {name for name, _ in mailed(owner, world)}


async def test_a_person_without_a_mailbox_is_told_in_the_service_only(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await change(workshop, world, update(Person).where(Person.id == world["leo"]).values(email=None))

    await happen(workshop, world, "pursuit.approve", "leo_pursuit", by(world, "clara"))

    assert ("leo", "pursuit_approved", True) in told(owner, world)
    assert mailed(owner, world) == []


async def test_a_person_who_left_is_not_told(world: World, workshop: Workshop, owner: Owner) -> None:
    owner.execute("UPDATE people SET ended_at = now() WHERE id = %s", (world["rosa"],))
    owner.execute("UPDATE memberships SET ends_on = '2020-01-01' WHERE person_id = %s", (world["clara"],))

    await happen(workshop, world, "placement.create", "leo_placement")

    assert {"rosa", "clara"}.isdisjoint(name for name, *_ in told(owner, world))


async def test_where_a_school_has_no_coordinator_the_district_is_told(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    owner.execute("UPDATE memberships SET ended_at = now() WHERE person_id = %s", (world["clara"],))

    await happen(workshop, world, "pursuit.create", "leo_pursuit", by(world, "leo"))

    assert ("ellis", "student_asks", True) in told(owner, world)


async def test_somebody_concerned_twice_is_told_once_and_still_asked_to_act(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    async with working(workshop.database, world["lakeside"]) as unit:
        unit.session.add(
            Membership(
                tenant_id=world["lakeside"],
                person_id=world["ada"],
                role=Role.COORDINATOR,
                school_id=world["north"],
            )
        )

    await happen(workshop, world, "placement.create", "leo_placement")

    assert [kept for kept in told(owner, world) if kept[0] == "ada"] == [("ada", "placement_made", True)]
    assert [letter for name, letter in mailed(owner, world) if name == "ada"] == ["placement_made"]


async def test_another_tenant_is_never_told(world: World, workshop: Workshop, owner: Owner) -> None:
    await happen(workshop, world, "placement.create", "leo_placement")

    assert owner.execute("SELECT DISTINCT tenant_id FROM notifications").fetchall() == [(world["lakeside"],)]


async def test_an_event_delivered_again_tells_nobody_twice(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await happen(workshop, world, "placement.create", "leo_placement")
    before = told(owner, world), mailed(owner, world)

    await jobs.deliver(workshop, world["lakeside"], world["leo_placement"])

    assert (told(owner, world), mailed(owner, world)) == before
    assert owner.execute("SELECT count(*) FROM notifications").fetchone() == (len(before[0]),)


async def test_something_nobody_needs_to_hear_of_is_delivered_all_the_same(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await happen(workshop, world, "opportunity.update", "internship")

    assert told(owner, world) == set()
    assert owner.execute(
        "SELECT delivered_seq FROM deliveries WHERE id = %s", (world["internship"],)
    ).fetchone() == (1,)


async def test_operators_hear_of_an_event_that_is_given_up(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    tenant = world["lakeside"]
    owner.execute(
        "INSERT INTO deliveries (tenant_id, id, delivered_seq, attempts) VALUES (%s, %s, 0, 7)",
        (tenant, world["leo_pursuit"]),
    )
    # A row that the consumer cannot read: nothing mends that but a human.
    owner.execute("ALTER TABLE pursuits RENAME COLUMN expires_on TO broken")
    try:
        async with working(workshop.database, tenant) as unit:
            employer = await unit.session.get_one(Connection, (tenant, world["cousin_connection"]))
            await record(unit.session, "connection.screen", actor=SYSTEM, subject=employer)
        owner.execute(
            "UPDATE events SET action = 'pursuit.approve', subject_type = 'pursuit', subject_id = %s",
            (world["leo_pursuit"],),
        )
        await jobs.deliver(workshop, tenant, world["leo_pursuit"])
    finally:
        owner.execute("ALTER TABLE pursuits RENAME COLUMN broken TO expires_on")

    assert told(owner, world) == {("olga", "dead_letter", True)}
    assert mailed(owner, world) == [("olga", "dead_letter")]
