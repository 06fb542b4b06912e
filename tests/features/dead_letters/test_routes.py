"""Dead letters over HTTP, for operators."""

from typing import Any

import psycopg
import pytest

from app.core import clock
from tests.world import World


async def _dead(world: World, owner: psycopg.Connection[Any]) -> str:
    """Let two things happen to Maya, and the delivery of the first be given up."""
    maya = world.as_("maya")
    await maya.patch("/v1/me", json={"locale": "es"}, version=1)
    await maya.patch("/v1/me", json={"locale": "en"}, version=2)
    owner.execute(
        "INSERT INTO deliveries (tenant_id, id, delivered_seq, attempts, dead_at, fault)"
        " VALUES (%s, %s, 0, 8, %s, 'KeyError')",
        (world["lakeside"], world["maya"], clock.now()),
    )
    return f"/v1/dead_letters/{world['maya']}"


async def test_an_operator_sees_what_is_held_back_and_nothing_personal(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await _dead(world, owner)

    answer = await world.as_("olga").get("/v1/dead_letters")

    (letter,) = answer.json()["items"]
    assert letter.pop("event_id")
    assert letter.pop("dead_at")
    assert letter == {
        "subject_id": str(world["maya"]),
        "subject_type": "person",
        "action": "person.update",
        "subject_seq": 1,
        "attempts": 8,
        "fault": "KeyError",
        "held_back": 2,
    }


@pytest.mark.parametrize(
    ("verb", "delivered", "resolution"), [("replay", 0, "replayed"), ("skip", 1, "skipped")]
)
async def test_a_resolved_letter_goes_on_and_is_written_down(
    world: World, owner: psycopg.Connection[Any], verb: str, delivered: int, resolution: str
) -> None:
    path = await _dead(world, owner)
    owner.execute("DELETE FROM procrastinate_jobs")
    body = {"json": {"reason": "It names a template that is gone."}} if verb == "skip" else {}
    headers = {"Idempotency-Key": "once"}

    answer = await world.as_("olga").post(f"{path}/{verb}", headers=headers, **body)
    replayed = await world.as_("olga").post(f"{path}/{verb}", headers=headers, **body)
    again = await world.as_("olga").post(f"{path}/{verb}", **body)
    left = await world.as_("olga").get("/v1/dead_letters")

    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "subject_id": str(world["maya"]), "subject_seq": 1, "resolution": resolution
    }  # fmt: skip
    assert replayed.content == answer.content
    assert again.status_code == 404
    assert left.json()["items"] == []
    row = owner.execute("SELECT delivered_seq, attempts, dead_at, fault FROM deliveries").fetchone()
    assert row == (delivered, 0, None, None)
    event = owner.execute(
        "SELECT action, facts, subject_seq, reason IS NOT NULL FROM events ORDER BY subject_seq DESC"
    ).fetchone()
    assert event == (f"dead_letter.{verb}", {"subject_seq": 1}, 3, verb == "skip")
    jobs = owner.execute("SELECT args->>'subject_id' FROM procrastinate_jobs").fetchall()
    assert {subject for (subject,) in jobs} == {str(world["maya"])}


@pytest.mark.parametrize("name", ["maya", "clara", "ellis", "lakeside_sis"])
async def test_nobody_else_sees_or_resolves_them(
    world: World, owner: psycopg.Connection[Any], name: str
) -> None:
    path = await _dead(world, owner)

    seen = await world.as_(name).get("/v1/dead_letters")
    resolved = await world.as_(name).post(f"{path}/replay")

    assert (seen.status_code, resolved.status_code) == (403, 403)


async def test_another_tenants_operator_finds_none(world: World, owner: psycopg.Connection[Any]) -> None:
    path = await _dead(world, owner)

    seen = await world.as_("otto").get("/v1/dead_letters")
    resolved = await world.as_("otto").post(f"{path}/skip", json={"reason": "Gone."})

    assert seen.json()["items"] == []
    assert resolved.status_code == 404


async def test_skipping_wants_a_reason(world: World, owner: psycopg.Connection[Any]) -> None:
    path = await _dead(world, owner)

    answer = await world.as_("olga").post(f"{path}/skip", json={})

    assert answer.status_code == 422
