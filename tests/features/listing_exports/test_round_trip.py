"""Exporting the listings and importing the file again: what nobody changed stays, to the letter."""

import csv
import io
from typing import Any

import psycopg

from app.core.jobs import Workshop, working
from app.features.listing_sheets.service import sheet
from app.models import Opportunity
from tests.features.imports.packages import effect, remarks, run, shared
from tests.world import World

Owner = psycopg.Connection[Any]

CHICAGO = "opportunities/chicago_summer_of_learning_2014.csv"
CHICAGO_COLUMNS = [
    "name", "org_name", "description", "address", "city", "state", "zipcode", "latitude", "longitude", "min_age",
    "max_age", "category_id", "category name", "category description",
]  # fmt: skip
_ALL = "SELECT row_to_json(o)::text FROM (SELECT * FROM opportunities ORDER BY id) o"


async def export(world: World, by: str = "ellis", **params: Any) -> bytes:
    answer = await world.as_(by).get("/v1/opportunities/export", params=params)
    assert answer.status_code == 200, answer.text
    return answer.content


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def written(rows: list[dict[str, str]]) -> bytes:
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return sheet.getvalue().encode()


def everything(owner: Owner) -> list[Any]:
    return owner.execute(_ALL).fetchall()


async def take_back(world: World, workshop: Workshop, data: bytes, **params: Any) -> dict[str, Any]:
    entry = await run(world, workshop, "opportunities", data, dry_run=False, **params)
    assert entry["status"] == "applied", entry
    return entry


async def test_the_chicago_file_goes_in_and_out_and_in_without_a_change(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await run(world, workshop, "opportunities", shared(CHICAGO), dry_run=False, publish=True)
    before = everything(owner)

    sheet = await export(world)
    entry = await take_back(world, workshop, sheet, publish=True)

    assert list(table(sheet)[0])[:14] == CHICAGO_COLUMNS
    assert everything(owner) == before
    (file,) = entry["files"]
    assert file["rejected"] == 0
    ours = {row["listing_id"] for row in table(sheet)}
    assert effect(entry, "opportunities") == (0, 0, len(ours), 0, 0)
    assert len(ours) > 2_600
    assert (effect(entry, "employers"), effect(entry, "worksites")) == ((0,) * 5, (0,) * 5)
    assert await export(world) == sheet


async def test_the_chicago_file_says_the_same_in_another_community(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await run(world, workshop, "opportunities", shared(CHICAGO), dry_run=False)
    sheet = await export(world)

    entry = await take_back(world, workshop, sheet, by="dora")

    said = (
        "SELECT o.title, o.description, o.type, o.clusters, o.categories, o.starts_on, o.ends_on, o.schedule,"
        " o.minimum_age, o.maximum_age, o.remote, o.pay, o.seats, e.name, w.street, w.city, w.region, w.postal_code,"
        " w.latitude, w.longitude FROM opportunities o JOIN employers e ON e.id = o.employer_id"
        " LEFT JOIN worksites w ON w.id = o.worksite_id WHERE o.tenant_id = %s AND o.external_key IS NOT NULL"
        " ORDER BY o.external_key"
    )
    here = owner.execute(said, (world["lakeside"],)).fetchall()
    there = owner.execute(said, (world["riverton"],)).fetchall()
    assert effect(entry, "opportunities")[0] >= len(here)
    assert [row for row in here if row not in there] == []


# Words that people may write, each of which a careless reader or writer of sheets would change.
AWKWARD = (
    "=1+1", "+1 312 555 0100", "-87.6", "@SUM(A1)", "\t=1", "'=1", "''=1", "'tis the season", "None", "N/A", "-", "?",
    "a;b|c,d", 'He said "go"', '"', "\\n", "&amp;amp; &lt;b&gt;", "  two  blanks ", "first\nsecond\r\nthird", "é ñ â€™ 漢字 🐈",
    "=cmd|' /C calc'!A0", "\uff1d1+1", "mail me: vera@clinic.org", "x" * 20_000, "line\n" * 900, "1.50", "0", "www.example.org/a",
    "ends with a backslash\\", "TBD",
)  # fmt: skip


async def test_whatever_people_wrote_comes_back_as_it_was(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    clara = world.as_("clara")
    body = {
        "type": "internship_paid", "employer_id": str(world["clinic"]), "school_id": str(world["north"]), "seats": 3,
        "starts_on": "2031-06-01", "ends_on": "2031-08-01", "apply_by": "2031-05-01", "clusters": ["agriculture"],
        "meets": [{"day": "mon", "from": "14:00", "to": "17:00"}, {"day": "sat", "from": "09:30", "to": "24:00"}],
        "total_hours": 120, "hours_a_month": 40, "minimum_age": 16, "maximum_age": 19, "languages": ["es"],
        "clearances": ["health_check"], "dress_code": "=scrubs", "skills": ["first_aid"], "tags": ["=1+1", "pets; cats"],
        "fields": ["veterinarian"], "pay": "paid", "pay_cents_per_hour": 1505, "pay_cents_total": 7, "credit": True,
        "next_available_on": "2031-05-15", "deliverable": "- a log\n- a talk", "remote": True, "schedule": "N/A",
    }  # fmt: skip
    for words in AWKWARD:
        made = await clara.post("/v1/opportunities", json={**body, "title": "x"})
        assert made.status_code == 201, (words[:50], made.text)
        # Past the checks of what is written today: listings from before them are exported as well.
        owner.execute(
            "UPDATE opportunities SET title = %s, description = %s WHERE id = %s",
            (words[:150].strip() or "x", words.strip(), made.json()["id"]),
        )
    owner.execute("UPDATE opportunities SET categories = ARRAY['=A', 'None', 'x'] WHERE title LIKE '=%'")
    before = everything(owner)

    sheet = await export(world)
    entry = await take_back(world, workshop, sheet)

    assert everything(owner) == before
    rejected = await remarks(world, entry["id"], severity="rejected")
    assert [(each["code"], each["sentence"]) for each in rejected] == []
    assert effect(entry, "opportunities")[:2] == (0, 0)
    assert {row["status"] for row in table(sheet)} == {"draft", "published"}


async def test_no_cell_of_the_sheet_is_a_formula(world: World, owner: Owner) -> None:
    owner.execute("UPDATE opportunities SET title = '=HYPERLINK(\"http://x\")', description = '\t@x'")
    owner.execute("UPDATE employers SET name = '+1'")

    rows = table(await export(world))

    assert {row["name"] for row in rows} == {'\'=HYPERLINK("http://x")'}
    for row in rows:
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "@")), cell
            assert not cell.startswith("-") or float(cell), cell


async def test_what_was_edited_in_the_sheet_is_taken_and_nothing_else(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    rows = table(await export(world))
    vet = next(row for row in rows if row["name"] == "Veterinary assistant internship")
    words = vet["description"]
    vet |= {
        "seats": "5",
        "apply_by": "7/4/2031",
        "tags": "Animals; Pets",
        "meets": "Mon, Wed 2pm-5pm",
        "credit": "TRUE",
    }
    untouched = "SELECT id, version FROM opportunities WHERE id <> %s ORDER BY id"
    before = owner.execute(untouched, (world["internship"],)).fetchall()

    entry = await take_back(world, workshop, written(rows))

    found = owner.execute(
        "SELECT seats, apply_by::text, tags, meets, credit, description FROM opportunities WHERE id = %s",
        (world["internship"],),
    ).fetchone()
    monday, wednesday = ({"day": day, "from": "14:00", "to": "17:00"} for day in ("mon", "wed"))
    assert found == (5, "2031-07-04", ["animals", "pets"], [monday, wednesday], True, words)
    assert effect(entry, "opportunities")[:2] == (0, 1)
    assert owner.execute(untouched, (world["internship"],)).fetchall() == before
    event = owner.execute(
        "SELECT actor_person_id, changed, facts FROM events WHERE action = 'opportunity.update' AND subject_id = %s",
        (world["internship"],),
    ).fetchall()
    changed = ["apply_by", "credit", "meets", "seats", "tags"]
    assert event == [(world["ellis"], changed, {"import_id": entry["id"]})]


async def test_a_listing_that_somebody_edited_since_is_left_alone_and_said(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    rows = table(await export(world))
    vet = next(row for row in rows if row["name"] == "Veterinary assistant internship")
    vet["seats"] = "9"
    await world.as_("clara").patch(
        f"/v1/opportunities/{world['internship']}", json={"description": "Newer words."}, version=1
    )

    entry = await take_back(world, workshop, written(rows))

    assert effect(entry, "opportunities")[4] == 1
    (said,) = await remarks(world, entry["id"], severity="notice")
    assert (said["code"], said["line"]) == ("listing_edited", rows.index(vet) + 2)
    found = owner.execute(
        "SELECT seats, description FROM opportunities WHERE id = %s", (world["internship"],)
    )
    assert found.fetchone() == (2, "Newer words.")


async def test_what_a_listing_may_not_become_is_refused_by_row_field_and_reason(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    owner.execute("UPDATE opportunities SET seats_taken = 2 WHERE id = %s", (world["internship"],))
    rows = table(await export(world))
    vet = next(row for row in rows if row["name"] == "Veterinary assistant internship")
    garden = next(row for row in rows if row["name"] == "School garden project")
    other = next(row for row in rows if row["status"] == "draft")
    vet["seats"], garden["org_name"], other["address"] = "1", "Somebody Else", "1 Other Road"
    before = everything(owner)

    entry = await take_back(world, workshop, written(rows))
    found = await remarks(world, entry["id"], severity="rejected")
    sheet = await world.as_("ellis", **{"Accept-Language": "es"}).get(
        f"/v1/imports/{entry['id']}/rejected.csv", params={"file": "opportunities.csv"}
    )

    assert everything(owner) == before
    by_line = {each["line"]: (each["column"], each["code"]) for each in found}
    assert by_line == {
        rows.index(vet) + 2: ("seats", "row_refused"),
        rows.index(garden) + 2: ("org_name", "employer_fixed"),
        rows.index(other) + 2: ("address", "place_fixed"),
    }
    assert "2 seats are taken" in next(each["sentence"] for each in found if each["column"] == "seats")
    (file,) = entry["files"]
    assert (file["rejected"], file["taken"]) == (3, len(rows) - 3)
    handed_back = table(sheet.content)
    assert {row["listing_id"] for row in handed_back} == {row["listing_id"] for row in (vet, garden, other)}
    assert any("hay 2 plazas ocupadas" in row["kithwork_reason"] for row in handed_back)


async def test_a_coordinator_exports_what_their_school_keeps(world: World, owner: Owner) -> None:
    owner.execute(
        "UPDATE opportunities SET school_id = %s WHERE id = %s", (world["south"], world["school_only"])
    )
    owner.execute("UPDATE opportunities SET school_id = NULL WHERE id = %s", (world["draft"],))
    clara, ellis = table(await export(world, "clara")), table(await export(world))
    paused = table(await export(world, "clara", status="paused"))
    elsewhere = table(await export(world, "clara", school_id=str(world["south"])))

    schools = {row["school"] for row in ellis}
    assert len({row["school"] for row in clara}) == 1
    assert {row["school"] for row in clara} < schools
    ours = [row["listing_id"] for row in ellis if row["school"] == clara[0]["school"]]
    assert [row["listing_id"] for row in clara] == ours
    assert str(world["internship"]) in ours
    assert paused == []
    assert elsewhere == []


async def test_a_long_sheet_is_sent_in_parts_with_every_listing_once(world: World, owner: Owner) -> None:
    columns = (
        "tenant_id, title, description, type, clusters, categories, employer_id, worksite_id, school_id, scope, seats,"
        " seats_taken, status, remote, pay, credit, version, created_at, updated_at, published_at"
    )
    owner.execute(
        f"INSERT INTO opportunities (id, {columns}) SELECT gen_random_uuid(), {columns} FROM opportunities"
        " CROSS JOIN generate_series(1, 1100) WHERE id = %s",
        (world["internship"],),
    )
    kept = owner.execute(
        "SELECT id::text FROM opportunities WHERE tenant_id = %s ORDER BY created_at, id",
        (world["lakeside"],),
    ).fetchall()

    async with working(world.database, world["lakeside"]) as unit:
        clauses = [Opportunity.tenant_id == world["lakeside"]]
        parts = [part async for part in sheet(unit.session, clauses)]

    assert len(parts) == 4  # the names of the columns, and listings by five hundred
    assert [(row["listing_id"],) for row in table(b"".join(parts))] == kept
    assert await export(world) == b"".join(parts)


async def test_nobody_else_exports(world: World) -> None:
    for name, status in (("maya", 403), ("rosa", 403), ("ada", 403), ("sam", 403), ("lakeside_sis", 403)):
        answer = await world.as_(name).get("/v1/opportunities/export")
        assert answer.status_code == status, name
    unknown = await world.as_("ellis").get("/v1/opportunities/export", params={"colour": "red"})
    assert unknown.status_code == 422


async def test_another_community_exports_its_own_alone(world: World) -> None:
    ours, theirs = table(await export(world)), table(await export(world, "dora"))

    assert {row["listing_id"] for row in ours}.isdisjoint({row["listing_id"] for row in theirs})
    assert theirs


async def test_a_sheet_of_another_community_changes_nothing_here_and_makes_new_drafts(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    sheet = await export(world, "dora")
    theirs = owner.execute(
        _ALL.replace("opportunities", "opportunities WHERE tenant_id = %s"), (world["riverton"],)
    )
    before = theirs.fetchall()

    entry = await take_back(world, workshop, sheet)

    assert effect(entry, "opportunities")[0] == len(table(sheet))
    theirs = owner.execute(
        _ALL.replace("opportunities", "opportunities WHERE tenant_id = %s"), (world["riverton"],)
    )
    assert theirs.fetchall() == before
