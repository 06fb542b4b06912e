"""Files of programmes: what they make, what is merged or reported, and what people edited."""

import json
from typing import Any
from uuid import UUID

import psycopg

from app.core.ids import new_id
from app.core.jobs import Workshop
from app.features.imports.jobs import run_import
from tests.features.imports.packages import effect, read, remarks, run, send, shared
from tests.world import World

Owner = psycopg.Connection[Any]

CHICAGO = "opportunities/chicago_summer_of_learning_2014.csv"
PROGRAMMES = (
    b"Program,Organization,Description,Address,City,Category,Seats,Email\n"
    b"Robot Club,Makers Loft,Build a robot.,1 Main St,Lakeside,Technology,12,a@b.example\n"
    b"Robot Club,Makers Loft,Build a robot.,1 Main St,Lakeside,Engineering,12,a@b.example\n"
    b"Vet Visit,Lakeside Veterinary Clinic,Meet the animals.,,,Animals,,\n"
    b",Makers Loft,No title here.,,,Arts,,\n"
)


def _title(owner: Owner, title: str) -> tuple[Any, ...]:
    (row,) = owner.execute(
        "SELECT o.status, o.seats, o.categories, e.name, e.status, w.street, o.version FROM opportunities o"
        " JOIN employers e ON e.id = o.employer_id LEFT JOIN worksites w ON w.id = o.worksite_id"
        " WHERE o.title = %s",
        (title,),
    )
    return tuple(row)


async def test_programmes_become_drafts_of_employers_still_to_be_vetted(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    entry = await run(world, workshop, "opportunities", PROGRAMMES, dry_run=False)

    assert entry["status"] == "applied", entry
    (file,) = entry["files"]
    assert (file["read"], file["taken"], file["merged"], file["rejected"]) == (4, 2, 1, 1)
    assert entry["mapping"]["columns"]["title"] == "Program"
    assert entry["mapping"]["left_out"] == ["Email"]
    assert _title(owner, "Robot Club")[:6] == (
        "draft", 12, ["Technology", "Engineering"], "Makers Loft", "prospect", "1 Main St",
    )  # fmt: skip
    assert effect(entry, "employers") == (1, 0, 1, 0, 0), (
        "the clinic that people entered is the same employer"
    )


async def test_publishing_vets_the_employers_and_shows_students_what_they_offer(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await run(world, workshop, "opportunities", PROGRAMMES, dry_run=False)

    entry = await run(world, workshop, "opportunities", PROGRAMMES, dry_run=False, publish=True)

    assert effect(entry, "opportunities") == (0, 2, 0, 0, 0)
    assert _title(owner, "Robot Club")[0] == "published"
    assert _title(owner, "Robot Club")[4] == "vetted"
    seen = await world.as_("maya").get("/v1/opportunities", params={"q": "robot"})
    assert [each["title"] for each in seen.json()["items"]] == ["Robot Club"]


async def test_what_a_suspended_employer_offers_stays_a_draft(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    owner.execute("UPDATE employers SET status = 'suspended' WHERE id = %s", (world["clinic"],))

    await run(world, workshop, "opportunities", PROGRAMMES, dry_run=False, publish=True)

    assert _title(owner, "Vet Visit")[0] == "draft"


async def test_programmes_of_nobody_in_particular_are_never_published(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await run(
        world, workshop, "opportunities", b"title,city\nSomething,Lakeside\n", dry_run=False, publish=True
    )

    assert _title(owner, "Something")[:1] + _title(owner, "Something")[3:5] == (
        "draft",
        "Host not named yet",
        "prospect",
    )


async def test_a_changed_row_changes_what_nobody_edited(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await run(world, workshop, "opportunities", PROGRAMMES, dry_run=False)
    owner.execute("UPDATE opportunities SET description = 'Better words.' WHERE title = 'Vet Visit'")
    newer = PROGRAMMES.replace(b"Build a robot.", b"Build two.").replace(b"Meet the animals.", b"Meet them.")

    entry = await run(world, workshop, "opportunities", newer, dry_run=False)

    assert effect(entry, "opportunities") == (0, 1, 0, 0, 1)
    said = owner.execute("SELECT description FROM opportunities WHERE title IN ('Robot Club', 'Vet Visit')")
    assert {row[0] for row in said} == {"Build two.", "Better words."}


async def test_seats_below_those_taken_and_kept_refuse_the_row_and_no_other(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await run(world, workshop, "opportunities", PROGRAMMES, dry_run=False)
    owner.execute("UPDATE opportunities SET seats_taken = 4 WHERE title = 'Robot Club'")
    owner.execute(
        "INSERT INTO seat_reserves (tenant_id, id, opportunity_id, school_id, seats, seats_taken, released_on, created_at)"
        " SELECT tenant_id, %s, id, %s, 5, 2, current_date + 30, now() FROM opportunities WHERE title = 'Robot Club'",
        [new_id(), world["south"]],
    )
    clinic = PROGRAMMES.replace(b"Meet the animals.", b"Meet them all.")
    told = {}

    for seats in (b"3", b"6", b"7"):
        tried = await run(
            world, workshop, "opportunities", clinic.replace(b"Technology,12", b"Technology," + seats)
        )
        told[seats] = await remarks(world, tried["id"], severity="rejected")
    newer = clinic.replace(b"Technology,12", b"Technology,6")
    entry = await run(world, workshop, "opportunities", newer, dry_run=False)
    again = await run(world, workshop, "opportunities", newer, dry_run=False)
    enough = await run(world, workshop, "opportunities", newer.replace(b",6,", b",7,"), dry_run=False)

    assert [len(rows) for rows in told.values()] == [2, 2, 1], "the row without a title is refused anyhow"
    assert "4 seats are taken; keep" in told[b"3"][0]["sentence"]
    row = told[b"6"][0]
    assert (row["line"], row["column"], row["code"]) == (2, "Seats", "row_refused")
    assert "4 seats are taken and 3 kept for a school or a group" in row["sentence"]
    (file,) = entry["files"]
    assert (file["taken"], file["merged"], file["rejected"]) == (1, 1, 2)
    assert effect(entry, "opportunities") == (0, 1, 0, 0, 0)
    assert effect(again, "opportunities") == (0, 0, 1, 0, 0)
    assert effect(enough, "opportunities") == (0, 1, 1, 0, 0)
    assert _title(owner, "Robot Club")[:2] == ("draft", 7)


async def test_the_chicago_file_is_taken_merged_or_reported_row_by_row(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    data = shared(CHICAGO)

    tried = await run(world, workshop, "opportunities", data)
    entry = await run(world, workshop, "opportunities", data, dry_run=False, publish=True)
    versions = owner.execute("SELECT sum(version), count(*) FROM opportunities").fetchone()
    again = await run(world, workshop, "opportunities", data, dry_run=False, publish=True)

    (file,) = entry["files"]
    assert file["read"] == 4954
    assert file["taken"] + file["merged"] + file["rejected"] == file["read"]
    assert entry["report"]["rejected"] == file["rejected"]
    assert tried["files"][0] | {"created": 0} == file | {"created": 0}
    assert file["created"] == file["taken"]
    assert effect(again, "opportunities")[:2] == (0, 0)
    assert owner.execute("SELECT sum(version), count(*) FROM opportunities").fetchone() == versions
    report = await remarks(world, entry["id"], severity="rejected")
    assert all(each["line"] and each["sentence"] for each in report)


async def test_the_rejected_rows_can_be_mended_and_sent_again(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    entry = await run(world, workshop, "opportunities", PROGRAMMES, dry_run=False)
    path = f"/v1/imports/{entry['id']}/rejected.csv"
    sheet = await world.as_("ellis").get(path, params={"file": "opportunities.csv"})
    mended = sheet.content.replace(b"\r\n,Makers", b"\r\nCollage Lab,Makers")

    again = await run(world, workshop, "opportunities", mended, dry_run=False)

    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    assert "opportunities-rejected.csv" in sheet.headers["content-disposition"]
    assert effect(again, "opportunities") == (1, 0, 0, 0, 0)
    assert _title(owner, "Collage Lab")[3] == "Makers Loft"
    other = await world.as_("ellis").get(path, params={"file": "users.csv"})
    assert other.status_code == 404


async def test_a_mapping_can_be_given(world: World, workshop: Workshop, owner: Owner) -> None:
    mapping = json.dumps({"title": "Description", "organisation": "Organization"})

    entry = await run(world, workshop, "opportunities", PROGRAMMES, dry_run=False, mapping=mapping)

    assert entry["mapping"]["guessed"] is False
    assert _title(owner, "Build a robot.")[3] == "Makers Loft"


async def test_a_mapping_to_a_column_that_is_not_there_is_refused_in_words(
    world: World, workshop: Workshop
) -> None:
    entry = await run(world, workshop, "opportunities", PROGRAMMES, mapping='{"title": "Nombre"}')
    spanish = await world.as_("ellis", **{"Accept-Language": "es"}).get(f"/v1/imports/{entry['id']}")
    unreadable = await send(world, "opportunities", PROGRAMMES, mapping="title=Nombre")

    assert entry["status"] == "refused"
    assert entry["fault"]["code"] == "column_unknown"
    assert "Nombre" in entry["fault"]["sentence"]
    assert spanish.json()["fault"]["sentence"].startswith("el archivo no tiene")
    assert unreadable.status_code == 422
    assert unreadable.json()["errors"][0]["name"] == "mapping"


async def test_a_trial_is_applied_when_it_is_asked_for(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    tried = await run(world, workshop, "opportunities", PROGRAMMES, publish=True)
    before = owner.execute("SELECT count(*) FROM opportunities WHERE title = 'Robot Club'").fetchone()
    asked = await world.as_("ellis").post(
        f"/v1/imports/{tried['id']}/apply", json={}, version=tried["version"]
    )

    await run_import(workshop, world["lakeside"], UUID(tried["id"]))

    applied = await read(world, tried["id"])
    assert (tried["status"], asked.json()["status"], applied["status"]) == ("tried", "queued", "applied")
    assert before == (0,)
    assert applied["effects"] == tried["effects"]
    assert _title(owner, "Robot Club")[0] == "published"


async def test_a_machine_may_draft_but_not_publish(world: World, workshop: Workshop) -> None:
    refused = await send(world, "opportunities", PROGRAMMES, by="lakeside_sis", publish=True)
    drafted = await run(world, workshop, "opportunities", PROGRAMMES, by="lakeside_sis", dry_run=False)

    assert refused.status_code == 403
    assert refused.json()["code"] == "person_required"
    assert drafted["status"] == "applied"


async def test_a_school_of_elsewhere_is_refused(world: World) -> None:
    answer = await send(world, "opportunities", PROGRAMMES, school_id=str(world["river"]))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["name"] == "school_id"
