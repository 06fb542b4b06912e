"""Copies of opportunities over HTTP."""

from typing import Any

import psycopg
import pytest

from app.features.listing_copies.service import COPIED
from app.models import Opportunity
from tests.world import World

Owner = psycopg.Connection[Any]

# What belongs to the original alone, or is decided anew for the copy.
NOT_COPIED = {
    "tenant_id", "id", "version", "created_at", "updated_at", "status", "seats_taken", "owner_id", "external_key",
    "external_hash", "published_at", "confirmed_at", "confirmed_by", "search",
}  # fmt: skip
DECIDED = {
    "school_id",
    "connection_id",
    "next_available_on",
    "type_number",
    "starts_on",
    "ends_on",
    "apply_by",
}


def _path(world: World, name: str = "internship") -> str:
    return f"/v1/opportunities/{world[name]}/clone"


def test_every_column_is_copied_or_decided_on_purpose() -> None:
    columns = set(Opportunity.__table__.columns.keys())

    assert set(COPIED) | NOT_COPIED | DECIDED == columns, "say of a new column whether a copy has it"


async def test_a_copy_is_a_new_draft_with_new_dates_and_all_seats_free(world: World, owner: Owner) -> None:
    owner.execute(
        "UPDATE opportunities SET seats_taken = 2, external_key = 'k', starts_on = '2030-09-02', ends_on = '2030-12-20',"
        " apply_by = '2030-08-15', skills = '{first_aid}', tags = '{animals}' WHERE id = %s",
        (world["internship"],),
    )
    original = (await world.as_("clara").get(f"/v1/opportunities/{world['internship']}")).json()

    answer = await world.as_("clara").post(_path(world), json={"starts_on": "2031-09-01"})

    copy = answer.json()
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/opportunities/{copy['id']}"
    assert copy["id"] != original["id"]
    assert (copy["status"], copy["seats"], copy["seats_free"]) == ("draft", 2, 2)
    assert (copy["starts_on"], copy["ends_on"], copy["apply_by"]) == (
        "2031-09-01",
        "2031-12-19",
        "2031-08-14",
    )
    for name in (
        "title",
        "description",
        "type",
        "clusters",
        "employer_id",
        "worksite_id",
        "skills",
        "tags",
        "school_id",
    ):
        assert copy[name] == original[name], name
    assert (copy["published_at"], copy["confirmed_at"], copy["confirmed_by"]) == (None, None, None)
    found = owner.execute("SELECT external_key, owner_id FROM opportunities WHERE id = %s", (copy["id"],))
    assert found.fetchone() == (None, world["clara"])
    after = (await world.as_("clara").get(f"/v1/opportunities/{world['internship']}")).json()
    assert after == original


async def test_a_copy_without_dates_has_none_and_says_what_was_chosen(world: World) -> None:
    answer = await world.as_("clara").post(_path(world), json={"title": "Again", "seats": 4})

    copy = answer.json()
    assert (copy["title"], copy["seats"]) == ("Again", 4)
    assert (copy["starts_on"], copy["ends_on"], copy["apply_by"]) == (None, None, None)


async def test_the_copy_is_on_record_and_the_same_key_makes_one(world: World, owner: Owner) -> None:
    first = await world.as_("clara").post(_path(world), json={}, headers={"Idempotency-Key": "once"})
    again = await world.as_("clara").post(_path(world), json={}, headers={"Idempotency-Key": "once"})

    events = owner.execute(
        "SELECT subject_id, actor_person_id, facts FROM events WHERE action = 'opportunity.clone'"
    ).fetchall()
    assert again.content == first.content
    copied = {"cloned_from_id": str(world["internship"])}
    assert [(str(subject), who, facts) for subject, who, facts in events] == [
        (first.json()["id"], world["clara"], copied)
    ]


async def test_a_projects_phases_move_with_its_first_day(world: World, owner: Owner) -> None:
    owner.execute("UPDATE opportunities SET starts_on = '2030-09-02' WHERE id = %s", (world["internship"],))
    owner.execute(
        "INSERT INTO project_phases (tenant_id, id, opportunity_id, position, title, deliverable, starts_on, ends_on,"
        " version, created_at, updated_at) VALUES (%s, gen_random_uuid(), %s, 1, 'Plan', 'A plan', '2030-09-02',"
        " '2030-09-20', 1, now(), now())",
        (world["lakeside"], world["internship"]),
    )

    copy = await world.as_("clara").post(_path(world), json={"starts_on": "2030-10-02"})

    found = owner.execute(
        "SELECT title, starts_on::text, ends_on::text FROM project_phases WHERE opportunity_id = %s",
        (copy.json()["id"],),
    )
    assert found.fetchall() == [("Plan", "2030-10-02", "2030-10-20")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"starts_on": "2031-09-01", "ends_on": "2031-08-01"}, "ends_before_start"),
        ({"starts_on": "9999-12-31"}, "date_out_of_range"),
        ({"type": "no_such_type"}, "unknown_type"),
        ({"title": "<script>alert(1)</script>"}, "invalid"),
        ({"seats": 0}, "invalid"),
        ({"seats_taken": 1}, "invalid"),
    ],
)
async def test_a_copy_that_makes_no_sense_is_refused(
    body: dict[str, Any], code: str, world: World, owner: Owner
) -> None:
    owner.execute(
        "UPDATE opportunities SET starts_on = '2030-09-02', ends_on = '2030-12-20' WHERE id = %s",
        (world["internship"],),
    )

    answer = await world.as_("clara").post(_path(world), json=body)

    assert answer.status_code == 422, answer.text
    assert code == "invalid" or code in answer.text, answer.text


async def test_who_may_copy_what(world: World) -> None:
    answers = {}
    for name in ("maya", "rosa", "sam", "ada", "dario", "clara", "ellis", "cora"):
        answers[name] = (await world.as_(name).post(_path(world), json={})).status_code

    assert answers == {
        "maya": 403, "rosa": 403, "sam": 403, "ada": 403, "dario": 403, "clara": 201, "ellis": 201, "cora": 404,
    }  # fmt: skip
    missing = await world.as_("clara").post(f"/v1/opportunities/{world['clara']}/clone", json={})
    assert missing.status_code == 404


async def test_a_copy_for_another_school_is_that_schools_to_make(world: World) -> None:
    south = {"school_id": str(world["south"])}

    clara = await world.as_("clara").post(_path(world), json=south)
    ellis = await world.as_("ellis").post(_path(world), json=south)

    assert clara.status_code == 403
    assert (ellis.status_code, ellis.json()["school_id"]) == (201, str(world["south"]))


@pytest.mark.parametrize("status", ["never", "consented"])
async def test_a_host_who_takes_part_no_more_does_not_keep_a_listing_from_being_copied(
    world: World, owner: Owner, status: str
) -> None:
    pattern = {
        "opportunity_id": str(world["internship"]), "rule": "FREQ=WEEKLY;BYDAY=TU", "starts_time": "14:00", "minutes": 60,
        "starts_on": "2027-01-04", "until": "2027-02-01", "seats": 4, "host_contact_id": str(world["cousin"]),
    }  # fmt: skip
    made = await world.as_("clara").post("/v1/weekly_patterns", json=pattern)
    assert made.status_code == 201, made.text
    owner.execute("UPDATE contacts SET status = %s WHERE id = %s", [status, world["cousin"]])

    copied = await world.as_("clara").post(
        _path(world), json={"starts_on": "2028-01-03", "with_patterns": True}
    )

    assert copied.status_code == 201, copied.text
    (hosted_by,) = owner.execute(
        "SELECT host_contact_id FROM weekly_patterns WHERE opportunity_id = %s", (copied.json()["id"],)
    ).fetchone() or (None,)
    assert hosted_by == (None if status == "never" else world["cousin"])


async def test_a_join_link_and_a_host_do_not_come_along_to_another_school(world: World, owner: Owner) -> None:
    pattern = {
        "opportunity_id": str(world["internship"]), "rule": "FREQ=WEEKLY;BYDAY=TU", "starts_time": "14:00", "minutes": 60,
        "starts_on": "2027-01-04", "until": "2027-02-01", "seats": 4, "virtual": True, "recording": "asked",
        "join_url": "https://meet.example.org/north", "host_person_id": str(world["clara"]),
    }  # fmt: skip
    made = await world.as_("clara").post("/v1/weekly_patterns", json=pattern)
    assert made.status_code == 201, made.text
    body = {"starts_on": "2028-01-03", "with_patterns": True}

    copied = [
        await world.as_("ellis").post(_path(world), json={**body, "school_id": str(world[school])})
        for school in ("south", "north")
    ]

    assert [answer.status_code for answer in copied] == [201, 201], [answer.text for answer in copied]
    said = (
        "SELECT join_url, host_person_id, virtual, recording FROM weekly_patterns WHERE opportunity_id = %s"
    )
    found = [owner.execute(said, (answer.json()["id"],)).fetchone() for answer in copied]
    assert found == [
        (None, None, True, "asked"),
        ("https://meet.example.org/north", world["clara"], True, "asked"),
    ]
    of_sessions = (
        "SELECT count(*) FROM opportunity_sessions WHERE opportunity_id = %s AND join_url IS NOT NULL"
    )
    assert owner.execute(of_sessions, (copied[0].json()["id"],)).fetchone() == (0,)


async def test_weekly_patterns_come_along_where_they_are_wanted(world: World, owner: Owner) -> None:
    owner.execute("UPDATE opportunities SET starts_on = '2027-01-04' WHERE id = %s", (world["internship"],))
    pattern = {
        "opportunity_id": str(world["internship"]),
        "rule": "FREQ=WEEKLY;UNTIL=20270228;BYDAY=TU,TH",
        "starts_time": "14:00",
        "minutes": 60,
        "starts_on": "2027-01-04",
        "until": "2027-03-01",
        "exceptions": ["2027-01-19"],
        "seats": 4,
    }
    made = await world.as_("clara").post("/v1/weekly_patterns", json=pattern)
    assert made.status_code == 201, made.text

    without = await world.as_("clara").post(_path(world), json={"starts_on": "2028-01-03"})
    answer = await world.as_("clara").post(
        _path(world), json={"starts_on": "2028-01-03", "with_patterns": True}
    )
    dateless = await world.as_("clara").post(_path(world), json={"with_patterns": True})

    assert answer.status_code == 201, answer.text
    found = owner.execute(
        "SELECT rule, starts_on::text, until::text, starts_time::text, exceptions, seats FROM weekly_patterns"
        " WHERE opportunity_id = %s",
        (answer.json()["id"],),
    ).fetchall()
    rule = "FREQ=WEEKLY;UNTIL=20280227;BYDAY=TU,TH"
    assert found == [(rule, "2028-01-03", "2028-02-28", "14:00:00", [], 4)]
    count = "SELECT count(*) FROM {} WHERE opportunity_id = %s"
    for table in ("weekly_patterns", "opportunity_sessions"):
        assert owner.execute(count.format(table), (without.json()["id"],)).fetchone() == (0,)
    assert (dateless.status_code, dateless.json()["errors"][0]["pointer"]) == (422, "/starts_on")
