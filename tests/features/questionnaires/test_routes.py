"""The questionnaire of interests over HTTP: asked in two languages, scored, and the answers kept nowhere."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from app.domain.riasec import QUESTIONNAIRE, STATEMENTS, Interest
from tests.world import World

PATH = "/v1/questionnaires/interests"
PEOPLE_FIRST = {
    statement.code: {Interest.SOCIAL: 4, Interest.ARTISTIC: 3}.get(statement.interest, 0)
    for statement in STATEMENTS
}
BODY: dict[str, Any] = {"number": QUESTIONNAIRE, "answers": PEOPLE_FIRST}


@pytest.mark.parametrize(("language", "first"), [("en", "Not me at all"), ("es", "Nada que ver conmigo")])
async def test_it_is_asked_in_both_languages(language: str, first: str, world: World) -> None:
    answer = await world.as_("maya").get(PATH, headers={"Accept-Language": language})

    asked = answer.json()
    assert answer.status_code == 200
    assert [statement["code"] for statement in asked["statements"]] == [each.code for each in STATEMENTS]
    assert [choice["value"] for choice in asked["scale"]] == [0, 1, 2, 3, 4]
    assert asked["scale"][0]["text"] == first


async def test_answers_become_six_scores_in_the_profile_and_suggestions(world: World) -> None:
    maya = world.as_("maya")

    answer = await maya.post(f"{PATH}/answers", json=BODY, headers={"Accept-Language": "es"})

    found = answer.json()
    assert answer.status_code == 200, answer.text
    assert found["riasec"] == {"R": 0, "I": 0, "A": 75, "S": 100, "E": 0, "C": 0}
    assert found["strongest_interests"][:2] == ["S", "A"]
    assert found["leans"] is True
    assert found["suggestions"][0] == {
        "cluster": "education",
        "name": "Educación",
        "fit": 75,
        "because": ["S", "A"],
    }
    profile = (await maya.get(f"/v1/students/{world['maya']}/profile")).json()
    assert profile["riasec"] == found["riasec"]
    assert profile["suggested_clusters"] == [each["cluster"] for each in found["suggestions"]]
    assert profile["version"] == found["profile_version"] == 1


async def test_the_answers_themselves_are_kept_nowhere(world: World, owner: psycopg.Connection[Any]) -> None:
    odd = {**PEOPLE_FIRST, "r1": 3}

    await world.as_("maya").post(f"{PATH}/answers", json={**BODY, "answers": odd})

    for table in ("events", "student_profiles", "stored_answers"):
        text = str(owner.execute(f"SELECT t.*, t::text FROM {table} t").fetchall())
        assert "r1" not in text.replace("\\", ""), table
    action = owner.execute("SELECT action, changed, facts FROM events WHERE subject_type = 'questionnaire'")
    assert action.fetchall() == [("questionnaire.answer", ["riasec", "student_id"], {})]


async def test_answering_again_changes_the_scores_and_nothing_else(world: World) -> None:
    maya = world.as_("maya")
    profile = f"/v1/students/{world['maya']}/profile"
    await maya.patch(profile, json={"tags": ["maps"]}, version=0)

    await maya.post(f"{PATH}/answers", json=BODY)
    same = {statement.code: 2 for statement in STATEMENTS}
    answer = await maya.post(f"{PATH}/answers", json={**BODY, "answers": same})

    assert (answer.json()["leans"], answer.json()["suggestions"]) == (False, [])
    found = (await maya.get(profile)).json()
    assert (found["tags"], found["version"]) == (["maps"], 3)
    assert set(found["riasec"].values()) == {50}


async def test_the_same_request_twice_is_scored_once(world: World, owner: psycopg.Connection[Any]) -> None:
    maya, key = world.as_("maya"), {"Idempotency-Key": str(uuid4())}

    first = await maya.post(f"{PATH}/answers", json=BODY, headers=key)
    second = await maya.post(f"{PATH}/answers", json=BODY, headers=key)

    assert second.json() == first.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert owner.execute("SELECT version FROM student_profiles").fetchall() == [(1,)]


async def test_erasing_the_profile_takes_the_stored_scores_with_it(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    maya = world.as_("maya")
    await maya.post(f"{PATH}/answers", json=BODY)

    await maya.delete(f"/v1/students/{world['maya']}/profile")

    bodies = owner.execute("SELECT body FROM stored_answers WHERE action = 'questionnaire.answer'")
    assert bodies.fetchall() == [(None,)]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({**BODY, "number": QUESTIONNAIRE + 1}, 409, "other_questionnaire"),
        ({**BODY, "answers": {}}, 422, "answers_incomplete"),
        ({**BODY, "answers": {**PEOPLE_FIRST, "r1": 5}}, 422, "invalid"),
        ({**BODY, "answers": {**PEOPLE_FIRST, "r1": True}}, 422, "invalid"),
        ({**BODY, "answers": {**PEOPLE_FIRST, "zz": 1}}, 422, "invalid"),
        ({"answers": PEOPLE_FIRST}, 422, "invalid"),
    ],
)
async def test_other_answers_are_refused(body: dict[str, Any], status: int, code: str, world: World) -> None:
    answer = await world.as_("maya").post(f"{PATH}/answers", json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("who", ["rosa", "ada", "clara", "ellis", "sam"])
async def test_only_students_answer(who: str, world: World) -> None:
    assert (await world.as_(who).post(f"{PATH}/answers", json=BODY)).status_code == 403
