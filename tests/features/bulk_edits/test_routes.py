"""Edits of many opportunities: what the preview shows, and that applying it does that or nothing."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import event

from tests.standing_in_line import ask, enrol, fill, place
from tests.world import World

Owner = psycopg.Connection[Any]

PREVIEW = "/v1/opportunities/bulk_edits/preview"
APPLY = "/v1/opportunities/bulk_edits"


async def preview(world: World, by: str = "clara", **body: Any) -> dict[str, Any]:
    answer = await world.as_(by).post(PREVIEW, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def apply(
    world: World,
    seen: dict[str, Any],
    changes: dict[str, Any],
    by: str = "clara",
    more: dict[str, Any] | None = None,
) -> httpx.Response:
    body = {"changes": changes, "versions": seen["versions"], "hash": seen["hash"]} | (more or {})
    return await world.as_(by).post(APPLY, json=body)


def of(seen: dict[str, Any], thing_id: Any) -> dict[str, Any]:
    (row,) = (row for row in seen["rows"] if row["id"] == str(thing_id))
    return row  # type: ignore[no-any-return]  # JSON


def ids(world: World, *names: str) -> list[str]:
    return [str(world[name]) for name in names]


def stored(owner: Owner) -> list[Any]:
    return owner.execute("SELECT row_to_json(o)::text FROM opportunities o ORDER BY id").fetchall()


async def test_a_preview_shows_each_field_before_and_after_and_changes_nothing(
    world: World, owner: Owner
) -> None:
    before = stored(owner)
    events = owner.execute("SELECT count(*) FROM events").fetchone()
    changes = {"apply_by": "2031-05-01", "add_tags": ["Pets "], "seats": 2}

    seen = await preview(world, ids=ids(world, "internship", "school_only"), changes=changes)

    assert (seen["changing"], seen["unchanged"], seen["refused"]) == (2, 0, 0)
    row = of(seen, world["internship"])
    assert row["title"] == "Veterinary assistant internship"
    assert row["changes"] == [
        {"field": "apply_by", "before": None, "after": "2031-05-01"},
        {"field": "tags", "before": [], "after": ["pets"]},
    ]
    assert row["refusals"] == []
    assert seen["versions"] == {row["id"]: row["version"] for row in seen["rows"]}
    assert stored(owner) == before
    assert owner.execute("SELECT count(*) FROM events").fetchone() == events


async def test_applying_does_what_was_shown_and_records_each(world: World, owner: Owner) -> None:
    changes = {"apply_by": "2031-05-01", "action": "pause", "reason": "Summer break"}
    seen = await preview(world, ids=ids(world, "internship", "school_only"), changes=changes)

    done = await apply(world, seen, changes)

    assert done.status_code == 200, done.text
    assert done.json()["changed"] == 2
    for name in ("internship", "school_only"):
        shown = of(done.json(), world[name])
        assert shown["changes"] == of(seen, world[name])["changes"]
        found = owner.execute(
            "SELECT status, apply_by::text, version FROM opportunities WHERE id = %s", (world[name],)
        ).fetchone()
        assert found == ("paused", "2031-05-01", shown["version"])
        events = owner.execute(
            "SELECT action, reason, actor_person_id FROM events WHERE subject_id = %s AND actor_person_id = %s"
            " ORDER BY subject_seq",
            (world[name], world["clara"]),
        ).fetchall()
        assert events[-2:] == [
            ("opportunity.update", None, world["clara"]),
            ("opportunity.pause", "Summer break", world["clara"]),
        ]


async def test_search_finds_what_the_edit_said_and_no_longer_what_it_paused(
    world: World, owner: Owner
) -> None:
    tagged, paused = {"add_tags": ["zeppelin"]}, {"action": "pause"}

    await apply(world, await preview(world, ids=ids(world, "internship"), changes=tagged), tagged)
    shown = await world.as_("maya").get("/v1/opportunities", params={"q": "zeppelin"})
    await apply(world, await preview(world, ids=ids(world, "internship"), changes=paused), paused)
    gone = owner.execute(
        "SELECT count(*) FROM search_documents WHERE id = %s", (world["internship"],)
    ).fetchone()

    assert [item["id"] for item in shown.json()["items"]] == ids(world, "internship")
    assert gone == (0,)


async def test_a_refused_row_says_field_and_reason_and_the_others_go_on(world: World, owner: Owner) -> None:
    owner.execute("UPDATE opportunities SET seats_taken = 2 WHERE id = %s", (world["internship"],))
    changes = {"seats": 1}
    wanted = ids(world, "internship", "draft")

    seen = await preview(world, ids=[*wanted, str(world["maya"])], changes=changes)
    spanish = await world.as_("clara", **{"Accept-Language": "es"}).post(
        PREVIEW, json={"ids": wanted, "changes": changes}
    )

    refused, missing = of(seen, world["internship"]), of(seen, world["maya"])
    assert refused["changes"] == []
    (why,) = refused["refusals"]
    assert (why["field"], why["code"]) == ("seats", "fewer_seats_than_taken")
    assert "2 seats are taken" in why["detail"]
    assert [each["code"] for each in missing["refusals"]] == ["not_found"]
    assert missing["title"] is None
    assert str(world["internship"]) not in seen["versions"]
    assert seen["refused"] == 2
    assert "hay 2 plazas" in of(spanish.json(), world["internship"])["refusals"][0]["detail"]


async def test_what_a_refused_row_would_have_said_is_not_written_with_the_next(
    world: World, owner: Owner
) -> None:
    owner.execute("UPDATE opportunities SET starts_on = '2031-06-01' WHERE id = %s", (world["internship"],))
    before = stored(owner)

    seen = await preview(
        world, ids=ids(world, "internship", "school_only"), changes={"ends_on": "2031-05-01"}
    )

    assert [each["field"] for each in of(seen, world["internship"])["refusals"]] == ["ends_on"]
    assert list(seen["versions"]) == ids(world, "school_only")
    assert stored(owner) == before


async def test_a_row_whose_action_is_refused_keeps_its_fields_too(world: World, owner: Owner) -> None:
    owner.execute("UPDATE opportunities SET status = 'paused' WHERE id = %s", (world["school_only"],))
    changes = {"add_tags": ["new"], "action": "resume"}
    before = stored(owner)

    seen = await preview(world, ids=ids(world, "internship", "school_only"), changes=changes)
    shown = stored(owner)
    owner.execute("UPDATE opportunities SET status = 'archived' WHERE id = %s", (world["school_only"],))
    archived = stored(owner)
    late = await apply(world, seen, changes)

    refused = of(seen, world["internship"])
    assert (refused["changes"], len(refused["refusals"])) == ([], 1)
    assert {each["field"] for each in of(seen, world["school_only"])["changes"]} == {"status", "tags"}
    assert shown == before
    assert late.status_code == 409
    assert stored(owner) == archived


async def test_more_seats_go_to_the_line_unless_the_same_edit_closes_the_listing(
    world: World, owner: Owner
) -> None:
    names = await enrol(world, 2)
    await fill(world, owner, names[:1])
    await ask(world, names[1])
    assert (await place(world, names[1]))["status"] == "waiting"
    closing, opening = {"seats": 2, "action": "pause"}, {"seats": 3, "action": "resume"}

    await apply(world, await preview(world, ids=ids(world, "internship"), changes=closing), closing)
    closed = await place(world, names[1])
    seen = await preview(world, ids=ids(world, "internship", "school_only"), changes=opening)
    previewed = await place(world, names[1])
    done = await apply(world, seen, opening)

    assert closed["status"] == previewed["status"] == "waiting"
    assert done.status_code == 200, done.text
    assert (await place(world, names[1]))["status"] == "offered"


async def test_what_changed_since_the_preview_is_named_and_nothing_is_done(
    world: World, owner: Owner
) -> None:
    changes = {"add_tags": ["new"]}
    seen = await preview(world, ids=ids(world, "internship", "school_only", "draft"), changes=changes)
    await world.as_("clara").patch(
        f"/v1/opportunities/{world['internship']}", json={"title": "Other"}, version=1
    )
    before = stored(owner)

    answer = await apply(world, seen, changes)

    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "changed_since_preview"
    assert [fault["pointer"] for fault in problem["errors"]] == [f"/versions/{world['internship']}"]
    assert stored(owner) == before


async def test_what_may_no_longer_change_so_stops_the_whole_edit(world: World, owner: Owner) -> None:
    changes = {"seats": 1}
    seen = await preview(world, ids=ids(world, "internship", "school_only"), changes=changes)
    owner.execute("UPDATE opportunities SET seats_taken = 2 WHERE id = %s", (world["internship"],))
    before = stored(owner)

    answer = await apply(world, seen, changes)

    assert answer.status_code == 409
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (f"/versions/{world['internship']}", "refused")
    assert "2 seats are taken" in fault["detail"]
    assert stored(owner) == before


@pytest.mark.parametrize("tampered", ["hash", "changes", "versions", "numbers", "caller"])
async def test_only_what_the_same_caller_previewed_can_be_applied(
    tampered: str, world: World, owner: Owner
) -> None:
    changes: dict[str, Any] = {"add_tags": ["new"]}
    seen = await preview(world, "ellis", ids=ids(world, "internship"), changes=changes)
    before = stored(owner)

    more: dict[str, Any] = {
        "hash": {"hash": seen["hash"][:-2] + "AA"},
        "changes": {"changes": {"add_tags": ["other"]}},
        "versions": {"versions": seen["versions"] | {str(world["draft"]): 1}},
        "numbers": {"versions": {each: number + 1 for each, number in seen["versions"].items()}},
        "caller": {},
    }[tampered]
    answer = await apply(world, seen, changes, "clara" if tampered == "caller" else "ellis", more)

    assert answer.status_code == 422
    assert answer.json()["code"] == "preview_needed"
    assert stored(owner) == before


async def test_a_filter_finds_what_the_caller_keeps_and_nothing_else(world: World) -> None:
    drafts = await preview(world, where={"status": "draft"}, changes={"add_tags": ["x"]})
    titled = await preview(world, where={"title": "assistant VET"}, changes={"add_tags": ["x"]})
    narrow = {
        "status": "published", "type": "internship_unpaid", "cluster": "agriculture", "remote": False, "seats_free": True,
        "employer_id": str(world["clinic"]), "school_id": str(world["north"]), "credit": True, "skill": "teaching",
        "tag": "nobody has it", "pay": "paid", "owner_id": str(world["clara"]),
    }  # fmt: skip
    nothing = await preview(world, where=narrow, changes={"add_tags": ["x"]})
    district = await preview(world, "ellis", where={}, changes={"add_tags": ["x"]})

    assert [row["id"] for row in drafts["rows"]] == ids(world, "draft")
    assert [row["id"] for row in titled["rows"]] == ids(world, "internship")
    assert (nothing["rows"], nothing["versions"]) == ([], {})
    assert {row["id"] for row in district["rows"]} >= set(ids(world, "internship", "school_only", "draft"))
    assert all(not row["refusals"] for row in district["rows"])


async def test_dates_move_by_days_where_there_are_any(world: World, owner: Owner) -> None:
    owner.execute(
        "UPDATE opportunities SET starts_on = '2031-02-01', ends_on = '2031-02-28' WHERE id = %s",
        (world["internship"],),
    )
    changes = {"move_days": 365}

    seen = await preview(world, ids=ids(world, "internship", "draft"), changes=changes)
    done = await apply(world, seen, changes)

    assert done.status_code == 200, done.text
    assert of(seen, world["internship"])["changes"] == [
        {"field": "starts_on", "before": "2031-02-01", "after": "2032-02-01"},
        {"field": "ends_on", "before": "2031-02-28", "after": "2032-02-28"},
    ]
    assert seen["unchanged"] == 1


async def test_the_owner_is_somebody_of_the_staff(world: World, owner: Owner) -> None:
    wanted = ids(world, "internship")

    student = await preview(world, ids=wanted, changes={"owner_id": str(world["maya"])})
    elsewhere = await preview(world, ids=wanted, changes={"owner_id": str(world["ben"])})
    changes = {"owner_id": str(world["ada"])}
    seen = await preview(world, ids=wanted, changes=changes)
    done = await apply(world, seen, changes)

    assert [each["code"] for each in student["rows"][0]["refusals"]] == ["not_staff"]
    assert [each["field"] for each in elsewhere["rows"][0]["refusals"]] == ["owner_id"]
    assert done.status_code == 200
    found = owner.execute("SELECT owner_id FROM opportunities WHERE id = %s", (world["internship"],))
    assert found.fetchone() == (world["ada"],)


async def test_an_action_that_the_state_does_not_allow_is_refused_in_the_preview(world: World) -> None:
    seen = await preview(world, ids=ids(world, "internship", "draft"), changes={"action": "pause"})

    assert of(seen, world["internship"])["changes"] == [
        {"field": "status", "before": "published", "after": "paused"}
    ]
    assert len(of(seen, world["draft"])["refusals"]) == 1


async def test_many_tags_add_up_to_too_many_in_one_row_only(world: World, owner: Owner) -> None:
    owner.execute(
        "UPDATE opportunities SET tags = (SELECT array_agg('t' || n) FROM generate_series(1, 20) n) WHERE id = %s",
        (world["internship"],),
    )

    seen = await preview(world, ids=ids(world, "internship", "draft"), changes={"add_tags": ["one more"]})

    assert [each["field"] for each in of(seen, world["internship"])["refusals"]] == ["tags"]
    assert of(seen, world["draft"])["refusals"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"changes": {"seats": 1}},
        {"ids": [], "changes": {"seats": 1}},
        {"ids": [str(uuid4())], "where": {}, "changes": {"seats": 1}},
        {"ids": [str(uuid4())], "changes": {}},
        {"ids": [str(uuid4())], "changes": {"reason": "none"}},
        {"ids": [str(uuid4())], "changes": {"title": "All the same"}},
        {"ids": [str(uuid4())], "changes": {"action": "hide"}},
        {"ids": [str(uuid4())], "changes": {"seats": 0}},
        {"ids": [str(uuid4())], "changes": {"add_tags": ["<script>"]}},
        {"ids": [str(uuid4()) for _ in range(1_001)], "changes": {"seats": 1}},
        {"where": {"colour": "red"}, "changes": {"seats": 1}},
    ],
)
async def test_an_edit_that_makes_no_sense_is_refused(body: dict[str, Any], world: World) -> None:
    answer = await world.as_("clara").post(PREVIEW, json=body)

    assert answer.status_code == 422, answer.text


async def test_who_edits_in_bulk(world: World) -> None:
    body = {"ids": ids(world, "internship"), "changes": {"add_tags": ["x"]}}

    for name in ("maya", "rosa", "sam", "ada", "lakeside_sis"):
        assert (await world.as_(name).post(PREVIEW, json=body)).status_code == 403, name
    for name in ("dario", "cora"):
        seen = await preview(world, name, **body)
        assert (seen["changing"], seen["refused"]) == (0, 1), name


async def test_two_edits_of_the_same_rows_at_once_do_not_both_happen(world: World, owner: Owner) -> None:
    wanted = ids(world, "internship", "school_only", "draft")
    first, second = {"seats": 7}, {"seats": 8}
    seen = [await preview(world, ids=wanted, changes=changes) for changes in (first, second)]

    answers = await asyncio.gather(apply(world, seen[0], first), apply(world, seen[1], second))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    found = owner.execute("SELECT DISTINCT seats FROM opportunities WHERE id = ANY(%s::uuid[])", (wanted,))
    assert len(found.fetchall()) == 1


async def test_many_rows_are_edited_in_one_request_up_to_a_limit(world: World, owner: Owner) -> None:
    columns = (
        "tenant_id, title, description, type, clusters, categories, employer_id, worksite_id, school_id, scope, seats,"
        " seats_taken, status, remote, pay, credit, version, created_at, updated_at, published_at"
    )
    owner.execute(
        f"INSERT INTO opportunities (id, {columns}) SELECT gen_random_uuid(), {columns} FROM opportunities"
        " CROSS JOIN generate_series(1, 1000) WHERE id = %s",
        (world["internship"],),
    )
    found = owner.execute(
        "SELECT id::text FROM opportunities WHERE tenant_id = %s AND title LIKE 'Vet%%' LIMIT 200",
        (world["lakeside"],),
    ).fetchall()
    changes = {"apply_by": "2031-05-01", "add_tags": ["new"]}

    too_many = await world.as_("ellis").post(PREVIEW, json={"where": {"title": "vet"}, "changes": changes})
    ran: list[str] = []
    engine = world.database.engine.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        ran.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        seen = await preview(world, "ellis", ids=[row[0] for row in found], changes=changes)
        done = await apply(world, seen, changes, "ellis")
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert too_many.status_code == 422
    assert too_many.json()["errors"][0]["code"] == "too_many_rows"
    assert seen["changing"] == 200
    assert done.json()["changed"] == 200
    tagged = owner.execute("SELECT count(*) FROM opportunities WHERE tags = '{new}' AND version = 2")
    assert tagged.fetchone() == (200,)
    # Each row is written once by the preview and once by the edit, and loaded with many others.
    assert len(ran) < 2 * 200 + 50
