"""Who lets a student be seen on video, and what follows from it."""

from typing import Any

import psycopg
import pytest

from tests.sessioning import LINK, enroll, make_session
from tests.world import World

PATH = "/v1/video_consents"


async def give(world: World, who: str, student: str, **more: Any) -> Any:
    """Consent, as somebody, for a student."""
    return await world.as_(who).post(PATH, json={"student_id": str(world[student]), **more})


async def audio_only(world: World, place: dict[str, Any]) -> bool:
    """Say whether a place is one without a picture now."""
    found = (await world.as_("maya").get(f"/v1/session_enrollments/{place['id']}")).json()
    return bool(found["audio_only"])


@pytest.fixture
def signing(world: World, owner: psycopg.Connection[Any]) -> None:
    """Maya's father may sign for her."""
    owner.execute("UPDATE guardian_links SET may_sign = true WHERE guardian_id = %s", [world["omar"]])


@pytest.mark.usefixtures("signing")
async def test_a_guardians_consent_holds_at_once_and_until_it_is_withdrawn(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await make_session(world, virtual=True, join_url=LINK)
    place = await enroll(world, "maya", made["id"])
    assert await audio_only(world, place)

    given = await give(world, "omar", "maya")

    assert given.status_code == 201, given.text
    assert given.json()["allowed_actions"] == ["withdraw"]
    assert not await audio_only(world, place)
    taken_back = await world.as_("maya").post(f"{PATH}/{given.json()['id']}/withdraw", json={}, version=1)
    assert taken_back.status_code == 200, taken_back.text
    assert taken_back.json()["allowed_actions"] == []
    assert await audio_only(world, place)
    again = await world.as_("omar").post(f"{PATH}/{given.json()['id']}/withdraw", json={}, version=2)
    assert again.json()["code"] == "withdrawn_already"
    actions = owner.execute(
        "SELECT action, actor_person_id FROM events WHERE subject_type = 'video_consent' ORDER BY id"
    ).fetchall()
    assert actions == [("video_consent.create", world["omar"]), ("video_consent.withdraw", world["maya"])]


@pytest.mark.usefixtures("signing")
async def test_it_is_given_once_and_can_be_given_anew(world: World) -> None:
    first = (await give(world, "omar", "maya")).json()

    twice = await give(world, "omar", "maya")
    await world.as_("omar").post(f"{PATH}/{first['id']}/withdraw", json={"reason": "No more."}, version=1)
    anew = await give(world, "omar", "maya")

    assert twice.json()["code"] == "given_already"
    assert anew.status_code == 201
    in_force = (await world.as_("omar").get(PATH, params={"in_force": True})).json()["items"]
    assert [item["id"] for item in in_force] == [anew.json()["id"]]


async def test_only_who_may_sign_consents(world: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute("UPDATE guardian_links SET may_sign = false WHERE guardian_id = %s", [world["omar"]])

    answers = {
        who: await give(world, who, "maya") for who in ("omar", "rosa", "maya", "leo", "ada", "sam", "cora")
    }

    assert {who: answer.status_code for who, answer in answers.items()} == {
        "omar": 403,
        "rosa": 422,
        "maya": 403,
        "leo": 422,
        "ada": 403,
        "sam": 403,
        "cora": 422,
    }
    assert answers["omar"].json()["code"] == "may_not_sign"
    assert answers["maya"].json()["code"] == "guardian_needed"


async def test_a_student_of_age_decides_alone(world: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute(
        "UPDATE people SET born_on = current_date - interval '18 years' WHERE id = %s", [world["maya"]]
    )

    assert (await give(world, "maya", "maya")).status_code == 201


async def test_nobody_knows_of_an_unknown_age(world: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute("UPDATE people SET born_on = NULL WHERE id = %s", [world["maya"]])

    assert (await give(world, "maya", "maya")).json()["code"] == "guardian_needed"


async def test_the_staff_records_a_signed_form_and_says_which(world: World) -> None:
    silent = await give(world, "clara", "maya")
    said = await give(world, "clara", "maya", reason="Signed form in the office.")
    elsewhere = await give(world, "dario", "leo", reason="Signed form in the office.")

    assert silent.json()["errors"][0]["pointer"] == "/reason"
    assert said.status_code == 201, said.text
    assert elsewhere.status_code == 422


async def test_what_a_student_is_in_stays_in_the_school(world: World) -> None:
    given = (await give(world, "clara", "maya", reason="Signed form in the office.")).json()
    path = f"{PATH}/{given['id']}"

    reads = {
        who: (await world.as_(who).get(path)).status_code
        for who in ("maya", "omar", "ada", "clara", "ellis", "leo", "rosa", "dario", "sam", "cora")
    }

    assert {who for who, status in reads.items() if status == 200} == {
        "maya",
        "omar",
        "ada",
        "clara",
        "ellis",
    }
    assert reads["sam"] == 403
    assert reads["cora"] == 404
    assert (await world.as_("clara").post(f"{path}/withdraw", json={}, version=7)).status_code == 412


@pytest.mark.usefixtures("signing")
async def test_nobody_consents_for_a_student_of_age(world: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute(
        "UPDATE people SET born_on = current_date - interval '18 years' WHERE id = %s", [world["maya"]]
    )

    assert (await give(world, "omar", "maya")).json()["code"] == "of_age"


@pytest.mark.usefixtures("signing")
@pytest.mark.parametrize(
    "change",
    ["no_contact = true", "may_see = false", "until_on = current_date - 2", "ended_at = now()"],
)
async def test_a_guardian_whose_link_holds_no_more_does_not_consent(
    world: World, owner: psycopg.Connection[Any], change: str
) -> None:
    owner.execute(f"UPDATE guardian_links SET {change} WHERE guardian_id = %s", [world["omar"]])

    answer = await give(world, "omar", "maya")

    assert answer.status_code in {403, 422}


@pytest.mark.usefixtures("signing")
async def test_a_session_that_becomes_virtual_shows_no_picture_without_consent(world: World) -> None:
    made = await make_session(world)
    place = await enroll(world, "maya", made["id"])
    path = f"/v1/opportunity_sessions/{made['id']}"

    online = await world.as_("clara").patch(path, json={"virtual": True}, version=1)
    without = await audio_only(world, place)
    await give(world, "omar", "maya")
    with_it = await audio_only(world, place)
    await world.as_("clara").patch(path, json={"virtual": False}, version=online.json()["version"])

    assert (without, with_it, await audio_only(world, place)) == (True, False, False)
