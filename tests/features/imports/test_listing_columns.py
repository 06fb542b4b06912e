"""Files typed by hand with everything that a listing can say."""

from typing import Any

import psycopg

from app.core.jobs import Workshop
from tests.features.imports.packages import effect, remarks, run
from tests.world import World

Owner = psycopg.Connection[Any]

HEAD = "Title,Employer,Type,Deadline,Skills,Tags,Languages,Total hours,Deliverable,Paid,Pay total,Weekly timetable,Seats\n"
SOUND = (
    'Flyer design,Lakeside Veterinary Clinic,micro_internship,2031-05-31,"Graphic design; teamwork",Animals;Print,es,20,'
    'Two flyers,yes,150,"Mon, Wed 15:00-17:00",2\n'
)


def _one(owner: Owner, title: str, columns: str) -> tuple[Any, ...]:
    (row,) = owner.execute(f"SELECT {columns} FROM opportunities WHERE title = %s", (title,))
    return tuple(row)


async def test_every_new_column_is_taken(world: World, workshop: Workshop, owner: Owner) -> None:
    entry = await run(world, workshop, "opportunities", (HEAD + SOUND).encode(), dry_run=False, publish=True)

    assert effect(entry, "opportunities")[0] == 1
    found = _one(
        owner,
        "Flyer design",
        "status, type, apply_by::text, skills, tags, languages, total_hours, deliverable, pay, pay_cents_total, seats",
    )
    assert found == (
        "published", "micro_internship", "2031-05-31", ["graphic_design", "teamwork"], ["animals", "print"], ["es"],
        20, "Two flyers", "paid", 15_000, 2,
    )  # fmt: skip
    (meets,) = _one(owner, "Flyer design", "meets")
    assert [(each["day"], each["from"], each["to"]) for each in meets] == [
        ("mon", "15:00", "17:00"),
        ("wed", "15:00", "17:00"),
    ]


async def test_a_file_with_faults_names_row_column_and_reason_in_both_languages(
    world: World, workshop: Workshop
) -> None:
    bad = SOUND.replace("Flyer", "Poster").replace("2031-05-31", "soon")
    worse = SOUND.replace("Flyer", "Banner").replace("Graphic design", "juggling")

    entry = await run(world, workshop, "opportunities", (HEAD + SOUND + bad + worse).encode(), dry_run=False)
    found = await remarks(world, entry["id"], severity="rejected")
    spanish = await world.as_("ellis", **{"Accept-Language": "es"}).get(
        f"/v1/imports/{entry['id']}/rows", params={"severity": "rejected"}
    )

    assert [(each["line"], each["column"], each["code"]) for each in found] == [
        (3, "Deadline", "date_unreadable"),
        (4, "Skills", "code_unknown"),
    ]
    assert "«soon» is not a date" in found[0]["sentence"]
    assert "no es una fecha" in spanish.json()["items"][0]["sentence"]
    (file,) = entry["files"]
    assert (file["taken"], file["rejected"]) == (1, 2)


async def test_what_its_type_needs_keeps_a_listing_a_draft_and_the_row_is_told(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    lacking = SOUND.replace("Two flyers", "")
    over = SOUND.replace("Flyer", "Old").replace("2031-05-31", "2020-05-31")

    entry = await run(
        world, workshop, "opportunities", (HEAD + lacking + over).encode(), dry_run=False, publish=True
    )
    found = await remarks(world, entry["id"], severity="notice")

    assert _one(owner, "Flyer design", "status, published_at") == ("draft", None)
    assert _one(owner, "Old design", "status") == ("draft",)
    told = {each["line"]: each["sentence"] for each in found if each["code"] == "not_published"}
    assert "what the student delivers" in told[2]
    assert "the day to apply by is past" in told[3]


async def test_the_communitys_own_types_are_known_by_their_code(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    made = await world.as_("ellis").post(
        "/v1/opportunity_types",
        json={
            "code": "shop_day",
            "names": {"en": "Shop day", "es": "Día de taller"},
            "stage": "about_work",
            "workflow": "pursuit",
            "requires_agreement": False,
            "minimum_age": 15,
        },
    )
    assert made.status_code == 201, made.text

    await run(
        world,
        workshop,
        "opportunities",
        b"Title,Employer,Type,Min age\nWelding,Makers Loft,Shop day,12\n",
        dry_run=False,
    )

    assert _one(owner, "Welding", "type, minimum_age") == ("shop_day", 15)


async def test_a_file_without_the_new_columns_leaves_them_alone(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    plain = b"Title,Employer,Description\nPottery,Clay House,Make.\n"
    await run(world, workshop, "opportunities", plain, dry_run=False)
    owner.execute("UPDATE opportunities SET tags = '{clay}' WHERE title = 'Pottery'")

    entry = await run(world, workshop, "opportunities", plain.replace(b"Make.", b"Fire."), dry_run=False)

    assert effect(entry, "opportunities")[4] == 1, "somebody tagged it: what people did stays"
    assert _one(owner, "Pottery", "description, tags") == ("Make.", ["clay"])
    (notice,) = [
        each
        for each in await remarks(world, entry["id"], severity="notice")
        if each["code"] == "listing_edited"
    ]
    assert notice["line"] == 2


async def test_the_same_file_with_the_new_columns_changes_nothing(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    data = (HEAD + SOUND).encode()
    await run(world, workshop, "opportunities", data, dry_run=False)
    before = _one(owner, "Flyer design", "version, external_hash")

    again = await run(world, workshop, "opportunities", data, dry_run=False)
    newer = await run(world, workshop, "opportunities", data.replace(b",20,", b",30,"), dry_run=False)

    assert effect(again, "opportunities") == (0, 0, 1, 0, 0)
    assert effect(newer, "opportunities") == (0, 1, 0, 0, 0)
    assert _one(owner, "Flyer design", "version, total_hours") == (before[0] + 1, 30)
