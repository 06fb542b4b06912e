"""The map over HTTP: what is where, as far as the caller may find it."""

from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop
from app.features.search_index import jobs as search_index
from tests.explaining import Explain, whole_reads
from tests.world import World

# Around the clinic, at 41.8 -87.6.
LAKESIDE = {"south": 41.7, "west": -87.7, "north": 41.9, "east": -87.5, "zoom": 12}


async def _map(world: World, who: str, **params: Any) -> dict[str, Any]:
    answer = await world.as_(who).get("/v1/opportunities/map", params={**LAKESIDE, **params})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


class Map:
    """Puts listings on the map of Lakeside."""

    def __init__(self, world: World, owner: psycopg.Connection, workshop: Workshop) -> None:
        self._world, self._owner, self._workshop = world, owner, workshop

    async def put(self, *places: tuple[float, float], title: str = "Tour", school_only: bool = False) -> None:
        """One listing at each of these places."""
        now = clock.now()
        for latitude, longitude in places:
            site = new_id()
            self._owner.execute(
                "INSERT INTO worksites (tenant_id, id, employer_id, name, latitude, longitude, zone, version, created_at,"
                " updated_at) VALUES (%s, %s, %s, 'Site', %s, %s, 'America/Chicago', 1, %s, %s)",
                (self._world["lakeside"], site, self._world["clinic"], latitude, longitude, now, now),
            )
            self._owner.execute(
                "INSERT INTO opportunities (tenant_id, id, status, title, description, type, employer_id, worksite_id,"
                " school_id, scope, seats, seats_taken, remote, pay, credit, published_at, version, created_at,"
                " updated_at) VALUES (%s, %s, 'published', %s, '', 'worksite_tour', %s, %s, %s, %s, 2, 0, false,"
                " 'unpaid', false, %s, 1, %s, %s)",
                (
                    self._world["lakeside"],
                    new_id(),
                    title,
                    self._world["clinic"],
                    site,
                    self._world["north"],
                    "school" if school_only else "tenant",
                    now,
                    now,
                    now,
                ),
            )
        self._owner.commit()
        await self.index()

    async def index(self) -> None:
        await search_index.look_through(self._workshop, self._world["lakeside"])


@pytest.fixture
async def on_map(world: World, owner: psycopg.Connection, workshop: Workshop) -> Map:
    found = Map(world, owner, workshop)
    await found.index()
    return found


async def test_what_stands_alone_is_a_point(world: World, on_map: Map) -> None:  # noqa: ARG001 - indexed
    found = await _map(world, "maya")

    assert (found["total"], found["clusters"], found["about"], found["zoom"]) == (1, [], False, 12)
    assert found["points"] == [
        {
            "opportunity_id": str(world["internship"]),
            "title": "Veterinary assistant internship",
            "employer_name": "Lakeside Veterinary Clinic",
            "type": "internship_unpaid",
            "latitude": 41.8,
            "longitude": -87.6,
        }
    ]


async def test_what_is_close_together_is_counted_and_taken_apart_by_zooming(
    world: World, on_map: Map
) -> None:
    await on_map.put((41.8003, -87.6003), (41.8009, -87.6009))

    far, near = await _map(world, "maya", zoom=9), await _map(world, "maya", zoom=18)

    assert [cluster["count"] for cluster in far["clusters"]] == [3]
    assert far["clusters"][0]["opportunity_ids"] is None
    assert far["clusters"][0]["bounds"]["south"] < 41.8 < far["clusters"][0]["bounds"]["north"]
    assert far["clusters"][0]["latitude"] == pytest.approx(41.8004, abs=1e-3)
    assert far["total"] == near["total"] == 3


async def test_what_is_at_one_spot_is_named_because_no_zoom_takes_it_apart(world: World, on_map: Map) -> None:
    await on_map.put((41.8, -87.6), (41.8, -87.6))

    found = await _map(world, "maya", zoom=22, south=41.799, north=41.801, west=-87.601, east=-87.599)

    (cluster,) = found["clusters"]
    assert cluster["count"] == 3
    assert str(world["internship"]) in cluster["opportunity_ids"]
    assert len(cluster["opportunity_ids"]) == 3


async def test_what_may_not_be_read_is_not_even_named_by_its_id(
    world: World, on_map: Map, owner: psycopg.Connection
) -> None:
    await on_map.put((41.8, -87.6), (41.8, -87.6), (41.85, -87.65))
    # Its document still says that everybody finds it.
    owner.execute(
        "UPDATE opportunities SET status = 'hidden' WHERE id = %s OR worksite_id ="
        " (SELECT id FROM worksites WHERE tenant_id = %s AND latitude = 41.85)",
        (world["internship"], world["lakeside"]),
    )
    owner.commit()

    found = await _map(world, "maya", zoom=15)

    (cluster,) = found["clusters"]
    assert len(cluster["opportunity_ids"]) == 2
    assert str(world["internship"]) not in cluster["opportunity_ids"]
    assert found["points"] == []


async def test_a_window_is_all_that_is_counted(world: World, on_map: Map) -> None:
    await on_map.put((41.69, -87.6), (41.8, -87.71), (41.95, -87.6))

    assert (await _map(world, "maya"))["total"] == 1
    assert (await _map(world, "maya", south=41, north=42.5, west=-88, east=-87))["total"] == 4


async def test_a_window_across_the_180th_meridian_holds_both_sides(world: World, on_map: Map) -> None:
    await on_map.put((-17.8, 179.9), (-17.8, -179.9), (-17.8, 170.0))

    found = await _map(world, "maya", south=-19, north=-16, west=179, east=-179, zoom=9)

    assert found["total"] == 2
    assert {point["longitude"] for point in found["points"]} == {179.9, -179.9}


async def test_the_ends_of_the_earth_are_on_the_map(world: World, on_map: Map) -> None:
    await on_map.put((90, 0), (-90, 180), (0, -180))

    found = await _map(world, "maya", south=-90, north=90, west=-180, east=180, zoom=0)

    assert found["total"] == 4


async def test_the_catalogues_filters_hold_here(world: World, on_map: Map) -> None:
    await on_map.put((41.81, -87.61), title="Quarry tour")

    for params, total in (
        ({"q": "quarry"}, 1),
        ({"q": "qarry"}, 1),
        ({"type": "worksite_tour"}, 1),
        ({"cluster": "healthcare_human_services"}, 1),
        ({"employer_id": str(world["clinic"])}, 2),
        ({"remote": "true"}, 0),
        ({"seats_free": "true"}, 2),
        ({"within_km": "0.5", "latitude": "41.81", "longitude": "-87.61"}, 1),
    ):
        assert (await _map(world, "maya", **params))["total"] == total, params


async def test_a_schools_own_listing_is_on_its_students_map_only(world: World, on_map: Map) -> None:
    await on_map.put((41.81, -87.61), title="North only", school_only=True)

    assert (await _map(world, "maya"))["total"] == 2
    assert (await _map(world, "ines"))["total"] == 1
    elsewhere = (await _map(world, "ria"))["points"]
    assert [point["opportunity_id"] for point in elsewhere] == [str(world["river_internship"])]


async def test_the_answer_is_bounded_and_says_how_coarse_it_is(world: World, on_map: Map) -> None:
    await on_map.put(*((40 + step / 40, -88 + step / 35) for step in range(60)))

    found = await _map(world, "maya", south=-85, north=85, west=-180, east=180, zoom=22)

    assert found["zoom"] <= 3
    assert found["total"] == 61


@pytest.mark.parametrize(
    "wrong",
    [
        {"south": 91},
        {"west": -181},
        {"south": 42, "north": 41},
        {"zoom": 23},
        {"zoom": "deep"},
        {"limit": 5},
        {"cursor": "x"},
        {"status": "draft"},
        {"latitude": 41.8},
        {"south": "nan"},
    ],
)
async def test_what_is_no_window_is_refused(wrong: dict[str, Any], world: World) -> None:
    answer = await world.as_("maya").get("/v1/opportunities/map", params={**LAKESIDE, **wrong})

    assert answer.status_code == 422, answer.text


async def test_a_window_is_asked_for(world: World) -> None:
    assert (await world.as_("maya").get("/v1/opportunities/map")).status_code == 422
    assert (await world.as_("olga").get("/v1/opportunities/map", params=LAKESIDE)).status_code == 403


async def test_no_plan_reads_all_documents(world: World, on_map: Map, explain: Explain) -> None:
    await on_map.put((41.81, -87.61))

    async def look() -> None:
        await _map(world, "maya", q="tour", seats_free="true")
        await _map(world, "maya", south=-80, north=80, west=-180, east=180, zoom=2)

    plans = [plan for plan in await explain(world["lakeside"], look) if "search_documents" in plan[0]]

    assert len(plans) == 4
    assert whole_reads(plans, ("search_documents", "opportunities")) == []
    assert all("Bitmap Index Scan on ix_search_documents_document" in plan for _, plan in plans), plans
