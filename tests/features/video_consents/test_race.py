"""A consent that is taken back while its student enrols, over real connections: nobody is seen without one."""

import asyncio
from typing import Any

import psycopg
import pytest

from app.core.jobs import working
from app.features.session_enrollments import queries
from tests.sessioning import LINK, enroll, make_session
from tests.world import World


@pytest.fixture
async def consent(world: World) -> dict[str, Any]:
    """Maya may be seen on video."""
    given = await world.as_("clara").post(
        "/v1/video_consents", json={"student_id": str(world["maya"]), "reason": "Signed form."}
    )
    found: dict[str, Any] = given.json()
    return found


async def test_a_consent_is_not_taken_back_in_the_middle_of_an_enrolment(
    world: World, consent: dict[str, Any]
) -> None:
    made = await make_session(world, virtual=True, join_url=LINK)
    path = f"/v1/video_consents/{consent['id']}/withdraw"

    async with working(world.database, world["lakeside"]) as unit:
        # Somebody enrols Maya: her turn is taken, and not over.
        await queries.turn_of_student(unit.session, world["lakeside"], world["maya"])
        withdrawal = asyncio.create_task(world.as_("maya").post(path, json={}, version=1))
        done, _ = await asyncio.wait([withdrawal], timeout=1)
        assert not done
    answer = await withdrawal

    assert answer.status_code == 200, answer.text
    assert (await enroll(world, "maya", made["id"]))["audio_only"] is True


async def test_a_session_becomes_virtual_while_a_consent_is_taken_back(
    world: World, owner: psycopg.Connection[Any], consent: dict[str, Any]
) -> None:
    made = await make_session(world)
    place = await enroll(world, "maya", made["id"])

    with psycopg.connect(owner.info.dsn, password=owner.info.password) as meanwhile:
        # As `sessions.change` does it: the places are held, and the session is virtual only once this commits.
        meanwhile.execute("SELECT 1 FROM session_enrollments FOR UPDATE")
        meanwhile.execute("UPDATE session_enrollments SET audio_only = false, version = version + 1")
        meanwhile.execute("UPDATE opportunity_sessions SET virtual = true")
        withdrawal = asyncio.create_task(
            world.as_("maya").post(f"/v1/video_consents/{consent['id']}/withdraw", json={}, version=1)
        )
        done, _ = await asyncio.wait([withdrawal], timeout=1)
        assert not done
        meanwhile.commit()
    answer = await withdrawal

    assert answer.status_code == 200, answer.text
    seen = (await world.as_("maya").get(f"/v1/session_enrollments/{place['id']}")).json()
    assert seen["audio_only"] is True
