"""What an employer kept of what it offered: facts for staff, and counts without faces for students."""

from datetime import timedelta
from typing import Any

import psycopg

from app.core import clock
from app.core.jobs import Workshop
from app.features.reconfirmations import jobs
from tests.world import World

Owner = psycopg.Connection[Any]


def where(world: World, name: str = "clinic") -> str:
    return f"/v1/employers/{world[name]}/reliability"


async def test_staff_read_facts_and_no_stars(world: World, workshop: Workshop, owner: Owner) -> None:
    with clock.shifted(timedelta(days=184)):
        await jobs.sweep(workshop, world["lakeside"], clock.now())
    with clock.shifted(timedelta(days=199)):
        await jobs.sweep(workshop, world["lakeside"], clock.now())
    reported = await world.as_("clara").post(
        "/v1/listing_reports", json={"opportunity_id": str(world["internship"]), "reason": "closed"}
    )
    case = (await world.as_("clara").get("/v1/listing_cases")).json()["items"][0]
    upheld = await world.as_("clara").post(
        f"/v1/listing_cases/{case['id']}/uphold", json={"reason": "Closed."}, version=case["version"]
    )
    owner.execute("UPDATE placements SET status = 'no_show' WHERE id = %s", (world["leo_placement"],))

    with clock.shifted(timedelta(minutes=1)):
        facts = (await world.as_("ada").get(where(world))).json()

    assert (reported.status_code, upheld.status_code) == (201, 200)
    assert facts["listings_published"] == 2
    assert facts["seats_offered"] >= 2
    assert (facts["seats_filled"], facts["student_no_shows"]) == (0, 1)
    assert (facts["questions_asked"], facts["questions_answered"]) == (2, 0) or facts["questions_asked"] == 0
    assert facts["listings_paused_by_silence"] == 2
    assert facts["reports_upheld"] == 1
    assert not {name for name in facts if "star" in name or "score" in name or "rating" in name}


async def test_students_and_families_see_no_count_below_three_and_nothing_about_students(
    world: World, owner: Owner
) -> None:
    owner.execute("UPDATE opportunities SET seats = 20 WHERE id = %s", (world["internship"],))

    for who in ("leo", "rosa"):
        facts = (await world.as_(who).get(where(world))).json()
        assert facts["seats_offered"] >= 20
        assert facts["listings_published"] is None, "two listings"
        assert facts["student_no_shows"] is facts["reports_upheld"] is None
        assert all(
            value is None or value >= 3
            for name, value in facts.items()
            if name not in {"employer_id", "since"}
        )


async def test_an_employer_that_the_caller_does_not_see_has_no_facts(world: World) -> None:
    assert (await world.as_("leo").get(where(world, "garage"))).status_code == 404
    assert (await world.as_("sam").get(where(world, "garage"))).status_code == 404
    assert (await world.as_("clara").get(where(world, "river_clinic"))).status_code == 404
    assert (await world.as_("olga").get(where(world))).status_code == 403
    assert (await world.as_("sam").get(where(world))).status_code == 200
