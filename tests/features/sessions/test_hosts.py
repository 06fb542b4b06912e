"""A host who takes part no more: whose business that is, and what becomes of their sessions and weekly patterns."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop
from app.features.session_hosts import jobs as session_hosts
from app.features.sessions import jobs as sessions
from app.features.sessions import queries
from app.features.weekly_patterns import jobs as weekly_patterns
from tests.draining import Drain
from tests.sessioning import at, enroll, make_session, read_session
from tests.world import World

Owner = psycopg.Connection[Any]
PATH, PATTERNS = "/v1/opportunity_sessions", "/v1/weekly_patterns"


async def swept(workshop: Workshop, world: World, now: datetime) -> int:
    """Do what is due in Lakeside at `now`, in the order in which the worker does it; returns what hosts had to do with."""
    with clock.frozen(now):
        noted = await session_hosts.sweep(workshop, world["lakeside"], now)
        await weekly_patterns.sweep(workshop, world["lakeside"], now)
        return noted + await sessions.sweep(workshop, world["lakeside"], now)


async def make_pattern(world: World, **changes: Any) -> dict[str, Any]:
    """Let sessions come round on every weekday, for ten weeks, at three in the morning."""
    starts_on = clock.now().date() + timedelta(days=3)
    body = {
        "opportunity_id": str(world["internship"]),
        "rule": "FREQ=WEEKLY",
        "starts_time": "03:00",
        "minutes": 60,
        "starts_on": starts_on.isoformat(),
        "until": (starts_on + timedelta(days=70)).isoformat(),
        "seats": 2,
        **changes,
    }
    answer = await world.as_("clara").post(PATTERNS, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def listed(world: World, path: str, who: str = "clara", **params: Any) -> set[str]:
    """Return the ids that a list holds."""
    answer = await world.as_(who).get(path, params={"limit": 100, **params})
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()["items"]}


def leave(owner: Owner, world: World, how: str) -> None:
    """Let a host leave."""
    change = {
        "never": ("UPDATE contacts SET status = 'never' WHERE id = %s", world["cousin"]),
        "erased": ("UPDATE contacts SET status = 'erased', given_name = NULL WHERE id = %s", world["cousin"]),
        "ended": ("UPDATE people SET ended_at = now() WHERE id = %s", world["sam"]),
        "works there no more": ("UPDATE memberships SET ended_at = now() WHERE person_id = %s", world["sam"]),
        "works elsewhere": (
            (
                "UPDATE memberships AS m SET employer_id = e.id FROM employers AS e"
                " WHERE e.tenant_id = m.tenant_id AND e.status = 'prospect' AND m.person_id = %s"
            ),
            world["sam"],
        ),
        "on a break": ("UPDATE contacts SET status = 'paused' WHERE id = %s", world["cousin"]),
    }[how]
    owner.execute(change[0], [change[1]])


def host(world: World, how: str = "never") -> dict[str, str]:
    """Return who hosts, and leaves that way."""
    if how in {"ended", "works there no more", "works elsewhere"}:
        return {"host_person_id": str(world["sam"])}
    return {"host_contact_id": str(world["cousin"])}


@pytest.mark.parametrize("how", ["never", "erased", "ended", "works there no more", "works elsewhere"])
async def test_coordinators_are_told_once_of_a_host_who_left_with_all_that_needs_another(
    world: World, workshop: Workshop, owner: Owner, drain: Drain, how: str
) -> None:
    first = await make_session(world, starts_at=at(5), **host(world, how))
    second = await make_session(world, starts_at=at(6), **host(world, how))
    other = await make_session(world, starts_at=at(6))
    pattern = await make_pattern(world, **host(world, how))
    of_pattern = await listed(world, PATH, pattern_id=pattern["id"])
    leave(owner, world, how)

    noted = await swept(workshop, world, at(0.1))
    again = await swept(workshop, world, at(0.2))
    await drain()

    assert (noted, again) == (len(of_pattern) + 3, 0)
    assert await listed(world, PATH, needs_host=True) == {first["id"], second["id"], *of_pattern}
    assert await listed(world, PATH, needs_host=False) == {other["id"]}
    assert await listed(world, PATTERNS, needs_host=True) == {pattern["id"]}
    assert await listed(world, PATTERNS, needs_host=False) == set()
    told = (await world.as_("clara").get("/v1/notifications")).json()["items"]
    (notice,) = [item for item in told if item["kind"] == "host_left"]
    assert notice["needs_action"]
    assert notice["text"].startswith(
        "The host of “Veterinary assistant internship” takes part no more; name another"
    )
    assert owner.execute(
        "SELECT count(*) FROM mails WHERE template = 'session_needs_host' AND person_id = %s AND state <> 'waiting'",
        [world["clara"]],
    ).fetchone() == (1,)
    # Of each it is on record; why a host left is not.
    rows = owner.execute(
        "SELECT actor_kind, reason, facts ->> 'tell' FROM events WHERE action LIKE '%%.lose_host' ORDER BY id"
    ).fetchall()
    assert {row[:2] for row in rows} == {("system", "its host takes part no more")}
    assert [row[2] for row in rows] == [str(noted), *["0"] * (noted - 1)]


async def test_of_two_schools_each_hears_of_its_own(
    world: World, workshop: Workshop, owner: Owner, drain: Drain
) -> None:
    await make_session(world, **host(world))
    southern = await make_session(world, starts_at=at(4), **host(world))
    owner.execute(
        "UPDATE opportunity_sessions SET school_id = %s WHERE id = %s", [world["south"], southern["id"]]
    )
    leave(owner, world, "never")

    await swept(workshop, world, at(0.1))
    await drain()

    told = owner.execute(
        "SELECT person_id, subject_id FROM notifications WHERE kind = 'host_left'"
    ).fetchall()
    assert (world["dario"], southern["id"]) in [(person, str(subject)) for person, subject in told]
    assert {person for person, _ in told} >= {world["clara"], world["dario"]}


async def test_a_letter_names_each_date_and_pattern_and_what_to_do(
    world: World, workshop: Workshop, owner: Owner, drain: Drain, mail_folder: Path
) -> None:
    made = await make_session(world, starts_at=at(5), **host(world))
    await make_pattern(world, until=(clock.now().date() + timedelta(days=3)).isoformat(), **host(world))
    leave(owner, world, "never")

    await swept(workshop, world, at(0.1))
    await drain()

    (mail_id,) = owner.execute(
        "SELECT id FROM mails WHERE template = 'session_needs_host' AND person_id = %s", [world["clara"]]
    ).fetchone() or (None,)
    letter = message_from_bytes((mail_folder / f"{mail_id}.eml").read_bytes(), policy=policy.default)
    body = letter.get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    zone = ZoneInfo(made["zone"])
    begins = datetime.fromisoformat(made["starts_at"]).astimezone(zone)
    assert f"Veterinary assistant internship · {begins:%Y-%m-%d %H:%M} (America/New_York)" in text
    assert "Veterinary assistant internship · weekly · 03:00 (America/New_York)" in text
    assert "A date that has none 24 hours before it begins is cancelled" in text
    assert "/opportunity_sessions?needs_host=true" in text


async def test_students_do_not_learn_that_a_host_left(world: World, workshop: Workshop, owner: Owner) -> None:
    made = await make_session(world, **host(world))
    leave(owner, world, "never")
    await swept(workshop, world, at(0.1))

    seen = {who: await read_session(world, who, made["id"]) for who in ("maya", "ada", "clara")}

    assert {who: one["needs_host"] for who, one in seen.items()} == {
        "maya": False,
        "ada": False,
        "clara": True,
    }
    assert {one["host"] for one in seen.values()} == {None}
    assert await listed(world, PATH, "maya", needs_host=True) == set()
    assert await listed(world, PATH, "maya", needs_host=False) == {made["id"]}


async def test_who_is_on_a_break_comes_back(world: World, workshop: Workshop, owner: Owner) -> None:
    await make_session(world, **host(world))
    leave(owner, world, "on a break")

    assert await swept(workshop, world, at(0.1)) == 0


async def test_what_is_over_or_cancelled_needs_no_host(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    made = await make_session(world, **host(world))
    await make_session(world, starts_at=at(5), **host(world))
    await world.as_("clara").post(f"{PATH}/{made['id']}/cancel", json={"reason": "No."}, version=1)
    pattern = await make_pattern(world, starts_time="22:00", **host(world))
    await world.as_("clara").post(
        f"{PATTERNS}/{pattern['id']}/end", json={"reason": "No.", "cancel_sessions": True}, version=1
    )
    leave(owner, world, "never")

    assert await session_hosts.sweep(workshop, world["lakeside"], at(5.1)) == 0
    assert await session_hosts.sweep(workshop, world["lakeside"], at(4.9)) == 1


async def test_a_session_nobody_hosts_falls_a_day_before_and_the_enrolled_are_told(
    world: World, workshop: Workshop, owner: Owner, drain: Drain
) -> None:
    made = await make_session(world, minimum_enrollment=1, **host(world))
    place = await enroll(world, "maya", made["id"])
    leave(owner, world, "never")

    early = await swept(workshop, world, at(1.9))
    standing = (await read_session(world, "maya", made["id"]))["status"]
    due = await swept(workshop, world, at(2.01))
    again = await swept(workshop, world, at(2.02))
    await drain()

    assert (early, standing, due, again) == (1, "scheduled", 1, 0)
    seen = await read_session(world, "maya", made["id"])
    assert (seen["status"], seen["reason"]) == ("cancelled", "nobody hosts this session any more")
    mine = (await world.as_("maya").get(f"/v1/session_enrollments/{place['id']}")).json()
    assert mine["status"] == "cancelled"
    told = (await world.as_("maya").get("/v1/notifications")).json()["items"]
    assert "place_cancelled" in {item["kind"] for item in told}
    assert not (await read_session(world, "clara", made["id"]))["needs_host"]


async def test_one_that_was_settled_falls_too_when_its_host_leaves_after_that(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    made = await make_session(world, **host(world))
    assert await swept(workshop, world, at(2.5)) == 1
    leave(owner, world, "never")

    assert await swept(workshop, world, at(2.6)) == 2
    assert (await read_session(world, "clara", made["id"]))["status"] == "cancelled"


@pytest.mark.parametrize("meanwhile", ["host_left_at = NULL", "starts_at = starts_at + interval '1 hour'"])
async def test_what_changed_since_it_was_looked_for_does_not_fall(
    world: World, workshop: Workshop, owner: Owner, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    made = await make_session(world, **host(world))
    leave(owner, world, "never")
    await swept(workshop, world, at(0.1))
    due = queries.due

    async def then_somebody_was_quicker(*args: Any) -> list[UUID]:
        found: list[UUID] = await due(*args)
        if "fall" in args:
            assert [str(one) for one in found] == [made["id"]]
            owner.execute(f"UPDATE opportunity_sessions SET {meanwhile}")
        return found

    monkeypatch.setattr(queries, "due", then_somebody_was_quicker)
    owner.execute("UPDATE opportunity_sessions SET settled_at = now(), ends_at = ends_at + interval '1 hour'")

    assert await swept(workshop, world, at(2.01)) == 0
    assert (await read_session(world, "clara", made["id"]))["status"] == "scheduled"


@pytest.mark.parametrize("instead", ["sam", None])
async def test_with_another_host_or_expressly_none_a_session_takes_place(
    world: World, workshop: Workshop, owner: Owner, instead: str | None
) -> None:
    made = await make_session(world, **host(world))
    leave(owner, world, "never")
    await swept(workshop, world, at(0.1))
    seen = await read_session(world, "clara", made["id"])

    person_id = None if instead is None else str(world[instead])
    answer = await world.as_("clara").patch(
        f"{PATH}/{made['id']}",
        json={"host_contact_id": None, "host_person_id": person_id},
        version=seen["version"],
    )

    assert answer.status_code == 200, answer.text
    assert not answer.json()["needs_host"]
    await swept(workshop, world, at(2.01))
    assert (await read_session(world, "clara", made["id"]))["status"] == "scheduled"


async def test_a_host_who_came_back_is_named_again_and_one_who_did_not_is_refused(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    made = await make_session(world, **host(world, "works there no more"))
    leave(owner, world, "works there no more")
    await swept(workshop, world, at(0.1))
    path, version = f"{PATH}/{made['id']}", (await read_session(world, "clara", made["id"]))["version"]
    sam = {"host_person_id": str(world["sam"])}

    gone = await world.as_("clara").patch(path, json=sam, version=version)
    owner.execute("UPDATE memberships SET ended_at = NULL WHERE person_id = %s", [world["sam"]])
    back = await world.as_("clara").patch(path, json=sam, version=version)

    assert gone.json()["errors"][0]["code"] == "unknown_host"
    assert (back.status_code, back.json()["needs_host"]) == (200, False)


async def test_another_change_does_not_hide_that_a_session_needs_a_host(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    made = await make_session(world, **host(world))
    leave(owner, world, "never")
    await swept(workshop, world, at(0.1))
    seen = await read_session(world, "clara", made["id"])

    answer = await world.as_("clara").patch(
        f"{PATH}/{made['id']}", json={"seats": 9}, version=seen["version"]
    )

    assert answer.json()["needs_host"]


async def test_a_pattern_makes_nothing_without_its_host_and_everything_with_another(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    pattern = await make_pattern(world, **host(world))
    path = f"{PATTERNS}/{pattern['id']}"
    before = await listed(world, PATH, pattern_id=pattern["id"], status="scheduled")
    # Sam has something else to do at the time of the first.
    busy = await make_session(
        world,
        starts_at=datetime.fromisoformat((await _first(world, pattern))["starts_at"]),
        host_person_id=str(world["sam"]),
    )
    leave(owner, world, "never")

    await swept(workshop, world, at(0.1))
    await _made(world, workshop, at(14))
    assert await listed(world, PATH, pattern_id=pattern["id"]) == before
    seen = (await world.as_("clara").get(path)).json()
    other = await world.as_("clara").patch(path, json={"seats": 3}, version=seen["version"])
    own = await read_session(world, "clara", max(before))
    of_its_own = await world.as_("clara").patch(
        f"{PATH}/{own['id']}",
        json={"host_contact_id": None, "host_person_id": str(world["clara"])},
        version=own["version"],
    )
    assert of_its_own.status_code == 200, of_its_own.text
    assert (seen["needs_host"], other.json()["needs_host"]) == (True, True)
    answer = await world.as_("clara").patch(
        path,
        json={"host_contact_id": None, "host_person_id": str(world["sam"])},
        version=other.json()["version"],
    )
    assert answer.status_code == 200, answer.text
    assert not answer.json()["needs_host"]
    assert (await read_session(world, "clara", own["id"]))["host"]["name"] == "Clara C."
    needing = await listed(world, PATH, needs_host=True)
    assert busy["id"] not in needing
    assert needing == {(await _first(world, pattern))["id"]}
    await _made(world, workshop, at(15))
    assert await listed(world, PATH, pattern_id=pattern["id"]) > before


async def test_a_pattern_whose_host_left_a_moment_ago_makes_nothing_either(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    pattern = await make_pattern(world, **host(world))
    before = await listed(world, PATH, pattern_id=pattern["id"])
    leave(owner, world, "never")

    await _made(world, workshop, at(14))

    assert await listed(world, PATH, pattern_id=pattern["id"]) == before


async def _made(world: World, workshop: Workshop, now: datetime) -> None:
    """Let the clock make what is due of patterns, and nothing else."""
    with clock.frozen(now):
        await weekly_patterns.sweep(workshop, world["lakeside"], now)


async def _first(world: World, pattern: dict[str, Any]) -> dict[str, Any]:
    found = await world.as_("clara").get(PATH, params={"pattern_id": pattern["id"], "limit": 1})
    first: dict[str, Any] = found.json()["items"][0]
    return first
