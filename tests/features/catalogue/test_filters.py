"""Narrowing, ordering and counting what is found."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.core import clock
from app.domain.availability import grid_bits, grid_of
from tests.listings import found, listings, profile
from tests.world import World

PATH = "/v1/opportunities"
HOME = (41.88, -87.63)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"type": "job_shadow"}, {"type": "job_shadow"}),
        ({"clusters": ["energy_natural_resources"]}, {"cluster": "energy_natural_resources"}),
        ({"skills": ["welding", "sales"]}, {"skill": "welding"}),
        ({"pay": "paid"}, {"pay": "paid"}),
        ({"pay": "stipend"}, {"paid": "true"}),
        ({"pay": "unpaid"}, {"paid": "false"}),
        ({"remote": True}, {"remote": "true"}),
        ({"credit": True}, {"credit": "true"}),
        ({"minimum_age": 14, "maximum_age": 15}, {"age": 14, "q": "wanted"}),
        ({"minimum_age": 12, "maximum_age": 40}, {"age": 17, "q": "wanted"}),
    ],
)
async def test_a_filter_keeps_what_it_asks_for(
    world: World, said: dict[str, Any], asked: dict[str, Any]
) -> None:
    others = {"title": "Other", "minimum_age": 18} if "age" in asked else {"title": "Other"}
    await listings(world, {"title": "Wanted", **said}, others)

    assert await found(world, "maya", **asked) == ["Wanted"]


async def test_only_those_with_a_free_seat_and_only_new_ones(world: World) -> None:
    old = clock.now() - timedelta(days=15)
    await listings(
        world,
        {"title": "Full kiln", "seats": 1, "seats_taken": 1},
        {"title": "Free kiln"},
        {"title": "Old kiln", "published_at": old},
    )

    assert await found(world, "maya", q="kiln", seats_free="true") == ["Free kiln", "Old kiln"]
    assert await found(world, "maya", q="kiln", new="true") == ["Full kiln", "Free kiln"]


async def test_taking_the_last_seat_is_seen_by_the_next_search(world: World) -> None:
    (listing,) = await listings(world, {"title": "Kiln", "seats": 1})
    asked = await world.as_("leo").post("/v1/pursuits", json={"opportunity_id": str(listing)})
    await world.as_("clara").post(
        f"/v1/pursuits/{asked.json()['id']}/approve", json={}, version=asked.json()["version"]
    )

    assert await found(world, "maya", q="kiln", seats_free="true") == []
    assert await found(world, "maya", q="kiln") == ["Kiln"]


async def test_what_fits_my_timetable(world: World) -> None:
    monday = [{"day": "mon", "from": "14:00", "to": "17:00"}]
    friday = [{"day": "fri", "from": "14:00", "to": "17:00"}]
    await profile(world, "maya", availability=grid_bits(grid_of(monday)))
    await listings(
        world,
        {"title": "Monday kiln", "meets": monday},
        {"title": "Friday kiln", "meets": friday},
        {"title": "Kiln"},
    )

    answer = await world.as_("maya").get(PATH, params={"q": "kiln"})

    assert {item["title"]: item["fits_timetable"] for item in answer.json()["items"]} == {
        "Monday kiln": True,
        "Friday kiln": False,
        "Kiln": None,
    }
    assert await found(world, "maya", q="kiln", fits="true") == ["Monday kiln"]


async def test_fits_asks_for_a_week_first(world: World) -> None:
    answer = await world.as_("maya").get(PATH, params={"fits": "true"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["name"] == "fits"


async def test_the_nearest_come_first_and_the_unknown_last(world: World) -> None:
    await listings(
        world,
        {"title": "Unknown kiln"},
        {"title": "Far kiln", "place": (42.3, -87.63)},
        {"title": "Near kiln", "place": (41.89, -87.63)},
        {"title": "Middle kiln", "place": (41.98, -87.63)},
    )
    here = {"latitude": HOME[0], "longitude": HOME[1]}

    answer = await world.as_("maya").get(PATH, params={"q": "kiln", "sort": "distance", **here})

    items = answer.json()["items"]
    assert [item["title"] for item in items] == ["Near kiln", "Middle kiln", "Far kiln", "Unknown kiln"]
    assert [item["distance_km"] for item in items] == [1.1, 11.1, 46.7, None]
    assert await found(world, "maya", q="kiln", within_km=12, **here) == ["Near kiln", "Middle kiln"]
    walk = {"within_minutes": 30, "travel_mode": "walk", **here}
    assert await found(world, "maya", q="kiln", **walk) == ["Near kiln"]


async def test_a_profile_says_from_where_and_how(world: World) -> None:
    await profile(world, "maya", home_latitude=HOME[0], home_longitude=HOME[1], travel_mode="bike")
    await listings(world, {"title": "Kiln", "place": (41.98, -87.63)})

    (item,) = (await world.as_("maya").get(PATH, params={"q": "kiln"})).json()["items"]

    assert (item["distance_km"], item["about_minutes"]) == (11.1, 60)
    assert await found(world, "maya", q="kiln", within_minutes=50) == []
    assert await found(world, "maya", q="kiln", within_minutes=60) == ["Kiln"]


@pytest.mark.parametrize(
    "asked",
    [
        {"sort": "distance"},
        {"within_km": 5},
        {"latitude": 91, "longitude": 0},
        {"latitude": 10},
        {"latitude": "nan", "longitude": 0},
        {"within_km": 1, "within_minutes": 5, "latitude": 1, "longitude": 1},
        {"pay": "paid", "paid": "true"},
        {"skill": "juggling"},
        {"unknown": 1},
        {"sort": "price"},
    ],
)
async def test_what_cannot_be_asked_is_refused(world: World, asked: dict[str, Any]) -> None:
    answer = await world.as_("maya").get(PATH, params=asked)

    assert answer.status_code == 422, answer.text


async def test_the_next_deadline_comes_first_and_none_last(world: World) -> None:
    today = clock.now().date()
    await listings(
        world,
        {"title": "Kiln some day"},
        {"title": "Kiln later", "apply_by": today + timedelta(days=9)},
        {"title": "Kiln soon", "apply_by": today + timedelta(days=2)},
        {"title": "Kiln too late", "apply_by": date(2020, 1, 1)},
    )

    titles = await found(world, "maya", q="kiln", sort="apply_by")

    assert titles[:2] == ["Kiln soon", "Kiln later"]
    assert set(titles[2:]) == {"Kiln some day", "Kiln too late"}


async def test_each_facet_is_counted_without_its_own_filter(world: World) -> None:
    await listings(
        world,
        {"title": "Kiln a", "type": "job_shadow", "pay": "paid", "clusters": ["construction"]},
        {"title": "Kiln b", "type": "job_shadow", "pay": "unpaid", "clusters": ["construction", "education"]},
        {"title": "Kiln c", "type": "mentorship", "pay": "paid", "skills": ["welding"]},
        {"title": "Kiln d", "type": "mentorship", "pay": "unpaid"},
    )

    answer = await world.as_("maya").get(PATH, params={"q": "kiln", "type": "job_shadow", "pay": "paid"})

    facets = {
        name: {one["value"]: one["count"] for one in values}
        for name, values in answer.json()["facets"].items()
        if isinstance(values, list)
    }
    assert answer.json()["facets"]["total"] == 1
    assert answer.json()["facets"]["about"] is False
    assert facets["type"] == {"job_shadow": 1, "mentorship": 1}
    assert facets["pay"] == {"paid": 1, "unpaid": 1}
    assert facets["cluster"] == {"construction": 1}
    assert facets["skill"] == {}
    assert facets["remote"] == {"false": 1}


async def test_the_total_counts_what_every_filter_lets_through_beyond_the_page_too(world: World) -> None:
    await listings(
        world,
        *({"title": f"Kiln {at}", "type": "job_shadow", "pay": "paid"} for at in range(3)),
        *({"title": f"Kiln of another kind {at}", "type": "mentorship", "pay": "paid"} for at in range(2)),
        {"title": "Kiln without pay", "type": "job_shadow", "pay": "unpaid"},
    )
    asked = {"q": "kiln", "type": "job_shadow", "pay": "paid", "limit": 1}

    answer = await world.as_("maya").get(PATH, params=asked)

    facets = answer.json()["facets"]
    assert facets["total"] == 3
    assert {one["value"]: one["count"] for one in facets["type"]} == {"job_shadow": 3, "mentorship": 2}
    assert {one["value"]: one["count"] for one in facets["pay"]} == {"paid": 3, "unpaid": 1}


async def test_later_pages_come_without_facets_and_so_does_the_first_when_asked(world: World) -> None:
    maya = world.as_("maya")
    first = (await maya.get(PATH, params={"limit": 1})).json()

    second = (await maya.get(PATH, params={"limit": 1, "cursor": first["next_cursor"]})).json()
    without = (await maya.get(PATH, params={"facets": "false"})).json()

    assert first["facets"]["total"] == 2
    assert second["facets"] is None
    assert without["facets"] is None


async def test_those_who_keep_the_catalogue_list_drafts_by_state_and_search_what_is_published(
    world: World,
) -> None:
    clara = world.as_("clara")

    drafts = await clara.get(PATH, params={"status": "draft", "q": "front DESK"})
    strange = await clara.get(PATH, params={"status": "draft", "q": "%"})
    everything = await clara.get(PATH)
    searched = await clara.get(PATH, params={"q": "veterinary"})
    mixed = await clara.get(PATH, params={"status": "draft", "skill": "welding"})

    assert [item["title"] for item in drafts.json()["items"]] == ["Front desk job shadow"]
    assert strange.json()["items"] == []
    assert len(everything.json()["items"]) == 3
    assert len(searched.json()["items"]) == 2
    assert (mixed.status_code, mixed.json()["errors"][0]["name"]) == (422, "skill")
