"""Feedback on a team's phase: by staff, and by the expert through a link."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.features.contacts import service as contacts
from app.features.phase_feedback import jobs, service
from app.models import Mail
from tests.draining import Drain
from tests.introducing import link_in, mails
from tests.projecting import with_phases, with_team
from tests.world import World

GIVEN: dict[str, Any] = {
    "strong": "The plan shows the sun.",
    "next_step": "Say what it costs.",
    "quality": 3,
    "thinking": 4,
    "presentation": 2,
}
VERA = "vera@clinic.example"


async def _asked(world: World, owner: psycopg.Connection[Any], **more: Any) -> httpx.Response:
    owner.execute(
        "UPDATE opportunities SET connection_id = %s WHERE id = %s",
        (world["cousin_connection"], world["school_only"]),
    )
    phases = await with_phases(world)
    team = await with_team(world)
    body = {
        "phase_id": phases[0]["id"],
        "project_team_id": team["id"],
        "shown": "A plan with four beds.",
        **more,
    }
    return await world.as_("clara").post("/v1/phase_feedback/asks", json=body)


async def _secret(world: World, feedback_id: str) -> str:
    async with working(world.database, world["lakeside"]) as unit:
        mail = Mail(tenant_id=world["lakeside"], subject_id=UUID(feedback_id))
        path = await service.link_for(unit.session, mail)
    assert path is not None
    return path.rsplit("/", 1)[1]


async def test_the_expert_answers_by_link_and_the_team_reads_it_once_staff_shared_it(
    world: World,
    client: httpx.AsyncClient,
    owner: psycopg.Connection[Any],
    drain: Drain,
    workshop: Workshop,
) -> None:
    asked = await _asked(world, owner)
    await drain()
    letter = mails(workshop.settings.kithwork_home)[VERA][0]
    secret = link_in(letter, "feedback")

    shown = await client.get(f"/v1/feedback_asks/{secret}")
    early = await world.as_("leo").get("/v1/phase_feedback")
    given = await client.post(f"/v1/feedback_asks/{secret}", json=GIVEN)
    again = await client.post(f"/v1/feedback_asks/{secret}", json=GIVEN)
    await drain()
    unread = await world.as_("leo").get("/v1/phase_feedback")
    clara = world.as_("clara")
    path = f"/v1/phase_feedback/{asked.json()['id']}"
    read = (await clara.get(path)).json()
    shared = await clara.post(f"{path}/share", version=read["version"])
    await drain()

    assert asked.status_code == 201, asked.text
    assert asked.json()["status"] == "asked"
    assert "choices" in letter
    assert shown.json()["team_number"] == 1
    assert shown.json()["deliverable"] == "A plan of the beds"
    assert "leo" not in shown.text.lower()
    assert given.status_code == 200, given.text
    assert again.status_code == 410
    assert early.json()["items"] == unread.json()["items"] == []
    assert [read["status"], read["strong"], read["by_expert"]] == ["given", GIVEN["strong"], True]
    assert read["allowed_actions"] == ["share", "withhold"]
    assert shared.status_code == 200, shared.text
    for who in ("leo", "rosa", "ada"):
        seen = (await world.as_(who).get(path)).json()
        assert [seen["next_step"], seen["thinking"]] == ["Say what it costs.", 4], who
    assert (await world.as_("maya").get(path)).status_code == 404
    told = (await world.as_("leo").get("/v1/notifications")).json()["items"]
    assert "team_feedback" in [note["kind"] for note in told]
    assert "feedback_to_share" in [
        note["kind"] for note in (await clara.get("/v1/notifications")).json()["items"]
    ]


async def test_the_page_is_a_form_in_the_readers_language(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await _asked(world, owner)
    secret = await _secret(world, asked.json()["id"])

    page = await client.get(f"/feedback/{secret}", headers={"Accept-Language": "es"})
    bad = await client.post(f"/feedback/{secret}", data={**GIVEN, "quality": 9})
    sent = await client.post(f"/feedback/{secret}", data=GIVEN)
    used = await client.get(f"/feedback/{secret}")

    assert page.status_code == 200, page.text
    assert "trabajo del equipo" in page.text
    assert "<script" not in page.text
    assert bad.status_code == 422
    assert sent.status_code == 200, sent.text
    assert used.status_code == 410


async def test_staff_write_feedback_that_the_team_reads_at_once(world: World) -> None:
    phases = await with_phases(world)
    team = await with_team(world)

    written = await world.as_("ada").post(
        "/v1/phase_feedback", json={"phase_id": phases[0]["id"], "project_team_id": team["id"], **GIVEN}
    )

    assert written.status_code == 201, written.text
    assert [written.json()["status"], written.json()["by_expert"]] == ["shared", False]
    seen = await world.as_("leo").get("/v1/phase_feedback")
    assert [item["strong"] for item in seen.json()["items"]] == [GIVEN["strong"]]


async def test_feedback_can_be_kept_back_with_a_reason(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await _asked(world, owner)
    path = f"/v1/phase_feedback/{asked.json()['id']}"
    await client.post(f"/v1/feedback_asks/{await _secret(world, asked.json()['id'])}", json=GIVEN)
    clara = world.as_("clara")

    kept = await clara.post(f"{path}/withhold", json={"reason": "unkind"}, version=2)

    assert kept.json()["status"] == "withheld", kept.text
    assert (await world.as_("leo").get(path)).status_code == 404
    row = owner.execute("SELECT reason FROM events WHERE action = 'phase_feedback.withhold'").fetchone()
    assert row == ("unkind",)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"shown": "Leo drew the plan."}, "student_named"),
        ({"shown": "Write to leo@mail.example"}, "contact_data"),
        ({"shown": "<b>plan</b>"}, None),
        ({"phase_id": "00000000-0000-7000-8000-000000000001"}, "invalid"),
    ],
)
async def test_what_must_not_reach_an_expert_is_refused(
    world: World, owner: psycopg.Connection[Any], more: dict[str, Any], code: str | None
) -> None:
    answer = await _asked(world, owner, **more)

    assert answer.status_code == 422, answer.text
    if code is not None:
        assert answer.json()["code"] == code


async def test_an_expert_leaves_no_way_to_be_reached(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await _asked(world, owner)
    secret = await _secret(world, asked.json()["id"])

    answer = await client.post(
        f"/v1/feedback_asks/{secret}", json={**GIVEN, "next_step": "Call me: 312 555 0177"}
    )

    assert [answer.status_code, answer.json()["code"]] == [422, "contact_data"]
    assert (await client.post(f"/v1/feedback_asks/{secret}", json=GIVEN)).status_code == 200


async def test_one_question_at_a_time_and_within_the_employers_month(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    first = await _asked(world, owner)
    body = {
        "phase_id": first.json()["phase_id"],
        "project_team_id": first.json()["project_team_id"],
        "shown": "More.",
    }
    phases = (await world.as_("clara").get(f"/v1/opportunities/{world['school_only']}/phases")).json()[
        "items"
    ]
    clara = world.as_("clara")

    again = await clara.post("/v1/phase_feedback/asks", json=body)
    owner.execute("UPDATE employers SET monthly_contact_cap = 1 WHERE id = %s", (world["clinic"],))
    capped = await clara.post("/v1/phase_feedback/asks", json={**body, "phase_id": phases[1]["id"]})

    assert [again.status_code, again.json()["code"]] == [409, "asked_already"]
    assert [capped.status_code, capped.json()["code"]] == [409, "asked_enough"]


async def test_without_a_contact_the_supervisor_is_asked(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    phases = await with_phases(world)
    team = await with_team(world)
    body = {"phase_id": phases[0]["id"], "project_team_id": team["id"], "shown": "A plan."}

    asked = await world.as_("clara").post("/v1/phase_feedback/asks", json=body)

    assert asked.status_code == 201, asked.text
    row = owner.execute("SELECT template, person_id FROM mails").fetchone()
    assert row == ("phase_feedback", world["sam"])


async def test_silence_ends_the_question(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], workshop: Workshop
) -> None:
    asked = await _asked(world, owner)
    secret = await _secret(world, asked.json()["id"])
    later = clock.now() + timedelta(days=15)

    done = [await jobs.sweep(workshop, world["lakeside"], later) for _ in range(2)]

    assert done == [1, 0]
    read = await world.as_("clara").get(f"/v1/phase_feedback/{asked.json()['id']}")
    assert [read.json()["status"], read.json()["allowed_actions"]] == ["lapsed", []]
    assert (await client.post(f"/v1/feedback_asks/{secret}", json=GIVEN)).status_code == 410


@pytest.mark.parametrize(("who", "status"), [("leo", 403), ("rosa", 403), ("ben", 404), ("dario", 404)])
async def test_others_write_no_feedback(world: World, who: str, status: int) -> None:
    phases = await with_phases(world)
    team = await with_team(world)

    answer = await world.as_(who).post(
        "/v1/phase_feedback", json={"phase_id": phases[0]["id"], "project_team_id": team["id"], **GIVEN}
    )

    assert answer.status_code == status


async def test_a_phase_with_feedback_is_kept(world: World) -> None:
    phases = await with_phases(world)
    team = await with_team(world)
    await world.as_("ada").post(
        "/v1/phase_feedback", json={"phase_id": phases[0]["id"], "project_team_id": team["id"], **GIVEN}
    )
    clara, path = world.as_("clara"), f"/v1/opportunities/{world['school_only']}/phases"
    version = (await clara.get(path)).json()["version"]
    rest = {name: value for name, value in phases[1].items() if name != "position"}

    answer = await clara.put(path, json={"phases": [rest]}, version=version)

    assert [answer.status_code, answer.json()["code"]] == [422, "phase_has_feedback"]


async def test_feedback_that_comes_while_a_phase_is_dropped_keeps_the_phase(
    world: World, owner_url: str
) -> None:
    phases = await with_phases(world)
    team = await with_team(world)
    clara, path = world.as_("clara"), f"/v1/opportunities/{world['school_only']}/phases"
    version = (await clara.get(path)).json()["version"]
    rest = {name: value for name, value in phases[1].items() if name != "position"}
    with psycopg.connect(owner_url) as writing:
        writing.execute(
            "INSERT INTO phase_feedback (tenant_id, id, phase_id, team_id, school_id, status, created_at, updated_at, version)"
            " VALUES (%s, %s, %s, %s, %s, 'shared', now(), now(), 1)",
            (world["lakeside"], new_id(), phases[0]["id"], team["id"], world["north"]),
        )
        dropping = asyncio.create_task(clara.put(path, json={"phases": [rest]}, version=version))
        with psycopg.connect(owner_url, autocommit=True) as watching:
            waits = (
                "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            for _ in range(1_000):
                if watching.execute(waits).fetchone() is not None or dropping.done():
                    break
                await asyncio.sleep(0.01)
        assert not dropping.done(), "it waits for the feedback that is being written"
        writing.commit()

    answer = await dropping

    assert [answer.status_code, answer.json()["code"]] == [422, "phase_has_feedback"]


async def test_an_expert_who_agrees_no_longer_says_nothing_more(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await _asked(world, owner)
    secret = await _secret(world, asked.json()["id"])
    before = await client.get(f"/v1/feedback_asks/{secret}")
    owner.execute("UPDATE contacts SET status = 'paused' WHERE id = %s", (world["cousin"],))

    looked = await client.get(f"/v1/feedback_asks/{secret}")
    given = await client.post(f"/v1/feedback_asks/{secret}", json=GIVEN)

    assert [before.status_code, looked.status_code, given.status_code] == [200, 410, 410]
    assert [looked.json()["code"], given.json()["code"]] == ["not_yours_now"] * 2
    assert owner.execute("SELECT status, strong FROM phase_feedback").fetchone() == ("asked", None)


async def test_an_expert_who_was_erased_says_nothing_more(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await _asked(world, owner)
    secret = await _secret(world, asked.json()["id"])
    async with working(world.database, world["lakeside"]) as unit:
        contact = await contacts.locked(unit.session, world["lakeside"], world["cousin"])
        assert contact is not None
        choices = await contacts.choices_secret(unit.session, contact)
    await client.post(f"/v1/contact_choices/{choices}/erase")

    looked = await client.get(f"/v1/feedback_asks/{secret}")
    given = await client.post(f"/v1/feedback_asks/{secret}", json=GIVEN)

    assert [looked.status_code, given.status_code] == [410, 410]
    assert [looked.json()["code"], given.json()["code"]] == ["not_yours_now"] * 2
    assert owner.execute("SELECT status, strong FROM phase_feedback").fetchone() == ("asked", None)


@pytest.mark.parametrize("expert", ["contact", "supervisor"])
@pytest.mark.parametrize("gone", [True, False])
async def test_who_was_asked_answers_while_they_are_there_and_not_after(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], expert: str, gone: bool
) -> None:
    """By the contact's connection the contact is asked, and without one the supervisor: each by their own half."""
    if expert == "contact":
        asked = await _asked(world, owner)
        leaves = (
            "UPDATE contacts SET status = 'erased', erased_at = now(), given_name = NULL, family_name = NULL,"
            " email = NULL, phone = NULL, job_title = NULL WHERE id = %s"
        )
        who = world["cousin"]
    else:
        phases, team = await with_phases(world), await with_team(world)
        body = {"phase_id": phases[0]["id"], "project_team_id": team["id"], "shown": "A plan."}
        asked = await world.as_("clara").post("/v1/phase_feedback/asks", json=body)
        leaves, who = "UPDATE people SET ended_at = now() WHERE id = %s", world["sam"]
    secret = await _secret(world, asked.json()["id"])
    if gone:
        owner.execute(leaves, [who])

    looked = await client.get(f"/v1/feedback_asks/{secret}")
    given = await client.post(f"/v1/feedback_asks/{secret}", json=GIVEN)

    assert [looked.status_code, given.status_code] == ([410, 410] if gone else [200, 200]), given.text
    row = owner.execute("SELECT status, contact_id, expert_id, strong FROM phase_feedback").fetchone()
    of_whom = (world["cousin"], None) if expert == "contact" else (None, world["sam"])
    assert row == (("asked", *of_whom, None) if gone else ("given", *of_whom, GIVEN["strong"]))


async def test_no_student_is_named_in_the_reason_that_is_kept(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await _asked(world, owner)
    path = f"/v1/phase_feedback/{asked.json()['id']}"
    await client.post(f"/v1/feedback_asks/{await _secret(world, asked.json()['id'])}", json=GIVEN)

    answer = await world.as_("clara").post(f"{path}/withhold", json={"reason": "It hurt LEO."}, version=2)

    assert [answer.status_code, answer.json()["errors"][0]["pointer"]] == [422, "/reason"]
