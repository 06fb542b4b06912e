"""Kinds of opportunity over HTTP: a community's own vocabulary, and every version of it."""

import asyncio
from typing import Any

import psycopg
import pytest

from app.domain.opportunity_types import OpportunityTypeCode
from tests.world import World

PATH = "/v1/opportunity_types"
HACKATHON = {
    "code": "hackathon",
    "names": {"en": "Hackathon", "es": "Maratón de programación"},
    "stage": "through_work",
    "workflow": "enrollment",
    "requires_agreement": False,
    "clearances": ["parental_consent"],
    "minimum_age": 14,
    "needs": ["dates"],
}


async def _kind(world: World, code: str, who: str = "maya") -> dict[str, Any]:
    answer = await world.as_(who).get(f"{PATH}/{code}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _listing(world: World, **more: Any) -> dict[str, Any]:
    return {
        "title": "Listing",
        "type": "job_shadow",
        "employer_id": str(world["clinic"]),
        "school_id": str(world["north"]),
        "seats": 1,
        **more,
    }


async def test_every_community_begins_with_every_kind_of_the_field(world: World) -> None:
    answer = await world.as_("maya").get(PATH, headers={"Accept-Language": "es"})

    kinds = {kind["code"]: kind for kind in answer.json()["items"]}
    assert set(kinds) == set(OpportunityTypeCode)
    assert kinds["job_shadow"]["name"] == "Observación de un puesto de trabajo"
    assert kinds["job_shadow"]["ceds"] == "JobShadowing"
    assert kinds["job_shadow"]["workflow"] == "enrollment"
    assert kinds["clinical_experience"]["minimum_age"] == 16
    assert kinds["clinical_experience"]["requires_agreement"] is True
    assert "immunizations" in kinds["clinical_experience"]["clearances"]
    assert kinds["micro_internship"]["needs"] == ["total_hours", "deliverable", "pay"]
    assert all(kind["number"] == 1 and kind["allowed_actions"] == [] for kind in kinds.values())


async def test_a_change_makes_the_next_version_and_keeps_the_one_before(world: World) -> None:
    ellis = world.as_("ellis")

    changed = await ellis.patch(
        f"{PATH}/job_shadow",
        json={"minimum_age": 15, "names": {"en": "Shadow day", "es": "Día de observación"}},
        version=1,
    )
    again = await ellis.patch(f"{PATH}/job_shadow", json={"requires_agreement": True}, version=2)
    stale = await ellis.patch(f"{PATH}/job_shadow", json={"minimum_age": 14}, version=2)

    assert changed.status_code == 200, changed.text
    assert changed.headers["ETag"] == '"2"'
    assert again.json()["number"] == 3
    assert stale.status_code == 412
    first = await ellis.get(f"{PATH}/job_shadow/versions", params={"limit": 2})
    rest = await ellis.get(
        f"{PATH}/job_shadow/versions", params={"limit": 2, "cursor": first.json()["next_cursor"]}
    )
    found = [*first.json()["items"], *rest.json()["items"]]
    assert [(v["number"], v["name"], v["minimum_age"], v["current"]) for v in found] == [
        (3, "Shadow day", 15, True),
        (2, "Shadow day", 15, False),
        (1, "Job shadow", None, False),
    ]
    assert (await _kind(world, "job_shadow", "ria"))["number"] == 1, "another community is not touched"


async def test_a_kind_that_nobody_changed_has_one_version(world: World) -> None:
    answer = await world.as_("clara").get(f"{PATH}/job_shadow/versions")

    assert [(item["number"], item["current"]) for item in answer.json()["items"]] == [(1, True)]


async def test_a_kind_of_ones_own_can_be_used_at_once(world: World) -> None:
    made = await world.as_("ellis").post(PATH, json=HACKATHON)

    listed = await world.as_("clara").post("/v1/opportunities", json=_listing(world, type="hackathon"))

    assert made.status_code == 201, made.text
    assert made.headers["Location"] == f"{PATH}/hackathon"
    assert listed.status_code == 201, listed.text
    assert listed.json()["type"] == "hackathon"
    assert listed.json()["minimum_age"] == 14, "the kind's own, as the host named none"
    assert listed.json()["all_clearances"] == ["parental_consent"]
    assert listed.json()["kind"]["names"]["es"] == "Maratón de programación"


@pytest.mark.parametrize("code", ["made_up", "Job_Shadow", "", "x" * 61])
async def test_a_listing_of_an_unknown_kind_is_refused_with_its_pointer(world: World, code: str) -> None:
    answer = await world.as_("clara").post("/v1/opportunities", json=_listing(world, type=code))

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/type"]


async def test_another_communitys_kind_is_unknown_here(world: World) -> None:
    await world.as_("dora").post(PATH, json=HACKATHON)

    answer = await world.as_("clara").post("/v1/opportunities", json=_listing(world, type="hackathon"))

    assert answer.status_code == 422
    assert (await world.as_("clara").get(f"{PATH}/hackathon")).status_code == 404


async def test_a_retired_kind_takes_no_new_listing_and_can_be_reinstated(world: World) -> None:
    ellis, clara = world.as_("ellis"), world.as_("clara")
    before = await clara.post("/v1/opportunities", json=_listing(world))

    retired = await ellis.post(f"{PATH}/job_shadow/retire", json={"reason": "too many"}, version=1)
    refused = await clara.post("/v1/opportunities", json=_listing(world))
    submitted = await clara.post(f"/v1/opportunities/{before.json()['id']}/submit", version=1)
    twice = await ellis.post(f"{PATH}/job_shadow/retire", json={"reason": "again"}, version=2)
    changed = await ellis.patch(f"{PATH}/job_shadow", json={"minimum_age": 15}, version=2)
    back = await ellis.post(f"{PATH}/job_shadow/reinstate", version=2)

    assert retired.json()["retired"] is True
    assert retired.json()["allowed_actions"] == ["reinstate"]
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "unknown_type"
    assert [submitted.status_code, submitted.json()["code"]] == [409, "type_retired"]
    assert [twice.status_code, changed.status_code] == [409, 409]
    assert [back.json()["number"], back.json()["retired"]] == [3, False]
    assert (await clara.post("/v1/opportunities", json=_listing(world))).status_code == 201
    assert (await clara.get(f"/v1/opportunities/{before.json()['id']}")).json()["type"] == "job_shadow"


async def test_what_makes_a_kind_what_it_is_cannot_be_dropped(world: World) -> None:
    ellis = world.as_("ellis")

    refused = await ellis.patch(f"{PATH}/micro_internship", json={"needs": ["pay"]}, version=1)
    more = await ellis.patch(
        f"{PATH}/micro_internship",
        json={"needs": ["apply_by", "total_hours", "deliverable", "pay"]},
        version=1,
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/needs"
    assert set(more.json()["needs"]) == {"apply_by", "total_hours", "deliverable", "pay"}


async def test_a_code_is_taken_once(world: World) -> None:
    ellis = world.as_("ellis")

    default = await ellis.post(PATH, json={**HACKATHON, "code": "job_shadow"})
    first = await ellis.post(PATH, json=HACKATHON)
    again = await ellis.post(PATH, json=HACKATHON)

    assert [default.status_code, first.status_code, again.status_code] == [422, 201, 422]
    assert again.json()["errors"][0]["pointer"] == "/code"


async def test_of_many_who_change_a_kind_at_once_one_succeeds(world: World) -> None:
    ellis = world.as_("ellis")

    answers = await asyncio.gather(
        *(ellis.patch(f"{PATH}/job_shadow", json={"minimum_age": 10 + n}, version=1) for n in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 7]
    assert (await _kind(world, "job_shadow"))["number"] == 2


@pytest.mark.parametrize("who", ["maya", "rosa", "sam", "ada", "clara", "lakeside_sis"])
async def test_nobody_but_the_district_changes_kinds(world: World, who: str) -> None:
    answer = await world.as_(who).patch(f"{PATH}/job_shadow", json={"minimum_age": 15}, version=1)

    assert answer.status_code == 403


async def test_a_null_where_a_value_must_be_is_refused(world: World) -> None:
    ellis = world.as_("ellis")

    refused = await ellis.patch(f"{PATH}/job_shadow", json={"stage": None}, version=1)
    cleared = await ellis.patch(
        f"{PATH}/clinical_experience", json={"minimum_age": None, "ceds": None}, version=1
    )

    assert [refused.status_code, refused.json()["errors"][0]["pointer"]] == [422, "/stage"]
    assert [cleared.json()["minimum_age"], cleared.json()["ceds"]] == [None, None]


async def test_a_listing_keeps_the_version_it_was_published_under(
    world: World,
) -> None:
    ellis, clara = world.as_("ellis"), world.as_("clara")
    made = await clara.post("/v1/opportunities", json=_listing(world, remote=True))
    path = f"/v1/opportunities/{made.json()['id']}"
    submitted = await clara.post(f"{path}/submit", version=1)
    await clara.post(f"{path}/publish", version=submitted.json()["version"])

    await ellis.patch(f"{PATH}/job_shadow", json={"minimum_age": 17, "clearances": ["photo_id"]}, version=1)

    kept = (await clara.get(path)).json()
    fresh = (await clara.post("/v1/opportunities", json=_listing(world))).json()
    assert [kept["kind"]["number"], kept["minimum_age"], kept["all_clearances"]] == [1, None, []]
    assert [fresh["kind"]["number"], fresh["minimum_age"], fresh["all_clearances"]] == [2, 17, ["photo_id"]]
    changed = await clara.patch(path, json={"title": "Other"}, version=kept["version"])
    assert [changed.status_code, changed.json()["kind"]["number"]] == [200, 1]


async def test_every_change_of_a_kind_is_recorded_with_author_and_reason(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await world.as_("ellis").post(f"{PATH}/job_shadow/retire", json={"reason": "too many"}, version=1)

    row = owner.execute(
        "SELECT actor_person_id, reason, facts FROM events WHERE action = 'opportunity_type.retire'"
    ).fetchone()

    assert row == (world["ellis"], "too many", {"code": "job_shadow", "number": 2})


async def test_the_same_key_makes_a_kind_once(world: World) -> None:
    ellis = world.as_("ellis")

    first = await ellis.post(PATH, json=HACKATHON, headers={"Idempotency-Key": "k"})
    again = await ellis.post(PATH, json=HACKATHON, headers={"Idempotency-Key": "k"})

    assert [first.status_code, again.status_code] == [201, 201]
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_a_listing_of_a_retired_kind_can_be_sent_whole(world: World) -> None:
    ellis, clara = world.as_("ellis"), world.as_("clara")
    path = f"/v1/opportunities/{world['internship']}"
    await ellis.post(f"{PATH}/internship_unpaid/retire", json={"reason": "too many"}, version=1)

    whole = await clara.patch(path, json={"type": "internship_unpaid", "title": "Helping"}, version=1)
    other = await clara.patch(
        f"/v1/opportunities/{world['draft']}", json={"type": "internship_unpaid"}, version=1
    )

    assert whole.status_code == 200, whole.text
    assert [whole.json()["title"], whole.json()["kind"]["number"]] == ["Helping", 1]
    assert [other.status_code, other.json()["errors"][0]["pointer"]] == [422, "/type"]


@pytest.mark.parametrize("code", ["%00", "Job_Shadow", "x" * 61, "job%20shadow", "%F0%9F%90%95"])
async def test_a_code_that_cannot_be_is_refused(world: World, code: str) -> None:
    for path in (f"{PATH}/{code}", f"{PATH}/{code}/versions"):
        assert 400 <= (await world.as_("maya").get(path)).status_code < 500
