"""Inviting guardians and staff to contribute without an account."""

import re
from typing import Any

import httpx
import psycopg

from app.core.jobs import Workshop
from tests.draining import Drain
from tests.world import World

Owner = psycopg.Connection[Any]


async def _invite(world: World, who: str, *names: str) -> dict[str, str]:
    answer = await world.as_(who).post(
        "/v1/contribution_invitations", json={"person_ids": [str(world[name]) for name in names]}
    )
    assert answer.status_code == 201, answer.text
    people = {str(person_id): name for name, person_id in world.ids.items()}
    return {people[item["person_id"]]: item["outcome"] for item in answer.json()["items"]}


async def test_the_coordinator_invites_and_the_letter_opens_the_form(
    world: World, client: httpx.AsyncClient, owner: Owner, workshop: Workshop, drain: Drain
) -> None:
    outcomes = await _invite(world, "clara", "rosa", "ada", "leo", "petra", "sam")

    assert outcomes == {
        "rosa": "invited",
        "ada": "invited",
        "leo": "may_not_be_asked",
        "petra": "not_found",
        "sam": "not_found",
    }
    await drain()
    sent = owner.execute("SELECT person_id, template, state FROM mails ORDER BY id").fetchall()
    assert sent == [(world[name], "contribution_invitation", "done") for name in ("rosa", "ada")]
    letters = [path.read_text() for path in sorted((workshop.settings.kithwork_home / "mail").iterdir())]
    secrets = [re.search(r"/contribute/([\w-]{43})", re.sub(r"=\r?\n", "", text)) for text in letters]
    assert len(secrets) == 2
    for secret in secrets:
        assert secret is not None
        assert (await client.get(f"/contribute/{secret[1]}")).status_code == 200
    recorded = owner.execute(
        "SELECT person_id, actor_person_id FROM events WHERE action = 'contribution_invitation.create' ORDER BY id"
    ).fetchall()
    assert recorded == [(world["rosa"], world["clara"]), (world["ada"], world["clara"])]


async def test_a_family_that_was_asked_this_month_is_left_in_peace(world: World, owner: Owner) -> None:
    first = await _invite(world, "clara", "rosa")
    again = await _invite(world, "ellis", "rosa", "omar")
    owner.execute("UPDATE outreach_asks SET month = month - interval '1 month'")
    later = await _invite(world, "clara", "rosa")

    assert [first, again, later] == [
        {"rosa": "invited"},
        {"rosa": "asked_this_month", "omar": "invited"},
        {"rosa": "invited"},
    ]


async def test_whoever_must_not_be_written_to_is_not(world: World, owner: Owner) -> None:
    owner.execute("UPDATE guardian_links SET no_contact = true WHERE guardian_id = %s", (world["rosa"],))
    owner.execute("UPDATE people SET email = NULL WHERE id = %s", (world["omar"],))

    outcomes = await _invite(world, "clara", "rosa", "omar")

    assert outcomes == {"rosa": "may_not_be_asked", "omar": "no_email"}
    assert owner.execute("SELECT count(*) FROM outreach_asks").fetchone() == (0,)


async def test_a_letter_does_not_leave_when_its_reader_stopped_being_a_guardian(
    world: World, owner: Owner, drain: Drain
) -> None:
    await _invite(world, "clara", "rosa")
    owner.execute("UPDATE guardian_links SET ended_at = now() WHERE guardian_id = %s", (world["rosa"],))

    await drain()

    assert owner.execute("SELECT state, fault FROM mails").fetchall() == [("failed", "too_late")]
    assert owner.execute("SELECT count(*) FROM link_tokens").fetchone() == (0,)


async def test_the_same_key_invites_once(world: World, owner: Owner) -> None:
    clara = world.as_("clara")
    body = {"person_ids": [str(world["rosa"])]}

    answers = [
        await clara.post("/v1/contribution_invitations", json=body, headers={"Idempotency-Key": "one"})
        for _ in range(2)
    ]

    assert answers[0].content == answers[1].content
    assert owner.execute("SELECT count(*) FROM mails").fetchone() == (1,)


async def test_guardians_invite_nobody(world: World) -> None:
    answer = await world.as_("rosa").post(
        "/v1/contribution_invitations", json={"person_ids": [str(world["omar"])]}
    )

    assert answer.status_code == 403
