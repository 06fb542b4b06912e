"""What is archived or was rejected stays as it was, whichever way somebody tries to change it."""

from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from app.core.jobs import Workshop
from tests.features.bulk_edits.test_routes import of, preview, stored
from tests.features.host_listings.test_own_listings import change, path, token_of
from tests.features.images.test_routes import add
from tests.features.imports.packages import remarks, run
from tests.features.listing_exports.test_round_trip import export, table, written
from tests.world import World

Owner = psycopg.Connection[Any]

PROGRAMMES = (
    b"Program,Organization,Description,Address,City,Category,Seats\n"
    b"Robot Club,Makers Loft,Build a robot.,1 Main St,Lakeside,Technology,12\n"
    b"Drum Circle,Makers Loft,Play along.,1 Main St,Lakeside,Music,8\n"
)
_PHASE = {"title": "Look", "deliverable": "A page.", "starts_on": "2031-01-01", "ends_on": "2031-02-01"}
ENDED = pytest.mark.parametrize("status", ["archived", "rejected"])


def end(owner: Owner, opportunity_id: UUID, status: str) -> None:
    owner.execute("UPDATE opportunities SET status = %s WHERE id = %s", (status, opportunity_id))


@ENDED
@pytest.mark.parametrize(
    "said", [{"title": "Something else"}, {"seats": 9}, {"connection_id": None}, {"type": "job_shadow"}]
)
async def test_what_is_over_for_good_is_not_changed_and_says_what_to_do(
    status: str, said: dict[str, Any], world: World, owner: Owner
) -> None:
    end(owner, world["school_only"], status)
    clara, listing = world.as_("clara"), f"/v1/opportunities/{world['school_only']}"
    shown, before = (await clara.get(listing)).json(), stored(owner)

    answer = await clara.patch(listing, json=said, version=shown["version"])

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state"), answer.text
    assert status in answer.json()["detail"]
    assert "clone it" in answer.json()["detail"]
    assert stored(owner) == before
    assert shown["allowed_actions"] == ["remove_image"]


@ENDED
async def test_its_clone_is_a_draft_that_can_be_changed(status: str, world: World, owner: Owner) -> None:
    end(owner, world["school_only"], status)
    clara = world.as_("clara")

    made = await clara.post(f"/v1/opportunities/{world['school_only']}/clone", json={})
    changed = await clara.patch(
        f"/v1/opportunities/{made.json()['id']}", json={"title": "Anew"}, version=made.json()["version"]
    )

    assert [made.status_code, changed.status_code] == [201, 200], changed.text
    assert {"update", "add_image", "submit"} <= set(changed.json()["allowed_actions"])


@ENDED
async def test_an_edit_of_many_refuses_it_and_no_other(status: str, world: World, owner: Owner) -> None:
    end(owner, world["school_only"], status)
    both = [str(world["internship"]), str(world["school_only"])]

    seen = await preview(world, ids=both, changes={"add_tags": ["pets"]})

    assert list(seen["versions"]) == [str(world["internship"])]
    assert [each["code"] for each in of(seen, world["school_only"])["refusals"]] == ["wrong_state"]


@ENDED
async def test_it_takes_no_picture_and_no_phases(status: str, world: World, owner: Owner) -> None:
    end(owner, world["school_only"], status)
    clara, listing = world.as_("clara"), f"/v1/opportunities/{world['school_only']}"

    picture = await add(world, thing="school_only")
    version = (await clara.get(listing)).json()["version"]
    phases = await clara.put(f"{listing}/phases", json={"phases": [_PHASE]}, version=version)

    assert (picture.status_code, picture.json()["code"]) == (409, "wrong_state"), picture.text
    assert (phases.status_code, phases.json()["code"]) == (409, "wrong_state"), phases.text


@ENDED
async def test_the_employer_finds_it_no_more_and_what_it_asked_for_before_is_not_written_in(
    status: str, world: World, owner: Owner, client: httpx.AsyncClient
) -> None:
    own = path(await token_of(world, contact_id=world["cousin"]), world)
    asked = await change(client, own, {"title": "Come and see"})
    (waiting,) = (await world.as_("clara").get("/v1/listing_changes")).json()["items"]
    end(owner, world["internship"], status)

    late = await change(client, own, {"seats": 3}, version=asked.json()["version"])
    accepted = await world.as_("clara").post(
        f"/v1/listing_changes/{waiting['id']}/accept", version=waiting["version"]
    )

    assert late.status_code == 404, late.text
    assert (accepted.status_code, accepted.json()["code"]) == (409, "wrong_state"), accepted.text


@ENDED
async def test_a_sheet_that_comes_back_refuses_its_row_by_field_and_reason(
    status: str, world: World, workshop: Workshop, owner: Owner
) -> None:
    end(owner, world["school_only"], status)
    rows = table(await export(world))
    garden = next(row for row in rows if row["name"] == "School garden project")
    same = await run(world, workshop, "opportunities", written(rows), dry_run=False)
    garden["seats"] = "9"
    before = stored(owner)

    entry = await run(world, workshop, "opportunities", written(rows), dry_run=False)

    (said,) = await remarks(world, entry["id"], severity="rejected")
    assert (said["line"], said["column"], said["code"]) == (rows.index(garden) + 2, "seats", "row_refused")
    assert f"this listing {'is archived' if status == 'archived' else 'was rejected'}" in said["sentence"]
    assert stored(owner) == before
    assert same["files"][0]["rejected"] == 0, "what says nothing new is nothing to refuse"


@ENDED
async def test_a_file_that_comes_again_refuses_its_row_by_field_and_reason(
    status: str, world: World, workshop: Workshop, owner: Owner
) -> None:
    await run(world, workshop, "opportunities", PROGRAMMES, dry_run=False)
    owner.execute("UPDATE opportunities SET status = %s WHERE title = 'Robot Club'", (status,))
    newer = PROGRAMMES.replace(b"Build a robot.", b"Build two.").replace(b"Play along.", b"Play louder.")
    same = await run(world, workshop, "opportunities", PROGRAMMES, dry_run=False)

    entry = await run(world, workshop, "opportunities", newer, dry_run=False)

    (said,) = await remarks(world, entry["id"], severity="rejected")
    assert (said["line"], said["column"], said["code"]) == (2, "Description", "row_refused")
    assert "clone it" in said["sentence"]
    found = owner.execute(
        "SELECT description FROM opportunities WHERE title IN ('Drum Circle', 'Robot Club') ORDER BY title"
    ).fetchall()
    assert found == [("Play louder.",), ("Build a robot.",)]
    assert same["files"][0]["rejected"] == 0
