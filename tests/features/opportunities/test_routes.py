"""Opportunities over HTTP."""

from tests.world import World


async def test_a_student_finds_what_another_family_brought(world: World) -> None:
    answer = await world.as_("maya").get("/v1/opportunities")

    titles = [item["title"] for item in answer.json()["items"]]
    assert answer.status_code == 200, answer.text
    assert titles == ["Veterinary assistant internship", "School garden project"]
    assert answer.json()["items"][0]["allowed_actions"] == ["favorite", "pursue"]


async def test_a_school_only_opportunity_is_not_in_another_schools_catalogue(world: World) -> None:
    answer = await world.as_("ines").get("/v1/opportunities")

    assert [item["title"] for item in answer.json()["items"]] == ["Veterinary assistant internship"]


async def test_the_catalogue_can_be_searched_and_paged(world: World) -> None:
    maya = world.as_("maya")

    found = await maya.get("/v1/opportunities", params={"q": "animals"})
    first = await maya.get("/v1/opportunities", params={"limit": 1})
    second = await maya.get("/v1/opportunities", params={"limit": 1, "cursor": first.json()["next_cursor"]})

    assert [item["title"] for item in found.json()["items"]] == ["Veterinary assistant internship"]
    assert [item["title"] for item in second.json()["items"]] == ["School garden project"], second.text
    assert second.json()["next_cursor"] is None


async def test_a_tag_holds_no_way_to_write_to_anybody(world: World) -> None:
    path = f"/v1/opportunities/{world['internship']}"
    version = (await world.as_("clara").get(path)).json()["version"]

    answers = [
        await world.as_("clara").patch(path, json={"tags": ["dogs", tag]}, version=version)
        for tag in ("ask sam@clinic.example", "call +1 317 555 0134", "class of 2027")
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 200]
    assert answers[0].json()["errors"][0]["pointer"] == "/tags/1"


async def test_a_cursor_of_another_query_is_refused(world: World) -> None:
    maya = world.as_("maya")
    first = await maya.get("/v1/opportunities", params={"limit": 1})

    answer = await maya.get(
        "/v1/opportunities", params={"q": "garden", "cursor": first.json()["next_cursor"]}
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == "bad_cursor"


async def test_a_coordinator_takes_a_draft_to_the_catalogue(world: World) -> None:
    clara = world.as_("clara")
    path = f"/v1/opportunities/{world['draft']}"

    submitted = await clara.post(f"{path}/submit", version=1)
    published = await clara.post(f"{path}/publish", version=submitted.json()["version"])

    assert published.status_code == 200, published.text
    assert published.json()["status"] == "published"
    assert published.headers["ETag"] == '"3"'
    seen = await world.as_("ines").get(path)
    assert seen.status_code == 200


async def test_a_student_cannot_publish(world: World) -> None:
    answer = await world.as_("maya").post(f"/v1/opportunities/{world['draft']}/publish", version=1)

    assert answer.status_code == 403


async def test_another_tenants_coordinator_finds_nothing(world: World) -> None:
    answer = await world.as_("cora").post(f"/v1/opportunities/{world['draft']}/submit", version=1)

    assert answer.status_code == 404


async def test_the_same_key_answers_the_same_and_has_one_effect(world: World) -> None:
    clara = world.as_("clara")
    body = {
        "title": "Kennel job shadow",
        "type": "job_shadow",
        "employer_id": str(world["clinic"]),
        "school_id": str(world["north"]),
        "seats": 1,
    }

    first = await clara.post("/v1/opportunities", json=body, headers={"Idempotency-Key": "one"})
    again = await clara.post("/v1/opportunities", json=body, headers={"Idempotency-Key": "one"})
    other = await clara.post(
        "/v1/opportunities", json={**body, "seats": 2}, headers={"Idempotency-Key": "one"}
    )

    assert first.status_code == 201, first.text
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"


async def test_a_coordinator_sees_drafts_without_asking_for_another_order(world: World) -> None:
    answer = await world.as_("clara").get("/v1/opportunities", params={"status": "draft"})

    assert [item["id"] for item in answer.json()["items"]] == [str(world["draft"])]
