"""Groups of students, over HTTP."""

from typing import Any

import psycopg

from tests.world import World


async def create(world: World, *names: str, who: str = "clara") -> dict[str, Any]:
    answer = await world.as_(who).post(
        "/v1/student_groups",
        json={
            "school_id": str(world["north"]),
            "name": "Early birds",
            "student_ids": [str(world[name]) for name in names],
        },
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_coordinator_names_a_group(world: World) -> None:
    group = await create(world, "maya", "leo")

    read = await world.as_("clara").get(f"/v1/student_groups/{group['id']}")

    assert read.json() == group
    assert [student["given_name"] for student in group["students"]] == ["Leo", "Maya"]
    assert (group["students_count"], group["allowed_actions"]) == (2, ["end", "update"])


async def test_its_list_is_replaced_and_its_name_kept(
    world: World, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    group = await create(world, "maya")

    answer = await world.as_("clara").patch(
        f"/v1/student_groups/{group['id']}",
        version=group["version"],
        json={"student_ids": [str(world["leo"])]},
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == "Early birds"
    assert answer.json()["version"] > group["version"]
    assert [student["id"] for student in answer.json()["students"]] == [str(world["leo"])]
    told = owner.execute(
        "SELECT action, facts FROM events WHERE subject_id = %s ORDER BY subject_seq", [group["id"]]
    ).fetchall()
    assert told == [("student_group.create", {"students": 1}), ("student_group.update", {"students": 1})]


async def test_only_students_of_the_school_are_on_its_list(world: World) -> None:
    for stranger in ("ines", "rosa", "ria"):
        answer = await world.as_("ellis").post(
            "/v1/student_groups",
            json={
                "school_id": str(world["north"]),
                "name": "Early birds",
                "student_ids": [str(world["maya"]), str(world[stranger])],
            },
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/student_ids/1"


async def test_a_group_is_never_without_a_name_or_a_list(world: World) -> None:
    group = await create(world, "maya")

    for name in ("name", "student_ids"):
        answer = await world.as_("clara").patch(
            f"/v1/student_groups/{group['id']}", version=group["version"], json={name: None}
        )

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == f"/{name}"


async def test_an_ended_group_is_over(world: World) -> None:
    group = await create(world, "maya")
    clara = world.as_("clara")
    path = f"/v1/student_groups/{group['id']}"

    ended = await clara.post(f"{path}/end", version=group["version"])
    again = await clara.post(f"{path}/end", version=ended.json()["version"])

    assert ended.json()["students"] == []
    assert (ended.json()["allowed_actions"], ended.json()["ended_at"] is not None) == ([], True)
    assert again.status_code == 409


async def test_who_is_on_a_list_is_for_the_coordinators_of_the_school(world: World) -> None:
    group = await create(world, "maya")
    path = f"/v1/student_groups/{group['id']}"

    for name, status in (("maya", 403), ("ada", 403), ("rosa", 403), ("dario", 404), ("cora", 404)):
        assert (await world.as_(name).get(path)).status_code == status, name
    assert (await world.as_("ellis").get(path)).status_code == 200
    assert (await world.as_("dario").get("/v1/student_groups")).json()["items"] == []
