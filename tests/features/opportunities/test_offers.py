"""What a listing says over HTTP: its offer, its host's limits, and what it needs before students see it."""

from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from app.core import clock
from tests.world import World

PATH = "/v1/opportunities"


def _day(days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


def _listing(world: World, **more: Any) -> dict[str, Any]:
    return {
        "title": "Kennel days",
        "type": "job_shadow",
        "employer_id": str(world["clinic"]),
        "school_id": str(world["north"]),
        "seats": 2,
        **more,
    }


async def _made(world: World, **more: Any) -> httpx.Response:
    return await world.as_("clara").post(PATH, json=_listing(world, **more))


async def _published(world: World, made: httpx.Response) -> httpx.Response:
    path = f"{PATH}/{made.json()['id']}"
    submitted = await world.as_("clara").post(f"{path}/submit", version=made.json()["version"])
    if submitted.status_code != 200:
        return submitted
    return await world.as_("clara").post(f"{path}/publish", version=submitted.json()["version"])


MICRO = {
    "type": "micro_internship",
    "remote": True,
    "total_hours": 20,
    "deliverable": "A one-page flyer",
    "pay": "stipend",
    "pay_cents_total": 30_000,
}


async def test_a_listing_says_everything_that_a_host_limits(world: World) -> None:
    said: dict[str, Any] = {
        "apply_by": _day(20),
        "starts_on": _day(30),
        "ends_on": _day(60),
        "next_available_on": _day(25),
        "meets": [
            {"day": "wed", "from": "14:00", "to": "17:00"},
            {"day": "mon", "from": "14:00", "to": "17:00"},
        ],
        "minimum_age": 16,
        "languages": ["es", "en"],
        "clearances": ["immunizations"],
        "dress_code": "Closed shoes",
        "skills": ["animal_care", "teamwork"],
        "tags": ["Dogs  and Cats", "dogs and cats"],
        "fields": ["veterinarian"],
        "total_hours": 40,
        "pay": "unpaid",
    }

    answer = await _made(world, **said)

    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert shown["meets"] == [said["meets"][1], said["meets"][0]], "in the order of the week"
    assert shown["tags"] == ["dogs and cats"]
    assert {name: shown[name] for name in said if name not in {"meets", "tags"}} == {
        name: value for name, value in said.items() if name not in {"meets", "tags"}
    }
    assert shown["all_clearances"] == ["immunizations"]


async def test_a_micro_internship_needs_hours_a_deliverable_and_pay(world: World) -> None:
    bare = await _made(world, type="micro_internship")

    refused = await _published(world, bare)
    complete = await _published(world, await _made(world, **MICRO))

    assert [refused.status_code, refused.json()["code"]] == [409, "listing_incomplete"]
    assert "how many hours" in refused.json()["detail"]
    assert "delivers" in refused.json()["detail"]
    assert "paid" in refused.json()["detail"]
    assert complete.status_code == 200, complete.text
    assert complete.json()["confirmed_by"] == "staff"
    assert complete.json()["confirmed_at"] is not None


async def test_what_students_were_promised_cannot_be_taken_away(world: World) -> None:
    shown = (await _published(world, await _made(world, **MICRO))).json()
    clara = world.as_("clara")

    refused = await clara.patch(f"{PATH}/{shown['id']}", json={"deliverable": None}, version=shown["version"])
    kept = await clara.patch(f"{PATH}/{shown['id']}", json={"total_hours": 30}, version=shown["version"])

    assert [refused.status_code, refused.json()["code"]] == [409, "listing_incomplete"]
    assert kept.status_code == 200, kept.text


async def test_a_published_listing_from_before_may_stay_as_it_is(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE opportunities SET type = 'micro_internship' WHERE id = %s", (world["internship"],))
    clara = world.as_("clara")
    shown = (await clara.get(f"{PATH}/{world['internship']}")).json()

    answer = await clara.patch(
        f"{PATH}/{world['internship']}", json={"title": "Helping"}, version=shown["version"]
    )

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"type": "micro_internship", "total_hours": 200}, "/total_hours"),
        ({"type": "near_peer_mentoring", "hours_a_month": 60}, "/hours_a_month"),
        ({"type": "registered_apprenticeship", "minimum_age": 14}, "/minimum_age"),
        ({"type": "internship_paid", "pay": "unpaid"}, "/pay"),
        ({"type": "internship_unpaid", "pay": "paid"}, "/pay"),
        ({"pay": "unpaid", "pay_cents_per_hour": 1500}, "/pay"),
        ({"starts_on": "2031-02-01", "ends_on": "2031-01-01"}, "/ends_on"),
        ({"apply_by": "2031-03-01", "ends_on": "2031-02-01"}, "/apply_by"),
        ({"meets": [{"day": "mon", "from": "17:00", "to": "14:00"}]}, "/meets/0/to"),
        ({"meets": [{"day": "mon", "from": "25:00", "to": "26:00"}]}, "/meets/0/from"),
        ({"meets": [{"day": "monday", "from": "14:00", "to": "16:00"}]}, "/meets/0/day"),
        ({"meets": [{"day": "mon", "from": "14:00", "to": "16:00", "rest": 1}]}, "/meets/0/rest"),
        ({"skills": ["flying"]}, "/skills/0"),
        ({"fields": ["flying"]}, "/fields/0"),
        ({"languages": ["spanish"]}, "/languages/0"),
        ({"clearances": ["passport"]}, "/clearances/0"),
        ({"tags": ["x" * 41]}, "/tags/0"),
        ({"tags": ["a", "b"] * 11}, "/tags"),
        ({"seats": 0}, "/seats"),
        ({"total_hours": 0}, "/total_hours"),
    ],
)
async def test_what_makes_no_sense_is_refused_with_its_pointer(
    world: World, said: dict[str, Any], pointer: str
) -> None:
    answer = await _made(world, **said)

    assert answer.status_code == 422, answer.text
    assert pointer in [error.get("pointer") for error in answer.json()["errors"]], answer.text


@pytest.mark.parametrize("field", ["title", "description", "schedule", "dress_code", "deliverable", "tags"])
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<ScRiPt src=//x>",
        "<body onload=alert(1)",
        "<a/href=//x",
        "[click](javascript: alert(1))",
        "<img src=x onerror=alert(1)>",
        "</title>",
        "<!-- hidden -->",
        "<b>bold</b>",
        "[click](javascript:alert(1))",
        "data: text/html;base64,x",
        "safe \u202e txt.exe",
        "iso \u2066late",
        "left \u200e right",
        "mark \u061c",
        "bell \x07",
        "nul \x00",
        "tag \U000e0041",
        "x" * 100_000,
    ],
)
async def test_markup_scripts_and_unseen_characters_are_refused(world: World, field: str, text: str) -> None:
    answer = await _made(world, **{field: [text] if field == "tags" else text})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"].split("/")[1] == field


@pytest.mark.parametrize("field", ["title", "description", "schedule", "dress_code", "deliverable"])
@pytest.mark.parametrize(
    "text",
    ["Write to vera@clinic.example", "Call (312) 555-0100", "Text 312-555-0100 before", "+34 600 12 34 56"],
)
async def test_no_way_past_the_school_stands_in_a_listing(world: World, field: str, text: str) -> None:
    made = await _made(world, **{field: text})
    changed = await world.as_("clara").patch(f"{PATH}/{world['internship']}", json={field: text}, version=1)

    for answer in (made, changed):
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == f"/{field}"
        assert "through the school" in answer.text


async def test_sums_dates_and_room_numbers_are_no_telephone(world: World) -> None:
    text = "Room 1204, 60601-1234 Chicago; 9/14/2031 - 10/14/2031; 1,200,000 visitors; 8:00-17:30"

    answer = await _made(world, description=text)

    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    "text",
    [
        "Ages 14 < 16, more > less, and a <3 for animals",
        "Bring lunch & water; 5 > 3",
        "¿Te gustan los animales? ¡Ven!\nTraiga su almuerzo.",
        "العيادة — ветеринар — 獣医 \U0001f415\u200d\U0001f9ba",
        "if a<b then c",
        "Learn HTML, CSS and JavaScript: the basics (no experience needed).",
        "Rooms <two beds, or more = better",
    ],
)
async def test_plain_words_of_any_language_are_taken_as_they_are(world: World, text: str) -> None:
    answer = await _made(world, description=text)

    assert answer.status_code == 201, answer.text
    assert answer.json()["description"] == text


async def test_seats_never_fall_below_those_taken(world: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute("UPDATE opportunities SET seats = 3, seats_taken = 2 WHERE id = %s", (world["internship"],))
    clara = world.as_("clara")
    version = (await clara.get(f"{PATH}/{world['internship']}")).json()["version"]

    refused = await clara.patch(f"{PATH}/{world['internship']}", json={"seats": 1}, version=version)
    kept = await clara.patch(f"{PATH}/{world['internship']}", json={"seats": 2}, version=version)

    assert [refused.status_code, refused.json()["errors"][0]["pointer"]] == [422, "/seats"]
    assert kept.status_code == 200


async def test_what_is_over_is_not_published(world: World) -> None:
    over = await _published(world, await _made(world, starts_on=_day(-9), ends_on=_day(-3)))
    late = await _published(world, await _made(world, ends_on=_day(30), apply_by=_day(-2)))
    today = await _published(world, await _made(world, ends_on=_day(1)))

    assert [over.status_code, over.json()["code"]] == [409, "dates_over"]
    assert [late.status_code, late.json()["code"]] == [409, "dates_over"]
    assert today.status_code == 200


async def test_a_change_is_held_against_what_stays(world: World) -> None:
    made = await _made(world, minimum_age=16, starts_on="2031-01-01", ends_on="2031-02-01")
    clara, path = world.as_("clara"), f"{PATH}/{made.json()['id']}"

    ages = await clara.patch(path, json={"maximum_age": 15}, version=1)
    dates = await clara.patch(path, json={"starts_on": "2031-03-01"}, version=1)
    nulls = await clara.patch(path, json={"meets": None}, version=1)
    kind = await clara.patch(path, json={"type": "nothing_known"}, version=1)
    older = await clara.patch(path, json={"type": "youth_apprenticeship"}, version=1)

    assert [a.status_code for a in (ages, dates, nulls, kind)] == [422] * 4
    assert ages.json()["errors"][0]["pointer"] == "/maximum_age"
    assert older.status_code == 200
    assert older.json()["kind"]["code"] == "youth_apprenticeship"


async def test_a_new_type_brings_its_minimum_age(world: World) -> None:
    made = await _made(world)

    changed = await world.as_("clara").patch(
        f"{PATH}/{made.json()['id']}", json={"type": "registered_apprenticeship"}, version=1
    )

    assert changed.json()["minimum_age"] == 16


async def test_every_opportunity_says_who_last_confirmed_it_and_when(world: World) -> None:
    listed = (await world.as_("maya").get(PATH)).json()["items"][0]
    whole = (await world.as_("maya").get(f"{PATH}/{world['internship']}")).json()

    assert {"confirmed_at", "confirmed_by"} <= set(listed)
    assert {"confirmed_at", "confirmed_by"} <= set(whole)


async def test_confirming_says_that_somebody_at_the_school_did(
    world: World,
) -> None:
    clara = world.as_("clara")
    version = (await clara.get(f"{PATH}/{world['internship']}")).json()["version"]

    answer = await clara.post(f"{PATH}/{world['internship']}/confirm", version=version)

    assert answer.status_code == 200, answer.text
    assert answer.json()["confirmed_by"] == "staff"


async def test_what_is_hidden_comes_back_as_whole_as_it_was(world: World) -> None:
    shown = (await _published(world, await _made(world, **MICRO))).json()
    clara, path = world.as_("clara"), f"{PATH}/{shown['id']}"
    hidden = await clara.post(f"{path}/hide", json={"reason": "odd"}, version=shown["version"])

    refused = await clara.patch(path, json={"deliverable": None}, version=hidden.json()["version"])

    assert [refused.status_code, refused.json()["code"]] == [409, "listing_incomplete"]


async def test_students_are_not_sent_to_somebody_who_has_not_said_yes(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE connections SET status = 'dormant' WHERE id = %s", (world["cousin_connection"],))
    owner.execute("UPDATE opportunities SET connection_id = NULL WHERE id = %s", (world["internship"],))
    clara, through = world.as_("clara"), {"connection_id": str(world["cousin_connection"])}

    shown = await clara.patch(f"{PATH}/{world['internship']}", json=through, version=1)
    draft = await clara.patch(f"{PATH}/{world['draft']}", json=through, version=1)

    assert [shown.status_code, shown.json()["code"]] == [409, "connection_not_active"]
    assert draft.status_code == 200, draft.text
