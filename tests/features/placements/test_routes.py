"""Placements over HTTP: from setting up to the end, and who sees how much of the student."""

from typing import Any

import psycopg

from app.core.jobs import working
from app.domain.policy import Role
from app.models import Membership
from tests.world import World


async def act(world: World, who: str, verb: str, version: int, json: dict[str, Any] | None = None) -> Any:
    """Let somebody take the next step of Leo's placement, which must succeed."""
    body = {} if json is None else {"json": json}
    answer = await world.as_(who).post(
        f"/v1/placements/{world['leo_placement']}/{verb}", version=version, **body
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def seats_taken(owner: psycopg.Connection[Any], world: World) -> int:
    """Count the taken seats of the school garden."""
    row = owner.execute(
        "SELECT seats_taken FROM opportunities WHERE id = %s", [world["school_only"]]
    ).fetchone()
    assert row is not None
    return int(row[0])


def bring_through_rosa(owner: psycopg.Connection[Any], world: World) -> None:
    """Let the placement have come through Rosa's cousin."""
    owner.execute(
        "UPDATE placements SET connection_id = %s, contributor_id = %s WHERE id = %s",
        [world["cousin_connection"], world["rosa"], world["leo_placement"]],
    )


async def test_a_placement_is_set_up_cleared_active_and_completed(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    cleared = await act(world, "clara", "clear", 1)
    active = await act(world, "ada", "activate", 2)
    asked = await act(world, "sam", "request_end", 3, {"reason": "The season is over."})
    completed = await act(world, "ada", "complete", 4)

    assert cleared["status"] == "cleared"
    assert cleared["cleared_at"] is not None
    assert active["status"] == "active"
    assert asked["status"] == "end_requested"
    assert completed["status"] == "completed"
    assert completed["ended_at"] is not None
    assert seats_taken(owner, world) == 1
    events = owner.execute(
        "SELECT action, person_id, reason IS NOT NULL, facts ->> 'from' FROM events WHERE subject_id = %s"
        " ORDER BY subject_seq",
        [world["leo_placement"]],
    ).fetchall()
    assert events == [
        ("placement.clear", world["leo"], True, "setup"),
        ("placement.activate", world["leo"], True, "cleared"),
        ("placement.request_end", world["leo"], True, "active"),
        ("placement.complete", world["leo"], True, "end_requested"),
    ]


async def test_a_placement_that_ends_early_passes_its_seat_on(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE opportunities SET seats = 1 WHERE id = %s", [world["school_only"]])
    asked = await world.as_("maya").post("/v1/pursuits", json={"opportunity_id": str(world["school_only"])})
    assert asked.json()["place_in_line"] == 1

    ended = await act(world, "clara", "end_early", 1, {"reason": "The family moved."})

    held = await world.as_("maya").get(f"/v1/pursuits/{asked.json()['id']}")
    assert ended["status"] == "ended_early"
    assert ended["end_reason"] == "The family moved."
    assert held.json()["seat_held_until"] is not None
    assert seats_taken(owner, world) == 1


async def test_a_student_who_never_came_frees_the_seat(world: World, owner: psycopg.Connection[Any]) -> None:
    await act(world, "clara", "clear", 1)

    ended = await act(world, "ada", "record_no_show", 2, {})

    assert ended["status"] == "no_show"
    assert seats_taken(owner, world) == 0


async def test_nobody_else_takes_these_steps(world: World) -> None:
    path = f"/v1/placements/{world['leo_placement']}"

    async def status(name: str, verb: str, body: dict[str, Any] | None = None) -> int:
        return (await world.as_(name).post(f"{path}/{verb}", version=1, json=body)).status_code

    assert await status("leo", "clear") == 403
    assert await status("sam", "clear") == 403
    assert await status("ada", "clear") == 403
    assert await status("rosa", "end_early", {"reason": "No."}) == 403
    assert await status("maya", "request_end", {"reason": "No."}) == 404
    assert await status("dario", "clear") == 404
    assert await status("cora", "clear") == 404
    assert await status("sid", "request_end", {"reason": "No."}) == 404


async def test_a_step_out_of_turn_is_refused(world: World) -> None:
    path = f"/v1/placements/{world['leo_placement']}"

    early = await world.as_("ada").post(f"{path}/complete", version=1)
    stale = await world.as_("clara").post(f"{path}/clear", version=9)
    blind = await world.as_("clara").post(f"{path}/clear")
    missing = await world.as_("clara").post(f"/v1/placements/{world['leo']}/clear", version=1)
    silent = await world.as_("clara").post(f"{path}/end_early", version=1, json={})

    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    assert stale.status_code == 412
    assert blind.status_code == 428
    assert missing.status_code == 404
    assert silent.status_code == 422


async def test_the_employer_sees_the_minimum(world: World, owner: psycopg.Connection[Any]) -> None:
    bring_through_rosa(owner, world)

    whole = (await world.as_("clara").get(f"/v1/placements/{world['leo_placement']}")).json()
    answer = await world.as_("sam").get(f"/v1/placements/{world['leo_placement']}")

    least = answer.json()
    assert whole["student"]["family_name"] == "Leoson"
    assert whole["pursuit_id"] == str(world["leo_converted"])
    assert least["student"] == {
        "id": str(world["leo"]),
        "given_name": "Leo",
        "family_name": None,
        "last_initial": "L",
        "grade_band": "11-12",
    }
    assert least["pursuit_id"] is None
    assert least["through"] is None
    assert least["goals"] == "Learn to plan a garden."
    assert least["schedule"] == "Tuesdays 14:00-16:00"
    for hidden in ("Leoson", "leo@example.org", "user-leo", "born_on", "email"):
        assert hidden not in answer.text


async def test_a_supervisor_who_is_also_the_students_guardian_sees_the_whole(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(
        "UPDATE guardian_links SET guardian_id = %s WHERE guardian_id = %s AND student_id = %s",
        [world["sam"], world["rosa"], world["leo"]],
    )

    seen = (await world.as_("sam").get("/v1/placements")).json()["items"]

    assert [item["student"]["family_name"] for item in seen] == [None]
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            Membership(
                tenant_id=world["lakeside"],
                person_id=world["sam"],
                role=Role.GUARDIAN,
                school_id=world["north"],
            )
        )
    seen = (await world.as_("sam").get("/v1/placements")).json()["items"]
    assert [item["student"]["family_name"] for item in seen] == ["Leoson"]


async def test_a_contributor_is_named_to_the_student_only_if_they_want_to_be(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    bring_through_rosa(owner, world)
    path = f"/v1/placements/{world['leo_placement']}"

    named = await world.as_("leo").get(path)
    owner.execute("UPDATE connections SET credit_wanted = false WHERE id = %s", [world["cousin_connection"]])
    unnamed = await world.as_("leo").get(path)
    known = await world.as_("clara").get(f"{path}/provenance")

    assert named.json()["through"] == "Rosa Rosason"
    assert unnamed.json()["through"] is None
    assert known.json() == {
        "placement_id": str(world["leo_placement"]),
        "student_id": str(world["leo"]),
        "connection": {"id": str(world["cousin_connection"]), "domain": "family", "credit_wanted": False},
        "contributor": {"id": str(world["rosa"]), "name": "Rosa Rosason"},
        "contact": {"id": str(world["cousin"]), "name": "Vera Vetter"},
        "employer": {"id": str(world["clinic"]), "name": "Lakeside Veterinary Clinic"},
    }


async def test_provenance_without_a_connection_ends_at_the_employer(world: World) -> None:
    answer = await world.as_("ellis").get(f"/v1/placements/{world['leo_placement']}/provenance")

    assert answer.status_code == 200, answer.text
    assert answer.json()["connection"] is None
    assert answer.json()["contributor"] is None
    assert answer.json()["contact"] is None
    assert answer.json()["employer"]["name"] == "Lakeside Veterinary Clinic"


async def test_provenance_is_for_those_who_answer_for_the_network(world: World) -> None:
    path = f"/v1/placements/{world['leo_placement']}/provenance"

    answers = {
        name: (await world.as_(name).get(path)).status_code
        for name in ("leo", "rosa", "ada", "sam", "dario", "cora", "lakeside_sis")
    }

    assert answers == {
        "leo": 403,
        "rosa": 403,
        "ada": 403,
        "sam": 403,
        "dario": 404,
        "cora": 404,
        "lakeside_sis": 403,
    }


async def test_everyone_sees_their_own_part_of_the_list(world: World) -> None:
    async def count(name: str, **params: str) -> int:
        answer = await world.as_(name).get("/v1/placements", params=params)
        assert answer.status_code == 200, answer.text
        return len(answer.json()["items"])

    seen = {
        name: await count(name) for name in ("leo", "rosa", "ada", "clara", "ellis", "sam", "lakeside_sis")
    }
    unseen = {name: await count(name) for name in ("maya", "omar", "ben", "dario", "cora", "sid")}

    assert set(seen.values()) == {1}
    assert set(unseen.values()) == {0}
    assert await count("clara", status="setup", student_id=str(world["leo"])) == 1
    assert await count("clara", employer_id=str(world["garage"])) == 0
    assert await count("clara", opportunity_id=str(world["school_only"]), school_id=str(world["north"])) == 1
    assert (await world.as_("clara").get("/v1/placements?colour=red")).status_code == 422
