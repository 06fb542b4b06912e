"""Going on to the next page, whatever happens in between."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.jobs import working
from app.features.search_index import service as search_index
from app.models import Opportunity
from tests.listings import listings, profile
from tests.world import Caller, World

PATH = "/v1/opportunities"
HOME = (41.88, -87.63)


async def _all(caller: Caller, cursor: dict[str, str] | None = None, **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = cursor or {}
    for _ in range(30):
        answer = await caller.get(PATH, params={**params, **cursor})
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        if answer.json()["next_cursor"] is None:
            return items
        cursor = {"cursor": answer.json()["next_cursor"]}
    raise AssertionError("the pages do not end")


async def _kilns(world: World, number: int) -> None:
    today = clock.now().date()
    await listings(
        world,
        *(
            {
                "title": f"Kiln {at}" if at % 3 else f"Oven {at}",
                "description": "A kiln and a wheel.",
                "place": (HOME[0] + at / 100, HOME[1]) if at % 4 else None,
                "apply_by": today + timedelta(days=at % 5) if at % 2 else None,
            }
            for at in range(number)
        ),
    )


@pytest.mark.parametrize("sort", ["relevance", "-published_at", "apply_by", "distance"])
@pytest.mark.parametrize("words", ["kiln", "kiln wheel", None])
async def test_pages_hold_everything_once_in_one_order(world: World, sort: str, words: str | None) -> None:
    await _kilns(world, 14)
    asked: dict[str, Any] = {"sort": sort, "latitude": HOME[0], "longitude": HOME[1]} | (
        {"q": words} if words else {}
    )
    maya = world.as_("maya")

    whole = await _all(maya, **asked, limit=100)
    paged = await _all(maya, **asked, limit=3)

    assert len(whole) == (14 if words else 16)
    assert [item["id"] for item in paged] == [item["id"] for item in whole]


async def test_nothing_is_shown_twice_or_left_out_while_rows_come_and_go(world: World) -> None:
    await _kilns(world, 9)
    maya = world.as_("maya")
    before = [item["id"] for item in await _all(maya, q="kiln", limit=100)]
    first = (await maya.get(PATH, params={"q": "kiln", "limit": 3})).json()

    new = await listings(world, {"title": "Kiln of today", "published_at": clock.now()})
    async with working(world.database, world["lakeside"]) as unit:
        shown = [item["id"] for item in first["items"]]
        (gone,) = [one for one in before if one not in shown][:1]
        listing = await unit.session.get_one(Opportunity, (world["lakeside"], gone))
        listing.status = "paused"  # type: ignore[assignment] # as the database keeps it
        await search_index.refresh(unit.session, world["lakeside"], [listing.id])
    rest = await _all(maya, {"cursor": first["next_cursor"]}, q="kiln", limit=3)

    seen = shown + [item["id"] for item in rest]
    assert seen == [one for one in before if one != gone]
    assert str(new[0]) not in seen


def _in_every_sample(owner: psycopg.Connection[Any], world: World) -> None:
    """Make search take each document for one of many, as it does where there are thousands."""
    prefix = world["lakeside"].hex[-5:]
    owner.execute(
        "UPDATE search_documents SET document = document || array_to_tsvector(ARRAY("
        " SELECT %(prefix)s || size || substr(lexeme, 6) FROM unnest(tsvector_to_array(document)) AS lexeme,"
        " unnest('{16/,64/}'::text[]) AS size WHERE lexeme ~ '^.{5}[wt=]'"
        ")) || array_to_tsvector(ARRAY[%(prefix)s || '=one_of:4']) WHERE tenant_id = %(tenant)s",
        {"prefix": prefix, "tenant": world["lakeside"]},
    )


@pytest.mark.parametrize("sort", ["relevance", "-published_at", "apply_by", "distance"])
async def test_pages_hold_everything_once_where_only_the_best_is_read(
    world: World, owner: psycopg.Connection[Any], sort: str
) -> None:
    now = clock.now()
    await listings(
        world,
        *(
            {
                "title": f"Kiln {at}" if at % 3 else f"Oven {at}",
                "description": "A kiln.",
                "published_at": now - timedelta(days=2 * at),
                "apply_by": now.date() + timedelta(days=at % 7) if at % 2 else None,
                "place": (HOME[0] + at % 11 / 100, HOME[1]) if at % 4 else None,
            }
            for at in range(90)
        ),
    )
    maya = world.as_("maya")
    asked: dict[str, Any] = {"q": "kiln", "sort": sort, "latitude": HOME[0], "longitude": HOME[1]}
    exact = await _all(maya, **asked, limit=100)
    _in_every_sample(owner, world)

    paged = await _all(maya, **asked, limit=11)
    about = (await maya.get(PATH, params={**asked, "limit": 11})).json()["facets"]

    assert len(exact) == 90
    assert [item["id"] for item in paged] == [item["id"] for item in exact]
    assert about["about"] is True


async def test_the_order_of_chance_holds_everything_once_where_only_its_beginning_is_read(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await profile(world, "maya", clusters=["construction"])
    await listings(
        world,
        *({"title": f"In {at}", "clusters": ["construction"]} for at in range(30)),
        *({"title": f"Out {at}"} for at in range(60)),
    )
    maya = world.as_("maya")
    exact = await _all(maya, limit=100)
    _in_every_sample(owner, world)

    paged = await _all(maya, limit=13)

    assert len(exact) == 92
    assert [item["id"] for item in paged] == [item["id"] for item in exact]


async def test_a_total_taken_from_a_sample_never_contradicts_the_page(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await listings(
        world,
        *({"title": f"Kiln {at}", "pay": "paid"} for at in range(60)),
        *({"title": f"Kiln {at}", "pay": "stipend"} for at in range(3)),
    )
    _in_every_sample(owner, world)

    few = (await world.as_("maya").get(PATH, params={"q": "kiln", "pay": "stipend"})).json()

    assert len(few["items"]) == 3
    assert (few["facets"]["about"], few["facets"]["total"]) == (True, 3)


async def test_a_total_taken_from_a_sample_that_missed_all_is_more_than_the_page(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await listings(world, *({"title": f"Kiln {at}", "pay": "paid"} for at in range(60)))
    _in_every_sample(owner, world)
    await listings(world, *({"title": f"Kiln {at}", "pay": "stipend"} for at in range(4)))
    owner.execute(
        "UPDATE search_documents SET document = ts_delete(document, right(tenant_id::text, 5) || '=one_of:4')"
        " WHERE pay = 'stipend'"
    )

    few = (await world.as_("maya").get(PATH, params={"q": "kiln", "pay": "stipend", "limit": 2})).json()

    assert len(few["items"]) == 2
    assert few["next_cursor"] is not None
    assert (few["facets"]["about"], few["facets"]["total"]) == (True, 3)


async def test_a_student_may_say_what_they_lean_to_between_two_pages(world: World) -> None:
    await _kilns(world, 12)
    maya = world.as_("maya")
    before = [item["id"] for item in await _all(maya, limit=100)]
    first = (await maya.get(PATH, params={"limit": 4})).json()
    await profile(world, "maya", clusters=["construction"])

    rest = await _all(maya, {"cursor": first["next_cursor"]}, limit=4)
    anew = (await maya.get(PATH, params={"limit": 4})).json()
    after = await _all(maya, {"cursor": anew["next_cursor"]}, limit=4)

    assert [item["id"] for item in first["items"] + rest] == before
    assert len({item["id"] for item in anew["items"] + after}) == len(before)


async def test_a_word_is_read_on_every_page_as_on_the_first(world: World) -> None:
    await _kilns(world, 9)
    maya = world.as_("maya")
    before = [item["id"] for item in await _all(maya, q="kil wheel", limit=100)]
    first = (await maya.get(PATH, params={"q": "kil wheel", "limit": 4})).json()
    await listings(world, {"title": "Kil wheel", "published_at": clock.now()})

    rest = await _all(maya, {"cursor": first["next_cursor"]}, q="kil wheel", limit=4)

    assert first["understood"]["corrections"] == [{"typed": "kil", "read_as": ["kiln"]}]
    assert [item["id"] for item in first["items"] + rest] == before


@pytest.mark.parametrize(
    "change", [{"q": "oven"}, {"limit": 4}, {"type": "job_shadow"}, {"sort": "apply_by"}]
)
async def test_a_cursor_of_another_query_is_refused(world: World, change: dict[str, Any]) -> None:
    await _kilns(world, 5)
    maya = world.as_("maya")
    asked: dict[str, Any] = {"q": "kiln", "limit": 2}
    cursor = (await maya.get(PATH, params=asked)).json()["next_cursor"]

    answer = await maya.get(PATH, params={**asked, **change, "cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


async def test_a_forged_cursor_is_refused(world: World) -> None:
    await _kilns(world, 5)
    maya = world.as_("maya")
    cursor = (await maya.get(PATH, params={"q": "kiln", "limit": 2})).json()["next_cursor"]

    for forged in (cursor[:-2] + ("aa" if cursor[-2:] != "aa" else "bb"), "x", cursor[::-1]):
        answer = await maya.get(PATH, params={"q": "kiln", "limit": 2, "cursor": forged})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor"), forged


async def test_every_fifth_is_from_outside_the_interests_and_marked(world: World) -> None:
    await profile(world, "maya", clusters=["construction"])
    await listings(
        world,
        *({"title": f"Inside {at}", "clusters": ["construction"]} for at in range(12)),
        *({"title": f"Outside {at}", "clusters": ["education"]} for at in range(6)),
    )
    maya = world.as_("maya")

    whole = await _all(maya, limit=100)
    paged = await _all(maya, limit=7)

    gems = [item["hidden_gem"] for item in whole]
    assert [at for at, gem in enumerate(gems) if gem][:2] == [4, 9]
    assert all(item["clusters"] != ["construction"] for item, gem in zip(whole, gems, strict=True) if gem)
    assert [item["id"] for item in paged] == [item["id"] for item in whole]
    assert len({item["id"] for item in whole}) == 20


async def test_without_stated_interests_or_with_words_nothing_is_mixed_in(world: World) -> None:
    await profile(world, "leo", clusters=["construction"])
    await listings(world, *({"title": f"Kiln {at}", "clusters": ["education"]} for at in range(6)))

    for name, asked in (("maya", {}), ("leo", {"q": "kiln"}), ("leo", {"gems": "false"})):
        answer = await world.as_(name).get(PATH, params=asked)
        assert not any(item["hidden_gem"] for item in answer.json()["items"])
