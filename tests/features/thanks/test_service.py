"""A contributor hears that a connection helped: once at first, then by number from three students up."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.domain.introduction import IntroductionStatus
from app.domain.placement import PlacementStatus
from app.domain.pursuit import PursuitStatus
from app.features.notices import jobs
from app.models import Introduction, Meeting, Person, Placement, Pursuit
from tests import introducing
from tests.draining import Drain
from tests.world import World

Owner = psycopg.Connection[Any]


async def cleared(world: World, students: int = 1, *, student_id: UUID | None = None) -> list[UUID]:
    """Let students be about to start through Rosa's cousin, and return their placements."""
    common: dict[str, Any] = {"tenant_id": world["lakeside"]}
    now, made = clock.now(), []
    async with working(world.database, world["lakeside"]) as unit:
        for number in range(students):
            person = student_id or new_id()
            if student_id is None:
                unit.session.add(Person(id=person, given_name=f"Pip{number}", family_name="Quick", **common))
            pursuit, placement = new_id(), new_id()
            at = {"student_id": person, "opportunity_id": world["school_only"], "school_id": world["north"]}
            await unit.session.flush()
            unit.session.add(
                Pursuit(id=pursuit, status=PursuitStatus.CONVERTED, requested_at=now, **at, **common)
            )
            await unit.session.flush()
            unit.session.add(
                Placement(
                    id=placement,
                    status=PlacementStatus.CLEARED,
                    pursuit_id=pursuit,
                    employer_id=world["clinic"],
                    connection_id=world["cousin_connection"],
                    contributor_id=world["rosa"],
                    goals="Learn.",
                    schedule="Mondays",
                    starts_on=now.date(),
                    ends_on=now.date() + timedelta(days=30),
                    **at,
                    **common,
                )
            )
            made.append(placement)
    return made


async def start(world: World, placements: list[UUID]) -> None:
    for placement in placements:
        answer = await world.as_("ellis").post(f"/v1/placements/{placement}/activate", version=1)
        assert answer.status_code == 200, answer.text


async def told(world: World, language: str = "en") -> list[tuple[str, str]]:
    """Return what Rosa was told of her connection, latest first."""
    listed = await world.as_("rosa", **{"Accept-Language": language}).get("/v1/notifications")
    assert listed.status_code == 200, listed.text
    return [(row["kind"], row["text"]) for row in listed.json()["items"]]


async def shown(world: World, who: str = "rosa") -> int | None:
    seen = await world.as_(who).get(f"/v1/connections/{world['cousin_connection']}")
    found: int | None = seen.json()["students_helped"]
    return found


async def test_thanks_come_once_at_first_and_by_number_from_three_students_up(
    world: World, drain: Drain, owner: Owner
) -> None:
    seen, numbers = [], []
    for _ in range(6):
        await start(world, await cleared(world))
        await drain()
        seen.append(await told(world))
        numbers.append(await shown(world))

    first = ("connection_helped", "A connection of yours has helped for the first time; thank you.")
    third = ("connection_helped_many", "A connection of yours has helped 3 students by now; thank you.")
    fifth = ("connection_helped_many", "A connection of yours has helped 5 students by now; thank you.")
    assert seen == [
        [first],
        [first],
        [third, first],
        [third, first],
        [fifth, third, first],
        [fifth, third, first],
    ]
    assert numbers == [None, None, 3, 4, 5, 6]
    mails = owner.execute(
        "SELECT template, facts FROM mails WHERE person_id = %s ORDER BY id", [world["rosa"]]
    ).fetchall()
    assert mails == [
        ("connection_helped", {}),
        ("connection_helped_many", {"students": 3}),
        ("connection_helped_many", {"students": 5}),
    ]
    events = owner.execute(
        "SELECT action, actor_kind, facts FROM events WHERE subject_id = %s AND action LIKE 'connection.thank%%'"
        " ORDER BY subject_seq",
        [world["cousin_connection"]],
    ).fetchall()
    assert events == [
        ("connection.thank", "system", {}),
        ("connection.thank_for_many", "system", {"students": 3}),
        ("connection.thank_for_many", "system", {"students": 5}),
    ]


async def test_no_word_of_thanks_names_the_student_or_the_place(
    world: World, drain: Drain, home: Any
) -> None:
    await start(world, await cleared(world, 3))

    await drain()

    letters = [path.read_text() for path in (home / "mail").rglob("*") if path.is_file()]
    mine = [text for text in letters if "connection" in text.lower() and "rosa@example.org" in text]
    said = str(mine) + str(await told(world)) + str(await told(world, "es"))
    assert mine
    assert not any(word in said for word in ("Pip", "Quick", "Garden", "garden"))


async def test_one_student_twice_is_one_student(world: World, drain: Drain) -> None:
    for _ in range(3):
        await start(world, await cleared(world, student_id=world["maya"]))
    await drain()

    assert [kind for kind, _ in await told(world)] == ["connection_helped"]
    assert await shown(world) is None


async def test_many_starts_delivered_at_once_give_each_thanks_once(
    world: World, workshop: Workshop, drain: Drain, owner: Owner
) -> None:
    placements = await cleared(world, 6)
    await start(world, placements)

    await asyncio.gather(*(jobs.deliver(workshop, world["lakeside"], placement) for placement in placements))
    await asyncio.gather(*(jobs.deliver(workshop, world["lakeside"], placement) for placement in placements))
    await drain()

    said = owner.execute(
        "SELECT action, facts ->> 'students', count(*) FROM events WHERE action LIKE 'connection.thank%'"
        " GROUP BY 1, 2"
    ).fetchall()
    assert all(count == 1 for *_, count in said), said
    assert ("connection.thank_for_many", "5", 1) in said
    assert await shown(world) == 6
    thanked = owner.execute(
        "SELECT thanked_for, version FROM connections WHERE id = %s", [world["cousin_connection"]]
    )
    assert thanked.fetchone() == (5, 1)


@pytest.mark.parametrize("verb", ["end_early", "record_no_show"])
async def test_who_never_started_is_not_counted(world: World, drain: Drain, verb: str) -> None:
    for placement in await cleared(world, 3):
        await world.as_("ellis").post(
            f"/v1/placements/{placement}/{verb}", version=1, json={"reason": "It did not fit."}
        )
    await drain()

    assert await shown(world) is None
    assert not any(kind.startswith("connection_helped") for kind, _ in await told(world))


async def test_who_started_and_ended_early_is_counted(world: World) -> None:
    for placement in await cleared(world, 3):
        await start(world, [placement])
        await world.as_("ellis").post(
            f"/v1/placements/{placement}/end_early", version=2, json={"reason": "It did not fit."}
        )

    assert await shown(world) == 3


async def test_everybody_who_sees_the_connection_is_under_the_same_rule_of_three(world: World) -> None:
    await start(world, await cleared(world, 2))
    two = [await shown(world, who) for who in ("rosa", "clara", "ellis")]
    await start(world, await cleared(world, 1))
    three = [await shown(world, who) for who in ("rosa", "clara", "ellis")]
    listed = await world.as_("rosa").get("/v1/connections")

    assert (two, three) == ([None] * 3, [3] * 3)
    assert [row["students_helped"] for row in listed.json()["items"]] == [3]


async def test_a_meeting_counts_as_a_placement_does(world: World) -> None:
    await start(world, await cleared(world, 2))
    common: dict[str, Any] = {"tenant_id": world["lakeside"]}
    introduction = new_id()
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            Introduction(
                id=introduction,
                status=IntroductionStatus.MET,
                student_id=world["maya"],
                school_id=world["north"],
                field="nurse",
                **common,
            )
        )
        await unit.session.flush()
        unit.session.add(
            Meeting(
                introduction_id=introduction,
                student_id=world["maya"],
                school_id=world["north"],
                contact_id=world["cousin"],
                contributor_id=world["rosa"],
                connection_id=world["cousin_connection"],
                **common,
            )
        )

    assert await shown(world) == 3


async def test_a_meeting_that_took_place_is_thanked_for_and_one_that_was_only_arranged_is_not(
    world: World, workshop: Workshop, client: httpx.AsyncClient, drain: Drain
) -> None:
    way = await introducing.approved(world, workshop)
    for kind in ("contributor", "contact"):
        await introducing.answer(world, way, client, kind, "yes")
    await drain()
    arranged = [kind for kind, _ in await told(world)]

    await way.act("ada", "record_met")
    await drain()

    assert "connection_helped" not in arranged
    assert (await told(world))[0][0] == "connection_helped"
