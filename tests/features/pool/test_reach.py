"""Reachability over HTTP: yes from three households up, in batches, and nothing else to be learnt."""

import asyncio
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from app.core import clock
from app.core.jobs import Workshop
from app.domain.connection import ConnectionStatus, ShareScope
from app.domain.contact import ContactStatus
from app.domain.fields import FIELDS
from app.features.pool import jobs
from tests.features.pool.town import answer, families_offer, family, next_batch, offer, withdraw
from tests.world import World


async def test_three_households_are_a_yes_and_two_are_not_known(world: World, workshop: Workshop) -> None:
    await families_offer(world, "welder", "a", "b", "c")
    await families_offer(world, "baker", "d", "e")

    await next_batch(world, workshop, 1)

    assert await answer(world, field="welder") == "yes"
    assert await answer(world, field="baker") == "not_known"
    assert await answer(world, field="advanced_manufacturing") == "yes"


async def test_a_household_counts_once_whoever_in_it_offers(world: World, workshop: Workshop) -> None:
    await families_offer(world, "welder", "a")
    await offer(world, "omar")
    await offer(world, "maya")

    await next_batch(world, workshop, 1)

    assert await answer(world) == "not_known"


async def test_for_none_one_and_two_households_everything_is_the_same(
    world: World, workshop: Workshop
) -> None:
    await families_offer(world, "baker", "a")
    await families_offer(world, "welder", "b", "c")
    await next_batch(world, workshop, 1)
    heard, statements = [], []
    engine = world.database.engine.sync_engine
    ran: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        ran.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        for field in ("barber", "baker", "welder"):
            ran.clear()
            found = await world.as_("maya").get("/v1/network/reach", params={"field": field})
            item = found.json()["items"][0]
            # The request's own number, and how many requests are left: the same whatever is asked.
            own = {"x-request-id", "ratelimit", "content-length"}
            headers = {name: value for name, value in found.headers.items() if name not in own}
            blanked = found.content.replace(field.encode(), b"*").replace(item["name"].encode(), b"*")
            heard.append((found.status_code, blanked, headers))
            statements.append(list(ran))
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert heard[0] == heard[1] == heard[2]
    assert statements[0] == statements[1] == statements[2]
    assert len(statements[0]) > 0


async def test_the_same_field_answers_the_same_bytes_for_none_one_and_two(
    world: World, workshop: Workshop
) -> None:
    seen = []
    await families_offer(world, "baker", "x", "y", "z")
    for week, name in enumerate(("nobody", "a", "b"), start=1):
        if name != "nobody":
            await families_offer(world, "welder", name)
        await next_batch(world, workshop, week)
        found = await world.as_("maya").get("/v1/network/reach", params={"field": "welder"})
        day = found.json()["published_on"]
        assert len(found.content) == int(found.headers["content-length"])
        seen.append(found.content.replace(day.encode(), b"*"))

    assert seen[0] == seen[1] == seen[2]


async def test_the_first_batch_waits_until_there_is_something_to_say(
    world: World, workshop: Workshop
) -> None:
    await next_batch(world, workshop, 1)
    before = (await world.as_("maya").get("/v1/network/reach", params={"field": "welder"})).json()
    await families_offer(world, "welder", "a", "b", "c")

    await next_batch(world, workshop, 1)

    assert before["published_on"] is None
    assert await answer(world) == "yes"


async def test_nothing_changes_before_the_next_batch(world: World, workshop: Workshop) -> None:
    await families_offer(world, "baker", "x", "y", "z")
    await next_batch(world, workshop, 1)
    await families_offer(world, "welder", "a", "b", "c", "d")

    await next_batch(world, workshop, 1)
    before = await answer(world)
    await next_batch(world, workshop, 2)

    assert (before, await answer(world)) == ("not_known", "yes")


async def test_no_single_family_turns_an_answer_on_or_off(world: World, workshop: Workshop) -> None:
    await families_offer(world, "welder", "a", "b")
    await families_offer(world, "baker", "d", "e", "f")
    await next_batch(world, workshop, 1)

    await families_offer(world, "welder", "c")
    await withdraw(world, "d")
    await next_batch(world, workshop, 2)
    after_one = await answer(world), await answer(world, field="baker")
    await families_offer(world, "welder", "g")
    await withdraw(world, "e")
    await next_batch(world, workshop, 3)

    assert after_one == ("not_known", "yes")
    assert (await answer(world), await answer(world, field="baker")) == ("yes", "not_known")


async def test_a_household_that_is_split_turns_no_answer_on(world: World, workshop: Workshop) -> None:
    await families_offer(world, "welder", "a")
    await offer(world, "omar")
    await offer(world, "maya")
    await next_batch(world, workshop, 1)
    clara = world.as_("clara")
    home = (await clara.get("/v1/households", params={"person_id": str(world["omar"])})).json()["items"][0]

    await clara.post(
        f"/v1/households/{home['id']}/split",
        json={"person_ids": [str(world["omar"])], "reason": "they live apart"},
        version=home["version"],
    )
    await next_batch(world, workshop, 2)
    after_split = await answer(world)
    await families_offer(world, "welder", "b")
    await next_batch(world, workshop, 3)

    assert (after_split, await answer(world)) == ("not_known", "yes")


async def test_what_is_shared_with_a_school_is_seen_there_only(world: World, workshop: Workshop) -> None:
    await families_offer(world, "welder", "a", "b", "c", scope=ShareScope.SCHOOL)
    await families_offer(world, "baker", "d", "e", "f", scope=ShareScope.ADVISORY)

    await next_batch(world, workshop, 1)

    assert await answer(world, "maya") == "yes"
    assert await answer(world, "ines") == "not_known"
    assert await answer(world, "maya", "baker") == "not_known"


async def test_tenant_wide_and_school_wide_offers_add_up(world: World, workshop: Workshop) -> None:
    await families_offer(world, "welder", "a", "b")
    await families_offer(world, "welder", "c", "a", scope=ShareScope.SCHOOL)

    await next_batch(world, workshop, 1)

    assert await answer(world, "maya") == "yes"
    assert await answer(world, "ines") == "not_known"


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        (ContactStatus.CONSENTED, "yes"),
        (ContactStatus.PAUSED, "not_known"),
        (ContactStatus.INVITED, "not_known"),
    ],
)
async def test_contacts_count_only_while_they_consent(
    contact: ContactStatus, said: str, world: World, workshop: Workshop
) -> None:
    await families_offer(world, "welder", "a", "b")
    await family(world, "c")
    await offer(world, "c", contact=contact)

    await next_batch(world, workshop, 1)

    assert await answer(world) == said


async def test_a_contact_counts_at_the_schools_they_chose(world: World, workshop: Workshop) -> None:
    await families_offer(world, "welder", "a", "b")
    await family(world, "c")
    await offer(world, "c", contact=ContactStatus.CONSENTED, visible_school_ids=[world["south"]])

    await next_batch(world, workshop, 1)

    assert (await answer(world, "ines"), await answer(world, "maya")) == ("yes", "not_known")


async def test_connections_count_only_while_they_are_active(world: World, workshop: Workshop) -> None:
    await families_offer(world, "welder", "a", "b")
    await family(world, "c")
    await offer(world, "c", status=ConnectionStatus.DORMANT)

    await next_batch(world, workshop, 1)

    assert await answer(world) == "not_known"


async def test_the_whole_vocabulary_is_read_at_once(world: World, workshop: Workshop) -> None:
    before = (await world.as_("rosa").get("/v1/network/reach")).json()
    await families_offer(world, "welder", "a", "b", "c")
    await next_batch(world, workshop, 1)

    found = (await world.as_("rosa", **{"Accept-Language": "es"}).get("/v1/network/reach")).json()

    assert before["published_on"] is None
    assert {item["answer"] for item in before["items"]} == {"not_known"}
    assert found["school_id"] == str(world["north"])
    assert {item["field"] for item in found["items"]} == FIELDS
    assert [item["field"] for item in found["items"] if item["answer"] == "yes"] == [
        "advanced_manufacturing",
        "auto_mechanic",  # the workplace they all offer is a garage
        "supply_chain_transportation",
        "welder",
    ]
    assert (
        next(item["name"] for item in found["items"] if item["field"] == "welder") == "Soldadora o soldador"
    )


@pytest.mark.parametrize("who", ["maya", "rosa", "ada", "clara", "ellis"])
async def test_nobody_reads_the_basis(
    who: str, world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await families_offer(world, "welder", "a", "b", "c")
    await next_batch(world, workshop, 1)

    found = await world.as_(who).get("/v1/network/reach", params={"school_id": str(world["north"])})
    gaps = await world.as_(who).get("/v1/network/gaps", params={"school_id": str(world["north"])})

    ((people,),) = owner.execute(
        "SELECT people FROM reach_cells WHERE field = 'welder' AND reachable LIMIT 1"
    )
    assert {world["a"], world["b"], world["c"]} <= set(people)
    for person in people:
        assert str(person) not in found.text + gaps.text


async def test_an_unknown_field_is_refused(world: World) -> None:
    for field in ("dragon_tamer", "", "Welder"):
        found = await world.as_("maya").get("/v1/network/reach", params={"field": field})
        assert found.status_code == 422, field


async def test_who_may_ask_about_which_school(world: World, workshop: Workshop) -> None:
    await next_batch(world, workshop, 1)

    async def ask(who: str, **params: str) -> int:
        found = await world.as_(who).get("/v1/network/reach", params={"field": "welder", **params})
        return found.status_code

    north, south, river = (str(world[name]) for name in ("north", "south", "river"))
    for who in ("maya", "rosa", "ada", "clara"):
        assert await ask(who) == 200
        assert await ask(who, school_id=north) == 200
        assert await ask(who, school_id=south) == 403
        assert await ask(who, school_id=river) == 403
    assert [await ask("ellis"), await ask("ellis", school_id=south), await ask("ellis", school_id=river)] == [
        422,
        200,
        404,
    ]
    assert [await ask(who) for who in ("sam", "olga", "lakeside_sis")] == [403, 403, 403]
    assert await ask("dora") == 200


async def test_a_guardian_without_a_membership_asks_at_the_school_of_the_child(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE memberships SET school_id = NULL WHERE person_id = %s", (world["rosa"],))
    await next_batch(world, workshop, 1)

    mine = await world.as_("rosa").get("/v1/network/reach", params={"field": "welder"})
    owner.execute("UPDATE guardian_links SET no_contact = true WHERE guardian_id = %s", (world["rosa"],))
    barred = await world.as_("rosa").get("/v1/network/reach", params={"field": "welder"})

    assert mine.json()["school_id"] == str(world["north"])
    assert barred.status_code == 422


async def test_the_other_community_knows_nothing_of_it(world: World, workshop: Workshop) -> None:
    await families_offer(world, "welder", "a", "b", "c")
    await next_batch(world, workshop, 1)

    found = (await world.as_("ria").get("/v1/network/reach", params={"field": "welder"})).json()

    assert found["published_on"] is None
    assert found["items"][0]["answer"] == "not_known"


async def test_two_workers_publish_a_batch_once(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await families_offer(world, "welder", "a", "b", "c")

    await asyncio.gather(*(jobs.sweep(workshop, world["lakeside"], clock.now()) for _ in range(3)))

    assert await answer(world) == "yes"
    assert owner.execute("SELECT count(*) FROM pool_tasks WHERE part = 'batch'").fetchall() == [(1,)]
    assert owner.execute("SELECT count(*) FROM reach_cells").fetchall() == [(2 * len(FIELDS),)]
