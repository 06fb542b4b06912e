"""The gap map over HTTP, and the exact counts it is made of."""

from typing import Any

import psycopg

from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.domain.clusters import Cluster
from app.domain.connection import ShareScope
from app.domain.goal import GoalStatus
from app.domain.policy import Role
from app.features.pool import queries
from app.models import Favorite, Goal, Introduction, Membership, Person
from tests.features.pool.town import families_offer, next_batch
from tests.world import World


async def students(world: World, count: int, school: str = "north") -> list[Any]:
    """Let more students live in Lakeside."""
    tenant_id, made = world["lakeside"], [new_id() for _ in range(count)]
    async with working(world.database, tenant_id) as unit:
        for person_id in made:
            unit.session.add(Person(tenant_id=tenant_id, id=person_id, given_name="S", family_name="T"))
        await unit.session.flush()
        for person_id in made:
            unit.session.add(
                Membership(
                    tenant_id=tenant_id, person_id=person_id, role=Role.STUDENT, school_id=world[school]
                )
            )
    return made


async def exact(world: World, field: str) -> dict[str, tuple[int, int]]:
    """Return (wanted, households) of a field as the batch counted them, school by school."""
    names = {world[name]: name for name in ("north", "south")}
    async with working(world.database, world["lakeside"]) as unit:
        found = await queries.gaps(unit.session, world["lakeside"], None)
    return {names[school]: (wanted, homes) for school, code, wanted, homes in found if code == field}


async def want(world: World, field: str, count: int, school: str = "north", **more: Any) -> list[Any]:
    """Let so many new students have a goal in a field."""
    made = await students(world, count, school)
    async with working(world.database, world["lakeside"]) as unit:
        for person_id in made:
            unit.session.add(
                Goal(tenant_id=world["lakeside"], student_id=person_id, title="One day", field=field, **more)
            )
    return made


async def gap(world: World, field: str, who: str = "clara", **params: str) -> dict[str, Any] | None:
    """Return a field's cell of the map, if it is there."""
    found = await world.as_(who).get("/v1/network/gaps", params=params)
    assert found.status_code == 200, found.text
    return next((item for item in found.json()["items"] if item["field"] == field), None)


async def test_a_field_that_students_want_and_few_reach_is_lacking(world: World, workshop: Workshop) -> None:
    await want(world, "welder", 4)
    await families_offer(world, "welder", "a", "b", "c")

    await next_batch(world, workshop, 1)

    assert await gap(world, "welder") == {
        "field": "welder",
        "kind": "occupation",
        "name": "Welder",
        "lacking": True,
        "wanted": 3,
        "wanted_fewer_than": None,
        "households": 3,
        "households_fewer_than": None,
    }
    cluster = await gap(world, "advanced_manufacturing")
    assert cluster is not None
    assert (cluster["kind"], cluster["wanted"]) == ("cluster", 3)


async def test_counts_below_three_are_never_shown(world: World, workshop: Workshop) -> None:
    await want(world, "welder", 2)
    await families_offer(world, "baker", "a", "b")

    await next_batch(world, workshop, 1)

    for field in ("welder", "baker"):
        found = await gap(world, field)
        assert found is not None
        assert (found["wanted"], found["wanted_fewer_than"]) == (None, 3)
        assert (found["households"], found["households_fewer_than"]) == (None, 3)
        assert found["lacking"] is False


async def test_one_and_two_read_the_same(world: World, workshop: Workshop) -> None:
    await want(world, "welder", 1)
    await want(world, "barber", 2)
    await next_batch(world, workshop, 1)

    one, two = await gap(world, "welder"), await gap(world, "barber")

    assert one is not None
    assert two is not None
    assert {**one, "field": "", "name": ""} == {**two, "field": "", "name": ""}


async def test_a_field_with_enough_households_is_not_lacking(world: World, workshop: Workshop) -> None:
    await want(world, "welder", 3)
    await families_offer(world, "welder", *"abcdef")

    await next_batch(world, workshop, 1)

    found = await gap(world, "welder")
    assert found is not None
    assert (found["wanted"], found["households"], found["lacking"]) == (3, 6, False)


async def test_goals_introductions_favorites_and_pursuits_each_count_a_student_once(
    world: World, workshop: Workshop
) -> None:
    first, second = await want(world, "nurse", 2)
    (third,) = await students(world, 1)
    async with working(world.database, world["lakeside"]) as unit:
        common = {"tenant_id": world["lakeside"]}
        unit.session.add(Introduction(student_id=first, school_id=world["north"], field="nurse", **common))
        unit.session.add(Favorite(student_id=second, opportunity_id=world["internship"], **common))
        unit.session.add(Favorite(student_id=third, opportunity_id=world["internship"], **common))

    await next_batch(world, workshop, 1)

    # Leo pursues the internship at the clinic.
    assert (await exact(world, Cluster.HEALTHCARE_HUMAN_SERVICES))["north"] == (4, 1)
    assert await gap(world, "nurse") is not None


async def test_a_goal_that_was_reached_or_dropped_is_wanted_no_more(world: World, workshop: Workshop) -> None:
    await want(world, "welder", 3, status=GoalStatus.REACHED)

    await next_batch(world, workshop, 1)

    assert await gap(world, "welder") is None


async def test_families_read_what_is_lacking_without_counts(world: World, workshop: Workshop) -> None:
    await want(world, "welder", 3)
    await want(world, "chef", 2)
    await families_offer(world, "baker", "a", "b", "c")
    await next_batch(world, workshop, 1)

    for who in ("maya", "rosa"):
        found = (await world.as_(who, **{"Accept-Language": "es"}).get("/v1/network/gaps")).json()

        assert [item["field"] for item in found["items"]] == ["advanced_manufacturing", "welder"]
        assert found["items"][1]["name"] == "Soldadora o soldador"
        for item in found["items"]:
            assert item["wanted"] is item["households"] is item["wanted_fewer_than"] is None
            assert item["households_fewer_than"] is None


async def test_somebody_who_is_staff_elsewhere_reads_no_counts_here(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await want(world, "welder", 3)
    await next_batch(world, workshop, 1)
    owner.execute(
        "INSERT INTO memberships (tenant_id, id, created_at, version, updated_at, person_id, role, school_id, source,"
        " sourced_ids, ended_by_roster)"
        " SELECT tenant_id, gen_random_uuid(), created_at, 1, updated_at, %s, 'advisor', %s, 'staff', '{}', false"
        " FROM people WHERE id = %s",
        (world["rosa"], world["south"], world["rosa"]),
    )

    found = await gap(world, "welder", "rosa", school_id=str(world["north"]))

    assert found is not None
    assert found["wanted"] is None


async def test_the_whole_tenant_is_what_its_schools_show(world: World, workshop: Workshop) -> None:
    await want(world, "welder", 4)
    await want(world, "welder", 2, "south")
    await families_offer(world, "welder", "a", "b", "c")
    await families_offer(world, "welder", "d", "e", "f", scope=ShareScope.SCHOOL)
    await next_batch(world, workshop, 1)

    together = await gap(world, "welder", "ellis")
    north = await gap(world, "welder", "ellis", school_id=str(world["north"]))
    south = await gap(world, "welder", "ellis", school_id=str(world["south"]))

    assert together is not None
    assert north is not None
    assert south is not None
    # The two of South are in no number, and cannot be worked out of any.
    assert (together["wanted"], north["wanted"], south["wanted"]) == (3, 3, None)
    assert (together["households"], north["households"], south["households"]) == (3, 6, 3)


async def test_the_map_moves_once_a_week(world: World, workshop: Workshop) -> None:
    await want(world, "baker", 3)
    await next_batch(world, workshop, 1)
    await want(world, "welder", 3)

    await next_batch(world, workshop, 1)
    before = await gap(world, "welder")
    await next_batch(world, workshop, 2)

    assert before is None
    assert await gap(world, "welder") is not None


async def test_who_may_read_which_schools_map(world: World) -> None:
    async def ask(who: str, **params: str) -> int:
        return (await world.as_(who).get("/v1/network/gaps", params=params)).status_code

    north, south, river = (str(world[name]) for name in ("north", "south", "river"))
    for who in ("maya", "rosa", "ada", "clara"):
        assert [await ask(who), await ask(who, school_id=north)] == [200, 200]
        assert [await ask(who, school_id=south), await ask(who, school_id=river)] == [403, 403]
    assert [await ask("ellis"), await ask("ellis", school_id=south)] == [200, 200]
    assert await ask("ellis", school_id=river) == 404
    assert [await ask(who) for who in ("sam", "olga", "lakeside_sis")] == [403, 403, 403]


async def test_each_school_has_its_own_wishes_and_the_households_that_it_sees(
    world: World, workshop: Workshop
) -> None:
    await want(world, "welder", 2)
    await want(world, "welder", 1, "south")
    await families_offer(world, "welder", "a")
    await families_offer(world, "welder", "b", scope=ShareScope.SCHOOL)
    await next_batch(world, workshop, 1)

    assert await exact(world, Cluster.ADVANCED_MANUFACTURING) == {"north": (2, 2), "south": (1, 1)}
    assert await exact(world, Cluster.EDUCATION) == {}
