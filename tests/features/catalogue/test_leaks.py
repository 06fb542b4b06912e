"""No hit is answered that row-level security and the policy would hide; what is not open yet is marked, not hidden."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import working
from app.domain.availability import grid_bits, grid_of
from app.models import Person, SeatReserve
from tests import explaining
from tests.listings import found, listings, profile
from tests.world import World

PATH = "/v1/opportunities"
BIG = ("search_documents", "search_terms", "opportunities", "employers", "worksites")


async def test_another_school_finds_nothing_that_is_for_one_school_alone(world: World) -> None:
    await listings(world, {"title": "Secret kiln", "scope": "school"})

    assert await found(world, "maya", q="kiln") == ["Secret kiln"]
    assert await found(world, "ines", q="kiln") == []
    assert await found(world, "petra", q="kiln") == []
    assert await found(world, "ellis", q="kiln") == ["Secret kiln"]


async def test_another_community_finds_nothing(world: World) -> None:
    await listings(world, {"title": "Lakeside kiln"})

    answer = await world.as_("ria").get(PATH, params={"q": "kiln"})

    assert answer.json()["items"] == []
    assert answer.json()["facets"]["total"] == 0
    assert answer.json()["understood"]["corrections"] == []


async def test_a_community_of_the_same_prefix_finds_nothing_either(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    (listing,) = await listings(world, {"title": "Kiln"})
    ours, theirs = world["lakeside"].hex[-5:], world["riverton"].hex[-5:]
    owner.execute(
        "UPDATE search_documents SET document = replace(document::text, %s, %s)::tsvector WHERE id = %s",
        (f"'{ours}", f"'{theirs}", listing),
    )
    owner.execute(
        "UPDATE search_terms SET tenant_id = %s WHERE tenant_id = %s AND term = 'kiln'",
        (world["riverton"], world["lakeside"]),
    )

    answer = await world.as_("ria").get(PATH, params={"q": "kiln"})

    assert answer.json()["items"] == []
    assert all(not counted for counted in answer.json()["facets"].values()), answer.json()["facets"]


@pytest.mark.parametrize("status", ["hidden", "paused", "draft", "rejected", "archived"])
async def test_a_document_that_is_out_of_date_shows_nobody_what_is_not_shown(
    world: World, owner: psycopg.Connection[Any], status: str
) -> None:
    (listing, _) = await listings(world, {"title": "Kiln"}, {"title": "Kiln of another"})
    owner.execute("UPDATE opportunities SET status = %s WHERE id = %s", (status, listing))

    assert await found(world, "maya", q="kiln") == ["Kiln of another"]


async def test_a_document_that_says_everyone_shows_nothing_of_one_school(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    (listing,) = await listings(world, {"title": "Kiln"})
    owner.execute("UPDATE opportunities SET scope = 'school' WHERE id = %s", (listing,))

    assert await found(world, "ines", q="kiln") == []
    assert await found(world, "maya", q="kiln") == ["Kiln"]


async def test_pages_are_full_where_some_hits_may_not_be_shown(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await listings(world, *({"title": f"Kiln {at}"} for at in range(30)))
    owner.execute("UPDATE opportunities SET status = 'hidden' WHERE id = ANY(%s)", (made[:20],))

    answer = await world.as_("maya").get(PATH, params={"q": "kiln", "limit": 5})

    assert len(answer.json()["items"]) == 5
    assert answer.json()["next_cursor"] is not None


async def test_hiding_a_listing_takes_it_out_of_the_next_search(world: World) -> None:
    (listing,) = await listings(world, {"title": "Kiln"})
    hidden = await world.as_("clara").post(f"{PATH}/{listing}/hide", json={"reason": "reported"}, version=1)

    assert hidden.status_code == 200, hidden.text
    assert await found(world, "maya", q="kiln") == []


async def test_an_advisor_finds_their_own_listing_for_another_school(world: World) -> None:
    only_south = {"scope": "school", "school_id": world["south"]}
    await listings(
        world,
        {"title": "Kiln of mine", "owner_id": world["ada"], **only_south},
        {"title": "Kiln of another", "owner_id": world["clara"], **only_south},
        {"title": "Kiln of nobody", **only_south},
    )

    assert await found(world, "ada", q="kiln") == ["Kiln of mine"]
    assert await found(world, "maya", q="kiln") == []
    assert len(await found(world, "ines", q="kiln")) == 3


async def test_a_supervisor_finds_their_own_employers_listings_only(world: World) -> None:
    assert len(await found(world, "sam", q="veterinary")) == 2
    assert await found(world, "sid", q="veterinary garden") != []
    assert await found(world, "sam", sort="relevance", employer_id=str(new_id())) == []


@pytest.mark.parametrize("typed", ["zeppelin", "zepp", "zepelin", "veterinary zeppelin", "vetrinary zepp"])
async def test_a_word_of_what_one_may_not_find_is_as_unknown_as_one_that_nobody_uses(
    world: World, typed: str
) -> None:
    await listings(world, {"title": "Zeppelin", "scope": "school"})
    ines = world.as_("ines")

    answer = (await ines.get(PATH, params={"q": typed})).json()
    other = (await ines.get(PATH, params={"q": typed.replace("zepp", "qqxx").replace("zep", "qqx")})).json()

    assert "zeppelin" not in str(answer["understood"]["corrections"])
    assert answer["understood"]["unknown"] == [typed.rsplit(maxsplit=1)[-1]]
    assert answer["understood"]["some_words"] is other["understood"]["some_words"] is False
    assert answer["understood"]["corrections"] == other["understood"]["corrections"]
    assert [one["id"] for one in answer["items"]] == [one["id"] for one in other["items"]]
    assert answer["facets"] == other["facets"]
    assert await found(world, "maya", q="zepp") == ["Zeppelin"]


async def test_a_word_of_a_hidden_listing_is_told_nobody(world: World) -> None:
    (listing,) = await listings(world, {"title": "Zeppelin"})
    before = (await world.as_("maya").get(PATH, params={"q": "zepelin"})).json()
    await world.as_("clara").post(f"{PATH}/{listing}/hide", json={"reason": "reported"}, version=1)

    after = (await world.as_("maya").get(PATH, params={"q": "zepelin"})).json()

    assert before["understood"]["corrections"] == [{"typed": "zepelin", "read_as": ["zeppelin"]}]
    assert after["understood"] == {"corrections": [], "unknown": ["zepelin"], "some_words": False}


async def test_what_may_not_be_taken_yet_is_marked_with_what_would_open_it(world: World) -> None:
    today = clock.now().date()
    born = today.replace(year=today.year - 15, day=1)
    async with working(world.database, world["lakeside"]) as unit:
        person = await unit.session.get_one(Person, (world["lakeside"], world["maya"]))
        person.born_on = born
    monday = [{"day": "mon", "from": "14:00", "to": "17:00"}]
    await profile(
        world,
        "maya",
        availability=grid_bits(grid_of([{"day": "fri", "from": "8:00".zfill(5), "to": "12:00"}])),
    )
    released = today + timedelta(days=10)
    (_, _, kept, *_) = await listings(
        world,
        {"title": "Kiln for sixteen", "minimum_age": 16},
        {"title": "Kiln that is full", "seats": 1, "seats_taken": 1},
        {"title": "Kiln kept for others", "seats": 1},
        {"title": "Kiln with papers", "type": "clinical_experience"},
        {"title": "Kiln on Mondays", "meets": monday},
        {"title": "Kiln for the young", "maximum_age": 14},
        {"title": "Kiln next year", "next_available_on": today + timedelta(days=90)},
        {"title": "Kiln for anybody", "type": "job_shadow"},
    )
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            SeatReserve(
                tenant_id=world["lakeside"], id=new_id(), opportunity_id=kept, school_id=world["south"],
                seats=1, released_on=released,
            )
        )  # fmt: skip

    answer = await world.as_("maya").get(PATH, params={"q": "kiln"}, headers={"Accept-Language": "es"})

    told = {
        item["title"]: {one["code"]: one["opens_on"] for one in item["barriers"]}
        for item in answer.json()["items"]
    }
    sixteen = date(born.year + 16, born.month, 1).isoformat()
    assert len(told) == 8
    assert told["Kiln for sixteen"]["too_young"] == sixteen
    assert told["Kiln that is full"]["full"] is None
    assert told["Kiln kept for others"]["reserved"] == released.isoformat()
    assert told["Kiln with papers"].keys() == {"too_young", "clearances"}
    assert "timetable" in told["Kiln on Mondays"]
    assert "too_old" in told["Kiln for the young"]
    assert told["Kiln next year"]["not_yet"] == (today + timedelta(days=90)).isoformat()
    assert told["Kiln for anybody"] == {}
    (full,) = [item for item in answer.json()["items"] if item["title"] == "Kiln that is full"]
    assert full["barriers"][0]["detail"].startswith("todas las plazas")
    leo = await world.as_("ines").get(PATH, params={"q": "kept"})
    assert "reserved" not in {one["code"] for one in leo.json()["items"][0]["barriers"]}
    clara = await world.as_("clara").get(PATH, params={"q": "kiln"})
    assert all(item["barriers"] == [] for item in clara.json()["items"])


async def test_what_bars_a_student_is_what_the_listing_was_written_under(world: World) -> None:
    ellis, kind = world.as_("ellis"), "/v1/opportunity_types/job_shadow"
    own = {"code": "studio", "names": {"en": "Studio", "es": "Taller"}, "stage": "about_work"}
    asked = {"minimum_age": 18, "clearances": ["photo_id"]}
    made = await ellis.post(
        "/v1/opportunity_types", json={**own, "workflow": "pursuit", "requires_agreement": False, **asked}
    )
    assert made.status_code == 201, made.text
    today = clock.now().date()
    async with working(world.database, world["lakeside"]) as unit:
        person = await unit.session.get_one(Person, (world["lakeside"], world["maya"]))
        person.born_on = today.replace(year=today.year - 15, day=1)
    await ellis.patch(kind, json={**asked, "minimum_age": 17}, version=1)
    await ellis.patch(kind, json={"minimum_age": None, "clearances": []}, version=2)
    await ellis.patch("/v1/opportunity_types/studio", json={"minimum_age": None, "clearances": []}, version=1)
    await listings(
        world,
        {"title": "Kiln of the first", "type": "job_shadow"},
        {"title": "Kiln of the second", "type": "job_shadow", "type_number": 2},
        {"title": "Kiln of the third", "type": "job_shadow", "type_number": 3},
        {"title": "Kiln of our own", "type": "studio"},
    )
    maya = world.as_("maya")

    items = (await maya.get(PATH, params={"q": "kiln"})).json()["items"]

    told = {item["title"]: {one["code"]: one["clearances"] for one in item["barriers"]} for item in items}
    assert told == {
        "Kiln of the first": {},
        "Kiln of the second": {"too_young": [], "clearances": ["photo_id"]},
        "Kiln of the third": {},
        "Kiln of our own": {"too_young": [], "clearances": ["photo_id"]},
    }
    for item in items:
        whole = (await maya.get(f"{PATH}/{item['id']}")).json()
        assert whole["all_clearances"] == told[item["title"]].get("clearances", []), item["title"]
    assert set(await found(world, "maya", q="kiln", age=15)) == {"Kiln of the first", "Kiln of the third"}


async def test_telling_what_bars_a_student_asks_the_database_no_more_for_many_kinds(world: World) -> None:
    every = [{"title": "Kiln", "type": code} for code in ("job_shadow", "mentorship", "internship_paid")]
    await listings(world, *every[:1])
    counted = []
    for more in ([], every[1:]):
        await listings(world, *more)
        statements: list[tuple[str, Any]] = []
        await found(world, "maya", q="kiln")
        async with explaining.recording(statements):
            await found(world, "maya", q="kiln")
        counted.append(len(statements))
        assert not any("opportunity_type_versions" in text for text, _ in statements)

    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"q": "kiln"},
        {"q": "kiln wheel", "type": "job_shadow", "pay": "paid", "remote": "false"},
        {"q": "kilm"},
        {"type": "job_shadow", "cluster": "construction", "paid": "true"},
        {"sort": "apply_by"},
        {"sort": "distance", "latitude": 41.9, "longitude": -87.6, "within_km": 20},
        {"seats_free": "true", "new": "true", "age": 16},
    ],
)
async def test_no_search_reads_a_big_table_from_end_to_end(
    world: World, explain: explaining.Explain, asked: dict[str, Any]
) -> None:
    await profile(world, "maya", clusters=["construction"])
    await listings(world, *({"title": f"Kiln {at}", "place": (41.9, -87.6)} for at in range(3)))
    maya = world.as_("maya")

    plans = await explain(world["lakeside"], lambda: maya.get(PATH, params=asked))

    looked = [plan for statement, plan in plans if "@@" in statement]
    assert looked
    assert all("Bitmap Index Scan on ix_search_documents_document" in plan for plan in looked), looked
    assert not any("ix_search_documents_tenant_id" in plan for plan in looked), looked
    assert explaining.whole_reads(plans, BIG) == []


async def test_the_statements_of_a_search_are_planned_without_sequential_scans(
    world: World, explain: explaining.Explain
) -> None:
    maya = world.as_("maya")

    plans = await explain(world["lakeside"], lambda: maya.get(PATH, params={"q": "veterinary"}))

    hits = [plan for statement, plan in plans if "FROM opportunities" in statement]
    assert hits
    assert all("Index" in plan for plan in hits)
    assert UUID(int=0) not in world.ids.values()
