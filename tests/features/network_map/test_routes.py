"""Network maps over HTTP: the student's own."""

import asyncio
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import httpx
import psycopg
import pytest

from app.core import clock
from app.domain.connection import ConnectionDomain
from app.domain.network_map import MOST_ENTRIES, PROMPTS
from app.features.network_map import jobs
from tests.draining import Drain
from tests.network import holding, workshop
from tests.world import World

MAP = "/v1/network_map"
ENTRIES = f"{MAP}/entries"
BEA: dict[str, Any] = {"label": "Aunt Bea", "domain": "family", "closeness": 3, "frequency": 4}


async def put(world: World, student: str = "maya", **changes: Any) -> dict[str, Any]:
    """Put somebody on a student's map."""
    answer = await world.as_(student).post(ENTRIES, json={**BEA, **changes})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def _path(entry: dict[str, Any]) -> str:
    return f"{ENTRIES}/{entry['id']}"


def _fault(answer: httpx.Response) -> tuple[int, str | None, str]:
    body = answer.json()
    return answer.status_code, body["errors"][0]["pointer"], body["errors"][0]["code"]


async def test_a_student_puts_somebody_on_the_map_and_reads_it_back(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    maya = world.as_("maya")

    made = await maya.post(
        ENTRIES,
        json={**BEA, "help": ["advice", "advice"], "fields": ["nurse"], "next_step": "Ask about nights"},
    )

    entry = made.json()
    assert made.status_code == 201, made.text
    assert made.headers["Location"] == _path(entry)
    assert made.headers["ETag"] == '"1"'
    assert (entry["tie"], entry["help"], entry["fields"]) == ("strong", ["advice"], ["nurse"])
    assert entry["allowed_actions"] == ["delete", "offer", "update"]
    assert (await maya.get(_path(entry))).json() == entry
    assert (await maya.get(MAP)).json()["entries"] == [entry]
    events = owner.execute(
        "SELECT action, person_id, school_id, facts FROM events WHERE subject_id = %s", [entry["id"]]
    )
    assert events.fetchall() == [("map_entry.create", world["maya"], None, {})]


async def test_the_same_request_twice_puts_one_person_on_the_map(world: World) -> None:
    maya, key = world.as_("maya"), {"Idempotency-Key": str(uuid4())}

    first = await maya.post(ENTRIES, json=BEA, headers=key)
    second = await maya.post(ENTRIES, json=BEA, headers=key)

    assert second.json() == first.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len((await maya.get(MAP)).json()["entries"]) == 1


async def test_the_map_sums_itself_up_and_asks_about_what_is_empty(world: World) -> None:
    await put(world, help=["advice", "concrete"], fields=["nurse"])
    await put(world, label="Mr. Lo", domain="neighbours", closeness=1, frequency=2, fields=["nurse"])
    await put(world, label="Coach", domain="club", closeness=2, frequency=3, help=["advice"])

    shown = (await world.as_("maya").get(MAP)).json()["summary"]
    spanish = (await world.as_("maya", **{"Accept-Language": "es"}).get(MAP)).json()["summary"]

    counts = {row["domain"]: row["people"] for row in shown["domains"]}
    assert shown["people"] == 3
    assert counts == {
        "household": 0, "family": 1, "neighbours": 1, "faith": 0, "club": 1, "work": 0, "friends": 0, "school": 0,
    }  # fmt: skip
    assert shown["ties"] == {"strong": 1, "between": 1, "weak": 1}
    assert {row["kind"]: row["people"] for row in shown["help"]} == {
        "concrete": 1, "emotional": 0, "advice": 2, "introductions": 0,
    }  # fmt: skip
    assert [row["field"] for row in shown["fields"]] == ["nurse"]
    assert [row["domain"] for row in shown["empty_domains"]] == [
        "household", "faith", "work", "friends", "school",
    ]  # fmt: skip
    assert shown["empty_domains"][0]["question"] == PROMPTS[ConnectionDomain.HOUSEHOLD].en
    assert spanish["empty_domains"][0]["question"] == PROMPTS[ConnectionDomain.HOUSEHOLD].es
    assert spanish["domains"][0]["name"] == "Hogar"


async def test_a_map_speaks_its_readers_language_unless_another_is_asked_for(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE people SET locale = 'es' WHERE id = %s", [world["maya"]])
    maya = world.as_("maya")

    own = (await maya.get(MAP)).json()["summary"]["domains"][0]["name"]
    english = (await world.as_("maya", **{"Accept-Language": "en"}).get(MAP)).json()["summary"]

    assert (own, english["domains"][0]["name"]) == ("Hogar", "Household")


async def test_a_map_without_anybody_is_all_questions(world: World) -> None:
    shown = (await world.as_("maya").get(MAP)).json()

    assert shown["entries"] == []
    assert len(shown["summary"]["empty_domains"]) == 8


async def test_an_entry_is_changed_from_the_version_that_was_read(world: World) -> None:
    maya = world.as_("maya")
    goal = (await maya.post("/v1/goals", json={"title": "Become a nurse"})).json()
    entry = await put(
        world, next_step="Call her", next_step_due_on=str(clock.now().date() + timedelta(days=9))
    )

    changed = await maya.patch(
        _path(entry), json={"closeness": 1, "goal_ids": [goal["id"]], "next_step": None}, version=1
    )
    stale = await maya.patch(_path(entry), json={"label": "Bea"}, version=1)
    again = await maya.patch(_path(entry), json={"goal_ids": []}, version=2)

    assert changed.status_code == 200, changed.text
    assert changed.headers["ETag"] == '"2"'
    assert changed.json()["goal_ids"] == [goal["id"]]
    assert changed.json()["tie"] == "weak"
    assert (changed.json()["next_step"], changed.json()["next_step_due_on"]) == (None, None)
    assert stale.status_code == 412
    assert (again.json()["version"], again.json()["goal_ids"]) == (3, [])


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"label": "Bea bea@clinic.example"}, "/label", "contact_data"),
        ({"next_step": "Call +1 312 555 0100"}, "/next_step", "contact_data"),
        ({"goal_ids": [str(uuid4())]}, "/goal_ids", "unknown_goal"),
        ({"fields": ["wizardry"]}, "/fields/0", "value_error"),
        ({"help": ["money"]}, "/help/0", "enum"),
        ({"closeness": 4}, "/closeness", "less_than_equal"),
        ({"closeness": 0}, "/closeness", "greater_than_equal"),
        ({"frequency": 6}, "/frequency", "less_than_equal"),
        ({"frequency": 0}, "/frequency", "greater_than_equal"),
        ({"domain": "internet"}, "/domain", "enum"),
        ({"label": "x" * 81}, "/label", "string_too_long"),
        ({"next_step": "x" * 301}, "/next_step", "string_too_long"),
        ({"label": "   "}, "/label", "string_too_short"),
    ],
)
async def test_what_makes_no_sense_on_a_map_is_refused(
    change: dict[str, Any], pointer: str, code: str, world: World
) -> None:
    entry = await put(world)

    made = await world.as_("maya").post(ENTRIES, json={**BEA, **change})
    changed = await world.as_("maya").patch(_path(entry), json=change, version=1)

    assert _fault(made) == (422, pointer, code), made.text
    assert _fault(changed) == (422, pointer, code), changed.text


@pytest.mark.parametrize("name", ["label", "domain", "closeness", "frequency", "help", "fields", "goal_ids"])
async def test_what_an_entry_always_has_is_not_taken_away(name: str, world: World) -> None:
    entry = await put(world)

    answer = await world.as_("maya").patch(_path(entry), json={name: None}, version=1)

    assert answer.status_code == 422
    assert f"give {name} a value" in answer.text
    assert (await world.as_("maya").get(_path(entry))).json() == entry


async def test_a_goal_deleted_while_somebody_is_put_down_for_it_is_no_fault_of_the_service(
    world: World,
) -> None:
    maya = world.as_("maya")
    for _ in range(6):
        goal = (await maya.post("/v1/goals", json={"title": "Become a nurse"})).json()
        made, gone = await asyncio.gather(
            maya.post(ENTRIES, json={**BEA, "goal_ids": [goal["id"]]}), maya.delete(f"/v1/goals/{goal['id']}")
        )
        assert (made.status_code in {201, 422}, gone.status_code) == (True, 204)
    entries = (await maya.get(MAP)).json()["entries"]
    assert {goal_id for entry in entries for goal_id in entry["goal_ids"]} == set()


async def test_goals_of_somebody_else_cannot_be_named(world: World) -> None:
    goal = (await world.as_("leo").post("/v1/goals", json={"title": "Fix cars"})).json()

    answer = await world.as_("maya").post(ENTRIES, json={**BEA, "goal_ids": [goal["id"]]})

    assert _fault(answer) == (422, "/goal_ids", "unknown_goal")


@pytest.mark.parametrize("days", [-2, 800])
async def test_a_next_step_is_planned_for_a_day_to_come(days: int, world: World) -> None:
    day = str(clock.now().date() + timedelta(days=days))

    answer = await world.as_("maya").post(ENTRIES, json={**BEA, "next_step": "Ask", "next_step_due_on": day})

    assert answer.status_code == 422
    assert answer.json()["code"] == "due_out_of_range"


async def test_a_day_needs_a_step(world: World) -> None:
    entry, day = await put(world), str(clock.now().date() + timedelta(days=3))

    made = await world.as_("maya").post(ENTRIES, json={**BEA, "next_step_due_on": day})
    changed = await world.as_("maya").patch(_path(entry), json={"next_step_due_on": day}, version=1)
    both = await world.as_("maya").patch(
        _path(entry), json={"next_step": None, "next_step_due_on": day}, version=1
    )

    assert (made.status_code, changed.status_code, both.status_code) == (422, 422, 422)


async def test_a_map_has_room_for_so_many_and_no_more_also_at_once(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(
        "INSERT INTO map_entries (tenant_id, id, student_id, label, domain, closeness, frequency, version, created_at,"
        " updated_at) SELECT %s, gen_random_uuid(), %s, 'x', 'work', 1, 1, 1, now(), now() FROM generate_series(1, %s)",
        (world["lakeside"], world["maya"], MOST_ENTRIES - 2),
    )

    answers = await asyncio.gather(*(world.as_("maya").post(ENTRIES, json=BEA) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"map_full"}


async def test_an_entry_taken_off_is_gone_from_rows_and_stored_answers(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    maya, key = world.as_("maya"), {"Idempotency-Key": str(uuid4())}
    body = {**BEA, "label": "Zenobia of the mill", "next_step": "Bring quinces"}
    entry = (await maya.post(ENTRIES, json=body, headers=key)).json()
    kept = holding(owner, "zenobia", "quinces")

    gone = await maya.delete(_path(entry))

    assert set(kept) == {"map_entries", "stored_answers"}
    assert gone.status_code == 204
    assert (await maya.get(_path(entry))).status_code == 404
    assert holding(owner, "zenobia", "quinces") == {}
    assert (await maya.post(ENTRIES, json=body, headers=key)).status_code in {404, 410}


async def test_a_whole_map_is_erased_with_goals_and_shares_and_nobody_elses(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    maya = world.as_("maya")
    goal = (await maya.post("/v1/goals", json={"title": "Zephyr dreams"})).json()
    await put(world, label="Zenobia", goal_ids=[goal["id"]])
    await maya.post(f"{MAP}/shares", json={"adult_id": str(world["ada"])})
    await put(world, "leo", label="Quentin")

    gone = await maya.delete(MAP)

    assert gone.status_code == 204
    assert holding(owner, "zenobia", "zephyr") == {}
    assert (await maya.get(MAP)).json()["entries"] == []
    assert (await maya.get(f"{MAP}/shares")).json()["items"] == []
    assert set(holding(owner, "quentin")) == {"map_entries", "stored_answers"}
    last = owner.execute("SELECT action, person_id FROM events ORDER BY created_at DESC, id DESC LIMIT 3")
    assert ("network_map.erase", world["maya"]) in last.fetchall()


async def _remind(world: World, drain: Drain, days: int) -> int:
    done = await jobs.sweep(workshop(world), world["lakeside"], clock.now() + timedelta(days=days))
    await drain()
    return done


def _told(owner: psycopg.Connection[Any]) -> list[Any]:
    return owner.execute("SELECT person_id, kind, needs_action FROM notifications").fetchall()


async def test_a_next_step_is_reminded_of_on_its_day_once_and_to_the_student_alone(
    world: World, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    day = clock.now().date() + timedelta(days=5)
    entry = await put(world, label="Zenobia", next_step="Bring quinces", next_step_due_on=str(day))
    await world.as_("maya").post(f"{MAP}/shares", json={"adult_id": str(world["ada"])})
    await drain()
    owner.execute("DELETE FROM notifications")

    before = await _remind(world, drain, 3)
    both = await asyncio.gather(
        *(jobs.sweep(workshop(world), world["lakeside"], clock.now() + timedelta(days=7)) for _ in range(4))
    )
    await drain()
    after = await _remind(world, drain, 9)

    assert (before, sum(both), after) == (0, 1, 0)
    assert _told(owner) == [(world["maya"], "map_step_due", True)]
    (listed,) = (await world.as_("maya").get("/v1/notifications")).json()["items"]
    assert (listed["subject_type"], listed["subject_id"]) == ("map_entry", entry["id"])
    assert set(holding(owner, "zenobia", "quinces")) == {"map_entries", "stored_answers"}
    assert owner.execute("SELECT count(*) FROM mails").fetchone() == (0,)


async def test_another_day_reminds_again_and_no_day_does_not(
    world: World, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    today = clock.now().date()
    entry = await put(world, next_step="Ask", next_step_due_on=str(today))
    other = await put(world, next_step="Ask", next_step_due_on=str(today))
    first = await _remind(world, drain, 2)

    later = await world.as_("maya").patch(
        _path(entry), json={"next_step_due_on": str(today + timedelta(days=4))}, version=2
    )
    never = await world.as_("maya").patch(_path(other), json={"next_step_due_on": None}, version=2)
    second = await _remind(world, drain, 6)

    assert (later.status_code, never.status_code) == (200, 200), later.text
    assert (first, second) == (2, 1)
    assert len(_told(owner)) == 3


async def test_another_word_for_a_step_does_not_remind_again(world: World, drain: Drain) -> None:
    entry = await put(world, next_step="Ask", next_step_due_on=str(clock.now().date()))
    first = await _remind(world, drain, 2)

    changed = await world.as_("maya").patch(_path(entry), json={"next_step": "Ask twice"}, version=2)

    assert (first, changed.status_code, await _remind(world, drain, 4)) == (1, 200, 0)


async def test_a_reminder_comes_in_the_morning_of_the_students_school(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE schools SET zone = 'Asia/Tokyo' WHERE id = %s", [world["north"]])
    day = clock.now().date() + timedelta(days=5)

    await put(world, next_step="Ask", next_step_due_on=str(day))

    due = owner.execute("SELECT remind_at AT TIME ZONE 'Asia/Tokyo' FROM map_entries").fetchone()
    assert due == (datetime.combine(day, time(8)),)


async def test_who_has_left_is_not_reminded_and_finds_the_map_again(
    world: World, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    await put(world, next_step="Ask", next_step_due_on=str(clock.now().date()))
    owner.execute("UPDATE people SET ended_at = now() WHERE id = %s", [world["maya"]])

    gone = await _remind(world, drain, 2)
    owner.execute("UPDATE people SET ended_at = NULL, enabled = false WHERE id = %s", [world["maya"]])
    gone += await _remind(world, drain, 2)
    owner.execute("UPDATE people SET enabled = true WHERE id = %s", [world["maya"]])
    back = await world.as_("maya").get(MAP)

    assert gone == 0
    assert len(back.json()["entries"]) == 1


OFFER: dict[str, Any] = {
    "person": {"given_name": "Beatrix", "family_name": "Lund", "email": "beatrix@clinic.example"},
    "offers": ["talk"],
}


async def test_an_entry_becomes_a_connection_by_an_act_of_its_own_and_once(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    maya, key = world.as_("maya"), {"Idempotency-Key": str(uuid4())}
    entry = await put(world, label="Zenobia", fields=["nurse"], help=["advice"], next_step="Bring quinces")

    offered = await maya.post(f"{_path(entry)}/offer", json=OFFER, version=1, headers=key)
    replayed = await maya.post(f"{_path(entry)}/offer", json=OFFER, version=1, headers=key)
    again = await maya.post(f"{_path(entry)}/offer", json=OFFER, version=2)

    assert offered.status_code == 200, offered.text
    assert offered.headers["ETag"] == '"2"'
    shown = offered.json()
    assert shown["allowed_actions"] == ["delete", "update"]
    assert replayed.json() == shown
    assert (again.status_code, again.json()["code"]) == (409, "offered_before")
    connection = (await maya.get(f"/v1/connections/{shown['connection_id']}")).json()
    stated = {name: connection[name] for name in ("domain", "closeness", "frequency", "offers", "status")}
    assert stated == {
        "domain": "family", "closeness": 3, "frequency": 4, "offers": ["talk"], "status": "proposed",
    }  # fmt: skip
    rows = owner.execute(
        "SELECT c::text || p::text FROM connections c JOIN contacts p ON p.id = c.contact_id"
    )
    text = " ".join(row for (row,) in rows.fetchall()).lower()
    assert "zenobia" not in text
    assert "quinces" not in text
    assert owner.execute(
        "SELECT fields FROM connections WHERE id = %s", [shown["connection_id"]]
    ).fetchone() == ([],)


async def test_offering_the_same_person_many_times_at_once_makes_one_connection(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    entry = await put(world)
    before = owner.execute("SELECT count(*) FROM connections").fetchone()

    answers = await asyncio.gather(
        *(world.as_("maya").post(f"{_path(entry)}/offer", json=OFFER, version=1) for _ in range(6))
    )

    after = owner.execute("SELECT count(*) FROM connections").fetchone()
    assert before is not None
    assert after == (before[0] + 1,)
    assert min(answer.status_code for answer in answers) == 200
    assert {answer.status_code for answer in answers} <= {200, 409, 412}


async def test_what_the_body_says_goes_before_the_entry_and_a_refused_offer_leaves_nothing(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    maya, entry = world.as_("maya"), await put(world)
    before = owner.execute("SELECT count(*) FROM events").fetchone()

    empty = await maya.post(f"{_path(entry)}/offer", json={"offers": []}, version=1)
    wordy = await maya.post(f"{_path(entry)}/offer", json={**OFFER, "note": "call 312 555 0100"}, version=1)
    unchanged = (await maya.get(_path(entry))).json()
    events = owner.execute("SELECT count(*) FROM events").fetchone()
    said = await maya.post(
        f"{_path(entry)}/offer", json={**OFFER, "closeness": 1, "domain": "work"}, version=1
    )

    assert (empty.status_code, wordy.status_code) == (422, 422)
    assert unchanged == entry
    assert events == before
    connection = (await maya.get(f"/v1/connections/{said.json()['connection_id']}")).json()
    assert (connection["domain"], connection["closeness"], connection["frequency"]) == ("work", 1, 4)


async def test_the_picture_is_an_svg_that_may_do_nothing(world: World) -> None:
    await put(world, label="</text><script>alert(1)</script>")

    answer = await world.as_("maya", **{"Accept-Language": "es"}).get(f"{MAP}/picture")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-language"] == "es"
    root = ET.fromstring(answer.text)  # noqa: S314 - our own document
    assert root.get("role") == "img"
    assert not [node for node in root.iter() if node.tag.endswith("script")]
    assert "Mi mapa de red" in answer.text


async def test_the_table_says_what_the_map_says(world: World) -> None:
    goal = (await world.as_("maya").post("/v1/goals", json={"title": "See a <surgery>"})).json()
    await put(
        world,
        label="Bea <b>& co</b>",
        help=["advice"],
        fields=["nurse"],
        goal_ids=[goal["id"]],
        next_step="Ask her",
        next_step_due_on="2027-06-01",
    )

    english = await world.as_("maya").get(f"{MAP}/table")
    spanish = await world.as_("maya", **{"Accept-Language": "es"}).get(f"{MAP}/table")

    assert english.headers["content-type"].startswith("text/html")
    assert english.headers["cache-control"] == "no-store"
    assert "Bea &lt;b&gt;&amp; co&lt;/b&gt;" in english.text
    assert "<caption>" in english.text
    assert '<th scope="row">' in english.text
    assert english.text.count('<th scope="col">') == 11
    assert "<td>See a &lt;surgery&gt;</td>" in english.text
    assert '(<time datetime="2027-06-01">June 1, 2027</time>)' in english.text
    assert "<p>The map reaches: Nurse" in english.text
    assert "<p>El mapa llega a: " in spanish.text
    assert "Information and advice" in english.text
    assert "Mi mapa de red" in spanish.text
    assert 'lang="es"' in spanish.text
    assert "<script" not in english.text


async def test_a_map_is_nobody_elses_and_of_no_other_community(world: World) -> None:
    entry = await put(world)

    answers = {
        name: (await world.as_(name).get(_path(entry))).status_code
        for name in ("leo", "ines", "omar", "ada", "clara", "ria", "cora")
    }

    assert set(answers.values()) == {404}
