"""Outreach campaigns over HTTP: drafted, opened, ended, and never telling who said what."""

import asyncio
from datetime import timedelta
from typing import Any

import psycopg

from app.core import clock
from app.core.jobs import Workshop
from tests.draining import Drain
from tests.features.outreach.families import (
    asks,
    campaign,
    draft,
    families,
    home_of,
    refresh,
    sweep,
    version_of,
)
from tests.world import World

Owner = psycopg.Connection[Any]


async def test_a_campaign_lives_from_draft_to_closed(world: World, owner: Owner) -> None:
    clara = world.as_("clara")

    made = await clara.post("/v1/outreach_campaigns", json=draft(world, "north"))
    path = made.headers["Location"]
    changed = await clara.patch(path, json={"title": "Whom do we know?", "k": 3}, version=1)
    opened = await clara.post(f"{path}/open", version=2)
    closed = await clara.post(f"{path}/close", version=3)

    assert [answer.status_code for answer in (made, changed, opened, closed)] == [201, 200, 200, 200]
    assert made.json()["status"] == "draft"
    assert made.json()["k"] == 5
    assert made.json()["allowed_actions"] == ["cancel", "open", "update"]
    assert (changed.json()["title"], changed.json()["k"]) == ("Whom do we know?", 3)
    assert opened.json()["allowed_actions"] == ["cancel", "close", "print_codes"]
    assert closed.json()["status"] == "closed"
    assert closed.json()["allowed_actions"] == []
    recorded = owner.execute("SELECT action, school_id, actor_person_id FROM events ORDER BY id").fetchall()
    assert recorded == [
        (f"outreach_campaign.{verb}", world["north"], world["clara"])
        for verb in ("create", "update", "open", "close")
    ]


async def test_a_campaign_is_cancelled_with_its_reason(world: World, owner: Owner) -> None:
    path = await campaign(world)

    answer = await world.as_("clara").post(f"{path}/cancel", json={"reason": "Wrong words"}, version=2)

    assert answer.json()["status"] == "cancelled"
    assert owner.execute("SELECT reason FROM events WHERE action LIKE '%cancel'").fetchone() == (
        "Wrong words",
    )


async def test_what_was_opened_is_changed_no_more(world: World) -> None:
    clara, path = world.as_("clara"), await campaign(world)

    answers = [
        await clara.patch(path, json={"title": "Other"}, version=2),
        await clara.post(f"{path}/open", version=2),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "wrong_state")] * 2


async def test_a_campaign_needs_days_that_make_sense(world: World) -> None:
    clara, today = world.as_("clara"), clock.now().date()
    backwards = draft(world, "north", closes_on=(today - timedelta(days=9)).isoformat())
    over = draft(
        world,
        "north",
        opens_on=(today - timedelta(days=9)).isoformat(),
        closes_on=(today - timedelta(days=3)).isoformat(),
    )

    refused = await clara.post("/v1/outreach_campaigns", json=backwards)
    made = await clara.post("/v1/outreach_campaigns", json=over)
    opened = await clara.post(f"{made.headers['Location']}/open", version=1)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/closes_on"
    assert (opened.status_code, opened.json()["code"]) == (409, "window_over")


async def test_another_school_and_another_community_have_no_part_in_it(world: World) -> None:
    path = await campaign(world)

    answers = {
        name: await world.as_(name).get(path) for name in ("dario", "cora", "dora", "rosa", "ada", "ellis")
    }
    made = await world.as_("dario").post("/v1/outreach_campaigns", json=draft(world, "north"))
    closed = await world.as_("dario").post(f"{path}/close", version=2)

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "dario": 404,
        "cora": 404,
        "dora": 404,
        "rosa": 403,
        "ada": 403,
        "ellis": 200,
    }
    assert (made.status_code, closed.status_code) == (403, 404)


async def test_a_list_is_narrowed_and_paged(world: World) -> None:
    first, second = await campaign(world), await campaign(world, "ellis", "south")

    whole = await world.as_("ellis").get("/v1/outreach_campaigns", params={"limit": 1})
    rest = await world.as_("ellis").get(
        "/v1/outreach_campaigns", params={"limit": 1, "cursor": whole.json()["next_cursor"]}
    )
    mine = await world.as_("clara").get("/v1/outreach_campaigns", params={"status": "open"})

    ids = [answer.json()["items"][0]["id"] for answer in (whole, rest, mine)]
    assert ids == [second.rsplit("/", 1)[1], first.rsplit("/", 1)[1], first.rsplit("/", 1)[1]]
    assert mine.json()["items"][0]["allowed_actions"] == ["cancel", "close", "print_codes"]


async def test_a_family_with_an_account_reads_its_three_questions_and_answers_once(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    path = await campaign(world)
    await sweep(workshop, world)
    rosa = world.as_("rosa", **{"Accept-Language": "es"})

    asked = (await rosa.get("/v1/outreach/questions")).json()
    clusters = [question["cluster"] for question in asked["questions"]]
    body = {
        "answers": [
            {"cluster": clusters[0], "answer": "know"},
            {"cluster": clusters[1], "answer": "nobody"},
        ]
    }
    answered = await rosa.post("/v1/outreach/answers", json=body)
    again = await rosa.post("/v1/outreach/answers", json=body)

    assert (asked["school_name"], asked["title"]) == ("North School", "Who do we know?")
    assert len(set(clusters)) == 3
    assert all(question["question"].startswith("¿A quién conocemos en ") for question in asked["questions"])
    assert all(question["examples"] for question in asked["questions"])
    assert answered.status_code == 200
    assert answered.json()["message"].startswith("Gracias.")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_asked")
    assert (await rosa.get("/v1/outreach/questions")).json() == {
        "school_name": None,
        "title": None,
        "message": None,
        "closes_on": None,
        "questions": [],
    }
    yes = owner.execute("SELECT cluster FROM outreach_counts WHERE yes = 1").fetchall()
    assert yes == [(clusters[0],)]
    shown = (await world.as_("clara").get(path)).json()
    assert shown["families_asked"] is None
    assert {(result["asked"], result["yes"]) for result in shown["results"]} == {(None, None)}


async def test_only_what_was_asked_is_answered(world: World, workshop: Workshop) -> None:
    await campaign(world)
    await sweep(workshop, world)
    rosa = world.as_("rosa")
    asked = (await rosa.get("/v1/outreach/questions")).json()["questions"]
    other = next(
        cluster
        for cluster in ("education", "construction", "agriculture", "digital_technology")
        if cluster not in [question["cluster"] for question in asked]
    )
    mine = asked[0]["cluster"]

    answers = [
        await rosa.post("/v1/outreach/answers", json={"answers": given})
        for given in (
            [{"cluster": other, "answer": "know"}],
            [{"cluster": mine, "answer": "know"}, {"cluster": mine, "answer": "know"}],
            [],
            [{"cluster": mine, "answer": "perhaps"}],
        )
    ]

    assert [answer.status_code for answer in answers] == [422] * 4


async def test_one_guardian_answers_for_the_family(world: World, owner: Owner, workshop: Workshop) -> None:
    made = await world.as_("clara").post(
        "/v1/guardian_links", json={"guardian_id": str(world["omar"]), "student_id": str(world["leo"])}
    )
    assert made.status_code == 201
    await campaign(world)
    await refresh(world)
    await sweep(workshop, world)

    cluster = (await world.as_("rosa").get("/v1/outreach/questions")).json()["questions"][0]["cluster"]
    same = (await world.as_("omar").get("/v1/outreach/questions")).json()["questions"][0]["cluster"]
    body = {"answers": [{"cluster": cluster, "answer": "know"}]}
    first = await world.as_("omar").post("/v1/outreach/answers", json=body)
    second = await world.as_("rosa").post("/v1/outreach/answers", json=body)

    assert cluster == same
    assert [first.status_code, second.status_code] == [200, 409]
    assert owner.execute("SELECT sum(yes) FROM outreach_counts").fetchone() == (1,)
    assert home_of(owner, world["rosa"]) == home_of(owner, world["omar"])
    assert len(asks(owner)) == 1


async def test_of_two_guardians_and_ten_requests_at_once_one_answer_counts(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    await world.as_("clara").post(
        "/v1/guardian_links", json={"guardian_id": str(world["omar"]), "student_id": str(world["leo"])}
    )
    await refresh(world)
    await campaign(world)
    await sweep(workshop, world)
    asked = (await world.as_("rosa").get("/v1/outreach/questions")).json()["questions"]
    body = {"answers": [{"cluster": question["cluster"], "answer": "know"} for question in asked]}

    answers = await asyncio.gather(
        *(world.as_(name).post("/v1/outreach/answers", json=body) for name in ("rosa", "omar") * 5)
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    yes = owner.execute("SELECT sum(yes) FROM outreach_counts").fetchone()
    assert yes == (3,)


async def test_numbers_are_shown_from_three_families_up(
    world: World, owner: Owner, workshop: Workshop
) -> None:
    path = await campaign(world)
    await families(world, 8, "north")
    await sweep(workshop, world)
    owner.execute("UPDATE outreach_counts SET yes = asked - 1")

    shown = (await world.as_("clara").get(path)).json()

    counts = dict(owner.execute("SELECT cluster, asked FROM outreach_counts").fetchall())
    assert shown["families_asked"] == 10
    assert sum(counts.values()) == 30
    for result in shown["results"]:
        asked = counts.get(result["cluster"], 0)
        assert result["asked"] == (asked if asked >= 3 else None)
        assert result["yes"] == (asked - 1 if asked >= 4 else None)


async def test_a_closed_campaign_asks_nothing_any_more(world: World, workshop: Workshop) -> None:
    path = await campaign(world)
    await sweep(workshop, world)
    clara, rosa = world.as_("clara"), world.as_("rosa")
    before = (await rosa.get("/v1/outreach/questions")).json()["questions"]

    await clara.post(f"{path}/close", version=await version_of(clara, path))

    assert len(before) == 3
    assert (await rosa.get("/v1/outreach/questions")).json()["questions"] == []


async def test_the_coordinator_hears_that_a_campaign_ended(
    world: World, owner: Owner, workshop: Workshop, drain: Drain
) -> None:
    await campaign(world)
    owner.execute("UPDATE outreach_campaigns SET opens_on = current_date - 9, closes_on = current_date - 3")

    await sweep(workshop, world)
    await drain()

    assert owner.execute("SELECT status FROM outreach_campaigns").fetchone() == ("closed",)
    last = owner.execute("SELECT action, actor_kind FROM events ORDER BY id DESC LIMIT 1").fetchone()
    assert last == ("outreach_campaign.lapse", "system")
    told = (await world.as_("clara").get("/v1/notifications")).json()["items"]
    assert [(note["kind"], note["subject_type"]) for note in told] == [
        ("outreach_closed", "outreach_campaign")
    ]
    assert "Who do we know?" in told[0]["text"]
