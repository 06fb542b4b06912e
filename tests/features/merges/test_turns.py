"""Two contacts who are asked, or whose turn is kept, turn out to be one: nobody is asked oftener than the caps allow."""

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop, working
from app.domain.connection import Offer
from app.features.contacts import service as contacts
from tests.features.merges.test_routes import merge, pair
from tests.introducing import add_path, answer, approved, days, hops, open_hop, pass_time, secret_of
from tests.world import World

# Of every two asks of somebody: whether they are less than a week apart.
TOO_SOON = """
SELECT count(*) FROM introduction_hops one
JOIN introduction_hops other ON other.contact_id = one.contact_id AND other.id <> one.id AND other.kind = 'contact'
WHERE one.kind = 'contact' AND other.asked_at >= one.asked_at AND other.asked_at < one.asked_at + interval '7 days'
"""


@pytest.mark.parametrize("keep", ["cousin", "wilma"])
async def test_turns_that_were_kept_end_and_who_was_asked_is_not_asked_again(
    keep: str, world: World, workshop: Workshop, client: httpx.AsyncClient, owner: psycopg.Connection[None]
) -> None:
    start = clock.now()
    with clock.frozen(start):
        await add_path(world, "petra", "Wilma")
        for_leo = await approved(world, workshop, "leo")  # not by his mother's cousin, so by Petra
        for_maya = await approved(world, workshop)
        to_petra = await secret_of(world, await open_hop(world, for_leo, "contributor"))
        await answer(world, for_maya, client, "contributor", "yes")
        to_vera = await secret_of(world, await open_hop(world, for_maya, "contact"))
        assert hops(owner, for_leo, "kind", "status", "contact_id")[1] == (
            "contact",
            "reserved",
            world["wilma"],
        )

        merged = await merge(world, await pair(world, "cousin", "wilma"), keep)

        assert merged.status_code == 200, merged.text
        # The connection alone: a number of asks would show where introductions went.
        assert merged.json()["rows_moved"] == 1
        asked = "asked" if keep == "cousin" else "ended"
        assert hops(owner, for_maya) == [(1, "contributor", "agreed"), (1, "contact", asked)]
        assert hops(owner, for_leo) == [(1, "contributor", "ended"), (1, "contact", "ended")]
        assert (await client.post(f"/v1/introduction_asks/{to_petra}/yes")).status_code == 410
    for day in (2, 4, 6):
        with clock.frozen(start + days(day)):
            await pass_time(world, workshop, clock.now())
            # Neither the other student's slot nor a new request leads to somebody who was just asked.
            assert hops(owner, for_leo) == [(1, "contributor", "ended"), (1, "contact", "ended")]
    with clock.frozen(start + days(6)):
        last = await client.post(f"/v1/introduction_asks/{to_vera}/yes")
        assert last.status_code == (200 if keep == "cousin" else 410), last.text
        assert (await for_maya.seen_by("maya"))["state"] == ("arranged" if keep == "cousin" else "looking")
    for day in (11, 13, 15, 21, 23):
        with clock.frozen(start + days(day)):
            await pass_time(world, workshop, clock.now())
    assert owner.execute(TOO_SOON).fetchone() == (0,)


async def test_undoing_a_merge_asks_nobody_again(
    world: World, workshop: Workshop, client: httpx.AsyncClient, owner: psycopg.Connection[None]
) -> None:
    await add_path(world, "petra", "Wilma")
    for_leo = await approved(world, workshop, "leo")
    to_petra = await secret_of(world, await open_hop(world, for_leo, "contributor"))
    merged = await merge(world, await pair(world, "cousin", "wilma"), "cousin")

    undone = await world.as_("clara").post(f"/v1/merges/{merged.json()['id']}/undo", version=1)

    assert undone.status_code == 200, undone.text
    assert hops(owner, for_leo, "kind", "status", "contact_id") == [
        ("contributor", "ended", world["wilma"]),
        ("contact", "ended", world["wilma"]),
    ]
    assert (await client.post(f"/v1/introduction_asks/{to_petra}/yes")).status_code == 410


async def test_nobody_is_asked_as_the_one_who_was_merged_away(world: World) -> None:
    await add_path(world, "petra", "Wilma")
    willing = {}
    for when in ("before", "after"):
        async with working(world.database, world["lakeside"]) as unit:
            found = await contacts.locked(unit.session, world["lakeside"], world["wilma"])
            assert found is not None
            willing[when] = await contacts.may_be_asked(
                unit.session,
                found,
                school_id=world["north"],
                offer=Offer.ANSWER_QUESTIONS,
                today=clock.now().date(),
            )
        if when == "before":
            merged = await merge(world, await pair(world, "cousin", "wilma"), "cousin")
            assert merged.status_code == 200, merged.text

    assert willing == {"before": True, "after": False}
