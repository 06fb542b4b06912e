"""Going on to the next page, whatever happens in between."""

from datetime import timedelta
from typing import Any

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
