"""Listings sent by those who keep a school's part of the catalogue, and by machines, which keep none of it."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core.jobs import Workshop
from app.features.listing_sheets import queries
from tests.features.imports.packages import effect, remarks, run, send
from tests.features.listing_exports.test_round_trip import export, table, written
from tests.world import World

Owner = psycopg.Connection[Any]

FILE = b"Title,Employer,Description,Seats\nPottery,Clay House,Make a bowl.,4\n"


def _everything(owner: Owner) -> list[Any]:
    return owner.execute("SELECT row_to_json(o)::text FROM opportunities o ORDER BY id").fetchall()


async def _take(world: World, workshop: Workshop, data: bytes, by: str, **params: Any) -> dict[str, Any]:
    entry = await run(world, workshop, "opportunities", data, by=by, dry_run=False, **params)
    assert entry["status"] == "applied", entry
    return entry


async def test_a_coordinator_takes_listings_in_for_their_own_school(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    entry = await _take(world, workshop, FILE, "clara", publish=True)

    assert effect(entry, "opportunities")[0] == 1
    found = owner.execute(
        "SELECT school_id, owner_id, status, seats FROM opportunities WHERE title = 'Pottery'"
    ).fetchall()
    assert found == [(world["north"], world["clara"], "published", 4)]


async def test_another_school_is_not_theirs_to_fill(world: World, owner: Owner) -> None:
    owner.execute(
        "INSERT INTO memberships SELECT (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(),"
        " 'school_id', %s::uuid))).* FROM memberships m WHERE person_id = %s AND role = 'coordinator'",
        (world["south"], world["clara"]),
    )

    several = await send(world, "opportunities", FILE, by="clara")
    named = await send(world, "opportunities", FILE, by="clara", school_id=str(world["south"]))
    dario = await send(world, "opportunities", FILE, by="dario", school_id=str(world["north"]))

    assert (several.status_code, several.json()["errors"][0]["name"]) == (422, "school_id")
    assert named.status_code == 202, named.text
    assert (dario.status_code, dario.json()["code"]) == (403, "other_school")


async def test_a_coordinator_brings_an_export_of_theirs_back(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    rows = table(await export(world, "clara"))
    vet = next(row for row in rows if row["listing_id"] == str(world["internship"]))
    vet["seats"] = "5"

    entry = await _take(world, workshop, written(rows), "clara")

    assert effect(entry, "opportunities") == (0, 1, len({row["listing_id"] for row in rows}) - 1, 0, 0)
    assert await remarks(world, entry["id"], severity="rejected") == []
    event = owner.execute(
        "SELECT actor_person_id, changed FROM events WHERE action = 'opportunity.update' AND subject_id = %s",
        (world["internship"],),
    )
    assert event.fetchall() == [(world["clara"], ["seats"])]


async def test_rows_of_other_schools_are_refused_whether_changed_or_not(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    owner.execute(
        "UPDATE opportunities SET school_id = %s WHERE id = %s", (world["south"], world["school_only"])
    )
    owner.execute("UPDATE opportunities SET school_id = NULL WHERE id = %s", (world["draft"],))
    rows = table(await export(world, "ellis"))
    mine = {row["listing_id"] for row in table(await export(world, "clara"))}
    theirs = [row for row in rows if row["listing_id"] not in mine]
    assert {row["listing_id"] for row in theirs} == {str(world["school_only"]), str(world["draft"])}
    theirs[0]["description"] = "Taken over."
    before = _everything(owner)

    entry = await _take(world, workshop, written(rows), "clara")

    assert _everything(owner) == before
    refused = await remarks(world, entry["id"], severity="rejected")
    assert {each["code"] for each in refused} == {"listing_elsewhere"}
    assert {each["line"] for each in refused} == {rows.index(row) + 2 for row in theirs}
    assert "another school looks after this listing" in refused[0]["sentence"]


async def test_what_another_school_took_in_from_the_same_list_stays_as_it_is(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await _take(world, workshop, FILE, "ellis", school_id=str(world["south"]), publish=True)
    before = _everything(owner)

    entry = await _take(world, workshop, FILE.replace(b"Make", b"Break"), "clara", publish=True)

    assert _everything(owner) == before
    assert effect(entry, "opportunities") == (0, 0, 0, 0, 1)
    (notice,) = [
        each
        for each in await remarks(world, entry["id"], severity="notice")
        if each["code"] == "kept_elsewhere"
    ]
    assert notice["line"] == 2


async def test_a_machine_changes_nothing_that_people_keep(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    rows = table(await export(world, "ellis"))
    for row in rows:
        row["description"] = "Written by a machine."
    before = _everything(owner)

    entry = await _take(world, workshop, written(rows), "lakeside_sis")

    assert _everything(owner) == before
    assert {each["code"] for each in await remarks(world, entry["id"], severity="rejected")} == {
        "listing_for_people"
    }


async def test_who_lost_the_school_since_the_trial_applies_it_no_more(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    tried = await run(world, workshop, "opportunities", FILE, by="clara")
    owner.execute(
        "UPDATE memberships SET school_id = %s WHERE person_id = %s AND role = 'coordinator'",
        (world["south"], world["clara"]),
    )

    answer = await world.as_("clara").post(
        f"/v1/imports/{tried['id']}/apply", json={}, version=tried["version"]
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "other_school")


async def test_an_edit_that_is_quicker_than_the_file_is_not_lost(
    world: World, workshop: Workshop, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = table(await export(world, "clara"))
    vet = next(row for row in rows if row["listing_id"] == str(world["internship"]))
    vet["seats"] = "5"
    reading = queries.locked

    async def after_an_edit(session: Any, tenant_id: UUID, opportunity_id: UUID) -> Any:
        owner.execute("UPDATE opportunities SET description = 'Newer.' WHERE id = %s", (opportunity_id,))
        return await reading(session, tenant_id, opportunity_id)

    monkeypatch.setattr(queries, "locked", after_an_edit)

    entry = await _take(world, workshop, written(rows), "clara")

    assert effect(entry, "opportunities")[4] == 1
    found = owner.execute(
        "SELECT seats, description FROM opportunities WHERE id = %s", (world["internship"],)
    )
    assert found.fetchone() == (2, "Newer.")
