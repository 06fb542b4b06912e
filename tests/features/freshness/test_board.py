"""The coordinator's freshness board: what is fresh, what is not, and whom was asked."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop
from app.domain.freshness import Freshness, how_fresh, is_over, remind_after, stale_from
from app.features.reconfirmations import jobs
from tests.world import World

Owner = psycopg.Connection[Any]
BOARD = "/v1/listing_freshness"


def age(owner: Owner, world: World, name: str, days: int, status: str = "published") -> None:
    owner.execute(
        "UPDATE opportunities SET confirmed_at = now() - make_interval(days => %s), status = %s WHERE id = %s",
        (days, status, world[name]),
    )


async def test_the_board_shows_the_longest_unconfirmed_first_with_whom_was_asked(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    age(owner, world, "internship", 200)
    age(owner, world, "school_only", 160)
    await jobs.sweep(workshop, world["lakeside"], clock.now())

    items = (await world.as_("clara").get(BOARD)).json()["items"]

    assert [(item["title"], item["status"], item["freshness"], item["asked_of"]) for item in items] == [
        ("Veterinary assistant internship", "stale", "stale", "contact"),
        ("School garden project", "published", "due_soon", None),
    ]
    assert items[0]["answer_by"] is not None
    assert items[1]["asked_at"] is None
    confirmed = await world.as_("clara").post(
        f"/v1/opportunities/{world['internship']}/confirm", version=items[0]["version"]
    )
    assert confirmed.json()["status"] == "published"
    again = (await world.as_("clara").get(BOARD)).json()["items"]
    assert [(item["freshness"], item["asked_of"]) for item in again] == [("due_soon", None), ("fresh", None)]


@pytest.mark.parametrize(
    ("days", "status", "state"),
    [
        (1, "published", "fresh"),
        (160, "published", "due_soon"),
        (190, "published", "stale"),
        (190, "stale", "stale"),
        (1, "paused", "paused"),
        (190, "paused", "paused"),
    ],
)
async def test_every_listing_is_in_one_state_and_counted_in_it(
    days: int, status: str, state: str, world: World, owner: Owner
) -> None:
    age(owner, world, "internship", days, status)
    clara = world.as_("clara")

    found = {
        each: [item["id"] for item in (await clara.get(f"{BOARD}?state={each}")).json()["items"]]
        for each in Freshness
    }
    counts = (await clara.get(f"{BOARD}/counts")).json()

    assert [each for each, ids in found.items() if str(world["internship"]) in ids] == [state]
    assert counts == {each.value: len(ids) for each, ids in found.items()}
    item = next(
        item for item in (await clara.get(BOARD)).json()["items"] if item["id"] == str(world["internship"])
    )
    assert item["freshness"] == state


async def test_a_settled_span_of_the_tenants_own_moves_the_line(world: World, owner: Owner) -> None:
    age(owner, world, "internship", 20)
    settings = await world.as_("ellis").get("/v1/settings")
    await world.as_("ellis").patch(
        "/v1/settings", json={"stale_after_days": 14}, version=settings.json()["version"]
    )

    stale = (await world.as_("clara").get(f"{BOARD}?state=stale")).json()["items"]

    assert [item["id"] for item in stale] == [str(world["internship"])]


async def test_the_board_pages_while_rows_change(world: World, owner: Owner) -> None:
    age(owner, world, "internship", 90)
    age(owner, world, "school_only", 80)
    clara = world.as_("clara")
    first = (await clara.get(f"{BOARD}?limit=1")).json()
    await clara.post(f"/v1/opportunities/{world['internship']}/confirm", version=first["items"][0]["version"])

    second = (await clara.get(f"{BOARD}?limit=1&cursor={first['next_cursor']}")).json()

    assert first["items"][0]["id"] == str(world["internship"])
    assert second["items"][0]["id"] == str(world["school_only"])
    assert (await clara.get(f"{BOARD}?limit=1&cursor={first['next_cursor']}&state=fresh")).status_code == 422
    assert (await clara.get(f"{BOARD}?stars=5")).status_code == 422


async def test_the_board_is_for_whoever_looks_after_listings(world: World, owner: Owner) -> None:
    owner.execute("UPDATE opportunities SET owner_id = %s WHERE id = %s", (world["ada"], world["internship"]))

    for who in ("leo", "rosa", "sam", "olga"):
        assert (await world.as_(who).get(BOARD)).status_code == 403
        assert (await world.as_(who).get(f"{BOARD}/counts")).status_code == 403
    own = (await world.as_("ada").get(BOARD)).json()["items"]
    assert [item["id"] for item in own] == [str(world["internship"])]
    assert (await world.as_("dario").get(BOARD)).json()["items"] == []
    assert len((await world.as_("ellis").get(BOARD)).json()["items"]) == 2
    assert len((await world.as_("ellis").get(f"{BOARD}?school_id={world['south']}")).json()["items"]) == 0
    assert len((await world.as_("ellis").get(f"{BOARD}?employer_id={world['clinic']}")).json()["items"]) == 2


async def test_a_student_sees_who_confirmed_a_listing_and_when_and_that_it_is_being_asked_about(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    owner.execute(
        "UPDATE opportunities SET confirmed_at = now() - interval '200 days', confirmed_by = 'staff' WHERE id = %s",
        (world["internship"],),
    )
    await jobs.sweep(workshop, world["lakeside"], clock.now())

    seen = await world.as_("leo").get(f"/v1/opportunities/{world['internship']}")
    asked = await world.as_("maya").post("/v1/pursuits", json={"opportunity_id": str(world["internship"])})

    assert seen.status_code == 200, seen.text
    assert (seen.json()["status"], seen.json()["confirmed_by"]) == ("stale", "staff")
    assert seen.json()["confirmed_at"] is not None
    assert "pursue" not in seen.json()["allowed_actions"]
    assert asked.status_code == 409
    listed = await world.as_("leo").get("/v1/opportunities")
    (item,) = [each for each in listed.json()["items"] if each["id"] == str(world["internship"])]
    assert "being_reconfirmed" in [barrier["code"] for barrier in item["barriers"]]


def test_a_word_counts_for_so_many_days_and_then_no_longer() -> None:
    now = clock.now()
    fresh = {"is_stale": False, "is_paused": False, "stale_after_days": 100, "now": now}

    assert stale_from(now, 100) == now + timedelta(days=100)
    assert how_fresh(confirmed_at=now, **fresh) is Freshness.FRESH  # type: ignore[arg-type] # named above
    assert how_fresh(confirmed_at=now - timedelta(days=69.9), **fresh) is Freshness.FRESH  # type: ignore[arg-type] # named above
    assert how_fresh(confirmed_at=now - timedelta(days=70), **fresh) is Freshness.DUE_SOON  # type: ignore[arg-type] # named above
    assert how_fresh(confirmed_at=now - timedelta(days=100), **fresh) is Freshness.STALE  # type: ignore[arg-type] # named above
    assert how_fresh(confirmed_at=now, **{**fresh, "is_paused": True}) is Freshness.PAUSED  # type: ignore[arg-type] # named above
    assert remind_after(14) == timedelta(days=7)


def test_the_last_day_is_not_over() -> None:
    today = clock.now().date()

    assert not is_over(ends_on=None, apply_by=None, today=today)
    assert not is_over(ends_on=today, apply_by=today, today=today)
    assert is_over(ends_on=today - timedelta(days=1), apply_by=None, today=today)
    assert is_over(ends_on=today, apply_by=today - timedelta(days=1), today=today)
